"""Reads places: the packaged ones, and an operator's own panorama or photograph. Every failure names the file."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from booth.capture.photo.reader import open_picture
from booth.core.assets import asset
from booth.core.color import srgb_to_linear
from booth.core.faults import Fault
from booth.core.types import frozen
from booth.looks.places.panorama import LIGHT_PX, Panorama, cells_of, without_ringing

PACKAGED = ".npz"
HDR_SUFFIXES = (".hdr", ".exr")
PHOTO_SUFFIXES = (".jpg", ".jpeg", ".png", ".heic", ".heif", ".webp", ".tif", ".tiff", ".avif")
OWN_SUFFIXES = HDR_SUFFIXES + PHOTO_SUFFIXES
LONGEST_PX = (
    2048  # a panorama is shrunk to this width: a view of 60 degrees is then 341 pixels wide, behind a blur disc
)
HDR_MOST_BYTES = 200_000_000  # of the file, and of its pixels in memory
LEAST_PX = 256
ROUND_RATIO, ROUND_TOLERANCE = 2.0, 0.01  # of width to height: a picture of this shape shows all round
CLIPPED_GAIN, CLIPPED_FROM = 6.0, 0.9  # white in a photograph is taken for up to this much light, from this code up
PHOTO_WIDTH_DEG = 65.0  # what a photograph is taken to show across: a phone's main lens
PHOTO_GENTLE = 0.5  # how far light guessed from a flat photograph has a direction


@dataclass(frozen=True, slots=True, eq=False)
class PlaceFile:
    """A place as read: `is_round` says that the picture shows every direction."""

    panorama: Panorama
    is_round: bool

    @property
    def gentle(self) -> float:
        """How far its light may have a direction, 0..1: what no picture shows is guessed."""
        return 1.0 if self.is_round else PHOTO_GENTLE


def place_names() -> tuple[str, ...]:
    """Return the names of the packaged places."""
    return tuple(sorted(p.stem for p in asset("places").glob(f"*{PACKAGED}")))


def find_place(name: str) -> Path:
    """Return the file of a packaged place or of one named by its path; Fault `place.unknown` or `place.missing`."""
    path = Path(name).expanduser()
    if path.suffix.lower() in OWN_SUFFIXES:
        if not path.is_file():
            raise Fault("place.missing", f"There is no picture {path} of a place.", "Check the path in the look.")
        return path
    if name in place_names():
        return asset("places") / f"{name}{PACKAGED}"
    raise Fault("place.unknown", f"There is no place called {name}.", f"Places: {', '.join(place_names())}.")


def read_place(name: str) -> PlaceFile:
    """Return a place with its picture; kept while the file stays as it is. Faults `place.*` and `picture.*`."""
    path = find_place(name)
    return _read(path, path.stat().st_mtime_ns)


def read_light(name: str) -> tuple[np.ndarray, float]:
    """Return the coarse light (32, 64, 3) of a place, and how far it may have a direction; no picture is decoded."""
    path = find_place(name)
    return _light(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _light(path: Path, stamp_ns: int) -> tuple[np.ndarray, float]:
    if path.suffix == PACKAGED:
        with np.load(path) as kept:
            return frozen(kept["light"].astype(np.float32)), 1.0
    place = _read(path, stamp_ns)
    return place.panorama.light, place.gentle


@lru_cache(maxsize=3)  # an operator's own panorama is 25 MB
def _read(path: Path, stamp_ns: int) -> PlaceFile:
    if path.suffix == PACKAGED:
        return _packaged(path)
    if path.suffix.lower() in HDR_SUFFIXES:
        return _of_hdr(path)
    return _of_photograph(path)


def packed(picture: np.ndarray) -> bytes:
    """Return a linear picture (H, W, 3) as shared-exponent RGBE (Ward 1991) in lossless WebP."""
    light = np.maximum(np.asarray(picture, np.float32), 0)
    exponent = np.ceil(np.log2(np.maximum(light.max(2), 2.0**-16)) + 1e-4)
    out = np.empty((*light.shape[:2], 4), np.uint8)
    out[..., :3] = np.clip(light * (256 / np.exp2(exponent))[..., None], 0, 255)
    out[..., 3] = exponent + 128
    stream = io.BytesIO()
    Image.fromarray(out, "RGBA").save(stream, "WEBP", lossless=True, exact=True, quality=100, method=6)
    return stream.getvalue()


def unpacked(raw: bytes) -> np.ndarray:
    """Return the (H, W, 3) float32 picture that was packed, within .4 % of its brightest channel."""
    with Image.open(io.BytesIO(raw), formats=("WEBP",)) as image:
        rgbe = np.asarray(image.convert("RGBA"))
    scale = np.exp2(rgbe[..., 3].astype(np.float32) - np.float32(128 + 8))
    out: np.ndarray = (rgbe[..., :3].astype(np.float32) + np.float32(0.5)) * scale[..., None]
    return out


def _packaged(path: Path) -> PlaceFile:
    try:
        with np.load(path) as kept:
            picture, light = unpacked(kept["picture"].tobytes()), kept["light"].astype(np.float32)
    except (OSError, ValueError, KeyError) as error:
        raise Fault("place.broken", f"The place {path.stem} cannot be read.", "Install booth again.") from error
    return PlaceFile(Panorama(frozen(picture), frozen(light)), True)


def _of_hdr(path: Path) -> PlaceFile:
    if path.stat().st_size > HDR_MOST_BYTES:
        raise _too_large(path)
    picture = read_exr(path) if path.suffix.lower() == ".exr" else _radiance(path)
    picture = np.nan_to_num(picture[..., :3].astype(np.float32), nan=0.0, posinf=6e4, neginf=0.0)
    _check_round(path, picture.shape[1], picture.shape[0])
    return _all_round(picture)


def _radiance(path: Path) -> np.ndarray:
    """Read a Radiance picture; its size is checked before it is decoded."""
    with path.open("rb") as file:
        head = file.read(4096)
    size = [line.split() for line in head.split(b"\n") if line.startswith(b"-Y ")]
    if not head.startswith((b"#?", b"#?RADIANCE")) or not size or len(size[0]) != 4:
        raise _broken(path)
    try:
        height, width = int(size[0][1]), int(size[0][3])
    except ValueError as error:
        raise _broken(path) from error
    _check_memory(path, width, height)
    read = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_UNCHANGED)
    if read is None or read.ndim != 3 or read.shape[:2] != (height, width):
        raise _broken(path)
    return read[..., 2::-1]


def read_exr(path: Path) -> np.ndarray:
    """Return the (H, W, 3) linear light of an OpenEXR file of any compression; its size is checked before."""
    try:
        import OpenEXR  # a library of 5 MB that only an operator's own panoramas need
    except ImportError as error:
        hint = "Save the panorama as .hdr, or install the package OpenEXR."
        raise Fault("place.no_exr", f"{path.name} needs OpenEXR, which is not installed.", hint) from error
    try:
        with OpenEXR.File(str(path), header_only=True) as file:
            low, high = file.header()["dataWindow"]
        width, height = int(high[0] - low[0]) + 1, int(high[1] - low[1]) + 1
        _check_memory(path, width, height)
        with OpenEXR.File(str(path)) as file:
            channels = file.channels()
            for name in ("RGB", "RGBA"):
                if name in channels:
                    return np.array(channels[name].pixels[..., :3], np.float32)
            return np.dstack([np.asarray(channels[c].pixels, np.float32) for c in "RGB"])
    except Fault:
        raise
    except Exception as error:  # the library raises RuntimeError, KeyError, MemoryError and its own at damaged files
        raise _broken(path) from error


def _of_photograph(path: Path) -> PlaceFile:
    opened = open_picture(path, max_mpx=6.0, min_side_px=LEAST_PX)
    linear = _expanded(opened.rgb)
    height, width = linear.shape[:2]
    if abs(width / height - ROUND_RATIO) <= ROUND_TOLERANCE * ROUND_RATIO and width >= 2 * LEAST_PX:
        return _all_round(linear)
    return PlaceFile(_round_about(linear), False)


def _expanded(rgb: np.ndarray) -> np.ndarray:
    """Return linear light of 8-bit sRGB; what is nearly white is taken for a source, brighter than paper."""
    coded = rgb.astype(np.float32) / 255
    over = np.clip((coded.min(2) - CLIPPED_FROM) / (1 - CLIPPED_FROM), 0, 1)[..., None]
    out: np.ndarray = srgb_to_linear(coded) * (1 + (np.float32(CLIPPED_GAIN) - 1) * over**3)
    return out


def _all_round(picture: np.ndarray) -> PlaceFile:
    clean = without_ringing(_shrunk(picture, LONGEST_PX))
    return PlaceFile(Panorama(frozen(clean), frozen(cells_of(picture))), True)


def _round_about(linear: np.ndarray) -> Panorama:
    """Return a panorama that has a flat photograph in its middle; round the back it is seen as in a mirror.

    What lies beside the photograph nobody knows: its edge fades into its mean colour.
    """
    shown = _shrunk(linear, LONGEST_PX // 2)
    height, width = shown.shape[:2]
    size = (LONGEST_PX, LONGEST_PX // 2)
    across = np.linspace(-math.pi, math.pi, size[0], endpoint=False, dtype=np.float32) + np.float32(math.pi / size[0])
    down = np.linspace(math.pi / 2, -math.pi / 2, size[1], dtype=np.float32)[:, None]
    front = np.where(np.abs(across) > math.pi / 2, np.sign(across) * np.float32(math.pi) - across, across)
    half = math.tan(math.radians(PHOTO_WIDTH_DEG) / 2)
    near = np.maximum(np.cos(front), 0.05)[None]
    u = np.tan(np.clip(front, -1.5, 1.5))[None] / half
    v = np.tan(np.clip(down, -1.4, 1.4)) / near / (half * height / width)
    column, row = ((np.clip(at, -1, 1) + 1) / 2 * (side - 1) for at, side in ((u, width), (-v, height)))
    maps = np.broadcast_to(column, row.shape).astype(np.float32), row.astype(np.float32)
    picture = cv2.remap(shown, *maps, cv2.INTER_LINEAR)
    beyond = np.clip(np.maximum(np.abs(u), np.abs(v)) - 1, 0, 1).astype(np.float32)[..., None]
    picture += beyond * (shown.reshape(-1, 3).mean(0) - picture)
    return Panorama(frozen(picture), frozen(cells_of(picture)))


def _shrunk(picture: np.ndarray, longest_px: int) -> np.ndarray:
    scale = longest_px / max(picture.shape[:2])
    if scale >= 1:
        return np.ascontiguousarray(picture, np.float32)
    size = (round(picture.shape[1] * scale), round(picture.shape[0] * scale))
    return cv2.resize(np.ascontiguousarray(picture, np.float32), size, interpolation=cv2.INTER_AREA)


def _check_round(path: Path, width: int, height: int) -> None:
    if width < 2 * LEAST_PX:
        hint = "Use a panorama of 2048 x 1024 pixels or more."
        raise Fault("place.too_small", f"{path.name} has only {width} x {height} pixels.", hint)
    if abs(width / height - ROUND_RATIO) > ROUND_TOLERANCE * ROUND_RATIO:
        hint = "A panorama of a place is equirectangular: twice as wide as high."
        raise Fault("place.shape", f"{path.name} is {width} x {height} pixels and does not show all round.", hint)


def _check_memory(path: Path, width: int, height: int) -> None:
    if min(width, height) < 1 or width * height * 12 > HDR_MOST_BYTES:
        raise _too_large(path)


def _too_large(path: Path) -> Fault:
    hint = "Save it at 2048 x 1024 pixels: it stands out of focus anyway."
    return Fault("place.too_large", f"{path.name} is too large for a place.", hint)


def _broken(path: Path) -> Fault:
    return Fault("place.broken", f"{path.name} cannot be read as a panorama.", "Save it again as .hdr or .exr.")


__all__ = ["LIGHT_PX", "PlaceFile", "find_place", "packed", "place_names", "read_exr", "read_light", "read_place"]
