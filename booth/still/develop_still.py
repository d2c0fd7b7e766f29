"""One exposure to one finished portrait. Owns the order of the steps; the look itself is the mirror's own.

Order: faces, matte, cut and level, exposure and white balance, noise, retouch, look, sharpening, 8 bits. The cut
comes early since nothing outside of it is needed, and because every length after it is the portrait's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import cv2
import numpy as np

from booth.config.params.finish import FinishParams
from booth.core.color import POWER_LAW_GAMMA
from booth.core.faults import Fault
from booth.core.types import Box, Burst, Face, frozen
from booth.looks.backdrop.backdrop_spec import RoomBackdrop, Transparent, Untouched
from booth.looks.canvas import ByFace, ByFrame, Canvas
from booth.looks.light.shape import Applied
from booth.looks.look import Look
from booth.still.authenticity import UNTOUCHED, Authenticity
from booth.still.beyond import carry_on_room
from booth.still.correct import denoise, measure_correction
from booth.still.crop import CropPlan
from booth.still.exposure import expose
from booth.still.group_crop import CropWish, plan_people
from booth.still.marks import put_marks
from booth.still.official import as_the_rule_allows, head_out_of_range
from booth.still.people import chosen_people, retouch_people
from booth.still.record import EditRecord, ModelEntry, StageEntry, source_type_of
from booth.still.retouch import retouch_sitter
from booth.still.sharpen import capture_amount, sharpen_capture, sharpen_output, to_eight_bit
from booth.still.size import NATIVE, Sizing
from booth.still.stages import correction_stages, cut_stages, look_stages
from booth.still.warp import warp_alpha, warp_face, warp_labels, warp_rgb

FIND_PX = 1600  # faces are found on a copy no larger; the tracker shrinks further by itself
LIFTED_NOISE = 1.1  # a face brightened so that its noise grew by less is not quieted again
MIN_FACE_PX = 40  # a smaller face cannot be finished


class StillMatteLike(Protocol):
    """What the matte of a still has: alpha (H, W) float32 0..1 and labels (h, w) uint8 as in a Canvas."""

    @property
    def alpha(self) -> np.ndarray:
        """(H, W) float32 0..1."""

    @property
    def parsing(self) -> np.ndarray:
        """(h, w) uint8 labels."""


@dataclass(frozen=True, slots=True)
class StillModels:
    """What a still needs from elsewhere: the eyes, the matte and the look's own engine."""

    find_faces: Callable[[np.ndarray], tuple[Face, ...]]
    matte: Callable[..., StillMatteLike]  # of a picture, the sitter's face, and a tuple of those in company
    renderer: Callable[[Look], Callable[[Canvas], np.ndarray]]
    models: tuple[ModelEntry, ...] = ()
    close: Callable[[], None] = lambda: None  # frees the models; must happen before the interpreter shuts down
    upright: Callable[[np.ndarray], int] = lambda rgb: 0  # degrees to turn a photograph clockwise: 0, 90, 180, 270
    warm: Callable[[], None] = lambda: None  # loads what the first still would wait for; may run beside it
    expect: Callable[[int], None] = lambda people: None  # so many people will have to be found in a picture
    applied: Callable[[], Applied] = Applied  # what the renderer did to the light of the last still


@dataclass(frozen=True, slots=True, eq=False)
class StillRequest:
    """What is wanted of one portrait; None and empty mean what the profile and the look say."""

    crop: str = ""
    sizing: Sizing = NATIVE
    burst: Burst | None = None  # the frames round the picture, where it is one of a burst
    retouch: float | None = None
    params_digest: str = ""
    source_digest: str = ""
    made_utc: str = ""
    notes: tuple[str, ...] = ()
    source_alpha: np.ndarray | None = None  # (H, W) uint8: where the photograph itself has nothing to show
    people: int = 1  # how many may be in the portrait; where `places` names none, the largest faces
    places: tuple[Box, ...] = ()  # where each of them was seen, 0..1
    seen: tuple[Face, ...] = ()  # faces tracked in this very frame, for where a fresh search finds none
    was_on_mirror: bool = (
        False  # the backdrop hangs where the guest saw it; else it hangs by the face, as in all its set
    )


