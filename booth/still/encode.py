"""Pixels to a file: format, profile, harmless EXIF, XMP; written whole or not at all."""

from __future__ import annotations

import datetime
import io
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from PIL import ExifTags, Image, PngImagePlugin, TiffImagePlugin

from booth.config.params.finish import EncodeParams
from booth.core.faults import Fault
from booth.still.icc import profile_of, to_display_p3
from booth.still.size import PRINT_DPI

SUFFIX: Mapping[str, str] = MappingProxyType({"jpeg": ".jpg", "png": ".png", "avif": ".avif", "tiff": ".tif"})
MIME: Mapping[str, str] = MappingProxyType(
    {"jpeg": "image/jpeg", "png": "image/png", "avif": "image/avif", "tiff": "image/tiff"}
)
MIN_QUALITY = 55  # below this a face shows its blocks; a smaller file needs a smaller picture
SOFTWARE = "headshot booth"
_XMP_TAG = 700
_TAG = {name: tag for tag, name in ExifTags.TAGS.items()}
_INNER = ("DateTimeOriginal", "OffsetTimeOriginal", "ExposureTime", "FNumber", "ISOSpeedRatings", "FocalLength")


def encode(  # noqa: PLR0913 - a picture, how it is coded, and four things that a file may tell beside it
    rgb: np.ndarray,
    params: EncodeParams,
    *,
    alpha: np.ndarray | None = None,
    xmp: str = "",
    exif: Mapping[str, Any] = MappingProxyType({}),
    dpi: float = PRINT_DPI,
) -> bytes:
    """Return the bytes of an (H, W, 3) uint8 sRGB picture in `params.format`.

    `alpha` (H, W) uint8 is kept by PNG, AVIF and TIFF; a JPEG shows it over white. Raises Fault `encode.*` when a
    size limit cannot be met or the format's own limits are passed. At `dpi` it prints at its size.
    """
    pixels = to_display_p3(rgb) if params.colour == "display-p3" else rgb
    image = _image(pixels, alpha, params.format)
    options = _options(params, xmp, _exif(exif), dpi)
    if params.max_kb is None or params.format not in ("jpeg", "avif"):
        return _saved(image, params.format, options)
    return _within(image, params, options)


def _image(rgb: np.ndarray, alpha: np.ndarray | None, fmt: str) -> Image.Image:
    if alpha is None:
        return Image.fromarray(rgb)
    if fmt != "jpeg":
        return Image.fromarray(np.dstack([rgb, alpha]))
    share = alpha[..., None].astype(np.float32) / 255
    return Image.fromarray((rgb * share + 255 * (1 - share) + 0.5).astype(np.uint8))


def _exif(kept: Mapping[str, Any]) -> bytes:
    exif = Image.Exif()
    exif[_TAG["Software"]] = SOFTWARE
    inner = {_TAG[name]: value for name, value in kept.items() if name in _INNER}
    for name, value in kept.items():
        if name not in _INNER:
            exif[_TAG[name]] = value
    if inner:
        exif.get_ifd(ExifTags.IFD.Exif).update(inner)
    return exif.tobytes()


def _options(params: EncodeParams, xmp: str, exif: bytes, dpi: float) -> dict[str, Any]:
    shared: dict[str, Any] = {"icc_profile": profile_of(params.colour), "dpi": (dpi, dpi)}
    if params.format == "jpeg":
        fine = {"subsampling": 0 if params.quality >= 90 else 2}
        return shared | fine | {"quality": params.quality, "exif": exif, "xmp": xmp.encode() or None}
    if params.format == "avif":
        return shared | {"quality": params.quality, "speed": 8, "exif": exif, "xmp": xmp.encode() or None}
    if params.format == "png":
        text = PngImagePlugin.PngInfo()
        if xmp:
            text.add_itxt("XML:com.adobe.xmp", xmp)
        return shared | {"compress_level": 4, "exif": exif, "pnginfo": text}
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[_TAG["Software"]] = SOFTWARE
    if xmp:
        tags[_XMP_TAG] = xmp.encode()
        tags.tagtype[_XMP_TAG] = 1
    return shared | {"compression": "tiff_deflate", "tiffinfo": tags}


