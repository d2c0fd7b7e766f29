"""The look grid: the sitter live in six looks at once, two of them renewed with every FrameAnalysis, in turn.

Nothing is shown until the looks are ranked or `RANKS_WITHIN_S` have passed; from then on every look stays in its place,
and a page is shown only once each of its tiles has its picture.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from booth.core.types import FrameAnalysis
from booth.looks.canvas import Canvas
from booth.looks.look import Look
from booth.looks.renderer import LookRenderer
from booth.session.view import Tile

PAGE = 6
RENEWED_PER_ANALYSIS = 2  # thirty FrameAnalyses a second and six tiles: ten pictures a second each
RANKS_WITHIN_S = 2.0  # on two free cores the measuring takes one; after this the looks stand as they do by default
LATE_S = 1 / 25  # FrameAnalyses that come slower than this renew one tile more
TILE_W_PX = 424
PAIR_W_PX = 640
Dress = Callable[[FrameAnalysis, np.ndarray], np.ndarray]
TILE_GRID_PX = 88  # cells of light over a face: half the mirror's on a third of its pixels, for half its time


class LookGrid:
    """Develops small pictures of one FrameAnalysis in the looks of the page on view. Engine thread only."""

    def __init__(self, looks: Sequence[Look], first: Look) -> None:
        rest = [look for look in looks if look.name != first.name]
        self._looks = self._plain = (first, *rest)
        self._page = 0
        self._pair: tuple[str, str] | None = None
        self._shown: tuple[Look, ...] = ()  # the page that is on view, all of it
        self._began_s: float | None = None
        self._is_ranked = False
        self._next = 0
        self._shown_s: float | None = None
        self._renderers: dict[str, LookRenderer] = {}
        self._pictures: dict[str, np.ndarray] = {}

    @property
    def n_pages(self) -> int:
        """How many pages of looks there are."""
        return -(-len(self._looks) // PAGE)

    def show_page(self, page: int) -> None:
        """Show a page, counted from 0, round and round."""
        self._page, self._pair = page % self.n_pages, None
        self._begin()

    def show_pair(self, choice: str, worn: str) -> None:
        """Show two looks side by side: `on` the current one and the next, `SIDE:NAME` NAME at SIDE, else the page.

        SIDE is 0 or 1; a look that isn't there, or stands on the other side already, changes nothing.
        """
        names = [look.name for look in self._looks]
        side, _, name = choice.partition(":")
        if choice == "on" and len(names) > 1:
            first = worn if worn in names else names[0]
            self._pair = (first, names[(names.index(first) + 1) % len(names)])
        elif side in ("0", "1") and self._pair is not None and name in names and name not in self._pair:
            self._pair = (name, self._pair[1]) if side == "0" else (self._pair[0], name)
        elif choice == "off":
            self._pair = None
        self._begin()

    @property
    def is_pair(self) -> bool:
        """True while two looks stand side by side."""
        return self._pair is not None

    def _begin(self) -> None:
        self._next, self._shown_s = 0, None

    @property
    def wants_ranking(self) -> bool:
        """True while nothing has been shown: only now may the looks be ordered."""
        return not self._is_ranked

    def rank(self, looks: Sequence[Look], worn: str) -> None:
        """Put the looks into this order, the one that is worn first; once a look has been shown it changes nothing."""
        if self._is_ranked:
            return
        self._looks = tuple(sorted(looks, key=lambda look: look.name != worn))
        self._is_ranked = True

    def _on_view(self) -> tuple[Look, ...]:
        if self._pair is not None:
            return tuple(look for name in self._pair for look in self._looks if look.name == name)
        return self._looks[self._page * PAGE : (self._page + 1) * PAGE]

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """The page on view, each tile with its picture; none before the looks are ranked."""
        return tuple(Tile(k.name, k.title, self._pictures.get(k.name)) for k in self._shown)

    def show(self, analysis: FrameAnalysis, dress: Dress = lambda analysis, developed: developed) -> None:
        """Renew the next tiles with a FrameAnalysis; `dress` puts on them what the guest is trying on."""
        t_s = analysis.frame.t_s
        self._began_s = t_s if self._began_s is None else self._began_s
        self._is_ranked = self._is_ranked or t_s - self._began_s >= RANKS_WITHIN_S
        if not self._is_ranked:
            return
        small = _shrunk(analysis, PAIR_W_PX if self.is_pair else TILE_W_PX)
        looks = self._on_view()
        if looks != self._shown:
            for look in looks:
                self._renew(look, small, analysis, dress)
            self._shown = looks
            return
        is_late = self._shown_s is not None and analysis.frame.t_s - self._shown_s > LATE_S
        self._shown_s = analysis.frame.t_s
        for _ in range(min(RENEWED_PER_ANALYSIS + is_late, len(looks))):
            look = looks[self._next % len(looks)]
            self._next += 1
            self._renew(look, small, analysis, dress)

    def _renew(self, look: Look, small: Canvas, analysis: FrameAnalysis, dress: Dress) -> None:
        if look.name not in self._renderers:
            self._renderers[look.name] = LookRenderer(look, grid_px=TILE_GRID_PX)
        developed = self._renderers[look.name].develop(small, t_s=analysis.frame.t_s)
        self._pictures[look.name] = dress(analysis, developed).copy()

    def reset(self) -> None:
        """Release every picture, and the order that suited the last guest."""
        self._looks, self._shown, self._began_s, self._is_ranked = self._plain, (), None, False
        self._renderers.clear()
        self._pictures.clear()
        self.show_page(0)


def _shrunk(analysis: FrameAnalysis, width_px: int) -> Canvas:
    rgb = analysis.frame.small
    size = (width_px, max(2, round(rgb.shape[0] * width_px / rgb.shape[1])))
    alpha = None if analysis.matte is None else cv2.resize(analysis.matte.alpha, size, interpolation=cv2.INTER_AREA)
    return Canvas(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), alpha, analysis.sitter, analysis.frame.seq)
