"""What the glass itself remembers from one drawn frame to the next; nothing of a guest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from booth.overlays.guide import Oval


@dataclass(frozen=True, slots=True, eq=False)
class Ui:
    """Toggles of the page and the place of the ring; reset when the state changes."""

    wall_page: int = 0
    shows_before: bool = False
    shows_timings: bool = False  # F2
    shows_mesh: bool = False  # F3
    oval: Oval | None = None
    logo: np.ndarray | None = None  # (h, w, 3) uint8 on the page's colour
