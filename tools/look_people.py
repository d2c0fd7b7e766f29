"""A sheet of looks on people: one row a look, one column a person; figures of exposure name what fails.

python tools/look_people.py OUT.jpg PHOTOGRAPH...
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from booth.config.params import load_params
from booth.core.assets import asset
from booth.looks.look import load_look, look_names
from booth.still.develop_still import StillRequest, develop_still
from booth.still.developer import StillAnalyzer, memoized_models, still_models_of
from booth.still.open_picture import open_picture

CELL_PX = (260, 325)
NAME_PX = 150
WIDTH_PX = 900  # photographs are shrunk to this before: a sheet needs no more
CLIPPED_MOST, CRUSHED_MOST = 0.04, 0.25  # of face skin; a low-key look shades half a face but loses little of it
SHADED_MOST = 0.6  # for looks that are meant to be dark
DARK_LOOKS = {"low-key", "stage"}
PAPER = 235


def main(out: Path, photographs: list[Path]) -> int:
    """Write the sheet and print what fails; returns how many cells do."""
    params, names = load_params(), [n for n in look_names() if load_look(n).group != "real"]
    width = NAME_PX + len(photographs) * CELL_PX[0]
    sheet = Image.new("RGB", (width, len(names) * CELL_PX[1]), (24, 23, 22))
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.truetype(str(asset("fonts", "NotoSans-Regular.ttf")), 18)
    eyes, failed = StillAnalyzer(), []
    for column, path in enumerate(photographs):
        rgb = open_picture(path).rgb
        scale = min(1.0, WIDTH_PX / rgb.shape[1])
        rgb = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        lab = memoized_models(still_models_of(eyes))
        for row, name in enumerate(names):
            done = develop_still(rgb, load_look(name), lab, params.finish, StillRequest())
            told = _told(done.rgb, done.face, name)
            failed += [f"{name} on {path.stem}: {told}"] if told else []
            cell = Image.fromarray(np.ascontiguousarray(done.rgb))
            cell.thumbnail((CELL_PX[0] - 6, CELL_PX[1] - 6), Image.Resampling.LANCZOS)
            sheet.paste(cell, (NAME_PX + column * CELL_PX[0] + 3, row * CELL_PX[1] + 3))
            if column == 0:
                pen.text((8, row * CELL_PX[1] + 8), name, fill=(235, 230, 222), font=font)
    eyes.close()
    out.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(out, quality=88)
    print("\n".join(failed) or "no look fails anyone by exposure")
    print(f"{len(names)} looks x {len(photographs)} people: {out}")
    return len(failed)


def _told(rgb: np.ndarray, face, look: str) -> str:  # type: ignore[no-untyped-def]
    """What is wrong with the exposure of the face, or nothing."""
    points = face.points_px(rgb.shape[1], rgb.shape[0])
    mask = np.zeros(rgb.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(np.round(points[[50, 280, 152, 9, 205, 425]]).astype(np.int32)), 1)
    skin = rgb[mask > 0].astype(int)
    clipped, crushed = float((np.sort(skin, 1)[:, 1] >= 250).mean()), float((skin.max(1) <= 17).mean())
    most = SHADED_MOST if look in DARK_LOOKS else CRUSHED_MOST
    if clipped > CLIPPED_MOST:
        return f"{clipped:.1%} of the face clipped"
    return f"{crushed:.1%} of the face lost in black" if crushed > most else ""


if __name__ == "__main__":
    sys.exit(min(1, main(Path(sys.argv[1]), [Path(p) for p in sys.argv[2:]])))
