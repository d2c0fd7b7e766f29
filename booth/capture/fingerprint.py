"""What is remembered of a frame to decide whether the camera still sees: a number, not a picture."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np

from booth.capture.damage_detector import RowFacts, row_facts
from booth.capture.jpeg import Jpeg
from booth.core.types import Frame

ROWS = 30  # whole rows spread over the frame; they lie in one piece each, which is what makes this cheap
LEVEL_STEP_PX = 8
BRIGHT_SHARE = 0.998  # of the samples lie below the level returned: a hot pixel or two is no light


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Of one frame: equal sums mean that not even the camera's noise has changed."""

    total: int  # checksum of the sampled pixels
    level: int | None  # 0..255 that nearly all sampled values lie below; None where the pixels weren't decoded
    size: tuple[int, int]  # width, height
    rows: RowFacts | None = None  # what tells a damaged picture; None is not judged


def fingerprint(rgb: np.ndarray) -> Fingerprint:
    """Return the fingerprint of an (H, W, 3) uint8 picture; about a tenth of a millisecond at any size."""
    height, width = rgb.shape[:2]
    first, step = height // (2 * ROWS), max(1, height // ROWS)
    total, peaks = 0, []
    for y in range(first, height, step):
        row = np.ascontiguousarray(rgb[y])
        total = zlib.crc32(row.data, total)
        peaks.append(row[::LEVEL_STEP_PX].reshape(-1))
    samples = np.concatenate(peaks)
    at = min(len(samples) - 1, int(len(samples) * BRIGHT_SHARE))
    return Fingerprint(total, int(np.partition(samples, at)[at]), (width, height), row_facts(rgb))


def frame_fingerprint(frame: Frame, coded: Jpeg | None = None) -> Fingerprint:
    """Return the fingerprint of a Frame: of the camera's own bytes where it gave some.

    Reducing a picture averages away the noise that distinguishes two exposures.
    """
    if coded is None:
        return fingerprint(frame.rgb)
    small = fingerprint(frame.small)
    return Fingerprint(zlib.crc32(coded.scan.data), small.level, frame.size, small.rows)


def coded_fingerprint(coded: Jpeg, turn_deg: int) -> Fingerprint:
    """Return the fingerprint of a picture that is not decoded, and will be turned by so much."""
    return Fingerprint(zlib.crc32(coded.scan.data), None, coded.turned(turn_deg).size)
