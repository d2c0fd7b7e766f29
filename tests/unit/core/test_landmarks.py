"""Lists of landmarks against the mean head's own marks: right and left are mirrored, and lie where their names say."""

from __future__ import annotations

import numpy as np
import pytest

from booth.core import landmarks
from booth.core.types import N_LANDMARKS
from booth.looks.light.head_model import load_head

MIRRORED_CM = 0.3  # the mean head is a little askew: most that a mirrored point is off its partner

# (right, left) of everything that has two sides; single points are rings of one.
TWO_SIDED = [
    *((getattr(landmarks, f"RIGHT_{name}"), getattr(landmarks, f"LEFT_{name}")) for name in
      ("EYE", "EYE_CORNERS", "EYE_SURROUND", "BROW")),
    *(((right,), (left,)) for right, left in (
        (landmarks.RIGHT_EAR, landmarks.LEFT_EAR), landmarks.CHEEKBONES, landmarks.OUTER_EYE_CORNERS,
        landmarks.INNER_EYE_CORNERS, landmarks.UPPER_LIDS, landmarks.LOWER_LIDS, landmarks.BROW_MIDDLES,
        landmarks.MOUTH_CORNERS, landmarks.INNER_LIP_SIDES, landmarks.CHEEKS, landmarks.LOWER_CHEEKS,
        *landmarks.CHEEK_PAIRS)),
    landmarks.NOSTRILS, landmarks.CHEEK_PATCHES, *zip(*landmarks.UNDER_EYES, strict=True),
    *zip(np.transpose(landmarks.RIGHT_LIDS), np.transpose(landmarks.LEFT_LIDS), strict=True),
]  # fmt: skip
OWN_MIRROR = (
    "FACE_OVAL", "LIPS", "LIPS_COARSE", "MOUTH_OPENING", "MOUTH_OPENING_COARSE", "ON_LIPS", "BESIDE_LIPS", "NOSE",
    "NOSE_RIDGE", "NOSE_BRIDGE", "NOSE_FRONT", "UPPER_CHEEKS", "SKIN_COLOR_POINTS", "MID_FACE", "MID_FACE_OUTLINE",
)  # fmt: skip


def marks_of(ring) -> np.ndarray:
    """(n, 3) cm on the mean head: x to the subject's left, y up, z toward the camera."""
    return load_head().marks[list(ring)]


def furthest_mirror_cm(one, other) -> float:
    """The longest way from a point to the nearest mirrored point of the other side, both ways."""
    away = np.linalg.norm(marks_of(one)[:, None] - marks_of(other)[None] * (-1, 1, 1), axis=2)
    return float(max(away.min(0).max(), away.min(1).max()))


def test_both_sides_have_as_many_points_and_are_mirrored() -> None:
    for right, left in TWO_SIDED:
        assert len(set(right)) == len(set(left)) == len(right), (right, left)
        assert marks_of(right)[:, 0].mean() < 0 < marks_of(left)[:, 0].mean(), (right, left)
        assert furthest_mirror_cm(right, left) < MIRRORED_CM, (right, left)


@pytest.mark.parametrize("name", OWN_MIRROR)
def test_lists_over_the_middle_have_two_equal_halves(name: str) -> None:
    ring = getattr(landmarks, name)
    assert len(set(ring)) == len(ring)
    assert furthest_mirror_cm(ring, ring) < MIRRORED_CM


@pytest.mark.parametrize("name", ["FACE_OVAL", "RIGHT_EYE", "LEFT_EYE", "LIPS", "MOUTH_OPENING"])
def test_rings_go_round_once(name: str) -> None:
    around = marks_of(getattr(landmarks, name))[:, :2]
    x, y = (around - around.mean(0)).T
    angles = np.arctan2(y, x)
    turns = np.diff(np.unwrap([*angles, angles[0]]))
    assert abs(turns.sum()) == pytest.approx(2 * np.pi)
    assert (turns * np.sign(turns.sum()) > -0.02).all()  # closed lips lie on one line


def test_brows_go_along_the_upper_rim_and_back_along_the_lower() -> None:
    for brow in landmarks.BROWS:
        x, y = marks_of(brow)[:, :2].T
        assert (np.diff(x[:5]) > 0).all()
        assert (np.diff(x[5:]) < 0).all()
        assert (y[:5] > y[:4:-1]).all()


def test_parts_lie_above_each_other() -> None:
    order = ("FOREHEAD_TOP", "GLABELLA", "NOSE_TIP", "NOSE_BASE", "UPPER_LIP_OUTER", "UPPER_LIP_INNER",
             "LOWER_LIP_INNER", "LOWER_LIP_OUTER", "CHIN")  # fmt: skip
    heights = [marks_of([getattr(landmarks, name)])[0, 1] for name in order]
    assert heights == sorted(heights, reverse=True)
    for upper, lower in (*landmarks.RIGHT_LIDS, *landmarks.LEFT_LIDS, *landmarks.INNER_LIP_GAPS):
        assert marks_of([upper])[0, 1] > marks_of([lower])[0, 1]


def test_coarse_rings_are_parts_of_the_fine_ones() -> None:
    assert set(landmarks.LIPS_COARSE) < set(landmarks.LIPS)
    assert set(landmarks.MOUTH_OPENING_COARSE) < set(landmarks.MOUTH_OPENING)


def test_irises_follow_the_surface() -> None:
    irises = sorted(
        i for middle, ring in zip(landmarks.IRISES, landmarks.IRIS_RINGS, strict=True) for i in (middle, *ring)
    )
    assert irises == list(range(landmarks.N_SURFACE, N_LANDMARKS))
