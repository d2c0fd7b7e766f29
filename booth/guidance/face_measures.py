"""Numbers about one face from its landmarks, blendshapes and matrix: geometry only, no pixels, no judgement.

Lengths are in T, the distance from the eye line to the chin, or in IED, the distance between the eyes, so that they do
not depend on size. All sides are the image's: x grows to the sitter's own left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from booth.core.landmarks import (
    CHIN,
    INNER_LIP_GAPS,
    LEFT_EYE_CORNERS,
    LEFT_IRIS,
    LEFT_LIDS,
    LOWER_CHEEKS,
    LOWER_LIDS,
    MOUTH_CORNERS,
    NOSE_BASE,
    OUTER_LIP_GAP,
    RIGHT_EYE_CORNERS,
    RIGHT_IRIS,
    RIGHT_LIDS,
)
from booth.core.types import Face

# The tracker answers a face off the middle with a turn that is not there: moving one identical face patch across the
# frame changed yaw by .23 and pitch by .27 of the line-of-sight angle; subtracting all of it over-corrects by 10 deg.
YAW_DRIFT, PITCH_DRIFT = 0.23, 0.27
# A turned head that keeps looking at the lens shows the irises off the lids' middle the other way; the lids' corners
# move along, so that of ten people turned 9 to 18 deg six tenths of the turn come back.
TURN_IN_GAZE = 0.6
IRIS_MM, EYE_RADIUS_MM = 11.7, 12.0  # anatomy: the visible iris hardly differs between adults

_PAIRS = np.array([*RIGHT_LIDS, *LEFT_LIDS, *INNER_LIP_GAPS, OUTER_LIP_GAP, MOUTH_CORNERS])
_EYE_POINTS = np.array([*RIGHT_EYE_CORNERS, *LEFT_EYE_CORNERS])


@dataclass(frozen=True, slots=True)
class Measures:
    """What geometry tells about one face. Blendshape values are 0..1, angles degrees with the signs of `Pose`."""

    head_height: float  # landmarks' box over the frame's height
    eye_distance_px: float  # between the irises in source pixels, as if seen from the front
    centre_x: float  # eye middle from the frame's middle, in IED; > 0: toward image right
    eye_line: float  # height of the eyes, 0..1 from the top
    inside: float  # smallest distance of the box to the frame's border over the box' size; < 0: cut
    yaw_deg: float  # corrected for where in the frame the face is
    pitch_deg: float
    roll_deg: float
    gaze_x_deg: float  # > 0: toward image right, the head's own turn counted in
    gaze_y_deg: float  # > 0: up
    lid_gap: float  # the narrower eye's largest lid gap in T
    lid_gap_wider: float
    blink: float  # the more closed eye
    lip_gap: float  # largest inner gap in T
    lip_height: float  # outer lips in T
    mouth_width: float  # in IED
    jaw_open: float
    smile: float
    smile_uneven: float
    corner_lift: float  # mouth corners against the base of the nose in T; rises in a smile, hardly with the jaw
    cheek_lid: float  # cheek to lower lid in T; shrinks in a real smile
    brow_down: float
    brow_up: float
    pucker: float
    funnel: float
    stretch: float
    press: float
    frown: float
    squint: float
    mouth_aside: float


def measure(face: Face, width_px: int, height_px: int) -> Measures:
    """Measure one face of a picture of that size."""
    points = face.points_px(width_px, height_px).astype(np.float64)
    right, left = points[_EYE_POINTS].reshape(2, 2, 2).mean(1)
    middle = (right + left) / 2
    across = left - right
    ied = max(float(np.hypot(*across)), 1e-6)
    face_px = max(float(np.hypot(*(points[CHIN] - middle))), 1e-6)
    level = np.array([[across[0], across[1]], [-across[1], across[0]]]) / ied
    upright = (points - middle) @ level.T
    yaw_deg, pitch_deg = _corrected(face)
    return Measures(
        **_framing(face, middle, ied, width_px, height_px),
        eye_distance_px=_eye_distance_px(points, yaw_deg),
        yaw_deg=yaw_deg,
        pitch_deg=pitch_deg,
        roll_deg=face.pose.roll_deg,
        **_gaze(upright, yaw_deg),
        **_lengths(points, upright, ied, face_px),
        **_blend(face),
    )


def _corrected(face: Face) -> tuple[float, float]:
    x, y, z = (float(v) for v in face.matrix[:3, 3])
    yaw_deg = face.pose.yaw_deg - YAW_DRIFT * math.degrees(math.atan2(-x, -z))
    return yaw_deg, face.pose.pitch_deg - PITCH_DRIFT * math.degrees(math.atan2(-y, -z))


def _eye_distance_px(points: np.ndarray, yaw_deg: float) -> float:
    seen_px = float(np.hypot(*(points[LEFT_IRIS] - points[RIGHT_IRIS])))
    return seen_px / max(0.5, math.cos(math.radians(yaw_deg)))


def _framing(face: Face, middle: np.ndarray, ied: float, width_px: int, height_px: int) -> dict[str, float]:
    box = face.box
    wide, high = max(box.x1 - box.x0, 1e-6), max(box.y1 - box.y0, 1e-6)
    inside = min(box.x0 / wide, (1 - box.x1) / wide, box.y0 / high, (1 - box.y1) / high)
    return {
        "head_height": high,
        "centre_x": (float(middle[0]) - width_px / 2) / ied,
        "eye_line": float(middle[1]) / height_px,
        "inside": inside,
    }


def _gaze(upright: np.ndarray, yaw_deg: float) -> dict[str, float]:
    """Return where both eyes look against the lens: the irises from the middle of their lids' corners, and the turn."""
    iris_px = 0.5 * sum(float(np.hypot(*(upright[i + 1] - upright[i + 3]))) for i in (RIGHT_IRIS, LEFT_IRIS))
    mm_px = max(iris_px / IRIS_MM, 1e-6)
    off = np.zeros(2)
    for iris, corners in ((RIGHT_IRIS, RIGHT_EYE_CORNERS), (LEFT_IRIS, LEFT_EYE_CORNERS)):
        off += (upright[iris] - upright[list(corners)].mean(0)) / mm_px / EYE_RADIUS_MM / 2
    x, y = np.degrees(np.arcsin(np.clip(off, -1, 1)))
    return {"gaze_x_deg": float(x) + TURN_IN_GAZE * yaw_deg, "gaze_y_deg": -float(y)}


