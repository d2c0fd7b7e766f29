"""A folder, a glob or one file of pictures, each held before the lens for a while like a sitter."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from booth.capture.source import PICTURE_ENDINGS
from booth.config.params.capture import CaptureParams
from booth.core.faults import Fault


def _listed(text: str) -> list[Path]:
    path = Path(text).expanduser()
    if path.is_dir():
        found = [p for p in path.iterdir() if p.suffix.lower() in PICTURE_ENDINGS]
    elif path.is_file():
        found = [path]
    else:
        anchor = Path(path.anchor) if path.is_absolute() else Path()
        found = [p for p in anchor.glob(str(path.relative_to(anchor))) if p.suffix.lower() in PICTURE_ENDINGS]
    if not found:
        raise Fault("source.missing", f"No pictures at {text}.", "Give a folder with .jpg, .png, .tif or .webp files.")
    return sorted(found)


class Pictures:
    """Photographs in name order, each for `capture.picture_s` seconds. A file that is no picture is a Fault."""

    is_live = False

    def __init__(self, text: str, params: CaptureParams) -> None:
        self._paths = _listed(text)
        self.name = Path(text).name
        self.fps = float(params.fps)
        self._hold_frames = max(1, round(params.picture_s * self.fps))
        self._count = 0
        self._rgb = self._load(0)
        self.size = (self._rgb.shape[1], self._rgb.shape[0])

    def _load(self, index: int) -> np.ndarray:
        path = self._paths[index]
        try:
            coded = np.fromfile(path, np.uint8)
            bgr = cv2.imdecode(coded, cv2.IMREAD_COLOR) if coded.size else None
        except (OSError, cv2.error):
            bgr = None
        if bgr is None:
            raise Fault(
                "source.not_picture", f"{path.name} is not a picture.", "Take it out of the folder, or mend it."
            )
        return cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)

    def begins(self, seq: int) -> bool:
        """True where frame `seq` is the first of another photograph: somebody else may be on it."""
        return seq > 0 and seq % self._hold_frames == 0

    def read(self) -> tuple[np.ndarray, float] | None:
        """Return the picture now before the lens and the time, or None after the last."""
        index, within = divmod(self._count, self._hold_frames)
        if index >= len(self._paths):
            return None
        if within == 0 and index > 0:
            self._rgb = self._load(index)
        t_s = self._count / self.fps
        self._count += 1
        return self._rgb.copy(), t_s

    def close(self) -> None:
        """Nothing is held open."""
