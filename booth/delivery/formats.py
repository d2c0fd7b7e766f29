"""The sizes that the phone page offers, and the sheet that is printed. All bytes; nothing touches the disk."""

from __future__ import annotations

import io
import warnings

import numpy as np
from PIL import Image, ImageOps

VIEW_PX = 1280  # the longer side of what messages carry well
SQUARE_PX = 800  # what LinkedIn asks of a profile picture
QUALITY = 88
_ABOVE = 0.25  # of what a square cuts from an upright picture, this share goes at the top: heads are high
PRINT_DPI = 300
MM_PER_INCH = 25.4
STRIP_ROWS, STRIP_COLUMNS = 3, 2
STRIP_ASPECT = 0.4  # width over height: narrower pictures are strips, 2x6 inch
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "TIFF")


def open_picture(content: bytes) -> Image.Image:
    """Decode a picture of the booth; ValueError for anything else."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=FORMATS)
            picture.load()
    except Exception as error:
        raise ValueError("not a picture") from error
    return picture


def open_small(content: bytes, longer_px: int) -> Image.Image:
    """Decode a picture of the booth, no larger than needed where its format allows that; ValueError for any other."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=FORMATS)
            picture.draft("RGB", (longer_px, longer_px))
            picture.load()
    except Exception as error:
        raise ValueError("not a picture") from error
    return picture


def size_of(content: bytes) -> tuple[int, int] | None:
    """Return a picture's width and height by its first bytes; None for anything else."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            return picture.size
    except Exception:  # what is sealed may be anything
        return None


def view(content: bytes) -> bytes:
    """Return the picture for messages, a JPEG; its record goes along."""
    picture = open_picture(content)
    small = ImageOps.contain(flat(picture), (VIEW_PX, VIEW_PX)) if max(picture.size) > VIEW_PX else flat(picture)
    return _jpeg(small, picture)


def square(content: bytes) -> bytes:
    """Return a square for profiles, a JPEG; no pixels are made for it."""
    picture = open_picture(content)
    side = min(picture.size)
    left, top = (picture.width - side) // 2, round((picture.height - side) * _ABOVE)
    cut = flat(picture).crop((left, top, left + side, top + side))
    side = min(side, SQUARE_PX)
    return _jpeg(cut.resize((side, side), Image.Resampling.LANCZOS), picture)


def before_view(rgb: np.ndarray) -> bytes:
    """Return the photograph before, (h, w, 3) uint8, as a JPEG for the page."""
    picture = Image.fromarray(np.ascontiguousarray(rgb))
    return _jpeg(ImageOps.contain(picture, (VIEW_PX, VIEW_PX)), picture)


def sheet(content: bytes, size_mm: tuple[float, float], layout: str) -> bytes:
    """Return the sheet to print, a JPEG of `size_mm` at 300 dpi, turned as the picture is: single or strip."""
    picture = flat(open_picture(content))
    short, long = sorted(round(side / MM_PER_INCH * PRINT_DPI) for side in size_mm)
    if layout == "strip":
        page = Image.new("RGB", (short, long), "white")
        cell = (short // STRIP_COLUMNS, long // STRIP_ROWS)
        gap = round(2 / MM_PER_INCH * PRINT_DPI)
        fitted = ImageOps.fit(picture, (cell[0] - 2 * gap, cell[1] - 2 * gap), centering=(0.5, _ABOVE))
        for place in range(STRIP_ROWS * STRIP_COLUMNS):
            row, column = divmod(place, STRIP_COLUMNS)
            page.paste(fitted, (column * cell[0] + gap, row * cell[1] + gap))
    elif picture.width <= STRIP_ASPECT * picture.height:  # a strip of several shots: two of them on one sheet
        page = Image.new("RGB", (short, long), "white")
        for column in range(STRIP_COLUMNS):
            fitted = ImageOps.contain(picture, (short // STRIP_COLUMNS, long), Image.Resampling.LANCZOS)
            page.paste(fitted, (column * (short // STRIP_COLUMNS), (long - fitted.height) // 2))
    else:
        size = (short, long) if picture.height >= picture.width else (long, short)
        page = ImageOps.fit(picture, size, centering=(0.5, _ABOVE))
    out = io.BytesIO()
    page.save(out, "JPEG", quality=95, subsampling=0, dpi=(PRINT_DPI, PRINT_DPI))
    return out.getvalue()


def mime_of(content: bytes) -> tuple[str, str]:
    """Return a picture's type and file ending by its first bytes."""
    if content.startswith(b"\x89PNG"):
        return "image/png", ".png"
    if content[8:12] == b"WEBP":
        return "image/webp", ".webp"
    if content[4:12] == b"ftypavif":
        return "image/avif", ".avif"
    return "image/jpeg", ".jpg"


def flat(picture: Image.Image) -> Image.Image:
    """Return a picture as RGB; what is transparent stands on white."""
    if picture.mode in ("RGBA", "LA", "P"):
        white = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(white, picture.convert("RGBA")).convert("RGB")
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _jpeg(picture: Image.Image, of: Image.Image) -> bytes:
    out = io.BytesIO()
    carried = {name: of.info[name] for name in ("icc_profile", "xmp") if of.info.get(name)}
    picture.save(out, "JPEG", quality=QUALITY, **carried)
    return out.getvalue()
