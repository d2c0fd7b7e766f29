"""Print what the default look of every packaged profile does to the light on people's faces: `make harm`.

Needs the shared photographs and clips beside the repository; writes build/harm.jpg, Before / natural / After.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from places_sheet import looks as place_looks

from booth.config.params import Params, load_params, profile_names
from booth.diagnostics.harm import Bench, Picture, Row, default_look, pictures, table, worst
from booth.looks.look import Look, load_look, look_names

MEDIA = Path(__file__).resolve().parents[2] / "shared" / "media"
CELL_PX, COLUMNS = 190, 4
DIM_L = 35.0  # median L* of skin below which a face counts as backlit or dim
DARK_LIGHTS = {"lowkey", "split"}  # meant to be contrasty; left out of the bar for all looks
EVERY = 7  # for --looks: every so manieth picture


def cell(row: Row, natural: Row) -> np.ndarray:
    """Return Before, natural and After beside each other, labelled."""
    tiles = [row.finished.before, natural.finished.rgb, row.finished.rgb]
    size = (CELL_PX, round(CELL_PX * 1.25))
    strip = np.hstack([cv2.resize(np.ascontiguousarray(t), size, interpolation=cv2.INTER_AREA) for t in tiles])
    change = row.change
    words = (
        f"{row.picture.name[:34]} c{change.contrast_stops:+.2f} e{change.edge_stops:.0f} l{change.lit_stops:+.2f}"
        f" L{row.l_before:.0f}>{row.l_after:.0f}"
    )
    label = np.full((18, strip.shape[1], 3), 20, np.uint8)
    cv2.putText(label, words, (4, 13), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (235, 235, 235), 1, cv2.LINE_AA)
    return np.vstack([strip, label])


def write_sheet(cells: Sequence[np.ndarray], out: Path, columns: int = COLUMNS) -> None:
    """Write the cells as one JPEG."""
    filled = [*cells, *[np.zeros_like(cells[0])] * (-len(cells) % columns)]
    rows = [np.hstack(filled[i : i + columns]) for i in range(0, len(filled), columns)]
    out.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(out), np.vstack(rows)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 88])


def profiles_looks() -> dict[str, tuple[Params, Look]]:
    """Return the default look of every packaged profile; those with the same look and limits are one."""
    found: dict[str, tuple[Params, Look]] = {}
    for name in profile_names():
        params = load_params(name)
        look, known = default_look(params), {params_look[1].name: key for key, params_look in found.items()}
        if look.name in known:
            key = known[look.name]
            found[f"{key}, {name}"] = found.pop(key)
        else:
            found[name] = (params, look)
    return found


def judge(seen: Sequence[Picture], sheet: Path, show_all: bool) -> None:
    """Print the tables and write the sheet of the first profile's look."""
    for number, (names, (params, look)) in enumerate(profiles_looks().items()):
        bench, natural, cells = Bench(params), [], []
        rows: list[Any] = []
        for picture in seen:
            row, plain = bench.row(picture, look), bench.row(picture, look.with_light("natural"))
            if row is None or plain is None:
                continue
            if show_all or picture.group != "studio" or len(rows) % 10 == 0:
                cells.append(cell(row, plain))
            rows.append(_without_pixels(row))
            natural.append(_without_pixels(plain))
        print(f"\n{names}: {look.name}, {look.light.name} {look.light.strength:g}\n{table(rows)}\n{worst(rows)}")
        print(f"without a light:\n{table(natural)}")
        for row in rows:
            if row.l_before < DIM_L:
                print(f"dim: {row.picture.name} L* {row.l_before:.0f} -> {row.l_after:.0f}")
        write_sheet(cells, sheet if number == 0 else sheet.with_stem(f"{sheet.stem}-{look.name}"))


def every_look() -> list[Look]:
    """Return every look, and one look under every light, at their own defaults."""
    grey = load_look("studio-grey")
    names = ("butterfly", "rembrandt", "split", "broad", "short", "clamshell", "rim", "highkey", "lowkey", "window")
    return [*map(load_look, look_names()), *map(grey.with_light, names)]


def judge_looks(seen: Sequence[Picture], every: Sequence[Look]) -> None:
    """Print the contrast that looks and lights at their own default add, over some of the pictures."""
    params = load_params()
    bench, some = Bench(params), seen[::EVERY]
    print(f"{'look':<16}{'light':<12}{'contrast p90/worst':>20} {'edge med':>9} {'lit p10':>8}   worst on")
    for look in every:
        rows = [row for picture in some if (row := bench.row(picture, look)) is not None]
        contrast = np.array([row.change.contrast_stops for row in rows])
        lit = np.percentile([row.change.lit_stops for row in rows], 10)
        edge = np.median([row.change.edge_stops for row in rows])
        on = rows[int(contrast.argmax())].picture.name
        excepted = " (excepted)" if look.light.name in DARK_LIGHTS else ""
        figures = f"{np.percentile(contrast, 90):.2f} {contrast.max():.2f}"
        names = f"{look.name:<16}{look.light.name:<12}"
        print(f"{names}{figures:>20} {edge:>9.1f} {lit:>8.2f}   {on}{excepted}", flush=True)


def _without_pixels(row: Row) -> Row:
    return Row(row.picture, row.change, row.l_before, row.l_after, None)  # type: ignore[arg-type]


def main() -> int:
    """Judge every shared picture, or those whose names contain one of some words."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("only", nargs="*", help="words, one of which a picture's name must contain")
    parser.add_argument("--not", dest="but", default="", help="a word that no picture's name may contain")
    parser.add_argument("--cache", type=Path, default=Path("build/harm"), help="folder of what the models saw")
    parser.add_argument("--sheet", type=Path, default=Path("build/harm.jpg"))
    parser.add_argument("--all", action="store_true", help="show all, not a tenth of the studio's pictures")
    parser.add_argument("--looks", action="store_true", help="every look and light, on some of the pictures")
    parser.add_argument("--places", action="store_true", help="every place in its own light, on some of the pictures")
    args = parser.parse_args()
    if not MEDIA.is_dir():
        print("The shared photographs do not lie beside the repository: nothing to judge.")
        return 0

    def wanted(name: str) -> bool:
        return (not args.only or any(w in name for w in args.only)) and not (args.but and args.but in name)

    begun_s = time.monotonic()
    seen = list(pictures(MEDIA, args.cache, wanted))
    print(f"{len(seen)} pictures with a face, {time.monotonic() - begun_s:.0f} s")
    if args.looks or args.places:
        judge_looks(seen, place_looks() if args.places else every_look())
    else:
        judge(seen, args.sheet, args.all)
    return 0


if __name__ == "__main__":
    sys.exit(main())
