"""Pictures the operator brings: backdrops from a file or folder, and logos. Every failure names the file."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from booth.capture.photo.reader import FORMATS
from booth.core.faults import Fault
from booth.looks.backdrop.backdrop_spec import Picture
from booth.looks.backdrop.plane import Plane
from booth.looks.backdrop.tone import to_coded, to_linear
from booth.looks.bokeh import disc_blur

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".avif", ".tif", ".tiff", ".bmp")
_ENOUGH_FACE_PX = 300.0  # source pixels per face below which a picture shows its pixels beside a sharp sitter
_SMOOTHING_PX = 5.0  # disc in source pixels that hides them
_ENLARGED_MUCH = 1.5  # beyond this the operator is told
_BLUR_SIDE_PX = 2200  # a blurred picture is worked on no larger than this


def read_picture(path: Path) -> Image.Image:
    """Return a picture upright and in sRGB, as RGB or RGBA; Fault `backdrop.missing` or `backdrop.corrupt`."""
    if not path.is_file():
        raise Fault("backdrop.missing", f"There is no picture {path}.", "Check the path in the look.")
    if path.suffix.lower() == ".svg":
        raise Fault("backdrop.corrupt", f"{path} is a drawing in SVG.", "Export it as PNG, 1000 px or wider.")
    try:
        with Image.open(path, formats=FORMATS) as opened:
            picture = ImageOps.exif_transpose(opened)
            has_alpha = "A" in picture.getbands() or "transparency" in picture.info
            return _in_srgb(picture).convert("RGBA" if has_alpha else "RGB")
    except Image.DecompressionBombError as error:
        raise Fault("backdrop.corrupt", f"{path} is far too large.", "Make it 6000 px or smaller.") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Fault(
            "backdrop.corrupt", f"{path} cannot be read as a picture.", "Save it again as PNG or JPEG."
        ) from error


def _in_srgb(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA", "CMYK"):
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = "RGBA" if picture.mode == "RGBA" else "RGB"
        return ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=mode) or picture
    except ImageCms.PyCMSError:
        return picture  # a broken profile is no reason to refuse the picture: most are sRGB anyway


def chosen_file(spec: Picture, seed: int) -> Path:
    """Return the picture itself, or one of a folder's by the seed; Fault when there is none."""
    path = Path(spec.path).expanduser()
    if not path.is_dir():
        return path
    files = sorted(p for p in path.iterdir() if p.suffix.lower() in SUFFIXES and not p.name.startswith("."))
    if not files:
        raise Fault("backdrop.missing", f"There are no pictures in {path}.", "Put JPEG or PNG files there.")
    return files[seed % len(files)]


def _covering(source: tuple[int, int], plane: Plane) -> tuple[float, tuple[float, float, float, float]]:
    """Return how much a picture is enlarged to cover the plane, and the part used (x0, y0, x1, y1) in its pixels."""
    scale = max(plane.width_px / source[0], plane.height_px / source[1])
    wide, high = plane.width_px / scale, plane.height_px / scale
    x0, y0 = max(0.0, (source[0] - wide) / 2), max(0.0, (source[1] - high) / 2)
    return scale, (x0, y0, min(x0 + wide, source[0]), min(y0 + high, source[1]))


def picture_notes(spec: Picture, plane: Plane, seed: int) -> tuple[str, ...]:
    """Return what the operator should know: that the picture is too small for this size."""
    path = chosen_file(spec, seed)
    source = read_picture(path).size
    scale, _ = _covering(source, plane)
    if scale <= _ENLARGED_MUCH:
        return ()
    wanted = f"{plane.width_px} x {plane.height_px}"
    return (f"{path} is too small, {source[0]} x {source[1]} px for {wanted}: it is used blurred.",)


def paint_picture(spec: Picture, plane: Plane, seed: int) -> np.ndarray:
    """Return (H, W, 3) float32 sRGB-coded of the operator's picture, cut to cover, blurred as asked or as it needs."""
    picture = read_picture(chosen_file(spec, seed)).convert("RGB")
    scale, box = _covering(picture.size, plane)
    size = (plane.width_px, plane.height_px)
    source_face_px = plane.face_px / scale
    blur = spec.blur
    if source_face_px < _ENOUGH_FACE_PX:
        blur = max(blur, _SMOOTHING_PX / source_face_px)
    work_px = size
    if blur * plane.face_px > 2:
        k = min(1.0, _BLUR_SIDE_PX / max(size))
        work_px = (max(1, round(size[0] * k)), max(1, round(size[1] * k)))
    fitted: np.ndarray = np.asarray(picture.resize(work_px, Image.Resampling.LANCZOS, box=box), np.float32) / 255
    disc_px = blur * plane.face_px * work_px[1] / size[1]
    if disc_px > 1:
        fitted = to_coded(disc_blur(to_linear(fitted).astype(np.float32), disc_px))
    if work_px != size:
        fitted = cv2.resize(fitted, size, interpolation=cv2.INTER_CUBIC)
    np.clip(fitted, 0, 1, out=fitted)
    return fitted
