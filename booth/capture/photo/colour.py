"""Any picture's pixels to 8-bit sRGB: embedded profiles, what cameras say instead of one, deep and printed colours."""

from __future__ import annotations

import io

import numpy as np
from PIL import ExifTags, Image, ImageCms

from booth.core.color import linear_to_srgb, srgb_to_linear

BAND_ROWS = 256  # floats of a whole picture would be four times its size
_SRGB_FROM_XYZ = np.array(
    [[3.2406255, -1.5372080, -0.4986286], [-0.9689307, 1.8757561, 0.0415175], [0.0557101, -0.2040211, 1.0569959]]
)  # IEC 61966-2-1
# Primaries as rows of XYZ for D65, and the decoding exponent; None is the curve of sRGB.
_ADOBE_RGB = np.array([[0.57667, 0.18556, 0.18823], [0.29734, 0.62736, 0.07529], [0.02703, 0.07069, 0.99134]])
_DISPLAY_P3 = np.array([[0.48657, 0.26567, 0.19822], [0.22897, 0.69174, 0.07929], [0.0, 0.04511, 1.04394]])
_BT2020 = np.array([[0.63696, 0.14462, 0.16888], [0.26270, 0.67800, 0.05930], [0.0, 0.02807, 1.06099]])
_ADOBE_EXPONENT = 563 / 256  # Adobe RGB (1998) Color Image Encoding, 4.3.1.2
_GAMMA_NEAR = 0.05  # a PNG's gamma within this of 1/2.2 is sRGB
_P3_CODE, _BT2020_CODE = 12, 9  # colour primaries of ITU-T H.273
_PQ_CODE, _HLG_CODE = 16, 18  # transfer characteristics of ITU-T H.273


def to_srgb(image: Image.Image, notes: list[str]) -> np.ndarray:
    """Return (H, W, 3) uint8 sRGB of a picture in any mode; `notes` gets a sentence about what is approximate."""
    profile = image.info.get("icc_profile")
    flat = eight_bit(image)
    if flat.mode in ("RGBA", "LA", "PA", "La", "RGBa"):
        flat = _over_white(flat, notes)
    if flat.mode == "LAB":
        return np.array(_from_lab(flat), np.uint8)
    if profile:
        return np.array(_converted(flat, profile, notes), np.uint8)
    if flat.mode == "CMYK":
        notes.append("CMYK without a profile: colours are approximate.")
    return _by_tags(np.array(flat.convert("RGB"), np.uint8), image, notes)


def eight_bit(image: Image.Image) -> Image.Image:
    """Return the picture with 8 bits a channel: grey of 16 or 32 bits is scaled, palettes become colours."""
    if image.mode in ("I;16", "I;16B", "I;16L", "I;16N", "I", "F"):
        return Image.fromarray(_scaled(np.asarray(image)))
    if image.mode == "P":
        return image.convert("RGBA" if "transparency" in image.info else "RGB")
    if image.mode in ("RGB", "L") and "transparency" in image.info:
        return image.convert("RGBA" if image.mode == "RGB" else "LA")
    return image.convert("L") if image.mode == "1" else image


def _scaled(values: np.ndarray) -> np.ndarray:
    finite = values[np.isfinite(values)] if values.dtype.kind == "f" else values
    most = float(finite.max(initial=0))
    top = 1.0 if values.dtype.kind == "f" and most <= 1.0 else 255.0 if most <= 255 else 65535.0
    out = np.empty(values.shape, np.uint8)
    for row in range(0, len(values), BAND_ROWS):
        band = np.nan_to_num(values[row : row + BAND_ROWS].astype(np.float32), posinf=top)
        out[row : row + BAND_ROWS] = np.clip(band * (255 / top) + 0.5, 0, 255)
    return out


def _over_white(image: Image.Image, notes: list[str]) -> Image.Image:
    rgba = image.convert("RGBA")
    if rgba.getchannel("A").getextrema()[0] == 255:
        return rgba.convert("RGB")
    notes.append("Transparent parts were laid over white.")
    white = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
    white.alpha_composite(rgba)
    return white.convert("RGB")


def _from_lab(image: Image.Image) -> Image.Image:
    turned = ImageCms.profileToProfile(
        image, ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB"), outputMode="RGB"
    )
    return turned if turned is not None else image.convert("RGB")


def _converted(image: Image.Image, profile: bytes, notes: list[str]) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        wanted = {"RGB": ("RGB",), "GRAY": ("L",), "CMYK": ("CMYK",)}.get(source.profile.xcolor_space.strip(), ())
        if wanted == ("RGB",) and image.mode == "L":
            image = image.convert("RGB")
        if image.mode in wanted:
            flags = ImageCms.Flags.BLACKPOINTCOMPENSATION
            target = ImageCms.createProfile("sRGB")
            turned = ImageCms.profileToProfile(image, source, target, outputMode="RGB", flags=flags)
            return turned if turned is not None else image.convert("RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        pass
    notes.append("Its colour profile cannot be used; read as sRGB.")
    return image.convert("RGB")


def _by_tags(rgb: np.ndarray, image: Image.Image, notes: list[str]) -> np.ndarray:
    """Colours of a picture without a profile whose file says in another way what they are."""
    nclx = image.info.get("nclx_profile") or {}
    if nclx.get("transfer_characteristics") in (_PQ_CODE, _HLG_CODE):
        notes.append("It is a high dynamic range picture: its light is approximate.")
        return rgb
    primaries = nclx.get("color_primaries")
    if primaries in (_P3_CODE, _BT2020_CODE):
        return _recoded(rgb, _DISPLAY_P3 if primaries == _P3_CODE else _BT2020, None)
    if _says_adobe_rgb(image):
        return _recoded(rgb, _ADOBE_RGB, _ADOBE_EXPONENT)
    gamma = image.info.get("gamma")
    if isinstance(gamma, float) and "srgb" not in image.info and 0.1 < gamma < 3 and abs(gamma - 1 / 2.2) > _GAMMA_NEAR:
        linear = (np.arange(256) / 255) ** (1 / gamma)
        return _coded(linear)[rgb]
    return rgb


def _says_adobe_rgb(image: Image.Image) -> bool:
    """True where the camera set the interoperability index R03, DCF's word for Adobe RGB."""
    try:
        exif = image.getexif()
        index = exif.get_ifd(ExifTags.IFD.Interop).get(1) or exif.get_ifd(ExifTags.IFD.Exif).get(1)
    except (OSError, ValueError, SyntaxError, KeyError, TypeError, AttributeError):
        return False
    return isinstance(index, str | bytes) and str(index).strip("b'\0 ").startswith("R03")


def _recoded(rgb: np.ndarray, primaries: np.ndarray, exponent: float | None) -> np.ndarray:
    codes = np.arange(256) / 255
    linear = (srgb_to_linear(codes) if exponent is None else codes**exponent).astype(np.float32)
    turn = (_SRGB_FROM_XYZ @ primaries).astype(np.float32)
    out = np.empty_like(rgb)
    for row in range(0, rgb.shape[0], BAND_ROWS):
        out[row : row + BAND_ROWS] = _coded(linear[rgb[row : row + BAND_ROWS]] @ turn.T)
    return out


def _coded(linear: np.ndarray) -> np.ndarray:
    """Linear light 0..1 to the 8-bit codes of sRGB."""
    return (linear_to_srgb(np.clip(linear, 0, 1)) * 255 + 0.5).astype(np.uint8)
