"""What somebody tries on: one choice a kind, nothing by default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import cv2
import numpy as np

NONE = "none"
KINDS: Mapping[str, tuple[str, ...]] = {
    "clothes": (NONE, "navy", "charcoal", "white", "brand"),
    "spectacles": (NONE, "round", "square", "bold", "tinted"),
    "pin": (NONE, "lapel", "badge"),
}
CLOTH_LAB: Mapping[str, tuple[float, float, float]] = {
    "navy": (22.0, 4.0, -24.0), "charcoal": (27.0, 0.0, -1.5), "white": (90.0, 0.0, 1.0),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outfit:
    """What is on. `name` stands on a badge; `is_included`: the guest wants all of it in the picture too."""

    clothes: str = NONE
    spectacles: str = NONE
    pin: str = NONE
    brand: str = "#f2a65a"  # the organisation's colour
    name: str = ""
    is_included: bool = False

    @property
    def is_plain(self) -> bool:
        """True when nothing is on."""
        return self.clothes == self.spectacles == self.pin == NONE

    def with_choice(self, kind: str, name: str) -> Outfit:
        """Return the outfit with another choice of one kind; ValueError for one there is not."""
        if name not in KINDS.get(kind, ()):
            raise ValueError(f"no {kind} {name}")
        return replace(self, **{kind: name})  # type: ignore[arg-type]

    @property
    def cloth_lab(self) -> tuple[float, float, float] | None:
        """The colour that clothes get, CIE Lab; None where they stay as they are."""
        if self.clothes == NONE:
            return None
        return CLOTH_LAB.get(self.clothes) or lab_of(self.brand)

    def changes(self) -> tuple[tuple[str, str], ...]:
        """What is on, as (stage, sentence) for the edit record."""
        told = (("dress.clothes", self.clothes, "The clothes were recoloured: {}"),
                ("dress.spectacles", self.spectacles, "Spectacles were added: {}"),
                ("dress.pin", self.pin, "A pin was added: {}"))  # fmt: skip
        return tuple((stage, says.format(choice)) for stage, choice, says in told if choice != NONE)


def lab_of(code: str) -> tuple[float, float, float]:
    """Return the CIE Lab of a colour such as #f2a65a."""
    rgb = np.array([[[int(code[i : i + 2], 16) for i in (1, 3, 5)]]], np.float32) / 255
    light, a, b = cv2.cvtColor(rgb, cv2.COLOR_RGB2Lab)[0, 0]
    return float(light), float(a), float(b)
