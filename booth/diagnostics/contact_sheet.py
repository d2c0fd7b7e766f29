"""Contact sheets: every look and every light on one picture, with their names."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from booth.config.params import Params
from booth.core.assets import asset
from booth.looks.light.light_spec import LIGHTS
from booth.looks.look import Look, load_look, look_names
from booth.still.develop_still import StillModels, StillRequest, develop_still
from booth.still.developer import StillAnalyzer, memoized_models, still_models_of
from booth.still.encode import write_whole
from booth.still.open_picture import open_picture

COLUMNS = 6
MAX_W_PX, MAX_H_PX = 312, 396  # of one picture; smaller ones stay as they are, and the cells fit them
MIN_W_PX, GAP_PX = 180, 8  # so that every caption has room
CAPTION_PX = 44
PLAIN_LOOK = "studio-grey"
QUALITY = 90
PAPER = 235  # what a cut-out is shown on


def contact_sheet(picture: Path | None, sheet: Path, params: Params) -> list[str]:
    """Render all looks, then all lights, on a photograph (the demo sitter's by default) into one JPEG.

    Returns the captions in order. Raises the Faults of opening and developing a picture.
    """
    rgb = open_picture(picture or asset("portraits", "eileen_collins.png")).rgb
    looks = [(load_look(name).title, load_look(name)) for name in look_names()]
    plain = load_look(PLAIN_LOOK)
    lights = [(f"light: {name}", plain.with_light(name)) for name in LIGHTS]
    analyzer = StillAnalyzer()
    try:
        models = memoized_models(still_models_of(analyzer))
        cells = [(caption, _developed(rgb, look, models, params)) for caption, look in (*looks, *lights)]
    finally:
        analyzer.close()
    write_sheet(cells, sheet)
    return [caption for caption, _ in cells]


def _developed(rgb: np.ndarray, look: Look, models: StillModels, params: Params) -> np.ndarray:
    done = develop_still(rgb, look, models, params.finish, StillRequest(retouch=0.0))
    if done.alpha is None:
        return done.rgb
    share = done.alpha[..., None].astype(np.float32) / 255
    return (done.rgb * share + PAPER * (1 - share)).astype(np.uint8)


def write_sheet(cells: list[tuple[str, np.ndarray]], path: Path) -> None:
    """Write captioned (H, W, 3) uint8 pictures as one JPEG sheet."""
    pictures = [Image.fromarray(np.ascontiguousarray(rgb)) for _, rgb in cells]
    for picture in pictures:
        picture.thumbnail((MAX_W_PX, MAX_H_PX), Image.Resampling.LANCZOS)
    cell_w = max(MIN_W_PX, *(picture.width for picture in pictures)) + GAP_PX
    cell_h = max(picture.height for picture in pictures) + CAPTION_PX + GAP_PX
    rows = -(-len(cells) // COLUMNS)
    page = Image.new("RGB", (min(COLUMNS, len(cells)) * cell_w, rows * cell_h), (24, 23, 22))
    draw = ImageDraw.Draw(page)
    font = ImageFont.truetype(str(asset("fonts", "NotoSans-Regular.ttf")), 18)
    for n, (picture, (caption, _)) in enumerate(zip(pictures, cells, strict=True)):
        left, top = n % COLUMNS * cell_w, n // COLUMNS * cell_h + GAP_PX // 2
        page.paste(picture, (left + (cell_w - picture.width) // 2, top))
        beneath = (left + cell_w // 2, top + picture.height + 2)
        draw.text(beneath, caption, fill=(235, 230, 222), font=font, anchor="ma")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, _jpeg(page), force=True)


def _jpeg(page: Image.Image) -> bytes:
    out = io.BytesIO()
    page.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
