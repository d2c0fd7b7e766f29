"""What geometry tells about how somebody stands, from the points of their body; None where it cannot be told.

Angles are degrees with the signs of a head's: a turn > 0 points the chest toward image right, the sitter's own left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from booth.core.types import Body, Face

LEFT_SHOULDER, RIGHT_SHOULDER, LEFT_ELBOW, RIGHT_ELBOW, LEFT_WRIST, RIGHT_WRIST = 11, 12, 13, 14, 15, 16
# What the network tells of a turn is this share of it, and a share of how the head is turned: least squares over
# rendered people, .35 and .37 in two halves (docs/body-measures.md). Of who stands it tells half as much as of who
# sits: the side and "turned or not" can be told, degrees can't.
TURN_GAIN, HEAD_GAIN = 0.36, 0.27
TURN_MOST_DEG = 90.0
NOSE, LEFT_EYE, RIGHT_EYE = 0, 2, 5
IN_VIEW = 0.5  # of a point's own certainty; shoulders cut off by the frame's border read less
FOLDED_SHARE = 0.45  # of the shoulders' width: how near each wrist is to the other arm's elbow
NEAR_FACES = 0.6  # the body's nose is no further from the face's own than this, in face heights: else somebody else's


@dataclass(frozen=True, slots=True)
class BodyMeasures:
    """One reading of a body."""

    t_s: float  # of the frame it was read from
    turn_deg: float | None = None  # of the line of the shoulders; its side is sure, its size within a factor of two
    near_drop_deg: float | None = None  # how far the shoulder nearer to the lens hangs lower; None where neither is
    head_size: float | None = None  # face height over the frame's: grows in a lean, as in a step toward the lens
    neck: float | None = None  # from the shoulders' line up to the eyes, in face heights: shrinks in raised shoulders
    arms_folded: float | None = None  # 1 or 0; None where the wrists are out of the picture


NEAR_FROM_DEG = 10.0  # of turn, from which one shoulder is the nearer one


def measure_body(body: Body, face: Face, size_px: tuple[int, int]) -> BodyMeasures | None:
    """Measure a body in a frame of that size; None where it is not the body of that face."""
    points = body.points[:, :2].astype(np.float64) * size_px
    box = face.box
    face_px = max((box.y1 - box.y0) * size_px[1], 1.0)
    nose_px = face.landmarks[1, :2] * np.array(size_px)
    if float(np.hypot(*(points[NOSE] - nose_px))) > NEAR_FACES * face_px:
        return None
    seen = body.points[:, 2]
    if min(seen[LEFT_SHOULDER], seen[RIGHT_SHOULDER]) < IN_VIEW:
        return BodyMeasures(body.t_s)
    left, right = body.world[LEFT_SHOULDER], body.world[RIGHT_SHOULDER]
    told_deg = math.degrees(math.atan2(float(left[2] - right[2]), float(left[0] - right[0])))
    turn_deg = (told_deg - HEAD_GAIN * face.pose.yaw_deg) / TURN_GAIN
    turn_deg = min(max(turn_deg, -TURN_MOST_DEG), TURN_MOST_DEG)
    across = points[LEFT_SHOULDER] - points[RIGHT_SHOULDER]
    left_low_deg = math.degrees(math.atan2(float(across[1]), max(float(across[0]), 1.0)))
    near_drop = math.copysign(1.0, -turn_deg) * left_low_deg if abs(turn_deg) >= NEAR_FROM_DEG else None
    width_px = float(np.hypot(*across)) / max(0.5, math.cos(math.radians(turn_deg)))
    middle = (points[LEFT_SHOULDER] + points[RIGHT_SHOULDER]) / 2
    eyes = (points[LEFT_EYE] + points[RIGHT_EYE]) / 2
    return BodyMeasures(
        body.t_s,
        turn_deg,
        near_drop,
        face_px / size_px[1],
        float(middle[1] - eyes[1]) / face_px,
        _folded(points, seen, width_px),
    )


def _folded(points: np.ndarray, seen: np.ndarray, width_px: float) -> float | None:
    """Return whether each wrist lies at the other arm's elbow; None where a wrist or an elbow is out of view."""
    joints = [LEFT_WRIST, RIGHT_WRIST, LEFT_ELBOW, RIGHT_ELBOW]
    if seen[joints].min() < IN_VIEW:
        return None
    gaps = [np.hypot(*(points[a] - points[b])) for a, b in ((LEFT_WRIST, RIGHT_ELBOW), (RIGHT_WRIST, LEFT_ELBOW))]
    return float(max(gaps) <= FOLDED_SHARE * width_px)
