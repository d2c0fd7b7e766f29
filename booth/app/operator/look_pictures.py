"""What each look does, as small pictures of the bundled portrait, for the operator's page."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable

import cv2
import numpy as np

from booth.core.assets import asset
from booth.core.faults import Fault
from booth.core.types import N_BLEND, Box, Face, Pose, frozen
from booth.looks.backdrop.backdrop_spec import Transparent
from booth.looks.canvas import Canvas
from booth.looks.look import Look
from booth.looks.renderer import LookRenderer

log = logging.getLogger(__name__)

CUT_PX = (90, 20, 370, 300)  # of the bundled portrait: left, top, right, bottom of what is shown
PAPER = 235  # what a cut-out is shown on, coded 0..255


class LookPictures:
    """Renders on a thread of its own when first asked; a look has no picture until its own is done."""

    def __init__(self, load: Callable[[str], Look]) -> None:
        """`load` returns a look by its name; Fault where it cannot be read."""
        self._load = load
        self._done: dict[str, np.ndarray] = {}
        self._thread: threading.Thread | None = None

    def of(self, names: tuple[str, ...]) -> dict[str, np.ndarray]:
        """Return the (h, w, 3) uint8 pictures that are done, and begin with them where nobody has asked yet."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._render, args=(names,), name="look-pictures", daemon=True)
            self._thread.start()
        return dict(self._done)

    def _render(self, names: tuple[str, ...]) -> None:
        rgb, alpha, face = bundled_sitter()
        for name in names:
            try:
                self._done[name] = rendered(self._load(name), rgb, alpha, face)
            except (Fault, OSError, ValueError) as error:  # a look that cannot be shown has its name all the same
                log.warning("no picture of the look %s: %s", name, type(error).__name__)


def bundled_sitter() -> tuple[np.ndarray, np.ndarray, Face]:
    """Return the bundled portrait: (H, W, 3) uint8, its alpha (H, W) uint8, and her face."""
    bgr = cv2.imread(str(asset("portraits", "eileen_collins.png")))
    cut_out = cv2.imread(str(asset("portraits", "eileen_collins_cutout.png")), cv2.IMREAD_UNCHANGED)
    left, top, right, bottom = CUT_PX
    window = slice(top, bottom), slice(left, right)
    found = np.array(json.loads(asset("portraits", "eileen_collins_landmarks.json").read_text("utf-8")), np.float64)
    points = (found - (left, top, 0)) / (right - left, bottom - top, right - left)
    low, high = points[:, :2].min(0), points[:, :2].max(0)
    box = Box(float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    blend, matrix = np.zeros(N_BLEND, np.float32), np.eye(4, dtype=np.float32)
    face = Face(points.astype(np.float32), blend, matrix, Pose(0, 0, 0), box)
    rgb = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)[window]
    return np.ascontiguousarray(rgb), np.ascontiguousarray(cut_out[..., 3][window]), face


def rendered(look: Look, rgb: np.ndarray, alpha: np.ndarray, face: Face) -> np.ndarray:
    """Return the portrait in a look as the mirror shows it, (h, w, 3) uint8."""
    made = LookRenderer(look).develop(Canvas(rgb.copy(), alpha, face))
    if isinstance(look.backdrop, Transparent):
        share = alpha[..., None].astype(np.float32) / 255
        made = np.rint(made * share + PAPER * (1 - share)).astype(np.uint8)
    return frozen(made)
