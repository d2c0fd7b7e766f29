"""Any photograph to upright 8-bit sRGB. Owns what may come in and the sentences for what may not."""

from __future__ import annotations

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
from PIL import ExifTags, Image, ImageCms, ImageOps, UnidentifiedImageError

from booth.core.faults import Fault
from booth.core.types import frozen

MIN_SIDE_PX = 64  # below this no face can be found
MAX_READ_MPX = 64.0  # decoded as it is; above, only a JPEG's reduced decode is tried
MAX_DRAFT_MPX = 400.0  # a JPEG this large still opens at 1/8
MAX_FILE_BYTES = 400 * 1024 * 1024
KEPT_EXIF = ("Make", "Model", "DateTime", "Copyright", "Artist")  # neither place nor serial number
KEPT_EXIF_IFD = ("DateTimeOriginal", "ExposureTime", "FNumber", "ISOSpeedRatings", "FocalLength")
_TAG = {name: tag for tag, name in ExifTags.TAGS.items()}


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A photograph ready to be developed. `notes` are sentences about what opening it took."""

    rgb: np.ndarray  # (H, W, 3) uint8 sRGB, upright, read-only
    source_px: tuple[int, int]  # upright width and height as photographed
    digest: str  # SHA-256 of the file, 64 hex digits
    notes: tuple[str, ...]
    exif: Mapping[str, Any]  # the harmless tags only
    alpha: np.ndarray | None = None  # (H, W) uint8 where the file has transparent parts, which are white in `rgb`


def open_picture(path: Path, *, max_mpx: float = 24.0) -> Opened:
    """Read a photograph of any common kind: 8 or 16 bit, grey, CMYK, with alpha, rotated by EXIF, with a profile.

    Larger pictures than `max_mpx` megapixels are shrunk. Raises Fault `picture.*` for what cannot be used.
    """
    return open_bytes(_read(path), path.name, max_mpx=max_mpx)


def open_bytes(raw: bytes, name: str, *, max_mpx: float = 24.0) -> Opened:
    """Do what `open_picture` does with a file's content; `name` is for the sentences."""
    path = Path(name)
    try:
        with warnings.catch_warnings(), _own_size_limit():
            warnings.simplefilter("ignore")  # Pillow warns of odd EXIF, and of sizes that are judged here
            with Image.open(io.BytesIO(raw)) as image:
                return _opened(image, path, hashlib.sha256(raw).hexdigest(), max_mpx)
    except UnidentifiedImageError as error:
        hint = "Use a JPEG, PNG, TIFF, AVIF or WebP photograph."
        raise Fault("picture.unknown", f"{path.name} is not a picture.", hint) from error
    except Image.DecompressionBombError as error:
        raise _too_large(path) from error
    except MemoryError as error:
        raise _too_large(path) from error
    except Fault:
        raise
    except Exception as error:  # decoders raise whatever they like at damaged files: RuntimeError, struct.error, ...
        hint = "Copy it again from the camera or card."
        raise Fault("picture.broken", f"{path.name} is cut off or damaged.", hint) from error


@contextmanager
def _own_size_limit() -> Iterator[None]:
    """Let Pillow open what `_check_size` will judge: a giant JPEG decodes reduced, at a fraction of its size."""
    kept = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = int(MAX_DRAFT_MPX * 1e6)
    try:
        yield
    finally:
        Image.MAX_IMAGE_PIXELS = kept


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise _too_large(path)
        raw = path.read_bytes()
    except OSError as error:
        raise Fault("picture.unreadable", f"{path} cannot be read.", "Check the path and its rights.") from error
    if not raw:
        raise Fault("picture.broken", f"{path.name} is empty.", "Copy it again from the camera or card.")
    return raw


def _too_large(path: Path) -> Fault:
    hint = f"Shrink it below {MAX_READ_MPX:.0f} megapixels first."
    return Fault("picture.too_large", f"{path.name} is larger than a portrait needs.", hint)


def _opened(image: Image.Image, path: Path, digest: str, max_mpx: float) -> Opened:
    notes: list[str] = []
    photographed = image.size
    _check_size(image, path, max_mpx, notes)
    image.load()
    exif = _harmless_exif(image)
    upright = ImageOps.exif_transpose(image)
    upright = _shrunk(upright, max_mpx, notes)
    alpha = _transparency(upright)
    rgb = np.array(_srgb(upright, notes), np.uint8)
    is_turned = (upright.width > upright.height) != (image.width > image.height)
    source_px = photographed[::-1] if is_turned else photographed
    return Opened(frozen(np.ascontiguousarray(rgb)), source_px, digest, tuple(notes), exif, alpha)


