"""What the operator reads of the camera: its picture and rate, its modes, and how large portraits come out."""

from __future__ import annotations

from booth.capture.modes import Known
from booth.capture.reach import ARM_M, SMALL_PX, STANDING_M, portrait_height_px
from booth.capture.source import Source
from booth.config.params import Params

Row = tuple[str, str]
MODES_SHOWN = 3  # a row of the page has room for so many


def camera_rows(source: Source, rate: float | None, params: Params) -> tuple[Row, ...]:
    """Return (words key, value) of the camera that is open; `rate` is pictures a second lately, None where unknown."""
    now = f"{source.name}, {source.size[0]}x{source.size[1]}"
    rows = [("staff.row_camera", now if rate is None else f"{now}, {rate:.0f}/s")]
    tether = getattr(source, "tether", None)
    if tether is not None:
        rows.append(("staff.row_tether", tether.name if tether.trouble is None else tether.trouble.message))
    known: Known | None = getattr(getattr(source, "finder", source), "known", None)
    if known is not None:
        shown = [f"{mode.width_px}x{mode.height_px}" + (f" {mode.fps:.0f}/s" if mode.fps else "")
                 for mode in known.modes[:MODES_SHOWN]]  # fmt: skip
        rows.append(("staff.row_modes", ", ".join(shown) + (" …" if len(known.modes) > MODES_SHOWN else "")))
    if source.is_live:
        heights = portrait_heights(source.size, params)
        key = "staff.row_portrait_small" if heights[-1] < SMALL_PX else "staff.row_portrait"
        texts = (f"{m:g} m: {px} px" for m, px in zip((ARM_M, STANDING_M), heights, strict=True))
        rows.append((key, ", ".join(texts)))
    return tuple(rows)


def portrait_heights(size_px: tuple[int, int], params: Params) -> tuple[int, int]:
    """Return a portrait's height in pixels at arm's length and at 1.5 m."""
    lens_deg, head_frac = params.capture.lens_deg, params.finish.brand.head_height_frac
    at_arm, standing = (portrait_height_px(size_px, m, lens_deg, head_frac) for m in (ARM_M, STANDING_M))
    return at_arm, standing
