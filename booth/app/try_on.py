"""What a guest tries on in the mirror: keeps the outfit, and finds the clothes now and then on a thread of its own."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import cv2
import numpy as np

from booth.core.landmarks import NOSE_TIP
from booth.core.types import FrameAnalysis, frozen
from booth.looks.tryon.apply_outfit import apply_outfit
from booth.looks.tryon.clothes import clothes_mask
from booth.looks.tryon.outfit import KINDS, NONE, Outfit
from booth.perception.segmenter import PartsSegmenter
from booth.session.view import DressFacts

log = logging.getLogger(__name__)

EVERY_S = 0.5  # clothes hardly move; the network costs 70 ms of a core


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """Where clothes were in one frame, without the matte, and where the face was then."""

    mask: np.ndarray  # (h, w) float32 0..1
    nose: tuple[float, float]  # 0..1 of the frame


class TryOn:
    """Used on the engine's thread only; `reset` drops the guest's choices, `close` of the network."""

    def __init__(self, brand: str) -> None:
        self._brand = brand
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="wardrobe")
        self._network: PartsSegmenter | None = None
        self.reset()

    def reset(self) -> None:
        """Take everything off."""
        self._outfit = Outfit(brand=self._brand)
        self._pending: Future[_Found] | None = None
        self._found: _Found | None = None
        self._asked_s = float("-inf")

    def name(self, name: str) -> None:
        """Let a badge show this name."""
        self._outfit = replace(self._outfit, name=name)

    def handle(self, asked: str) -> None:
        """Take a choice such as `clothes.navy`, or `include` and `preview`."""
        kind, _, name = asked.partition(".")
        if not name:
            self._outfit = replace(self._outfit, is_included=kind == "include")
        elif name in KINDS.get(kind, ()):
            self._outfit = self._outfit.with_choice(kind, name)

    @property
    def facts(self) -> DressFacts:
        """What the page shows; a badge is offered only where there is a name to show."""
        offered = {kind: tuple(n for n in names if n != "badge" or self._outfit.name) for kind, names in KINDS.items()}
        rows = tuple((kind, names, str(getattr(self._outfit, kind))) for kind, names in offered.items())
        return DressFacts(rows, self._outfit.is_included)

    @property
    def included(self) -> Outfit | None:
        """The outfit that the guest wants in the picture too; None for a preview."""
        return self._outfit if self._outfit.is_included and not self._outfit.is_plain else None

    def dress(self, analysis: FrameAnalysis, developed: np.ndarray) -> np.ndarray:
        """Return the picture of the mirror, or a smaller one of the wall, with the outfit on."""
        if self._outfit.is_plain or analysis.sitter is None:
            return developed
        alpha = None if analysis.matte is None else analysis.matte.alpha
        cloth = self._cloth(analysis) if self._outfit.clothes != NONE else None
        size = developed.shape[1], developed.shape[0]
        alpha, cloth = (None if plane is None else _of_size(plane, size) for plane in (alpha, cloth))
        return apply_outfit(developed, analysis.sitter, self._outfit, cloth, alpha)

    def _cloth(self, analysis: FrameAnalysis) -> np.ndarray | None:
        """The clothes last found, moved along with the face, within this frame's own matte."""
        if self._pending is not None and self._pending.done():
            self._take_over(self._pending)
            self._pending = None
        if self._pending is None and analysis.frame.t_s - self._asked_s >= EVERY_S:
            self._asked_s = analysis.frame.t_s
            self._pending = self._worker.submit(self._find, analysis)
        if self._found is None or analysis.matte is None or analysis.sitter is None:
            return None
        height, width = analysis.matte.alpha.shape
        x, y = analysis.sitter.landmarks[NOSE_TIP, :2]
        by = np.array(
            [[1, 0, (x - self._found.nose[0]) * width], [0, 1, (y - self._found.nose[1]) * height]], np.float32
        )
        moved = cv2.warpAffine(self._found.mask, by, (width, height), borderMode=cv2.BORDER_REPLICATE)
        return cv2.multiply(moved, analysis.matte.alpha, scale=1 / 255, dtype=cv2.CV_32F)

    def _take_over(self, done: Future[_Found]) -> None:
        """Take what the clothes model found; where it failed the clothes come off, and the booth goes on."""
        try:
            self._found = done.result()
        except Exception:
            log.exception("the clothes could not be found")
            self._found, self._outfit = None, replace(self._outfit, clothes=NONE)

    def _find(self, analysis: FrameAnalysis) -> _Found:
        if self._network is None:
            self._network = PartsSegmenter()
        assert analysis.sitter is not None
        small = analysis.frame.small
        parsing = self._network(small).argmax(2).astype(np.uint8)
        x, y = analysis.sitter.landmarks[NOSE_TIP, :2]
        return _Found(frozen(clothes_mask(small, parsing, None, analysis.sitter)), (float(x), float(y)))

    def close(self) -> None:
        """Free the network."""
        self.reset()
        if self._network is not None:
            self._worker.submit(self._network.close)
        self._worker.shutdown(wait=True)


def _of_size(plane: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Return an (h, w) plane at size (w, h); the plane itself where it has that size."""
    return plane if plane.shape[::-1] == size else cv2.resize(plane, size, interpolation=cv2.INTER_AREA)
