"""The look wall: the sitter live in six looks at once, two of them renewed with every Sight, in turn."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from booth.kiosk.view import Tile
from booth.looks.canvas import Canvas
from booth.looks.darkroom import Darkroom
from booth.looks.look import Look
from booth.types import Sight

PAGE = 6
RENEWED_A_SIGHT = 2  # thirty Sights a second and six tiles: ten pictures a second each
TILE_W_PX = 424


class Wall:
    """Develops small pictures of one Sight in the looks of the page on view. Belongs to the loop."""

    def __init__(self, looks: Sequence[Look], first: Look) -> None:
        rest = [look for look in looks if look.name != first.name]
        self._looks = self._plain = (first, *rest)
        self._page = 0
        self._next = 0
        self._darkrooms: dict[str, Darkroom] = {}
        self._pictures: dict[str, np.ndarray] = {}

    @property
    def n_pages(self) -> int:
        """How many pages of looks there are."""
        return -(-len(self._looks) // PAGE)

    def show_page(self, page: int) -> None:
        """Show a page, counted from 0, round and round."""
        self._page = page % self.n_pages
        self._darkrooms.clear()
        self._pictures.clear()
        self._next = 0

    def rank(self, looks: Sequence[Look]) -> None:
        """Put the looks into this order, and show them as they are given here."""
        self._looks = tuple(looks)
        self.show_page(self._page)

    def _on_view(self) -> tuple[Look, ...]:
        return self._looks[self._page * PAGE : (self._page + 1) * PAGE]

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """The page on view; a picture is None until its first turn."""
        return tuple(Tile(k.name, k.title, self._pictures.get(k.name)) for k in self._on_view())

    def show(self, sight: Sight) -> None:
        """Renew the next tiles with a Sight."""
        small = _shrunk(sight)
        looks = self._on_view()
        for _ in range(min(RENEWED_A_SIGHT, len(looks))):
            look = looks[self._next % len(looks)]
            self._next += 1
            darkroom = self._darkrooms.setdefault(look.name, Darkroom(look))
            self._pictures[look.name] = darkroom.develop(small, t_s=sight.frame.t_s).copy()

    def forget(self) -> None:
        """Let go of every picture, and of the order that suited the last guest."""
        self._looks = self._plain
        self.show_page(0)


def _shrunk(sight: Sight) -> Canvas:
    rgb = sight.frame.small
    size = (TILE_W_PX, max(2, round(rgb.shape[0] * TILE_W_PX / rgb.shape[1])))
    alpha = None if sight.matte is None else cv2.resize(sight.matte.alpha, size, interpolation=cv2.INTER_AREA)
    return Canvas(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), alpha, sight.sitter, sight.frame.seq)
