"""Files that end too early: what is there is read, what is missing is cut off and said."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from PIL import Image, ImageFile

MIN_SHARE = 0.6  # of the rows; with less there is no portrait left to judge
_FILLS = {"JPEG": 128, "MPO": 128}  # what decoders put where data is missing; 0 elsewhere
_lock = threading.Lock()


@contextmanager
def tolerating() -> Iterator[None]:
    """Let the decoder go on past a missing end; a switch of the whole library, so one at a time."""
    with _lock:
        kept = ImageFile.LOAD_TRUNCATED_IMAGES
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = kept


def rows_there(image: Image.Image) -> int:
    """Return how many rows of a loaded picture hold data; below them is what the decoder filled in."""
    fill = _FILLS.get(image.format or "", 0)
    small = np.asarray(image if image.mode in ("L", "RGB") else image.convert("RGB"))
    flat = small.reshape(small.shape[0], -1)
    for row in range(flat.shape[0] - 1, -1, -1):
        if np.abs(flat[row].astype(np.int16) - fill).max() > 1:
            return row + 1
    return 0
