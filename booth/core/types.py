"""The data types every package shares: frozen, with read-only arrays.

Owns shapes, units and frames of reference. Imports numpy only; knows no camera, model or screen.
All geometry is unmirrored: x grows to the image right, which is the sitter's own left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Protocol

import numpy as np

N_LANDMARKS = 478  # MediaPipe face mesh with irises
N_BLEND = 52

BLEND_NAMES: tuple[str, ...] = (
    "_neutral", "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight",
    "cheekPuff", "cheekSquintLeft", "cheekSquintRight", "eyeBlinkLeft", "eyeBlinkRight", "eyeLookDownLeft",
    "eyeLookDownRight", "eyeLookInLeft", "eyeLookInRight", "eyeLookOutLeft", "eyeLookOutRight", "eyeLookUpLeft",
    "eyeLookUpRight", "eyeSquintLeft", "eyeSquintRight", "eyeWideLeft", "eyeWideRight", "jawForward", "jawLeft",
    "jawOpen", "jawRight", "mouthClose", "mouthDimpleLeft", "mouthDimpleRight", "mouthFrownLeft",
    "mouthFrownRight", "mouthFunnel", "mouthLeft", "mouthLowerDownLeft", "mouthLowerDownRight", "mouthPressLeft",
    "mouthPressRight", "mouthPucker", "mouthRight", "mouthRollLower", "mouthRollUpper", "mouthShrugLower",
    "mouthShrugUpper", "mouthSmileLeft", "mouthSmileRight", "mouthStretchLeft", "mouthStretchRight",
    "mouthUpperUpLeft", "mouthUpperUpRight", "noseSneerLeft", "noseSneerRight",
)  # fmt: skip
"""Order of `Face.blend`, as the face landmarker returns it; Left and Right are the sitter's own."""

BLEND_INDEX: Mapping[str, int] = MappingProxyType({name: i for i, name in enumerate(BLEND_NAMES)})


def frozen(array: np.ndarray) -> np.ndarray:
    """Return the array itself, made read-only."""
    array.flags.writeable = False
    return array


def _expect(array: np.ndarray, shape: tuple[int | None, ...], dtype: type, what: str) -> None:
    wrong_shape = array.ndim != len(shape) or any(w not in (None, g) for w, g in zip(shape, array.shape, strict=True))
    if wrong_shape or array.dtype != dtype:
        raise ValueError(f"{what} must be {shape} {np.dtype(dtype).name}, got {array.shape} {array.dtype.name}")


class FullSize(Protocol):
    """A full-size picture kept in another form, such as the camera's JPEG bytes, until somebody wants its pixels."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""

    @property
    def n_bytes(self) -> int:
        """Bytes held."""

    def rgb(self) -> np.ndarray:
        """Return (H, W, 3) uint8 sRGB pixels, read-only; the same every time."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture from one source; pixels are read-only.

    `full` is the full-size picture, as pixels or as what gives them; `small` the same exposure no wider than the mirror
    (it is `rgb` itself where that already fits). `t_s` counts seconds from the source's first frame.
    """

    seq: int
    t_s: float
    full: np.ndarray | FullSize  # pixels: (H, W, 3) uint8 sRGB
    small: np.ndarray  # (h, w, 3) uint8 sRGB
    decoded: np.ndarray | None = None  # of a coded full size, where that was decoded finer than `small`

    def __post_init__(self) -> None:
        if isinstance(self.full, np.ndarray):
            _expect(self.full, (None, None, 3), np.uint8, "Frame.rgb")
            frozen(self.full)
        _expect(self.small, (None, None, 3), np.uint8, "Frame.small")
        frozen(self.small)
        if self.decoded is not None:
            frozen(self.decoded)

    @property
    def rgb(self) -> np.ndarray:
        """The full-size picture, (H, W, 3) uint8 sRGB; where it is kept coded, asking for it costs a decode."""
        return self.full if isinstance(self.full, np.ndarray) else self.full.rgb()

    @property
    def at_hand(self) -> np.ndarray:
        """The finest pixels that cost nothing: the full size, or where that is kept coded what was decoded of it."""
        if isinstance(self.full, np.ndarray):
            return self.full
        return self.small if self.decoded is None else self.decoded

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the full-size picture in pixels."""
        return (self.full.shape[1], self.full.shape[0]) if isinstance(self.full, np.ndarray) else self.full.size

    @property
    def n_bytes(self) -> int:
        """Bytes of all its pictures."""
        if not isinstance(self.full, np.ndarray):
            decoded = 0 if self.decoded is None else int(self.decoded.nbytes)
            return self.full.n_bytes + int(self.small.nbytes) + decoded
        return int(self.full.nbytes) + (0 if self.small is self.full else int(self.small.nbytes))


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in 0..1 of the frame's width and height; may reach outside."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def area(self) -> float:
        """Area as a share of the frame."""
        return max(0.0, self.x1 - self.x0) * max(0.0, self.y1 - self.y0)


