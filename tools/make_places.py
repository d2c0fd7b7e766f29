"""Make assets/places from the public domain panoramas of two packages; docs/places.md says how to get them.

python tools/make_places.py --blender FOLDER --pmndrs FOLDER

FOLDER of blender-data 3.4.1 holds studiolights/world/*.exr, that of @pmndrs/assets 1.7.0 hdri/*.exr.js. Needs OpenEXR.
"""

from __future__ import annotations

import argparse
import base64
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from booth.looks.places.panorama import cells_of, without_ringing
from booth.looks.places.place_file import packed, read_exr

OUT = Path(__file__).resolve().parent.parent / "assets" / "places"
WIDEST_PX = 768  # of 1024: a view of 38 degrees keeps 81 pixels, finer than its blur disc
SEEN_FROM_DEG, SEEN_TO_DEG = -32.0, 45.0  # elevations a view can show; beyond them a place is kept soft
SOFT_PX = 6.0
BITS = 7  # of a channel's eight: the rest is the noise of the first compression


@dataclass(frozen=True, slots=True)
class Source:
    """Where a place comes from."""

    package: str
    file: str


PLACES = {
    "office": Source("pmndrs", "bridge"),
    "lobby": Source("pmndrs", "lobby"),
    "hotel": Source("pmndrs", "esplanade"),
    "laboratory": Source("pmndrs", "lab"),
    "courtyard": Source("blender", "courtyard"),
    "park": Source("blender", "forest"),
    "meadow": Source("blender", "sunrise"),
    "waterfront": Source("blender", "sunset"),
    "piazza": Source("pmndrs", "sunset"),
    "downtown": Source("blender", "city"),
    "warehouse": Source("pmndrs", "warehouse"),
    "studio": Source("blender", "studio"),
}


def read(source: Source, folders: dict[str, Path]) -> np.ndarray:
    """Return the linear picture of a package."""
    if source.package == "blender":
        return read_exr(_only(folders["blender"], f"{source.file}.exr"))
    text = _only(folders["pmndrs"], f"{source.file}.exr.js").read_text(encoding="ascii")
    coded = text.split("base64,", 1)[1].split("'", 1)[0].split('"', 1)[0]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "place.exr"
        path.write_bytes(base64.b64decode(coded))
        return read_exr(path)


def _only(folder: Path, name: str) -> Path:
    found = sorted(folder.rglob(name))
    if not found:
        raise SystemExit(f"there is no {name} below {folder}")
    return found[0]


def made(raw: np.ndarray) -> dict[str, np.ndarray]:
    """Return what is kept of a panorama: the picture, packed, and its light in coarse cells."""
    picture = without_ringing(raw)
    if picture.shape[1] > WIDEST_PX:
        picture = cv2.resize(picture, (WIDEST_PX, WIDEST_PX // 2), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(picture, (0, 0), SOFT_PX)
    el = 90 - (np.arange(picture.shape[0]) + 0.5) / picture.shape[0] * 180
    beyond = np.maximum(el - SEEN_TO_DEG, SEEN_FROM_DEG - el)
    share = np.clip(beyond / 8, 0, 1).astype(np.float32)[:, None, None]
    picture = picture + share * (soft - picture)
    step = np.exp2(np.ceil(np.log2(np.maximum(picture.max(2), 2.0**-16)) + 1e-4) - BITS)[..., None]
    picture = (np.floor(picture / step) + 0.25) * step
    return {"picture": np.frombuffer(packed(picture), np.uint8), "light": cells_of(raw).astype(np.float32)}


def main() -> int:
    """Write every place and print its size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("only", nargs="*", help="names of places; all without")
    parser.add_argument("--blender", type=Path, required=True)
    parser.add_argument("--pmndrs", type=Path, required=True)
    args = parser.parse_args()
    OUT.mkdir(exist_ok=True)
    for name, source in PLACES.items():
        if args.only and name not in args.only:
            continue
        path = OUT / f"{name}.npz"
        np.savez(path, **made(read(source, {"blender": args.blender, "pmndrs": args.pmndrs})))  # type: ignore[arg-type]
        print(f"{name:12} {path.stat().st_size / 1000:6.0f} kB  {source.package} {source.file}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
