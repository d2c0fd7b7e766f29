"""A still's backdrop is painted in bands: the same numbers as in one go, in a part of the memory."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from booth.looks.backdrop import lattice
from booth.looks.backdrop.backdrop_spec import Paper
from booth.looks.backdrop.lattice import noise, noise_bands
from booth.looks.backdrop.paint import paint
from booth.looks.backdrop.plane import Plane

SIZE = 900, 1200
MOST_OF_PICTURE = 1.6  # bytes at the peak over those of the painted picture; 1.9 where the noise is whole


@pytest.mark.parametrize("cell", [0.0022, 0.0045, 0.011, 0.2])
def test_bands_are_the_noise_of_one_go(cell: float, monkeypatch: pytest.MonkeyPatch) -> None:
    plane = Plane.of(SIZE, None, 0.5)
    banded = np.concatenate([band for _, band in noise_bands(plane, cell, 7)])
    monkeypatch.setattr(lattice, "_BAND_ROWS", SIZE[1])
    assert np.array_equal(banded, noise(plane, cell, 7))


def test_painting_paper_takes_little_more_than_its_picture() -> None:
    paint(Paper("pebble"), SIZE, face_h_frac=0.8)
    tracemalloc.start()
    try:
        picture = paint(Paper("pebble"), SIZE, face_h_frac=0.8)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < MOST_OF_PICTURE * picture.nbytes, most / picture.nbytes
