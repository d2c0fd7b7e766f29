"""People cut out before a plain wall: the wall between strands is not theirs."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parents[3]
_SPEC = importlib.util.spec_from_file_location("cut_people", ROOT / "tools" / "cut_people.py")
assert _SPEC is not None and _SPEC.loader is not None
cut_people = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(cut_people)


def test_a_strand_is_solved_and_the_wall_beside_it_is_wall() -> None:
    shade = np.linspace(150, 200, 300, dtype=np.float32)
    rgb = np.repeat(np.repeat(shade[None, :, None], 300, 0), 3, 2)
    rgb += np.random.default_rng(0).normal(0, 1, rgb.shape).astype(np.float32)
    matte = np.zeros((300, 300), np.float32)
    cv2.circle(matte, (150, 180), 60, 1.0, -1)
    rgb[matte > 0] = 40
    cv2.line(rgb, (200, 150), (235, 110), (60, 50, 40), 2)  # hangs on the head
    cv2.line(rgb, (82, 110), (97, 110), (60, 50, 40), 2)  # a mark on the wall, near the head
    known = cut_people.trimap(rgb.clip(0, 255).astype(np.uint8), matte, 120.0)
    assert known[180, 150] == 1
    assert known[120, 226] == 0.5
    assert known[130, 240] == 0
    assert known[110, 90] == 0