def _lengths(points: np.ndarray, upright: np.ndarray, ied: float, face_px: float) -> dict[str, float]:
    spans = np.hypot(*(points[_PAIRS[:, 0]] - points[_PAIRS[:, 1]]).T)
    right_gap, left_gap = float(spans[:3].max()) / face_px, float(spans[3:6].max()) / face_px
    corners_y = upright[list(MOUTH_CORNERS), 1].mean()
    return {
        "lid_gap": min(right_gap, left_gap),
        "lid_gap_wider": max(right_gap, left_gap),
        "lip_gap": float(spans[6:9].max()) / face_px,
        "lip_height": float(spans[9]) / face_px,
        "mouth_width": float(spans[10]) / ied,
        "corner_lift": float(upright[NOSE_BASE, 1] - corners_y) / face_px,
        "cheek_lid": float((upright[list(LOWER_CHEEKS), 1] - upright[list(LOWER_LIDS), 1]).mean()) / face_px,
    }


def _blend(face: Face) -> dict[str, float]:
    both = {name: (face.score_of(f"{name}Left"), face.score_of(f"{name}Right")) for name in _TWO_SIDED}
    mean = {name: (a + b) / 2 for name, (a, b) in both.items()}
    return {
        "blink": max(both["eyeBlink"]),
        "jaw_open": face.score_of("jawOpen"),
        "smile": mean["mouthSmile"],
        "smile_uneven": abs(both["mouthSmile"][0] - both["mouthSmile"][1]),
        "brow_down": mean["browDown"],
        "brow_up": face.score_of("browInnerUp"),
        "pucker": face.score_of("mouthPucker"),
        "funnel": face.score_of("mouthFunnel"),
        "stretch": max(both["mouthStretch"]),
        "press": mean["mouthPress"],
        "frown": mean["mouthFrown"],
        "squint": mean["eyeSquint"],
        "mouth_aside": max(face.score_of("mouthLeft"), face.score_of("mouthRight")),
    }


_TWO_SIDED = ("eyeBlink", "mouthSmile", "browDown", "mouthStretch", "mouthPress", "mouthFrown", "eyeSquint")
