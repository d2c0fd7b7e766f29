"""A sheet of places on people, beside the photographs as they are: `make places-sheet`, writes build/places.jpg.

Twelve places down, six people of the shared photographs across; needs those beside the repository.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import cv2
import msgspec
import numpy as np

from booth.config.params import load_params
from booth.diagnostics.harm import Bench, pictures
from booth.looks.backdrop.backdrop_spec import PlaceBackdrop
from booth.looks.look import Look, load_look, look_names, placed

MEDIA = Path(__file__).resolve().parents[2] / "shared" / "media"
PEOPLE = (
    "18f_pia", "18f_clinton-troxel", "pif_2021_babatunde-oguntade-headshot", "pif_2020_minh-chau-headshot",
    "pif_2023_sailaja-savanam-headshot", "pif_2019_michael-pritchard-headshot",
)  # fmt: skip
MORE = (
    PlaceBackdrop("office", az_deg=15, width_deg=70),
    PlaceBackdrop("laboratory", az_deg=-40, width_deg=60, white="skin"),
    PlaceBackdrop("waterfront", az_deg=90, width_deg=60),
    PlaceBackdrop("downtown", az_deg=-105, width_deg=60, exposure_stops=0.6, white="skin"),
)
CELL_PX = (260, 325)


def looks() -> list[Look]:
    """Return the packaged looks that are places, and looks of the places that none of them shows."""
    packaged = [load_look(name) for name in look_names()]
    found = [look for look in packaged if isinstance(look.backdrop, PlaceBackdrop)]
    base = found[0]
    return found + [placed(msgspec.structs.replace(base, name=b.place, title=b.place, backdrop=b)) for b in MORE]


def main() -> int:
    """Write the sheet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("only", nargs="*", help="names of looks or places; all without")
    parser.add_argument("--people", nargs="*", default=PEOPLE, help="names of shared photographs without their ending")
    parser.add_argument("--cache", type=Path, default=Path("build/harm"), help="folder of what the models saw")
    parser.add_argument("--out", type=Path, default=Path("build/places.jpg"))
    args = parser.parse_args()
    if not MEDIA.is_dir():
        print("The shared photographs do not lie beside the repository: there is nobody to show.")
        return 0
    seen = sorted(
        pictures(MEDIA, args.cache, lambda name: name in args.people), key=lambda p: args.people.index(p.name)
    )
    chosen = [look for look in looks() if not args.only or look.name in args.only]
    bench, rows = Bench(load_params()), []
    plain = load_look("as-you-are")
    for look in [plain, *chosen]:
        cells = []
        for picture in seen:
            row = bench.row(picture, look)
            cells.append(np.zeros((*CELL_PX[::-1], 3), np.uint8) if row is None else _cell(row.finished.rgb))
        strip = np.hstack(cells)
        cv2.putText(strip, look.name, (6, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.55, (255, 255, 255), 1, cv2.LINE_AA)
        rows.append(strip)
        print(look.name, flush=True)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(args.out), np.vstack(rows)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 90])
    print(args.out)
    return 0


def _cell(rgb: np.ndarray) -> np.ndarray:
    return cv2.resize(np.ascontiguousarray(rgb), CELL_PX, interpolation=cv2.INTER_AREA)


if __name__ == "__main__":
    sys.exit(main())