@dataclass(frozen=True, slots=True, eq=False)
class Finished:
    """A finished portrait, its record, and the same cut untouched for the before and after."""

    rgb: np.ndarray  # (h, w, 3) uint8
    alpha: np.ndarray | None  # (h, w) uint8 for a round or transparent portrait, else None
    before: np.ndarray  # (h, w, 3) uint8, with no more pixels than the camera saw
    matte: np.ndarray  # (H, W) uint8 of the whole source
    face: Face  # in the cut
    plan: CropPlan
    record: EditRecord
    authenticity: Authenticity


@dataclass(frozen=True, slots=True)
class _Made:
    """What was done to a picture."""

    stages: tuple[StageEntry, ...]
    touched: Authenticity
    notes: tuple[str, ...]
    is_marked: bool  # a logo or a frame was laid over it


@dataclass(frozen=True, slots=True, eq=False)
class _Scene:
    """What is known of the cut, all of its size."""

    people: tuple[Face, ...]
    alpha: np.ndarray
    parsing: np.ndarray
    sigma: float

    @property
    def face(self) -> Face:
        """The sitter's face: the first of the people."""
        return self.people[0]


def develop_still(
    rgb: np.ndarray, look: Look, lab: StillModels, params: FinishParams, order: StillRequest | None = None
) -> Finished:
    """Develop an (H, W, 3) uint8 sRGB picture. Raises Fault `finish.no_face`, `finish.small_face` or `crop.*`."""
    order = order or StillRequest()
    look, params, left_alone = as_the_rule_allows(order.crop or params.brand.crop or look.crop, look, params)
    order = replace(order, retouch=None) if left_alone else order
    people, notes = find_people(rgb, lab, order)
    face = people[0]
    matte = lab.matte(rgb, face) if len(people) == 1 else lab.matte(rgb, face, people[1:])
    alpha = _shown(matte.alpha, order.source_alpha)
    plan = plan_still(people, alpha, look, params, order)
    correction = measure_correction(rgb, alpha, face, params.correct)
    exposed = expose(rgb, plan, correction, params.correct, order.burst)
    size = rgb.shape[1], rgb.shape[0]
    scene = _Scene(
        people=tuple(warp_face(one, size, plan) for one in people),
        alpha=warp_alpha(alpha, plan),
        parsing=warp_labels(matte.parsing, size, plan),
        sigma=exposed.sigma,
    )
    whole_matte = _eight_bit(alpha)
    del matte, alpha  # 24 megapixels of floats are 96 MB, and the look needs the room
    stages = [*cut_stages(plan), *correction_stages(correction), *exposed.stages]
    pixels = carry_on_room(exposed.pixels, scene.alpha, size, plan)
    del exposed
    touched = _worked(pixels, scene, params, order.retouch, stages)
    hung = _hung(plan, size, scene.face, was_on_mirror=order.was_on_mirror)
    pixels = _looked(pixels, scene, look, lab, stages, hung)
    _quiet_lifted(pixels, scene, lab.applied().lift_stops, params, stages)
    _sharpened(pixels, scene, plan, params, stages)
    marked = put_marks(pixels, scene.face, scene.alpha, plan.spec, params.marks)
    out_of_range = head_out_of_range(plan.spec.name, _height(scene.face))
    notes = (*order.notes, *notes, *plan.notes, *left_alone, *marked.notes, *out_of_range)
    made = _Made((*stages, *marked.stages), touched, notes, is_marked=bool(marked.stages))
    return Finished(
        rgb=frozen(to_eight_bit(pixels)),
        alpha=_portrait_alpha(
            plan, look, scene.alpha if marked.alpha is None else np.maximum(scene.alpha, marked.alpha)
        ),
        before=frozen(_before(rgb, whole_matte, plan.native())),
        matte=frozen(whole_matte),
        face=scene.face,
        plan=plan,
        record=_record(look, lab.models, order, plan, made),
        authenticity=touched,
    )


