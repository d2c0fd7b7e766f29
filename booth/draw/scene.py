"""What a page consists of: boxes with text, buttons, panels and pictures, each at its place in pixels.

A Scene is pure fact: it is composed anew for every drawn frame, can be audited without being drawn, and is turned
round for right-to-left languages in one place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from booth.draw.typeface import TextLayout

if TYPE_CHECKING:
    from booth.draw.light_orbit import Orbit

Align = Literal["start", "centre", "end"]
Side = Literal["all", "left", "right", "bottom"]
Kind = Literal["primary", "quiet", "chip", "icon", "tile", "danger"]


@dataclass(frozen=True, slots=True)
class Rect:
    """A box in whole pixels."""

    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        """First column to the right of the box."""
        return self.x + self.w

    @property
    def bottom(self) -> int:
        """First row below the box."""
        return self.y + self.h

    @property
    def centre(self) -> tuple[int, int]:
        """The middle."""
        return self.x + self.w // 2, self.y + self.h // 2

    def inset(self, dx: int, dy: int | None = None) -> Rect:
        """Return the box made smaller by dx on each side and dy at top and bottom."""
        dy = dx if dy is None else dy
        return Rect(self.x + dx, self.y + dy, max(0, self.w - 2 * dx), max(0, self.h - 2 * dy))

    def overlaps(self, other: Rect) -> bool:
        """True if the two share at least one pixel."""
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom

    def holds(self, other: Rect) -> bool:
        """True if the other lies wholly inside."""
        inside_x = self.x <= other.x and other.right <= self.right
        return inside_x and self.y <= other.y and other.bottom <= self.bottom

    def has(self, x: float, y: float) -> bool:
        """True if the point lies inside."""
        return self.x <= x < self.right and self.y <= y < self.bottom

    def turned(self, width_px: int) -> Rect:
        """Return the box on the other side of a screen of that width."""
        return Rect(width_px - self.right, self.y, self.w, self.h)

    def columns(self, n: int, gap: int) -> tuple[Rect, ...]:
        """Cut into n boxes of the same width side by side."""
        w = (self.w - gap * (n - 1)) / n
        return tuple(Rect(round(self.x + i * (w + gap)), self.y, round(w), self.h) for i in range(n))

    def rows(self, n: int, gap: int) -> tuple[Rect, ...]:
        """Cut into n boxes of the same height one below the other."""
        h = (self.h - gap * (n - 1)) / n
        return tuple(Rect(self.x, round(self.y + i * (h + gap)), self.w, round(h)) for i in range(n))

    def shared_rows(self, wants: Sequence[int], least: int, gap: int) -> tuple[Rect, ...]:
        """Cut into boxes one below the other: each has `least`, and its share of the height that is left."""
        room = self.h - (gap + least) * len(wants) + gap
        whole, y, found = max(1, sum(wants)), float(self.y), []
        for want in wants:
            h = least + room * want / whole
            found.append(Rect(self.x, round(y), self.w, round(y + h) - round(y)))
            y += h + gap
        return tuple(found)

    def top(self, h: int) -> Rect:
        """Return the upper part of that height."""
        return Rect(self.x, self.y, self.w, min(h, self.h))

    def below(self, dy: int) -> Rect:
        """Return what lies lower than dy."""
        dy = min(dy, self.h)
        return Rect(self.x, self.y + dy, self.w, self.h - dy)


@dataclass(frozen=True, slots=True)
class Signal:
    """What the guest did: an event of the machine, or a choice with its value."""

    kind: Literal[
        "event",
        "look",
        "pick",
        "light",
        "strength",
        "key",
        "page",
        "compare",
        "about",
        "thumb",
        "locale",
        "mode",
        "digit",
        "staff",
        "quit",
        "person",
        "letter",
        "wear",
        "ask",
        "account",
        "pair",
        "sun",
    ]
    value: str | int | float = ""
    aim: tuple[float, float] | None = None  # azimuth and elevation in degrees, of "sun"


@dataclass(frozen=True, slots=True)
class Text:
    """A text set into its box."""

    name: str
    rect: Rect
    setting: TextLayout
    bold: bool = False
    colour: str = "text"
    align: Align = "start"
    over: bool = False  # may lie on other things on purpose: a caption on its picture


@dataclass(frozen=True, slots=True)
class Button:
    """Something to touch: the whole box answers."""

    name: str
    rect: Rect
    signals: tuple[Signal, ...]
    kind: Kind = "quiet"
    label: Text | None = None
    icon: str | None = None
    icon_rect: Rect | None = None
    is_on: bool = False
    is_enabled: bool = True
    is_next: bool = False  # what one button, a pedal, Space or Enter does here


@dataclass(frozen=True, slots=True)
class Panel:
    """A plain box behind other things."""

    rect: Rect
    colour: str = "panel"
    alpha: int = 255
    radius: int = 0
    outline: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Image:
    """A picture that fills its box, cut where the shapes differ; `mirrored` only for a live sitter."""

    name: str
    rect: Rect
    rgb: np.ndarray
    mirrored: bool = False
    radius: int = 0
    outline: str | None = None
    contain: bool = False  # the whole picture, on the page's colour, instead of filling the box


@dataclass(frozen=True, slots=True)
class Icon:
    """A line drawing."""

    icon: str
    rect: Rect
    colour: str = "text"
    fixed: bool = False  # shows a direction in space: stays as it is where the page is turned round


@dataclass(frozen=True, slots=True)
class Meter:
    """A bar, 0..1 full; runs with the reading direction."""

    rect: Rect
    frac: float
    colour: str = "accent"


@dataclass(frozen=True, slots=True)
class Spinner:
    """A ring that turns while something is being done."""

    rect: Rect
    turn_frac: float  # 0..1 of a full turn
    open_frac: float = 0.7  # share of the ring that is missing


@dataclass(frozen=True, slots=True, eq=False)
class Code:
    """A QR code, dark on white."""

    rect: Rect
    dark: np.ndarray  # (n, n) bool


@dataclass(frozen=True, slots=True)
class Emblem:
    """The booth's sign: a head in a ring, of which `turn_frac` shows how far the accent has come round."""

    rect: Rect
    turn_frac: float | None  # None: the head alone


