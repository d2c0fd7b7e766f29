"""A sheet of equal prints: a portrait several times on a 10x15 cm paper at its size in millimetres, with cut marks."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw

from booth.capture.photo.reader import FORMATS
from booth.core.faults import Fault
from booth.still.crop import CropSpec
from booth.still.size import MM_PER_INCH

PAPER_MM = (152.4, 101.6)  # 6x4 inches, which every photo printer and shop takes as 10x15 cm
GAP_MM = 2.0  # between two prints: the cut needs not be exact
MARK_MM = 1.2  # length of a cut mark
MARGIN_MM = 3.0  # most printers of this paper lose about so much at the edge


def most_copies(size_mm: tuple[float, float]) -> tuple[int, int, bool]:
    """Return columns, rows, and whether the paper stands upright, for as many prints of that size as a paper holds."""
    lying, upright = _grid(size_mm, PAPER_MM), _grid(size_mm, (PAPER_MM[1], PAPER_MM[0]))
    is_upright = upright[0] * upright[1] > lying[0] * lying[1]
    return (*(upright if is_upright else lying), is_upright)


def _grid(size_mm: tuple[float, float], paper_mm: tuple[float, float]) -> tuple[int, int]:
    across, down = (
        int((paper - 2 * MARGIN_MM + GAP_MM) / (side + GAP_MM)) for side, paper in zip(size_mm, paper_mm, strict=True)
    )
    return across, down


def check_sheet(spec: CropSpec, copies: int) -> None:
    """Raise Fault `sheet.size` where a crop has no size in millimetres or that many do not fit on the paper."""
    if spec.size_mm is None:
        hint = "Choose a crop with a size in millimetres, such as --crop passport."
        raise Fault("sheet.size", f"The crop {spec.name} has no size on paper.", hint)
    columns, rows, _ = most_copies(spec.size_mm)
    if not 1 <= copies <= columns * rows:
        most = columns * rows
        hint = f"Ask for 1 to {most} copies." if most else "Print it by itself."
        raise Fault("sheet.size", f"{copies} prints of {spec.name} do not fit on a paper of 10x15 cm.", hint)


def sheet_of(portrait: bytes, size_mm: tuple[float, float], copies: int) -> bytes:
    """Return a JPEG of the paper: the portrait `copies` times at its own pixels, row by row, each with its cut marks.

    The paper's pixels follow from the portrait's, so nothing is resampled; the density in the file prints it at size.
    """
    with Image.open(io.BytesIO(portrait), formats=FORMATS) as opened:
        picture, profile = opened.convert("RGB"), opened.info.get("icc_profile")
    px_per_mm = picture.height / size_mm[1]
    columns, rows, is_upright = most_copies(size_mm)
    paper_mm = (PAPER_MM[1], PAPER_MM[0]) if is_upright else PAPER_MM
    paper = Image.new("RGB", (round(paper_mm[0] * px_per_mm), round(paper_mm[1] * px_per_mm)), "white")
    pitch = np.array(size_mm) + GAP_MM
    used = pitch * (columns, rows) - GAP_MM
    for index in range(copies):
        corner_mm = (np.array(paper_mm) - used) / 2 + pitch * (index % columns, index // columns)
        corner = round(corner_mm[0] * px_per_mm), round(corner_mm[1] * px_per_mm)
        paper.paste(picture, corner)
        _marks(paper, corner, picture.size, round(MARK_MM * px_per_mm))
    out = io.BytesIO()
    dpi = px_per_mm * MM_PER_INCH
    paper.save(out, "JPEG", quality=95, subsampling=0, dpi=(dpi, dpi), icc_profile=profile)
    return out.getvalue()


def _marks(paper: Image.Image, corner: tuple[int, int], size_px: tuple[int, int], length: int) -> None:
    """Draw a line at each end of each side, outside the print."""
    pen = ImageDraw.Draw(paper)
    left, top = corner
    right, bottom = left + size_px[0] - 1, top + size_px[1] - 1
    for x in (left, right):
        pen.line((x, top - length, x, top - 1), "black")
        pen.line((x, bottom + 1, x, bottom + length), "black")
    for y in (top, bottom):
        pen.line((left - length, y, left - 1, y), "black")
        pen.line((right + 1, y, right + length, y), "black")
