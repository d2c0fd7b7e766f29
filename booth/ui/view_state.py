"""What the screen itself remembers from one drawn frame to the next; nothing of a guest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from booth.overlays.guide import Oval

Shown = Literal["after", "before", "account"]  # what stands where the portrait stands at review


@dataclass(frozen=True, slots=True, eq=False)
class ViewState:
    """Toggles of the page and the place of the ring; reset when the state changes."""

    wall_page: int = 0
    shown: Shown = "after"
    account_page: int = 0
    shows_about: bool = False  # what the booth does, over the question
    shows_timings: bool = False  # F2
    shows_mesh: bool = False  # F3
    oval: Oval | None = None
    logo: np.ndarray | None = None  # (h, w, 3) uint8 on the page's colour
    background: np.ndarray | None = None  # (h, w, 3) uint8 behind the first page, already quiet enough for words
