"""A picture reduced by area means, by halves first: several times quicker than all at once."""

from __future__ import annotations

import cv2
import numpy as np


def reduced(picture: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Return a picture (H, W) or (H, W, 3) at a smaller `size` (w, h); itself where it has that size."""
    while picture.shape[1] % 2 == 0 and picture.shape[0] % 2 == 0 and picture.shape[1] >= 2 * size[0]:
        half = (picture.shape[1] // 2, picture.shape[0] // 2)
        picture = cv2.resize(picture, half, interpolation=cv2.INTER_AREA)
    return picture if picture.shape[1::-1] == size else cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
