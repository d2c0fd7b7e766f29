"""A plain wall tells what lies behind hair; a shadow on it, a busy room and hair of its colour tell nothing."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from booth.perception.plain_wall import UNKNOWN, off_cloth, wall_plate, without_haze
from booth.perception.plate_edges import plate_zone, solve_with_plate

SIZE = (480, 640)  # height, width
FACE_PX = 150.0
LIGHT_WALL, DARK_WALL, DARK_HAIR = (200, 198, 194), (44, 42, 40), (40, 32, 28)


def a_head() -> tuple[np.ndarray, np.ndarray]:
    """The truth of a head with thin strands beside it, and what the networks see of it: no strands."""
    body, strands = (np.zeros(SIZE, np.float32) for _ in range(2))
    cv2.ellipse(body, (320, 240), (75, 100), 0, 0, 360, 1.0, -1)
    cv2.rectangle(body, (230, 330), (410, 480), 1.0, -1)
    for y in range(180, 300, 12):
        cv2.line(strands, (250, y), (241, y + 8), 0.8, 2, cv2.LINE_AA)
        cv2.line(strands, (390, y), (399, y + 8), 0.8, 2, cv2.LINE_AA)
    return np.maximum(body, strands), body


def before(wall: np.ndarray, alpha: np.ndarray, hair: tuple[int, int, int] = DARK_HAIR) -> np.ndarray:
    """A photograph of the head before a wall (H, W, 3), with a camera's noise."""
    noise = np.random.default_rng(1).normal(0, 1.5, (*SIZE, 3))
    clean = alpha[..., None] * np.array(hair) + (1 - alpha[..., None]) * wall
    return np.clip(clean + noise + 0.5, 0, 255).astype(np.uint8)


def a_wall(colour: tuple[int, int, int]) -> np.ndarray:
    """A wall that is darker to one side."""
    return np.array(colour) * np.linspace(1, 0.85, SIZE[1])[None, :, None] * np.ones((SIZE[0], 1, 1))


def solved(rgb: np.ndarray, prior: np.ndarray, hair: tuple[int, int, int] = DARK_HAIR) -> np.ndarray:
    """The matte with the wall known."""
    plate = wall_plate(rgb, prior, FACE_PX)
    assert plate is not None
    fore = np.full((*SIZE, 3), np.array(hair) / 255, np.float32)
    return solve_with_plate(rgb, prior, fore, plate_zone(prior, FACE_PX), plate)


def ring(prior: np.ndarray) -> np.ndarray:
    """Where strands may be: near the head, outside of it, above the shoulders."""
    near = cv2.dilate(prior, np.ones((27, 27))) - cv2.dilate(prior, np.ones((5, 5)))
    near[320:] = 0
    return near > 0


def test_strands_that_the_networks_missed_are_found_before_a_plain_wall() -> None:
    truth, prior = a_head()
    alpha = solved(before(a_wall(LIGHT_WALL), truth), prior)
    where = ring(prior)
    assert np.abs(alpha - truth)[where].mean() < 0.5 * np.abs(prior - truth)[where].mean()
    assert alpha[truth == 0].mean() < 0.004


def test_a_soft_shadow_beside_the_head_is_wall() -> None:
    _, prior = a_head()
    shadow = cv2.GaussianBlur(np.roll(prior, (8, 14), (0, 1)), (0, 0), 8)
    wall = a_wall(LIGHT_WALL) * (1 - 0.2 * shadow[..., None])
    alpha = solved(before(wall, prior), prior)
    assert alpha[ring(prior)].mean() < 0.005


def test_a_wall_is_read_under_the_sitter_and_through_a_lamps_falloff() -> None:
    truth, prior = a_head()
    plate = wall_plate(before(a_wall(LIGHT_WALL), truth), prior, FACE_PX)
    assert plate is not None
    assert np.abs(plate.rgb.astype(float) - a_wall(LIGHT_WALL)).mean() < 3
    assert plate.variance[60:180, 80:110].max() < 0.01 < UNKNOWN


def test_a_busy_room_is_no_wall() -> None:
    truth, prior = a_head()
    room = cv2.resize(np.random.default_rng(2).uniform(30, 220, (24, 32, 3)), SIZE[::-1])
    assert wall_plate(before(room, truth), prior, FACE_PX) is None


def test_who_fills_the_picture_has_no_wall() -> None:
    rgb = before(a_wall(LIGHT_WALL), np.ones(SIZE, np.float32))
    assert wall_plate(rgb, np.ones(SIZE, np.float32), FACE_PX) is None


@pytest.mark.parametrize("hair", [(48, 46, 44), (60, 58, 56)])
def test_hair_of_the_walls_colour_gets_no_haze(hair: tuple[int, int, int]) -> None:
    truth, prior = a_head()
    rgb = before(a_wall(DARK_WALL), truth, hair)
    plate = wall_plate(rgb, prior, FACE_PX)
    if plate is not None:
        fore = np.full((*SIZE, 3), np.array(hair) / 255, np.float32)
        alpha = solve_with_plate(rgb, prior, fore, plate_zone(prior, FACE_PX), plate)
        assert alpha[(truth == 0) & ring(prior)].mean() < 0.05


def test_strands_are_looked_for_beside_hair_and_not_beside_a_shirt() -> None:
    parsing = np.zeros((240, 320), np.uint8)
    parsing[20:80, 120:200], parsing[170:, 60:260] = 1, 4
    near = off_cloth(parsing, SIZE, FACE_PX)
    assert near.shape == SIZE
    assert near[100, 410] > 0.9, "beside the hair"
    assert near[330:, 150:500].max() == 0, "above the shoulders"


def test_a_faint_patch_of_wall_is_no_hair_and_strands_and_locks_stay() -> None:
    alpha, body = a_head()
    cv2.ellipse(alpha, (412, 260), (18, 40), 0, 0, 360, 1.0, -1)  # a lock that the networks missed
    patch = np.s_[330:360, 190:225]
    alpha[patch] = np.maximum(alpha[patch], 0.15)
    cleared = without_haze(alpha, body, FACE_PX)
    assert cleared[patch].mean() < 0.03 and body[patch].max() == 0
    others = np.ones(SIZE, bool)
    others[320:370, 180:235] = False
    assert np.abs(cleared - alpha)[others].max() < 0.02


def test_what_hangs_on_nothing_is_no_hair_and_a_strand_with_a_gap_is() -> None:
    alpha, body = a_head()
    cv2.line(alpha, (395, 250), (425, 262), 0.8, 2, cv2.LINE_AA)
    alpha[:, 408:411] = body[:, 408:411]  # a gap of a fiftieth of a face
    cv2.ellipse(alpha, (470, 250), (3, 6), 0, 0, 360, 1.0, -1)  # as small as a strand, half a face from the sitter
    cleared = without_haze(alpha, body, FACE_PX)
    assert cleared[240:262, 462:480].max() < 0.1
    assert cleared[245:270, 412:425].max() > 0.7