@dataclass(frozen=True, slots=True)
class Pose:
    """Head pose as the tracker's matrix gives it, in degrees, before any correction.

    yaw > 0: nose toward image right; pitch > 0: nose up; roll > 0: head turned counter-clockwise in the image.
    """

    yaw_deg: float
    pitch_deg: float
    roll_deg: float


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One tracked face, unmirrored."""

    landmarks: np.ndarray  # (478, 3) float32: x, y in 0..1 of width and height, z in widths (nearer is smaller)
    blend: np.ndarray  # (52,) float32 0..1, ordered as BLEND_NAMES
    matrix: np.ndarray  # (4, 4) float32: canonical face (cm) to camera (x right, y up, z toward the viewer)
    pose: Pose
    box: Box  # of the landmarks

    def __post_init__(self) -> None:
        _expect(self.landmarks, (N_LANDMARKS, 3), np.float32, "Face.landmarks")
        _expect(self.blend, (N_BLEND,), np.float32, "Face.blend")
        _expect(self.matrix, (4, 4), np.float32, "Face.matrix")
        for array in (self.landmarks, self.blend, self.matrix):
            frozen(array)

    def moved(self, dx: float, dy: float) -> Face:
        """Return the same face elsewhere, by parts of the picture's width and height."""
        box = Box(self.box.x0 + dx, self.box.y0 + dy, self.box.x1 + dx, self.box.y1 + dy)
        return replace(self, landmarks=self.landmarks + np.array([dx, dy, 0], np.float32), box=box)

    def points_px(self, width_px: int, height_px: int) -> np.ndarray:
        """Return the landmarks as (478, 2) float32 pixels of a picture of that size."""
        return self.landmarks[:, :2] * np.array([width_px, height_px], np.float32)

    def score_of(self, blend_name: str) -> float:
        """Return one blendshape score, 0..1; KeyError for an unknown name."""
        return float(self.blend[BLEND_INDEX[blend_name]])


@dataclass(frozen=True, slots=True, eq=False)
class Matte:
    """How much of each pixel is the sitter; only ever applied to the frame `of_seq`."""

    alpha: np.ndarray  # (h, w) uint8 0..255, the size of Frame.small
    of_seq: int

    def __post_init__(self) -> None:
        _expect(self.alpha, (None, None), np.uint8, "Matte.alpha")
        frozen(self.alpha)


@dataclass(frozen=True, slots=True)
class Light:
    """What the light does on the primary sitter's face; None where it could not be measured."""

    clipped_frac: float | None = None  # share of face skin with at least two channels at the top
    crushed_frac: float | None = None  # share of face skin at the bottom
    ratio_stops: float | None = None  # log2(image-right cheek / image-left cheek)
    backlight_stops: float | None = None  # log2(surroundings / face)
    azimuth_deg: float | None = None  # of the strongest light: > 0 from image right, 180 behind the sitter
    elevation_deg: float | None = None  # > 0 from above
    key_share: float | None = None  # 0..1: that light against it with the light from everywhere
    cast_stops: float | None = None  # log2 red over blue on the whites of the eyes; > 0 warm
    mixed_stops: float | None = None  # the same, image right of the face over image left
    frame_level: float | None = None  # mean linear light of the whole frame, 0..1; about 0 under a lens cap