@dataclass(frozen=True, slots=True)
class Slider:
    """A value 0..1 that is dragged along `track`; the whole box answers."""

    name: str
    rect: Rect
    track: Rect
    frac: float
    is_on: bool = True


@dataclass(frozen=True, slots=True)
class Sun:
    """A lamp that is dragged round a face: it stands in space, so it stays where it is on pages turned round."""

    name: str
    rect: Rect
    orbit: Orbit
    az_deg: float
    el_deg: float
    frac: float  # strength of the light, 0..1
    is_on: bool = True


@dataclass(frozen=True, slots=True)
class Glow:
    """A part of the screen that lights the sitter; it stands in space, so it is never turned round."""

    rect: Rect
    level: float  # linear 0..1


@dataclass(frozen=True, slots=True)
class FocusMark:
    """The frame round what one key would press now."""

    rect: Rect


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where the nose points, with a ring that fills while it stays; in space, so it is never turned round."""

    rect: Rect
    frac: float


Item = (
    FocusMark | Pointer | Emblem | Text | Button | Panel | Image | Icon | Meter | Spinner | Code | Slider | Sun | Glow
)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One page: where the live mirror stands, if it does, and everything on it from back to front."""

    items: tuple[Item, ...]
    mirror: Rect | None = None
    shade: float = 0.0  # 0..1, how much the mirror is darkened
    shade_side: Side = "all"  # where the darkness is full; it fades across

    def turned(self, width_px: int) -> Scene:
        """Return the scene for a right-to-left page; the mirror stays."""
        return replace(self, items=tuple(_turned(item, width_px) for item in self.items))

    @property
    def buttons(self) -> tuple[Button, ...]:
        """Everything that can be touched, front first."""
        return tuple(item for item in reversed(self.items) if isinstance(item, Button))


def _turned(item: Item, width_px: int) -> Item:
    if isinstance(item, Sun | Glow):
        return item
    moved = replace(item, rect=item.rect.turned(width_px))
    if isinstance(moved, Slider):
        return replace(moved, track=moved.track.turned(width_px))
    if isinstance(moved, Button):
        label = None if moved.label is None else replace(moved.label, rect=moved.label.rect.turned(width_px))
        icon_rect = None if moved.icon_rect is None else moved.icon_rect.turned(width_px)
        return replace(moved, label=label, icon_rect=icon_rect)
    return moved