def _before(rgb: np.ndarray, matte: np.ndarray, plan: CropPlan) -> np.ndarray:
    """Return the cut (h, w, 3) uint8 of the photograph as it was taken; `matte` (H, W) uint8."""
    cut = np.require(warp_rgb(rgb, plan), requirements=["W"])
    return cut if plan.stays_inside else carry_on_room(cut, warp_alpha(matte, plan), (rgb.shape[1], rgb.shape[0]), plan)


def _record(look: Look, models: tuple[ModelEntry, ...], order: StillRequest, plan: CropPlan, made: _Made) -> EditRecord:
    """Return what the file says of how it was made."""
    is_replaced = replaces_backdrop(look) or made.is_marked
    return EditRecord(
        look=look.name,
        light=look.light.name,
        stages=made.stages,
        models=models,
        params_digest=order.params_digest,
        source_digest=order.source_digest,
        source_type=source_type_of(backdrop_replaced=is_replaced, pixels_changed=len(made.stages) > 1),
        crop=plan.spec.name,
        size=plan.size_px,
        authenticity=made.touched.as_dict(),
        notes=made.notes,
        made_utc=order.made_utc,
    )


def find_people(rgb: np.ndarray, lab: StillModels, order: StillRequest) -> tuple[tuple[Face, ...], tuple[str, ...]]:
    """Return the faces of everybody who is in the portrait, the sitter's first, and notes about them.

    Raises Fault when there is none to finish.
    """
    if order.people == 1:
        face, notes = find_sitter(rgb, lab, order.seen)
        return (face,), notes
    lab.expect(order.people)
    faces = _found(rgb, lab) or order.seen
    people = chosen_people(faces, rgb.shape[0], order.people, order.places)
    if not people:
        face, notes = find_sitter(rgb, lab, order.seen)
        return (face,), notes
    company = (f"{len(people)} people are in the picture.",) if len(people) > 1 else ()
    return people, company


def find_sitter(rgb: np.ndarray, lab: StillModels, seen: tuple[Face, ...] = ()) -> tuple[Face, tuple[str, ...]]:
    """Return the largest face and notes about company. Raises Fault when there is none to finish.

    `seen` are the faces that were tracked in this very frame: a tracker that follows a face keeps one that a search
    of the single picture misses, and a guest whose picture was taken must not be told that they have no face.
    """
    faces = _found(rgb, lab) or seen
    if not faces:
        raise Fault("finish.no_face", "No face was found in the picture.", "Use a portrait with the face in view.")
    face = max(faces, key=lambda f: f.box.area)
    if (face.box.y1 - face.box.y0) * rgb.shape[0] < MIN_FACE_PX:
        hint = "Use a picture taken closer, or with more pixels."
        raise Fault("finish.small_face", "The face is too small to finish.", hint)
    company = (f"{len(faces)} faces were found; the largest was finished.",) if len(faces) > 1 else ()
    return face, company


def _found(rgb: np.ndarray, lab: StillModels) -> tuple[Face, ...]:
    """Return the faces of a picture, looked for on a copy that is no larger than need be."""
    scale = min(1.0, FIND_PX / max(rgb.shape[:2]))
    small = rgb if scale == 1 else cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return lab.find_faces(small)


def plan_still(
    people: tuple[Face, ...], alpha: np.ndarray, look: Look, params: FinishParams, order: StillRequest
) -> CropPlan:
    """Plan the cut: the order's crop, else the brand's, else the look's."""
    name = order.crop or params.brand.crop or look.crop
    wish = CropWish(name, params.brand, params.correct, replaces_backdrop(look), order.sizing)
    return plan_people(people, alpha, wish)


def replaces_backdrop(look: Look) -> bool:
    """True when what is behind the sitter is not the real place."""
    return not isinstance(look.backdrop, RoomBackdrop | Untouched)


