"""The compiled reading of an eye's rows against the same told in numpy."""

from __future__ import annotations

import numpy as np
import pytest

from booth.perception.eye_rows import read_rows

SHAPE = (124, 232)
COLUMNS, SKIN = np.array([(47, 66), (37, 42), (70, 76)]), np.array([(22, 38), (66, 80)])
ROWS, BLOCKS = np.array((36, 66)), np.array([(74, 81, 42, 70), (110, 122, 42, 70)])


def read(stops: np.ndarray, blocks: np.ndarray = BLOCKS) -> np.ndarray:
    stops = stops.copy()
    stops.flags.writeable = False
    out = np.empty(5)
    read_rows(stops, COLUMNS, SKIN, ROWS, blocks, out)
    return out


def an_eye() -> np.ndarray:
    """Skin of -3 stops, an iris 2 stops darker in rows 44 to 58, white 1.5 brighter beside it, the cheek by 1."""
    stops = np.full(SHAPE, -3.0, np.float32)
    stops[44:58, 47:66] = -5
    stops[44:58, 37:42] = stops[44:58, 70:76] = -1.5
    stops[100:] = -2
    return stops


def test_iris_white_and_cheek_are_read() -> None:
    first, last, dark, white, under = read(an_eye())
    assert (first, last) == (8, 22)
    assert dark == pytest.approx(2.0) and white == pytest.approx(1.5) and under == pytest.approx(1.0)


def test_bare_skin_has_no_band_and_an_empty_block_says_nothing() -> None:
    out = read(np.full(SHAPE, -3.0, np.float32), np.array([(80, 80, 42, 70), (110, 122, 42, 70)]))
    assert out.tolist() == [0, 0, 0, 0, 0]


@pytest.mark.parametrize("seed", range(5))
def test_levels_are_those_of_sorted_values(seed: int) -> None:
    stops = np.random.default_rng(seed).normal(-3, 1, SHAPE).astype(np.float32)
    level = np.sort(stops[:, 47:66], axis=1)[:, int(0.12 * 18)]
    middles = [_bare(level[a:b]) for a, b in SKIN]
    dark = min(middles) - np.sort(level[36:66])[:2].mean()
    near, far = (np.sort(stops[a:b, c:d].ravel())[(b - a) * (d - c) // 2] for a, b, c, d in BLOCKS)
    out = read(stops)
    assert out[2] == pytest.approx(dark, abs=1e-5)
    assert out[4] == pytest.approx(far - near, abs=1e-6)


def _bare(skin: np.ndarray) -> float:
    middle = len(skin) // 2
    near, far = (np.sort(part)[len(part) // 2] for part in (skin[:middle], skin[middle:]))
    return float(max(near, far) if abs(near - far) > 1.6 else np.sort(skin)[middle])
