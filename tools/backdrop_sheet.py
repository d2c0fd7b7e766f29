"""Paint every backdrop into one sheet to look at, or parts of each at full size.

Usage: python tools/backdrop_sheet.py --sheet FILE [--on CUTOUT.png] [--seed N]
       python tools/backdrop_sheet.py --crops FOLDER     (each family at 100 % of 6000 px)
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
from PIL import Image

from booth.looks.backdrop.backdrop_spec import (
    Backdrop,
    Bookshelf,
    BrandBackdrop,
    CanvasBackdrop,
    Gradient,
    HighKey,
    LowKey,
    Paper,
)
from booth.looks.backdrop.grain import dither_u8
from booth.looks.backdrop.paint import paint

SHEET: tuple[tuple[str, Backdrop], ...] = (
    ("paper-pebble", Paper()),
    ("paper-navy", Paper(colour="navy")),
    ("paper-blush", Paper(colour="blush", falloff=0.8)),
    ("canvas-grey", CanvasBackdrop()),
    ("canvas-brown", CanvasBackdrop(colour="brown")),
    ("canvas-olive", CanvasBackdrop(colour="olive")),
    ("gradient", Gradient()),
    ("gradient-radial", Gradient(colours=("#c7b8a6", "#4a3c33"), shape="radial")),
    ("highkey", HighKey()),
    ("lowkey", LowKey()),
    ("bookshelf-oak", Bookshelf()),
    ("bookshelf-white", Bookshelf(wood="white")),
    ("brand", BrandBackdrop()),
)
TILE_PX = (640, 360)
COLUMNS = 3
CROP_PX = 1400


def with_sitter(rgb: np.ndarray, cutout: Path | None) -> np.ndarray:
    """Return the picture with a cut-out person at its foot."""
    if cutout is None:
        return rgb
    with Image.open(cutout) as opened:
        k = 0.92 * rgb.shape[0] / opened.height
        small = opened.convert("RGBA").resize((round(opened.width * k), round(opened.height * k)), Image.Resampling.BOX)
    rgba = np.asarray(small, np.float32) / 255
    x0, y0 = (rgb.shape[1] - rgba.shape[1]) // 2, rgb.shape[0] - rgba.shape[0]
    out = rgb.copy()
    under = out[y0:, x0 : x0 + rgba.shape[1]]
    under += rgba[..., 3:] * (rgba[..., :3] - under)
    return out


def sheet(cutout: Path | None, seed: int) -> np.ndarray:
    """Return all backdrops as tiles, uint8."""
    tiles = [dither_u8(with_sitter(paint(spec, TILE_PX, seed=seed), cutout), 0) for _, spec in SHEET]
    tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % COLUMNS)
    return np.vstack([np.hstack(tiles[i : i + COLUMNS]) for i in range(0, len(tiles), COLUMNS)])


def write_crops(folder: Path, seed: int) -> None:
    """Paint each at 6000 x 4000 px, say how long it took, and keep a part at 100 %."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, spec in SHEET:
        began_s = time.perf_counter()
        picture = paint(spec, (6000, 4000), seed=seed, quality="still")
        print(f"{name}: {time.perf_counter() - began_s:.2f} s at 6000 x 4000")
        Image.fromarray(dither_u8(picture[900 : 900 + CROP_PX, 500 : 500 + CROP_PX], 0)).save(folder / f"{name}.png")


def main() -> None:
    """Read the arguments and write what they ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sheet", type=Path)
    parser.add_argument("--crops", type=Path)
    parser.add_argument("--on", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    if asked.sheet:
        Image.fromarray(sheet(asked.on, asked.seed)).save(asked.sheet)
    if asked.crops:
        write_crops(asked.crops, asked.seed)
    if not (asked.sheet or asked.crops):
        parser.error("name a --sheet or a --crops folder")


if __name__ == "__main__":
    main()
