"""Any photograph to upright 8-bit sRGB: the one reader of every command. Owns what may come in and what may not.

`colour` turns colours into sRGB, `damaged` reads what has lost its end.
"""

from __future__ import annotations

import errno
import hashlib
import io
import math
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pillow_heif
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from booth.capture.photo.colour import to_srgb
from booth.capture.photo.damaged import MIN_SHARE, rows_there, tolerating
from booth.core.bounded_read import read_bounded
from booth.core.faults import Fault
from booth.core.types import frozen

pillow_heif.register_heif_opener(thumbnails=False, decode_threads=1)

MIN_SIDE_PX = 64  # below this no face can be found
MAX_DECODE_BYTES = 640_000_000  # of the decoder for one picture: with the models loaded the process stays in 1.2 GB
MAX_MPX = 1000.0  # a JPEG this large still opens at 1/8
MAX_FILE_BYTES = 400 * 1024 * 1024
_DRAFTS = frozenset({"JPEG", "MPO"})  # can be decoded at 1/2, 1/4 and 1/8
_COPIES = {"WEBP": 2.0, "HEIF": 2.5, "AVIF": 2.5}  # decoders that hold the picture more than once
KEPT_EXIF = ("Make", "Model", "DateTime", "Copyright", "Artist")  # neither place nor serial number
KEPT_EXIF_IFD = ("DateTimeOriginal", "ExposureTime", "FNumber", "ISOSpeedRatings", "FocalLength")
_TAG = {name: tag for tag, name in ExifTags.TAGS.items()}

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF", "HEIF", "JPEG2000", "PPM")
"""What may be opened, whatever a file is called: no format that starts another program, such as EPS."""


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A photograph ready to be developed. `notes` are sentences about what opening it took."""

    rgb: np.ndarray  # (H, W, 3) uint8 sRGB, upright, read-only
    source_px: tuple[int, int]  # upright width and height as photographed
    digest: str  # SHA-256 of the file, 64 hex digits
    notes: tuple[str, ...]
    exif: Mapping[str, Any]  # the harmless tags only
    alpha: np.ndarray | None = None  # (H, W) uint8 where the file has transparent parts, which are white in `rgb`


@dataclass(frozen=True, slots=True)
class _Limits:
    """Larger pictures are shrunk to `max_mpx` megapixels, smaller sides than `min_side_px` pixels refused."""

    max_mpx: float
    min_side_px: int


def open_picture(path: Path, *, max_mpx: float = 24.0, min_side_px: int = MIN_SIDE_PX) -> Opened:
    """Read a photograph of any common kind: 8 or 16 bit, grey, CMYK, with alpha, rotated by EXIF, with a profile.

    Larger pictures than `max_mpx` megapixels are shrunk. Raises Fault `picture.*` for what cannot be used.
    """
    return open_bytes(_read(path), path.name, max_mpx=max_mpx, min_side_px=min_side_px)


def open_bytes(raw: bytes, name: str, *, max_mpx: float = 24.0, min_side_px: int = MIN_SIDE_PX) -> Opened:
    """Do what `open_picture` does with a file's content; `name` is for the sentences."""
    path = Path(name)
    try:
        return _decoded(raw, path, _Limits(max_mpx, min_side_px))
    except UnidentifiedImageError as error:
        hint = "Use a JPEG, PNG, TIFF, HEIC, AVIF or WebP photograph."
        raise Fault("picture.unknown", f"{path.name} is not a picture.", hint) from error
    except (Image.DecompressionBombError, MemoryError) as error:
        raise too_large(path) from error
    except Fault:
        raise
    except Exception as error:  # decoders raise whatever they like at damaged files: RuntimeError, struct.error, ...
        hint = "Copy it again from the camera or card."
        raise Fault("picture.broken", f"{path.name} is cut off or damaged.", hint) from error


def _decoded(raw: bytes, path: Path, limits: _Limits) -> Opened:
    """Decode strictly; a file that breaks off is read once more as far as it goes."""
    digest = hashlib.sha256(raw).hexdigest()
    with warnings.catch_warnings(), _own_size_limit():
        warnings.simplefilter("ignore")  # Pillow warns of odd EXIF, and of sizes that are judged here
        try:
            with Image.open(io.BytesIO(raw), formats=FORMATS) as image:
                return _opened(image, path, digest, limits)
        except UnidentifiedImageError:
            raise
        except (OSError, SyntaxError, ValueError):
            with tolerating(), Image.open(io.BytesIO(raw), formats=FORMATS) as image:
                return _opened(image, path, digest, limits, is_cut=True)


@contextmanager
def _own_size_limit() -> Iterator[None]:
    """Let Pillow open what `_check_size` will judge: a giant JPEG decodes reduced, at a fraction of its size."""
    kept = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = int(MAX_MPX * 1e6)
    try:
        yield
    finally:
        Image.MAX_IMAGE_PIXELS = kept


def _read(path: Path) -> bytes:
    try:
        raw = read_bounded(path, MAX_FILE_BYTES)
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise too_large(path) from error
        raise Fault("picture.unreadable", f"{path} cannot be read.", "Check the path and its rights.") from error
    if not raw:
        raise Fault("picture.broken", f"{path.name} is empty.", "Copy it again from the camera or card.")
    return raw