@dataclass(frozen=True, slots=True)
class Focus:
    """Sharpness where it counts; None where it could not be measured."""

    eyes: float | None = None  # 95th percentile gradient on the eyes, relative to contrast; compare within a session
    motion: float | None = None  # face movement between frames, in inter-eye distances per second


@dataclass(frozen=True, slots=True)
class Occlusion:
    """What hides the face; None where it could not be measured."""

    eyes_visible: float | None = None  # 0..1, 0 under sunglasses or a hand
    face_visible_share: float | None = None  # 0..1 of the face oval
    glare_frac: float | None = None  # share of the eye region lost to reflections on glasses
    eyes_found: bool | None = None  # an eye or a dark lens where the tracker claims one; False: perhaps no face at all
    mouth_dark_stops: float | None = None  # how much darker it is between parted lips than on the cheeks
    lids_open: float | None = None  # 0..1, how surely the lids are open by what shows between them


@dataclass(frozen=True, slots=True)
class BackgroundStats:
    """The place behind the sitter; None where it could not be measured."""

    clutter_frac: float | None = None  # share of edge pixels outside the matte


N_BODY_POINTS = 33  # BlazePose


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """One tracked body, unmirrored; `t_s` is the time of the frame it was seen in, which may lie a little back."""

    t_s: float
    points: np.ndarray  # (33, 3) float32: x, y in 0..1 of width and height; how surely it is in view, 0..1
    world: np.ndarray  # (33, 3) float32 metres about the hips: x to image right, y down, z away from the lens

    def __post_init__(self) -> None:
        _expect(self.points, (N_BODY_POINTS, 3), np.float32, "Body.points")
        _expect(self.world, (N_BODY_POINTS, 3), np.float32, "Body.world")
        for array in (self.points, self.world):
            frozen(array)


@dataclass(frozen=True, slots=True, eq=False)
class GroupMember:
    """One of several people who are in the picture together, and what was measured on them."""

    id: int  # stays theirs while they are there
    face: Face
    light: Light = Light()
    focus: Focus = Focus()
    cover: Occlusion = Occlusion()


@dataclass(frozen=True, slots=True, eq=False)
class FrameAnalysis:
    """One exposure and everything seen in it. `faces[0]` is the primary sitter; empty when nobody is there.

    Where several may be in the picture together, `group` has all of them, the sitter first, whose faces also come first
    in `faces`; what follows there is people who are left out. Where there may be only one, `group` is empty.
    """

    frame: Frame
    faces: tuple[Face, ...]
    matte: Matte | None
    light: Light = Light()
    focus: Focus = Focus()
    cover: Occlusion = Occlusion()
    room: BackgroundStats = BackgroundStats()
    took_ms: Mapping[str, float] = field(default_factory=dict)
    thumb_up: bool | None = None  # None where there is no hand model, or this frame was not looked at
    someone: bool | None = None  # presence alone, where nothing more may be looked at; None where `faces` decides
    group: tuple[GroupMember, ...] = ()
    body: Body | None = None  # of the sitter, where a pose guide is on; it is read a few times a second
    group_size: int = 0  # of the group, also those whose faces were lost a moment ago
    plate: np.ndarray | None = None  # (H, W, 3) uint8: the empty place as remembered, the frame's size; None: unknown
    is_between: bool = False  # between two measured frames: faces and measures are the last one's, carried; to be shown

    def __post_init__(self) -> None:
        if self.matte is not None and self.matte.of_seq != self.frame.seq:
            raise ValueError(f"matte of frame {self.matte.of_seq} laid on frame {self.frame.seq}")
        object.__setattr__(self, "took_ms", MappingProxyType(dict(self.took_ms)))

    @property
    def is_occupied(self) -> bool:
        """True when somebody is before the lens."""
        return bool(self.faces) if self.someone is None else self.someone

    @property
    def sitter(self) -> Face | None:
        """The primary sitter's face, or None."""
        return self.faces[0] if self.faces else None


