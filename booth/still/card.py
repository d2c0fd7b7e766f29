"""Several portraits of one guest on one picture: a strip of three, or a card of two or four, ready for 10x15 paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec
import numpy as np
from PIL import Image, ImageOps

from booth.core.types import frozen
from booth.still.developer import Developed
from booth.still.record import StageEntry
from booth.still.size import PRINT_DPI
from booth.still.strip import PICTURES, strip_of

CARD_PX = (1200, 1800)  # 4x6 inch at 300 dpi: width, height
MARGIN_PX = 36  # 3 mm round the pictures and between them
MIN_SHOTS, MAX_SHOTS = 2, 4
HEAD_CENTRE = (0.5, 0.25)  # of what a cell cuts from a portrait: heads are high


def card_of(pictures: Sequence[np.ndarray]) -> np.ndarray:
    """Lay two or four (h, w, 3) uint8 portraits out below and beside each other on white, CARD_PX large."""
    columns, rows = (1, 2) if len(pictures) == MIN_SHOTS else (2, 2)
    wide = (CARD_PX[0] - (columns + 1) * MARGIN_PX) // columns
    high = (CARD_PX[1] - (rows + 1) * MARGIN_PX) // rows
    card = Image.new("RGB", CARD_PX, "white")
    for number, picture in enumerate(pictures[: columns * rows]):
        row, column = divmod(number, columns)
        place = MARGIN_PX + column * (wide + MARGIN_PX), MARGIN_PX + row * (high + MARGIN_PX)
        card.paste(_cell(picture, (wide, high)), place)
    return frozen(np.asarray(card).copy())


def sheet_of(pictures: Sequence[np.ndarray]) -> np.ndarray:
    """Return three portraits as a strip, two or four as a card. ValueError for any other number."""
    if not MIN_SHOTS <= len(pictures) <= MAX_SHOTS:
        raise ValueError(f"{MIN_SHOTS} to {MAX_SHOTS} portraits, not {len(pictures)}")
    if len(pictures) != PICTURES:
        return card_of(pictures)
    side = min(min(picture.shape[:2]) for picture in pictures)
    return strip_of([np.asarray(_cell(picture, (side, side))) for picture in pictures])


def _cell(picture: np.ndarray, size_px: tuple[int, int]) -> Image.Image:
    return ImageOps.fit(Image.fromarray(picture), size_px, Image.Resampling.LANCZOS, centering=HEAD_CENTRE)


def on_one_sheet(portraits: Sequence[Developed]) -> Developed:
    """Return several portraits of one guest as one, with every stage of each in its record."""
    first = portraits[0]
    picture = sheet_of([portrait.after for portrait in portraits])
    stages = tuple(dict.fromkeys(stage.name for portrait in portraits for stage in portrait.record.stages))
    by_name = {stage.name: stage for portrait in portraits for stage in portrait.record.stages}
    says = f"{len(portraits)} shots were put on one sheet"
    told = StageEntry("sheet", says, {"shots": float(len(portraits))})
    record = msgspec.structs.replace(
        first.record, stages=(*(by_name[name] for name in stages), told), source_type="composite", crop="strip",
        size=picture.shape[1::-1], measures={},
    )  # fmt: skip
    return replace(first, before=picture, after=picture, alpha=None, record=record, dpi=float(PRINT_DPI))
