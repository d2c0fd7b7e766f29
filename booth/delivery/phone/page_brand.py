"""How the phone page looks in an operator's brand: its colours as CSS, and its logo as a PNG."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from booth.capture.photo.reader import FORMATS, MAX_FILE_BYTES
from booth.config.params.kiosk import ScreenParams
from booth.core.bounded_read import read_bounded
from booth.draw.theme import Colour, palette_of

LOGO_PX = 640  # of the longer side: twice what a phone shows of it


@dataclass(frozen=True, slots=True)
class PageBrand:
    """What of a brand the phone page shows; empty where the booth is as packaged."""

    css: str = ""
    logo_png: bytes | None = None


def page_brand(screen: ScreenParams) -> PageBrand:
    """Return the brand of the screen's settings; a logo that cannot be read is left out."""
    plain = ScreenParams()
    names = ("accent", "ground", "text")
    is_own = any(getattr(screen, name) != getattr(plain, name) for name in names) and not screen.high_contrast
    return PageBrand(_css(screen) if is_own else "", _logo(screen.logo))


def _css(screen: ScreenParams) -> str:
    """The style sheet's own variables; a brand has one set of colours, by day and by night."""
    colours = palette_of(screen)
    found = {
        "ground": colours.ink, "card": colours.panel, "ink": colours.text, "soft": colours.muted,
        "mark": colours.danger, "line": colours.line, "lead": colours.accent, "on-lead": colours.on_accent,
    }  # fmt: skip
    sets = " ".join(f"--{name}: {_hex(colour)};" for name, colour in found.items())
    dark = "@media (prefers-color-scheme: dark)"
    return f":root {{ {sets} }}\n{dark} {{ :root {{ {sets} }} }}\n"


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)


def _logo(file: str) -> bytes | None:
    if not file:
        return None
    try:
        content = read_bounded(Path(file).expanduser(), MAX_FILE_BYTES)
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            opened.thumbnail((LOGO_PX, LOGO_PX))
            small = opened.convert("RGBA")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        return None
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()