class CodedFrame(Protocol):
    """A frame that is decoded where it is taken: one that a newer one replaces before then has cost nothing."""

    @property
    def seq(self) -> int:
        """The frame's number."""

    def frame(self, *, shown_only: bool = False) -> Frame | None:
        """Return the frame; None where it came damaged. With `shown_only` no more is decoded than the mirror shows."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One measured number and whether its gate passes; None means it could not be measured now."""

    value: float | None
    ok: bool | None


@dataclass(frozen=True, slots=True)
class Guidance:
    """What the coach made of one FrameAnalysis: plain numbers, json-able; this is the replay log."""

    seq: int
    t_s: float
    readings: Mapping[str, Reading]
    advice: str | None  # dotted key of the one sentence to show, or None
    ready: bool  # all gates have held: take it
    progress: float  # 0..1, share of gates that pass, and of the hold
    score: float | None  # 0..1 quality of this frame for choosing, None when there is no face
    rejects: tuple[str, ...] = ()  # limits that this frame is beyond, in coaching order
    blocks: tuple[str, ...] = ()  # why the shutter does not fire: `rejects` and what is still being asked for, in order
    wrong: float = 0.0  # how much is wrong with this frame, 0 nothing; compare within a session
    is_barred: bool = False  # may not be the portrait even at the end: nobody, someone else in front, a covered face
    is_willing: bool = False  # nothing is wrong that the sitter could mend
    member: int | None = None  # id of the group's member whom the advice is for; None: everybody
    pose: str = ""  # name of the pose that is being asked for
    pose_fill: float = 0.0  # 0..1, how near the body is to it
    place: str = ""  # words key of where that member stands, as they see it in the mirror

    def __post_init__(self) -> None:
        object.__setattr__(self, "readings", MappingProxyType(dict(self.readings)))


@dataclass(frozen=True, slots=True, eq=False)
class Burst:
    """One part of several frames of one moment, in order of time, and which of them was chosen."""

    frames: tuple[np.ndarray, ...]  # (h, w, 3) uint8 sRGB each, of one size
    chosen: int
    times_s: tuple[float, ...]  # as Frame.t_s
    at_px: tuple[int, int] = (0, 0)  # x, y of the part's first pixel in the whole frame

    def __post_init__(self) -> None:
        for part in self.frames:
            _expect(part, (*self.frames[0].shape[:2], 3), np.uint8, "Burst.frames")


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """A chosen frame with what was seen in it, not yet finished."""

    analysis: FrameAnalysis
    score: float
    look: str
    reasons: tuple[str, ...]  # dotted word keys: why the shutter fired
    alternatives: tuple[FrameAnalysis, ...] = ()
    doubts: tuple[str, ...] = ()  # a key of `Guidance.rejects` for each frame of the shot, "" where nothing is wrong
    other_reasons: tuple[tuple[str, ...], ...] = ()  # of each alternative: what is right about that frame
    by: str = ""  # `hold`, `end`, `press`, `willing` or `timeout`
    bursts: tuple[Burst | None, ...] = ()  # of the chosen frame and of each alternative; empty where none were kept

    def reasons_of(self, index: int) -> tuple[str, ...]:
        """Return what is right about one of the shot's frames: 0 is the chosen frame itself, then its alternatives."""
        each = (self.reasons, *self.other_reasons)
        return each[index] if index < len(each) else ()

    def burst(self, index: int) -> Burst | None:
        """Return the frames round one of the shot's: 0 is the chosen frame itself, then its alternatives."""
        return self.bursts[index] if index < len(self.bursts) else None