def _check_size(image: Image.Image, path: Path, max_mpx: float, notes: list[str]) -> None:
    width, height = image.size
    if min(width, height) < MIN_SIDE_PX:
        hint = f"Use one of at least {MIN_SIDE_PX} pixels a side; 1000 are better."
        raise Fault("picture.too_small", f"{path.name} has only {width}x{height} pixels.", hint)
    mpx = width * height / 1e6
    if mpx <= MAX_READ_MPX:
        return
    if image.format != "JPEG" or mpx > MAX_DRAFT_MPX:
        raise _too_large(path)
    shrink = math.sqrt(max_mpx / mpx)
    image.draft("RGB", (int(width * shrink), int(height * shrink)))
    if image.width * image.height / 1e6 > MAX_READ_MPX:
        raise _too_large(path)
    notes.append(f"Opened at {image.width}x{image.height} of {width}x{height} pixels.")


def _shrunk(image: Image.Image, max_mpx: float, notes: list[str]) -> Image.Image:
    mpx = image.width * image.height / 1e6
    if mpx <= max_mpx * 1.02:  # a 24-megapixel sensor has a few more
        return image
    scale = math.sqrt(max_mpx / mpx)
    size = (round(image.width * scale), round(image.height * scale))
    notes.append(f"Shrunk from {image.width}x{image.height} to {size[0]}x{size[1]} pixels.")
    source = image if image.mode not in ("P", "1", "PA") else image.convert("RGBA")
    return source.resize(size, Image.Resampling.BOX if source.mode.startswith("I") else Image.Resampling.LANCZOS)


def _srgb(image: Image.Image, notes: list[str]) -> Image.Image:
    profile = image.info.get("icc_profile")
    flat = _eight_bit(image)
    if flat.mode in ("RGBA", "LA", "PA"):
        flat = _over_white(flat, notes)
    if profile:
        return _converted(flat, profile, notes)
    if flat.mode == "CMYK":
        notes.append("CMYK without a profile: colours are approximate.")
    return flat.convert("RGB")


def _eight_bit(image: Image.Image) -> Image.Image:
    if image.mode in ("I;16", "I;16B", "I;16L", "I;16N", "I", "F"):
        values = np.asarray(image, np.float64)
        top = 65535.0 if values.max() > 255 else 255.0
        if image.mode == "F" and values.max() <= 1.0:
            top = 1.0
        return Image.fromarray(np.clip(np.nan_to_num(values) * (255 / top) + 0.5, 0, 255).astype(np.uint8))
    if image.mode == "P":
        return image.convert("RGBA" if "transparency" in image.info else "RGB")
    return image.convert("L") if image.mode == "1" else image


def _transparency(image: Image.Image) -> np.ndarray | None:
    """The alpha of a picture that has transparent parts, else None."""
    has_any = image.mode in ("RGBA", "LA", "PA") or (image.mode == "P" and "transparency" in image.info)
    alpha = np.asarray(image.convert("RGBA").getchannel("A")) if has_any else None
    return None if alpha is None or alpha.min() == 255 else alpha


def _over_white(image: Image.Image, notes: list[str]) -> Image.Image:
    rgba = image.convert("RGBA")
    if rgba.getchannel("A").getextrema()[0] == 255:
        return rgba.convert("RGB")
    notes.append("Transparent parts were laid over white.")
    white = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
    white.alpha_composite(rgba)
    return white.convert("RGB")


def _converted(image: Image.Image, profile: bytes, notes: list[str]) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        wanted = {"RGB": ("RGB",), "GRAY": ("L",), "CMYK": ("CMYK",)}.get(source.profile.xcolor_space.strip(), ())
        if image.mode in wanted:
            flags = ImageCms.Flags.BLACKPOINTCOMPENSATION
            target = ImageCms.createProfile("sRGB")
            turned = ImageCms.profileToProfile(image, source, target, outputMode="RGB", flags=flags)
            return turned if turned is not None else image.convert("RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        pass
    notes.append("Its colour profile cannot be used; read as sRGB.")
    return image.convert("RGB")


def _harmless_exif(image: Image.Image) -> Mapping[str, Any]:
    try:
        exif = image.getexif()
        inner = exif.get_ifd(ExifTags.IFD.Exif)
    except (OSError, ValueError, SyntaxError, KeyError, TypeError, AttributeError):
        return MappingProxyType({})
    kept = {name: exif[_TAG[name]] for name in KEPT_EXIF if _TAG[name] in exif}
    kept |= {name: inner[_TAG[name]] for name in KEPT_EXIF_IFD if _TAG[name] in inner}
    return MappingProxyType(kept)
