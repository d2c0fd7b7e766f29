"""A photograph's readings brought to life: lids that blink, lips that talk or smile, a head that turns in.

Numbers only. Every change is made to the landmarks and scores that a tracker would give, in the units of
`booth.guidance.face_measures`; what the pixels told is taken over, but for lids and mouth.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from booth.core.landmarks import LEFT_IRIS, LEFT_LIDS, MOUTH_CORNERS, RIGHT_IRIS, RIGHT_LIDS
from booth.core.types import BLEND_INDEX, Face, FrameAnalysis, Pose
from booth.guidance.face_measures import EYE_RADIUS_MM, IRIS_MM, TURN_IN_GAZE
from tests.shared_media.still_readings import Reading, blank, placed, standing

SIZE = (1280, 720)
HEAD_HEIGHT, EYES_AT = 0.40, (0.5, 0.42)
FPS = 15.0
TURN_IN_S, TURN_DEG, STEP_ASIDE = 1.5, 22.0, 0.12  # sitters arrive turned and off the middle, and settle
BLINK_S, BLINK_EVERY_S = 0.2, (2.2, 4.2)
SMILE_FROM_S, SMILE_S, SMILE_SCORE, SMILE_LIFT = 1.5, 0.4, 0.65, 0.05
TALK_HZ, TALK_GAP, TALK_JAW = 4.0, 0.06, 0.3  # syllables a second; lips apart in T
SHUT_SURE, SHUT_BLINK = 0.01, 0.75
JITTER_T, JITTER_DEG, JITTER_BLEND = 0.0012, 0.3, 0.01  # of a tracker on a still head
LOWER_LIP = (14, 178, 402, 87, 317, 17)


@dataclass(frozen=True, slots=True)
class Script:
    """What a sitter does: what was done to the photograph, and what its face does over time."""

    name: str
    variant: str = "plain"
    smiles: bool = False
    talks_s: float = 0.0


SCRIPTS = (
    Script("smile", smiles=True),
    Script("neutral"),
    Script("narrow eyes", variant="narrow"),
    Script("spectacles", variant="spectacles"),
    Script("talk, then rest", talks_s=5.0),
)


@dataclass(frozen=True, slots=True)
class Moment:
    """What the face does at one time: 0..1 each but for the angle and the place."""

    shut: float
    lips_apart: float
    smile: float
    yaw_deg: float
    aside: float

    @property
    def is_portrait(self) -> bool:
        """True where neither lids nor talk spoil the picture."""
        return self.shut < 0.3 and self.lips_apart == 0.0


def moments(script: Script, seconds: float, rng: np.random.Generator) -> Iterator[tuple[float, Moment]]:
    """Yield time and moment of every frame of a session."""
    blink_s, side = float(rng.uniform(0.4, BLINK_EVERY_S[0])), float(rng.choice([-1.0, 1.0]))
    for n in range(round(seconds * FPS)):
        t_s = n / FPS
        if t_s > blink_s + BLINK_S:
            blink_s += float(rng.uniform(*BLINK_EVERY_S))
        away = max(0.0, 1.0 - t_s / TURN_IN_S)
        talk = 0.5 - 0.5 * math.cos(2 * math.pi * TALK_HZ * t_s) if t_s < script.talks_s else 0.0
        smile = min(1.0, max(0.0, (t_s - SMILE_FROM_S) / SMILE_S)) if script.smiles else 0.0
        yield t_s, Moment(_lid(t_s - blink_s), talk, smile, side * TURN_DEG * away, side * STEP_ASIDE * away)


def _lid(into_s: float) -> float:
    """Return how far the lids are down, 0..1, so far into a blink; down in a third of its time."""
    if not 0.0 <= into_s <= BLINK_S:
        return 0.0
    part = into_s / BLINK_S
    return min(1.0, 3.0 * part, 1.5 * (1.0 - part) + 1e-9)


def session(
    reading: Reading, script: Script, seconds: float, rng: np.random.Generator
) -> Iterator[tuple[FrameAnalysis, Moment]]:
    """Yield what the booth sees of a sitter, and what they really do."""
    for seq, (t_s, moment) in enumerate(moments(script, seconds, rng)):
        here = standing(reading, SIZE, HEAD_HEIGHT, (EYES_AT[0] + moment.aside, EYES_AT[1]))
        face = _acted(here.face, moment, rng)
        cover = here.cover
        if cover.lids_open is not None:
            cover = replace(cover, lids_open=cover.lids_open + moment.shut * (SHUT_SURE - cover.lids_open))
        sharp = None if here.focus.eyes is None else here.focus.eyes * float(rng.uniform(0.95, 1.0))
        yield (
            FrameAnalysis(blank(seq, t_s, SIZE), (face,), None, here.light, replace(here.focus, eyes=sharp), cover),
            moment,
        )


def _acted(face: Face, moment: Moment, rng: np.random.Generator) -> Face:
    points = face.points_px(*SIZE).astype(np.float64)
    eyes = points[[33, 133, 362, 263]].mean(0)
    t_px = float(np.hypot(*(points[152] - eyes)))
    _close_lids(points, moment.shut)
    points[list(LOWER_LIP), 1] += moment.lips_apart * TALK_GAP * t_px
    points[list(MOUTH_CORNERS), 1] -= moment.smile * SMILE_LIFT * t_px
    _keep_looking(points, moment.yaw_deg)
    points += rng.normal(0.0, JITTER_T * t_px, points.shape)
    landmarks = face.landmarks.copy()
    landmarks[:, :2] = points / SIZE
    turn = rng.normal(0.0, JITTER_DEG, 3)
    pose = Pose(
        face.pose.yaw_deg + moment.yaw_deg + turn[0], face.pose.pitch_deg + turn[1], face.pose.roll_deg + turn[2]
    )
    return replace(placed(face, landmarks), pose=pose, blend=_blend(face, moment, rng))


def _close_lids(points: np.ndarray, shut: float) -> None:
    for upper, lower in (*RIGHT_LIDS, *LEFT_LIDS):
        points[upper] += 0.92 * shut * (points[lower] - points[upper])


def _keep_looking(points: np.ndarray, yaw_deg: float) -> None:
    """Turn the eyes back to the lens by as much as the measures count a turned head in."""
    for iris in (RIGHT_IRIS, LEFT_IRIS):
        mm_px = float(np.hypot(*(points[iris + 1] - points[iris + 3]))) / IRIS_MM
        points[iris : iris + 5, 0] -= math.sin(math.radians(TURN_IN_GAZE * yaw_deg)) * EYE_RADIUS_MM * mm_px


def _blend(face: Face, moment: Moment, rng: np.random.Generator) -> np.ndarray:
    blend = face.blend.astype(np.float64) + rng.normal(0.0, JITTER_BLEND, face.blend.shape)
    for names, target, share in (
        (("eyeBlinkLeft", "eyeBlinkRight"), SHUT_BLINK, moment.shut),
        (("mouthSmileLeft", "mouthSmileRight"), SMILE_SCORE, moment.smile),
        (("jawOpen",), TALK_JAW, moment.lips_apart),
    ):
        for name in names:
            at = BLEND_INDEX[name]
            blend[at] += share * max(0.0, target - blend[at])
    return np.clip(blend, 0.0, 1.0).astype(np.float32)
