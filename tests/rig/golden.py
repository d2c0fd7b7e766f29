"""Pictures against their kept ones: mean and maximum limits, and a sheet to look at for whatever differs or is renewed.

`make golden-update` writes the kept pictures anew and leaves old, new and difference of each that changed side by side
in build/golden-update; a test that fails leaves the same in build/golden.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

BUILD = Path(__file__).resolve().parents[2] / "build"
AMPLIFIED = 4  # times, in the sheet


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a picture may be from its kept one, in levels of 255."""

    mean: float
    most: float  # anywhere, where both are smoothed over `smooth_px`
    smooth_px: int = 1
    quality: int = 100  # of the kept WebP; 100 is without loss


def is_as_kept(kept: Path, actual: np.ndarray, limits: Limits) -> bool:
    """Compare an (H, W, 3) uint8 picture with the kept one, or keep it where BOOTH_GOLDEN_UPDATE is set."""
    if os.environ.get("BOOTH_GOLDEN_UPDATE"):
        _keep(kept, actual, limits)
    expected, actual = _read(kept.read_bytes()), _read(_coded(actual, limits))  # the coding's loss is no difference
    if expected.shape == actual.shape:
        mean, most = differences(expected, actual, limits.smooth_px)
        if mean <= limits.mean and most <= limits.most:
            return True
    _sheet(BUILD / "golden" / f"{kept.stem}.png", expected, actual)
    return False


def differences(one: np.ndarray, other: np.ndarray, smooth_px: int) -> tuple[float, float]:
    """Mean difference of two pictures of one shape, and the most where both are smoothed; 0..255."""
    smooth = [cv2.blur(picture.astype(np.float32), (smooth_px, smooth_px)) for picture in (one, other)]
    return float(np.abs(one.astype(int) - other).mean()), float(np.abs(smooth[0] - smooth[1]).max())


def _keep(kept: Path, actual: np.ndarray, limits: Limits) -> None:
    content = _coded(actual, limits)
    if kept.exists():
        old, new = _read(kept.read_bytes()), _read(content)
        if old.shape == new.shape and differences(old, new, limits.smooth_px) == (0.0, 0.0):
            return
        _sheet(BUILD / "golden-update" / f"{kept.stem}.png", old, new)
    kept.parent.mkdir(exist_ok=True)
    kept.write_bytes(content)


def _coded(picture: np.ndarray, limits: Limits) -> bytes:
    file = BytesIO()
    is_lossless = limits.quality == 100
    Image.fromarray(picture).save(file, "WEBP", quality=80 if is_lossless else limits.quality, lossless=is_lossless)
    return file.getvalue()


def _read(content: bytes) -> np.ndarray:
    with Image.open(BytesIO(content)) as opened:
        return np.asarray(opened.convert("RGB"))


def _sheet(path: Path, old: np.ndarray, new: np.ndarray) -> None:
    """Write old, new and their amplified difference side by side."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fitted = old if old.shape == new.shape else cv2.resize(old, new.shape[1::-1])
    difference = np.clip(np.abs(new.astype(int) - fitted) * AMPLIFIED, 0, 255).astype(np.uint8)
    Image.fromarray(np.hstack([fitted, new, difference])).save(path)
