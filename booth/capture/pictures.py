"""A folder, a glob or one file of pictures, each held before the lens for a while like a sitter."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from booth.capture.photo.folder import LeftOut, in_natural_order, is_photograph, look_through
from booth.capture.photo.reader import open_picture
from booth.config.params.capture import CaptureParams
from booth.core.faults import Fault

MIN_SIDE_PX = 2  # a source may be a numbered sequence of any size


def _listed(text: str) -> tuple[list[Path], tuple[LeftOut, ...]]:
    """Return the photographs that a folder, a glob or a file name stands for, and what beside them is not read."""
    path = Path(text).expanduser()
    left_out: tuple[LeftOut, ...] = ()
    if path.is_dir():
        inside = look_through(path)
        found, left_out = list(inside.photographs), inside.left_out
    elif path.is_file():
        found = [path]
    else:
        anchor = Path(path.anchor) if path.is_absolute() else Path()
        found = in_natural_order(p for p in anchor.glob(str(path.relative_to(anchor))) if is_photograph(p))
    if not found:
        raise Fault("source.missing", f"No pictures at {text}.", "Give a folder with .jpg, .png, .heic or .tif files.")
    return found, left_out


class Pictures:
    """Photographs in natural order, each for `capture.picture_s` seconds, read as `finish` reads them.

    A first file that is no picture is a Fault; a later one is passed over and named in `left_out`.
    """

    is_live = False

    def __init__(self, text: str, params: CaptureParams) -> None:
        self._paths, left_out = _listed(text)
        self.left_out = [f"{left.path.name} {left.why}" for left in left_out]
        self.notes: list[str] = []  # what reading took, by file
        self.name = Path(text).name
        self.fps = float(params.fps)
        self._hold_frames = max(1, round(params.picture_s * self.fps))
        self._count = 0
        self._rgb = self._load(0)
        self.size = (self._rgb.shape[1], self._rgb.shape[0])

    def _load(self, index: int) -> np.ndarray:
        path = self._paths[index]
        try:
            opened = open_picture(path, min_side_px=MIN_SIDE_PX)
        except Fault as fault:
            hint = f"{fault.hint} Or take it out of the folder."
            raise Fault("source.not_picture", fault.message, hint) from fault
        self.notes += [f"{path.name}: {note}" for note in opened.notes]
        return opened.rgb

    def begins(self, seq: int) -> bool:
        """True where frame `seq` is the first of another photograph: somebody else may be on it."""
        return seq > 0 and seq % self._hold_frames == 0

    def read(self) -> tuple[np.ndarray, float] | None:
        """Return the picture now before the lens and the time, or None after the last."""
        index, within = divmod(self._count, self._hold_frames)
        if within == 0 and index > 0 and not self._turns_to(index):
            return None
        t_s = self._count / self.fps
        self._count += 1
        return self._rgb, t_s  # read-only: one array however long it is held

    def _turns_to(self, index: int) -> bool:
        """Put the next photograph that can be read before the lens; False after the last."""
        while index < len(self._paths):
            try:
                self._rgb = self._load(index)
            except Fault as fault:
                self.left_out.append(fault.message.removesuffix("."))
                del self._paths[index]
                continue
            return True
        return False

    def close(self) -> None:
        """Nothing is held open."""
