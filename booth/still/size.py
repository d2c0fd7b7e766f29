"""How many pixels a portrait has, and how many of them an inch of paper takes."""

from __future__ import annotations

from dataclasses import dataclass

from booth.core.faults import Fault

PRINT_DPI = 300  # what printers resolve in a photograph; ISO 300 dpi is the trade's usual floor
MM_PER_INCH = 25.4
SET_HEIGHT_PX = 2000  # of the portraits of a set where nobody asks for more; 13x18 cm at 300 dpi
MAX_MPX = 64.0  # of a portrait; the develop holds about 60 bytes a pixel


@dataclass(frozen=True, slots=True)
class Sizing:
    """What is wanted of a portrait's size; the default keeps the pixels of the cut as they are."""

    want_px: tuple[int, int] | None = None  # exactly this width and height
    min_height_px: int = 0  # else at least this height
    is_set: bool = False  # else exactly that height, or SET_HEIGHT_PX: one of several that belong together


NATIVE = Sizing()


def output_size(cut_px: tuple[float, float], aspect: float, sizing: Sizing) -> tuple[tuple[int, int], float]:
    """Return a portrait's width and height in pixels and how many of them one pixel of the cut becomes.

    `cut_px` is the cut's width and height in pixels of the source, `aspect` its width over its height. Raises Fault
    `size.too_large`.
    """
    width, height = cut_px
    if sizing.want_px is not None:
        size = sizing.want_px
    elif sizing.is_set:
        size = set_size(aspect, sizing.min_height_px)
    elif sizing.min_height_px and height < sizing.min_height_px:
        size = max(1, round(aspect * sizing.min_height_px)), sizing.min_height_px
    else:
        return (max(1, int(width + 1e-6)), max(1, int(height + 1e-6))), 1.0
    check_size(size)
    return size, max(size[0] / width, size[1] / height)


def set_size(aspect: float, min_height_px: int) -> tuple[int, int]:
    """Return the one width and height in pixels of every portrait of a set; `aspect` is width over height."""
    height = min_height_px or SET_HEIGHT_PX
    return max(1, round(aspect * height)), height


def check_size(size_px: tuple[int, int]) -> None:
    """Raise Fault `size.too_large` for a portrait that would not fit into memory."""
    if size_px[0] * size_px[1] > MAX_MPX * 1e6:
        hint = f"Ask for no more than {MAX_MPX:.0f} megapixels."
        raise Fault("size.too_large", f"{size_px[0]}x{size_px[1]} pixels are too many for a portrait.", hint)


def density_dpi(size_px: tuple[int, int], size_mm: tuple[float, float] | None) -> float:
    """Return the density at which a portrait prints at its size in millimetres; 300 dpi where it has none.

    Never below 300 dpi for want of pixels: a smaller file says 300 and prints smaller.
    """
    if size_mm is None:
        return float(PRINT_DPI)
    return max(float(PRINT_DPI), size_px[1] * MM_PER_INCH / size_mm[1])
