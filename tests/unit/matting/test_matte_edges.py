"""The matte's edge solved by colour: strands and gaps before a plain wall, restraint before clutter."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from booth.perception.matte_edges import edge_colors, solve_edges

SIDE, FACE_PX = 240, 160
HAIR, WALL = (50, 35, 25), (210, 220, 225)


def a_head(wall: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A dark head with strands that stand off and a gap that the wall shows through, and its true alpha."""
    alpha = np.zeros((SIDE, SIDE), np.float32)
    cv2.circle(alpha, (120, 130), 70, 1, -1)
    cv2.circle(alpha, (120, 62), 3, 0, -1)  # a gap by the rim
    for x in range(80, 161, 8):
        cv2.line(alpha, (x, 70), (x + 2, 56 if abs(x - 120) < 30 else 70), 1, 1)  # strands
    alpha = cv2.GaussianBlur(alpha, (0, 0), 0.7)
    mixed = alpha[..., None] * np.array(HAIR, np.float32) + (1 - alpha[..., None]) * wall
    noise = np.random.default_rng(5).normal(0, 2, mixed.shape)
    return np.clip(mixed + noise, 0, 255).astype(np.uint8), alpha


def as_networks_see_it() -> np.ndarray:
    """The head as one soft blob."""
    blob = np.zeros((SIDE, SIDE), np.float32)
    cv2.circle(blob, (120, 130), 71, 1, -1)
    return cv2.GaussianBlur(blob, (0, 0), 2.5)


def a_plain_wall() -> np.ndarray:
    return np.broadcast_to(np.array(WALL, np.float32), (SIDE, SIDE, 3))


def a_cluttered_place() -> np.ndarray:
    rng = np.random.default_rng(1)
    patches = rng.uniform(0, 255, (24, 24, 3)).astype(np.float32)
    return cv2.resize(patches, (SIDE, SIDE), interpolation=cv2.INTER_NEAREST)


def test_before_a_plain_wall_strands_come_back_and_gaps_open() -> None:
    rgb, truth = a_head(a_plain_wall())
    prior = as_networks_see_it()
    solved = solve_edges(rgb, prior, edge_colors(rgb, prior, FACE_PX))
    zone = (prior > 0.01) & (prior < 0.99)
    assert np.abs(solved - truth)[zone].mean() < 0.4 * np.abs(prior - truth)[zone].mean()
    assert abs(solved[62, 120] - truth[62, 120]) < 0.1 < prior[62, 120] - truth[62, 120]  # the gap
    assert np.abs(solved - truth)[58, 105:135].max() < 0.2  # strands, and the wall between them


def test_before_clutter_the_networks_are_believed() -> None:
    rgb, truth = a_head(a_cluttered_place())
    prior = as_networks_see_it()
    solved = solve_edges(rgb, prior, edge_colors(rgb, prior, FACE_PX))
    assert np.abs(solved - truth).mean() <= np.abs(prior - truth).mean() + 0.002


def test_what_is_far_from_the_outline_stays() -> None:
    rgb, _ = a_head(a_plain_wall())
    rgb[10:30, 10:30] = HAIR  # a dark picture on the wall
    rgb[120:140, 110:130] = WALL  # a bright badge
    prior = as_networks_see_it()
    solved = solve_edges(rgb, prior, edge_colors(rgb, prior, FACE_PX))
    assert solved[10:30, 10:30].max() < 0.01 and solved[120:140, 110:130].min() > 0.99


def test_white_on_white_is_left_to_the_networks() -> None:
    rgb = np.full((SIDE, SIDE, 3), 222, np.uint8)
    prior = as_networks_see_it()
    solved = solve_edges(rgb, prior, edge_colors(rgb, prior, FACE_PX))
    assert np.abs(solved - prior).max() < 0.05


@pytest.mark.parametrize("level", [0.0, 1.0])
def test_an_empty_and_a_full_matte_stay(level: float) -> None:
    rgb = a_cluttered_place().astype(np.uint8)
    prior = np.full((SIDE, SIDE), level, np.float32)
    assert np.array_equal(solve_edges(rgb, prior, edge_colors(rgb, prior, FACE_PX)), prior)