def _saved(image: Image.Image, fmt: str, options: Mapping[str, Any]) -> bytes:
    out = io.BytesIO()
    try:
        image.save(out, fmt.upper(), **options)
    except (OSError, ValueError) as error:
        raise Fault("encode.failed", f"The picture cannot be written as {fmt}.", "Try another format.") from error
    return out.getvalue()


def _within(image: Image.Image, params: EncodeParams, options: dict[str, Any]) -> bytes:
    """Find the best quality whose file is within `max_kb`, by halving."""
    limit = (params.max_kb or 0) * 1000
    best = _saved(image, params.format, options)
    if len(best) <= limit:
        return best
    low, high = MIN_QUALITY, params.quality - 1
    best = b""
    while low <= high:
        middle = (low + high) // 2
        smaller = {"quality": middle} | ({"subsampling": 0 if middle >= 90 else 2} if params.format == "jpeg" else {})
        tried = _saved(image, params.format, options | smaller)
        if len(tried) <= limit:
            best, low = tried, middle + 1
        else:
            high = middle - 1
    if not best:
        hint = "Allow a larger file or set a smaller size."
        raise Fault("encode.too_large", f"The portrait does not fit into {params.max_kb} kB.", hint, exit_code=1)
    return best


def write_whole(path: Path, content: bytes, *, force: bool = False) -> Path:
    """Write a file so that it is there complete or not at all; nothing existing is replaced without `force`.

    Raises Fault `write.exists`, or `write.failed` for a full disk, a missing right and the like.
    """
    part = path.with_name(f".booth.{os.getpid()}-{secrets.token_hex(4)}.part")  # short: names may be as long as allowed
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if force:
            part.replace(path)
        else:
            _link(part, path)
    except FileExistsError as error:
        raise Fault("write.exists", f"{path} is already there.", "Use --force to replace it.") from error
    except OSError as error:
        hint = "Check the free space and the rights of the folder."
        raise Fault("write.failed", f"{path} cannot be written: {error.strerror}.", hint, exit_code=1) from error
    finally:
        part.unlink(missing_ok=True)
    return path


def _link(part: Path, path: Path) -> None:
    """Give a finished file its name unless that is taken, even between two workers."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if path.exists():
            raise FileExistsError(path) from None
        part.rename(path)


def clear_parts(folder: Path) -> int:
    """Remove what killed runs left half written in a folder; parts of running processes stay. Return how many."""
    removed = 0
    for part in folder.glob(".*.part"):
        found = re.search(r"\.(\d+)-[0-9a-f]{8}\.part$", part.name)
        if found and not _is_running(int(found.group(1))):
            part.unlink(missing_ok=True)
            removed += 1
    return removed


def _is_running(pid: int) -> bool:
    if pid == os.getpid():
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


MAX_STEM_BYTES = 255 - len("-9999.matte.png")  # a name may have 255 bytes on all usual file systems


def _fitting(stem: str) -> str:
    """Return a stem cut, between letters, to what leaves room for a number and an ending."""
    while len(os.fsencode(stem)) > MAX_STEM_BYTES:
        stem = stem[:-1]
    return stem


def output_names(sources: list[Path], suffix: str) -> list[str]:
    """Name one output an input: `STEM.jpg`, and `STEM-2.jpg` where an earlier input has the same stem.

    The order of the inputs is theirs; names differ in more than case, for file systems that do not tell it apart.
    """
    taken: set[str] = set()
    stems = {path.stem.lower() for path in sources}
    names = []
    for path in sources:
        base, number = _fitting(path.stem), 1
        stem = base
        while stem.lower() in taken or (number > 1 and stem.lower() in stems):
            number += 1
            stem = f"{base}-{number}"
        taken.add(stem.lower())
        names.append(stem + suffix)
    return names


def taken_exif(taken_utc: str) -> Mapping[str, Any]:
    """Return the EXIF of when a picture was taken, as the clock on the wall said, from an ISO time; empty for none."""
    if not taken_utc:
        return MappingProxyType({})
    taken = datetime.datetime.fromisoformat(taken_utc).astimezone()
    at, offset = taken.strftime("%Y:%m:%d %H:%M:%S"), taken.strftime("%z")
    known = {"DateTime": at, "DateTimeOriginal": at, "OffsetTimeOriginal": f"{offset[:3]}:{offset[3:]}"}
    return MappingProxyType(known)