def too_large(path: Path) -> Fault:
    """Return the fault of a picture that cannot be opened in the memory there is."""
    hint = "Save it as a JPEG, or smaller: 24 megapixels are more than a portrait needs."
    return Fault("picture.too_large", f"{path.name} is too large to be opened in the memory there is.", hint)


def _opened(image: Image.Image, path: Path, digest: str, limits: _Limits, *, is_cut: bool = False) -> Opened:
    notes: list[str] = []
    photographed = image.size
    _check_size(image, path, limits, notes)
    image.load()
    exif, info = _harmless_exif(image), image.info
    whole = _what_is_there(image, path, notes, limits) if is_cut else image
    small = _shrunk(whole, limits.max_mpx, notes)
    if small is not image:
        small.info, small._exif = info, image.getexif()  # type: ignore[attr-defined]
        image.im = None  # type: ignore[assignment] # the decoded picture may be most of a gigabyte: gone before the copies
    upright = ImageOps.exif_transpose(small)
    alpha = _transparency(upright)
    rgb = to_srgb(upright, notes)
    is_turned = (upright.width > upright.height) != (small.width > small.height)
    source_px = photographed[::-1] if is_turned else photographed
    return Opened(frozen(np.ascontiguousarray(rgb)), source_px, digest, tuple(notes), exif, alpha)


def _what_is_there(image: Image.Image, path: Path, notes: list[str], limits: _Limits) -> Image.Image:
    """Cut off the rows a broken file has not; Fault `picture.broken` where too few are left."""
    there = rows_there(image)
    if there < max(MIN_SHARE * image.height, limits.min_side_px):
        message = f"{path.name} is cut off: {there / image.height:.0%} of it is there."
        raise Fault("picture.broken", message, "Copy it again from the camera or card.")
    if there >= image.height - 1:
        notes.append("The end of the file is missing; the picture is whole.")
        return image
    notes.append(f"The file is cut off: the lower {1 - there / image.height:.0%} of the picture is missing.")
    return image.crop((0, 0, image.width, there))


def _check_size(image: Image.Image, path: Path, limits: _Limits, notes: list[str]) -> None:
    width, height = image.size
    if min(width, height) < limits.min_side_px:
        hint = f"Use one of at least {limits.min_side_px} pixels a side; 1000 are better."
        raise Fault("picture.too_small", f"{path.name} has only {width}x{height} pixels.", hint)
    mpx = width * height / 1e6
    if image.format in _DRAFTS and mpx > limits.max_mpx:
        shrink = math.sqrt(limits.max_mpx / mpx)
        image.draft(None, (int(width * shrink), int(height * shrink)))
        if image.size != (width, height):
            notes.append(f"Opened at {image.width}x{image.height} of {width}x{height} pixels.")
    if mpx > MAX_MPX or _decode_bytes(image, (width, height)) > MAX_DECODE_BYTES:
        raise too_large(path)


def _decode_bytes(image: Image.Image, full_px: tuple[int, int]) -> float:
    """Estimate what decoding takes: 4 bytes a pixel of colour, and all coefficients of a progressive JPEG."""
    a_pixel = {"1": 1, "L": 1, "P": 1, "I;16": 2, "LA": 4, "F": 4, "I": 4}.get(image.mode, 4)
    pixels = image.width * image.height * a_pixel * _COPIES.get(image.format or "", 1.0)
    if image.info.get("progressive") and image.format in _DRAFTS:
        layers = [(across, down) for _, across, down, *_ in getattr(image, "layer", ())] or [(1, 1)]
        most = max(a * d for a, d in layers)
        pixels += full_px[0] * full_px[1] * 2 * sum(a * d / most for a, d in layers)
    return pixels


def _shrunk(image: Image.Image, max_mpx: float, notes: list[str]) -> Image.Image:
    mpx = image.width * image.height / 1e6
    if mpx <= max_mpx * 1.02:  # a 24-megapixel sensor has a few more
        return image
    scale = math.sqrt(max_mpx / mpx)
    size = (round(image.width * scale), round(image.height * scale))
    notes.append(f"Shrunk from {image.width}x{image.height} to {size[0]}x{size[1]} pixels.")
    source = image if image.mode not in ("P", "1", "PA") else image.convert("RGBA")
    if source.mode.startswith("I"):
        return source.resize(size, Image.Resampling.BOX)
    return source.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _transparency(image: Image.Image) -> np.ndarray | None:
    """The alpha of a picture that has transparent parts, else None."""
    has_any = image.mode in ("RGBA", "LA", "PA") or (image.mode in ("P", "RGB", "L") and "transparency" in image.info)
    alpha = np.asarray(image.convert("RGBA").getchannel("A")) if has_any else None
    return None if alpha is None or alpha.min() == 255 else alpha


def _harmless_exif(image: Image.Image) -> Mapping[str, Any]:
    try:
        exif = image.getexif()
        inner = exif.get_ifd(ExifTags.IFD.Exif)
    except (OSError, ValueError, SyntaxError, KeyError, TypeError, AttributeError):
        return MappingProxyType({})
    kept = {name: exif[_TAG[name]] for name in KEPT_EXIF if _TAG[name] in exif}
    kept |= {name: inner[_TAG[name]] for name in KEPT_EXIF_IFD if _TAG[name] in inner}
    return MappingProxyType(kept)
