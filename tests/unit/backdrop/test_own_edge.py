"""Strands that the matte missed stay beside the sitter before a plain wall; before a busy one nothing does."""

from __future__ import annotations

import numpy as np
import pytest

from booth.looks.backdrop.own_edge import is_on_white, kept, plainness
from booth.looks.canvas import Canvas
from booth.looks.look import load_look
from booth.looks.renderer import LookRenderer
from tests.unit.light.sitters import a_face as sitter
from tests.unit.light.sitters import a_picture

FACE_CELLS = 60.0


def a_wall(unrest: float) -> tuple[np.ndarray, np.ndarray]:
    """Return a grey wall with so much texture and a dark head before it, float32 0..1, and the head's matte."""
    rng = np.random.default_rng(3)
    low = np.full((180, 320, 3), 0.6, np.float32) + unrest * rng.standard_normal((180, 320, 1)).astype(np.float32)
    y, x = np.mgrid[:180, :320]
    matte = (np.hypot(x - 160, y - 100) < 40).astype(np.float32)
    low[matte > 0] = 0.1
    return np.clip(low, 0, 1).astype(np.float32), matte


def test_a_plain_wall_keeps_what_is_near_the_head_and_no_more() -> None:
    low, matte = a_wall(0.004)
    stays = kept(plainness(low, matte, FACE_CELLS), matte, FACE_CELLS)
    assert stays[100, 160 + 43] > 0.95  # a strand just off the outline
    assert stays[100, 160 + 60] < 0.05  # a third of a face away the wall is the lens's


def test_before_a_busy_wall_nothing_stays() -> None:
    low, matte = a_wall(0.12)
    assert kept(plainness(low, matte, FACE_CELLS), matte, FACE_CELLS).max() < 0.02


def test_a_lock_beside_the_head_does_not_make_the_wall_busy() -> None:
    low, matte = a_wall(0.004)
    low[100:130, 200:204] = 0.1  # the matte missed it
    stays = kept(plainness(low, matte, FACE_CELLS), matte, FACE_CELLS)
    assert stays[110, 202] > 0.8


def test_a_picture_cut_to_a_circle_on_white_is_known() -> None:
    low, matte = a_wall(0.05)
    assert not is_on_white(low)
    y, x = np.mgrid[:180, :320]
    low[np.hypot(x - 160, y - 90) > 88] = 1.0
    assert is_on_white(low)


@pytest.mark.parametrize("kind", ["mirror", "still"])
def test_a_thin_strand_is_still_there_in_mirror_and_still(kind: str) -> None:
    rgb, alpha = a_picture()
    rgb[alpha < 128] = 170
    right = int(np.flatnonzero(alpha[240] > 128).max())
    strand = slice(right + 5, right + 8)
    rgb[200:280, strand] = 30  # the matte missed it
    seen = (rgb, alpha) if kind == "mirror" else (rgb / np.float32(255), alpha / np.float32(255))
    picture = LookRenderer(load_look("your-room"), still=kind == "still").develop(Canvas(*seen, sitter(), 1))
    levels = picture.astype(np.float32) * (1 if kind == "mirror" else 255)
    assert levels[240, strand].max() < 60 and levels[240, right + 14].min() > 150
