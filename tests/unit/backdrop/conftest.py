"""What the backdrop tests share: one of each family, a logo, and pictures good and bad."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image


@pytest.fixture
def logo(tmp_path: Path) -> Path:
    """A wide white logo, 800 x 160 px, with transparent borders that do not belong to it."""
    rgba = np.zeros((400, 1000, 4), np.uint8)
    rgba[120:280, 100:900] = 255
    path = tmp_path / "logo.png"
    Image.fromarray(rgba).save(path)
    return path


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A picture of 1600 x 900 px: red on the left, blue on the right."""
    rgb = np.zeros((900, 1600, 3), np.uint8)
    rgb[:, :800, 0] = 220
    rgb[:, 800:, 2] = 220
    path = tmp_path / "pictures" / "photo.png"
    path.parent.mkdir()
    Image.fromarray(rgb).save(path)
    return path


def shrunk(rgb: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Return the picture made smaller by area means."""
    return cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
