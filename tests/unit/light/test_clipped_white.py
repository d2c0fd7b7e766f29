"""White cloth and hair stay white under any light; cloth takes no colour from skin."""

from __future__ import annotations

import numpy as np
import pytest

from booth.looks.light.apply_light import DECODE, DECODE_FINE, ENCODE, ENCODE_ROOT, lay_bytes, lay_floats
from booth.looks.light.shape import _tint

WARM_SHADE = (0.95, 0.7, 0.55)  # gains


def laid(level: int, kind: str) -> np.ndarray:
    """Return a flat picture of a grey level 0..255 under a warm shade, 0..255."""
    field = np.zeros((4, 4, 6), np.float32)
    field[..., :3] = WARM_SHADE
    rgb, place = np.full((8, 8, 3), level, np.uint8), np.array([0, 0, 0.4], np.float32)
    if kind == "mirror":
        out = rgb.copy()
        lay_bytes(rgb, np.full((8, 8), 255, np.uint8), field, place, DECODE, ENCODE, out)
        return out[4, 4].astype(np.float32)
    floats = rgb / np.float32(255)
    out = np.empty_like(floats)
    lay_floats(floats, np.ones((8, 8), np.float32), field, place, (DECODE_FINE, ENCODE_ROOT), out)
    return out[4, 4] * 255


@pytest.mark.parametrize("kind", ["mirror", "still"])
def test_what_is_clipped_stays_white_and_grey_takes_the_light(kind: str) -> None:
    assert laid(254, kind).min() > 250
    assert np.ptp(laid(245, kind)) < 12
    grey = laid(150, kind)
    assert grey[0] - grey[2] > 20 and grey[2] < 125


def test_the_same_in_mirror_and_still() -> None:
    for level in (90, 200, 225, 240, 250):
        assert np.abs(laid(level, "mirror") - laid(level, "still")).max() < 1.5


@pytest.mark.parametrize("skin", [(0.5, 0.33, 0.25), (0.2, 0.12, 0.08), (0.06, 0.035, 0.025)])
def test_shade_takes_skins_colour_without_being_a_second_shade(skin: tuple[float, float, float]) -> None:
    colour = np.array(skin, np.float32)
    tinted = colour * np.exp2(_tint(colour))
    weights = (0.2126, 0.7152, 0.0722)
    assert tinted @ weights == pytest.approx(colour @ weights, rel=1e-3)
    assert tinted[0] / tinted[1] > colour[0] / colour[1]


def test_skin_that_is_red_already_gets_no_redder() -> None:
    assert np.abs(_tint(np.array([0.4, 0.17, 0.12], np.float32))).max() < 1e-3