def _worked(
    pixels: np.ndarray, scene: _Scene, params: FinishParams, strength: float | None, stages: list[StageEntry]
) -> Authenticity:
    """Retouch the float32 picture in place; what was done is added to `stages`."""
    wanted = params.retouch.strength if strength is None else strength
    if len(scene.people) > 1:
        return retouch_people(pixels, scene.people, scene.parsing, (params.retouch, wanted), stages)
    retouched = retouch_sitter(pixels, scene.face, scene.parsing, params.retouch, wanted)
    if retouched is None:
        return UNTOUCHED
    stages += retouched.stages
    return retouched.authenticity


def _hung(plan: CropPlan, source_px: tuple[int, int], face: Face, *, was_on_mirror: bool) -> ByFace | ByFrame:
    """How the backdrop hangs in the cut."""
    if was_on_mirror:
        return ByFrame(source_px, tuple(float(v) for v in plan.matrix.ravel()))
    box = face.box
    return ByFace(((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2), box.y1 - box.y0)


def _looked(  # noqa: PLR0913 - one step of the develop, with the list it tells to
    pixels: np.ndarray, scene: _Scene, look: Look, lab: StillModels, stages: list[StageEntry], hung: ByFace | ByFrame
) -> np.ndarray:
    """Put the look on; float32 that may be written to."""
    canvas = Canvas(pixels, scene.alpha, scene.face, parsing=scene.parsing, hung=hung, company=scene.people[1:])
    developed = lab.renderer(look)(canvas)
    stages += look_stages(look, lab.applied())
    return np.require(developed, np.float32, ["W", "C"])


def _quiet_lifted(
    pixels: np.ndarray, scene: _Scene, lift_stops: float, params: FinishParams, stages: list[StageEntry]
) -> None:
    """Lower the noise that a brightened face shows, in place: it grows with the lift as the coded picture does."""
    lifted = scene.sigma * 2 ** (lift_stops / POWER_LAW_GAMMA)
    if lifted > LIFTED_NOISE * scene.sigma and (share := denoise(pixels, lifted, params.correct)):
        amounts = {"measured": round(lifted, 2), "share": share}
        stages.append(StageEntry("correct.denoise", "Noise of the brightening was lowered", amounts))


def _sharpened(
    pixels: np.ndarray, scene: _Scene, plan: CropPlan, params: FinishParams, stages: list[StageEntry]
) -> None:
    amount = capture_amount(params.correct, scene.sigma)
    if sharpen_capture(pixels, scene.face, scene.parsing, scene.alpha, amount):
        for one in scene.people[1:]:
            sharpen_capture(pixels, one, None, scene.alpha, amount)
        stages.append(StageEntry("sharpen.capture", "Eyes and hair were sharpened", {"amount": round(amount, 2)}))
    if share := sharpen_output(pixels, plan.scale, params.correct.sharpen_output):
        stages.append(StageEntry("sharpen.output", "Sharpened for its size", {"amount": round(share, 2)}))


def _height(face: Face) -> float:
    """The height of a face's mesh as a share of the picture's."""
    return face.box.y1 - face.box.y0


def _shown(alpha: np.ndarray, source_alpha: np.ndarray | None) -> np.ndarray:
    """The matte without what the photograph itself leaves out, such as the corners of a round picture."""
    return alpha if source_alpha is None else alpha * (source_alpha.astype(np.float32) / 255)


def _eight_bit(alpha: np.ndarray) -> np.ndarray:
    return cv2.convertScaleAbs(alpha, alpha=255)


def _portrait_alpha(plan: CropPlan, look: Look, alpha: np.ndarray) -> np.ndarray | None:
    """The alpha a file keeps: a disc for a round portrait, the matte where there is no backdrop."""
    width, height = plan.size_px
    kept = _eight_bit(alpha) if isinstance(look.backdrop, Transparent) else None
    if not plan.spec.is_round:
        return None if kept is None else frozen(kept)
    y, x = np.ogrid[:height, :width]
    radius = min(width, height) / 2
    from_middle = np.hypot(x - (width - 1) / 2, y - (height - 1) / 2)
    disc = (np.clip(radius - from_middle + 0.5, 0, 1) * 255 + 0.5).astype(np.uint8)
    return frozen(disc if kept is None else np.minimum(disc, kept))
