"""The one grid, the one set of colours and the text sizes, worked out from the screen and its settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from booth.config.params.kiosk import ScreenParams
from booth.core.color import luminance, srgb_to_linear

Colour = tuple[int, int, int]

TARGET_MM = 9.0  # smallest thing to touch; ISO 9241-411 gives 9 mm for fingers
LARGE_TEXT = 1.3
RTL_LOCALES = frozenset({"ar"})

_SIZES = {
    "small": 2.5,
    "body": 3.0,
    "button": 3.2,
    "lead": 4.2,
    "title": 6.2,
    "hero": 9.0,
}  # hundredths of the short side
_MIN_SIZE = 2.1  # hundredths of the short side: nothing is ever set smaller


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by role."""

    ink: Colour = (22, 20, 19)  # the page
    panel: Colour = (38, 35, 33)
    line: Colour = (92, 86, 81)
    text: Colour = (250, 246, 240)
    muted: Colour = (190, 181, 172)
    accent: Colour = (242, 166, 90)
    on_accent: Colour = (30, 20, 10)
    danger: Colour = (240, 126, 110)
    panel_alpha: int = 205  # of panels over the mirror

    def of(self, role: str) -> Colour:
        """Return the colour of a role by its name."""
        colour: Colour = getattr(self, role)
        return colour


READABLE = 4.5  # contrast of text, WCAG 2.2, 1.4.3
_MUTED = (0.72, 0.8, 0.9)  # shares of the text's colour in quieter words, until they can be read
_DANGERS: tuple[Colour, ...] = ((240, 126, 110), (170, 36, 24))  # on a dark ground, on a light one


def _rgb(code: str) -> Colour:
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def _luma(colour: Colour) -> float:
    """Relative luminance 0..1 as WCAG 2 defines it."""
    return float(luminance(srgb_to_linear(np.array(colour) / 255)))


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio of two colours, 1..21, as WCAG 2 defines it."""
    high, low = sorted((_luma(one), _luma(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def palette_of(params: ScreenParams) -> Palette:
    """Return the colours for these settings; what is written on the accent is dark or light, whichever reads better."""
    if params.high_contrast:
        white, black = (255, 255, 255), (0, 0, 0)
        yellow = (255, 221, 0)
        return Palette(black, black, white, white, white, yellow, black, (255, 150, 140), panel_alpha=255)
    return _brand_palette(params.accent, params.ground, params.text)


@lru_cache(maxsize=8)
def _brand_palette(accent_code: str, ground_code: str, text_code: str) -> Palette:
    accent, ground, text = _rgb(accent_code), _rgb(ground_code), _rgb(text_code)
    plain = Palette()
    dark, light = plain.on_accent, (255, 255, 255)
    on_accent = dark if contrast(dark, accent) >= contrast(light, accent) else light
    if (ground, text) == (plain.ink, plain.text):
        return Palette(accent=accent, on_accent=on_accent)
    quieter = [_mixed(ground, text, share) for share in _MUTED]
    muted = next((colour for colour in quieter if contrast(colour, ground) >= READABLE), text)
    danger = max(_DANGERS, key=lambda colour: contrast(colour, ground))
    panel, line = _mixed(ground, text, 0.07), _mixed(ground, text, 0.31)
    return Palette(ground, panel, line, text, muted, accent, on_accent, danger)


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    """Return the colour that lies `share` of the way from one to the other."""
    r, g, b = (round(a + (c - a) * share) for a, c in zip(one, other, strict=True))
    return r, g, b


@dataclass(frozen=True, slots=True)
class LayoutGrid:
    """Measures of a screen in pixels; everything follows from its size and settings."""

    w: int
    h: int
    params: ScreenParams = field(default_factory=ScreenParams)
    locale: str = "en"
    unit: float = field(init=False)
    """A hundredth of the short side in pixels, or less where the screen is nearly square."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit", min(min(self.w, self.h), max(self.w, self.h) * 0.62) / 100)

    @property
    def is_portrait(self) -> bool:
        """True where the screen stands upright."""
        return self.h > self.w

    @property
    def is_rtl(self) -> bool:
        """True where lines run from right to left."""
        return self.locale in RTL_LOCALES

    def px(self, units: float) -> int:
        """Return whole pixels of so many units."""
        return round(self.unit * units)

    @property
    def target_px(self) -> int:
        """Smallest edge of anything to touch: 9 mm on this very screen."""
        return int(TARGET_MM * self.w / self.params.width_mm) + 1

    @property
    def button_h(self) -> int:
        """Height of a button."""
        return max(self.px(9.5), self.target_px)

    @property
    def margin(self) -> int:
        """Space between content and the screen's edge."""
        return self.px(4)

    @property
    def gap(self) -> int:
        """Space between neighbours."""
        return max(2, self.px(2))

    def text_px(self, size: str) -> int:
        """Height of a type size in pixels."""
        return self.px(_SIZES[size] * (LARGE_TEXT if self.params.large_text else 1.0))

    @property
    def min_text_px(self) -> int:
        """Nothing is set smaller than this."""
        return self.px(_MIN_SIZE * (LARGE_TEXT if self.params.large_text else 1.0))
