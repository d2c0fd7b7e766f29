"""The colour profile a portrait carries, written byte for byte the same every time. Matrix profiles, ICC v4."""

from __future__ import annotations

import struct

import numpy as np

from booth.core.color import (
    SRGB8_TO_LINEAR,
    SRGB_CODED_KNEE,
    SRGB_OFFSET,
    SRGB_POWER,
    SRGB_SCALE,
    SRGB_SLOPE,
    linear_to_srgb,
)

# Colorants as XYZ adapted to D50 (Bradford); rows are red, green, blue. From the primaries of IEC 61966-2-1 and of
# SMPTE EG 432-1 with a D65 white.
_COLORANTS = {
    "srgb": ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410)),
    "display-p3": ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407)),
}
_NAMES = {"srgb": "sRGB", "display-p3": "Display P3"}
_D50 = (0.96420, 1.0, 0.82491)
_D65_TO_D50 = (1.04788, 0.02292, -0.05020, 0.02959, 0.99048, -0.01706, -0.00924, 0.01508, 0.75168)
# The sRGB curve, as parametric type 3.
_CURVE = (SRGB_POWER, 1 / SRGB_SCALE, SRGB_OFFSET / SRGB_SCALE, 1 / SRGB_SLOPE, SRGB_CODED_KNEE)


def profile_of(colour: str) -> bytes:
    """Return the ICC profile `srgb` or `display-p3`; KeyError for another name."""
    red, green, blue = _COLORANTS[colour]
    curve = b"para" + struct.pack(">IHH", 0, 3, 0) + _fixed(*_CURVE)
    tags = [
        (b"desc", _text(_NAMES[colour])),
        (b"cprt", _text("Free to use")),
        (b"wtpt", b"XYZ " + bytes(4) + _fixed(*_D50)),
        (b"chad", b"sf32" + bytes(4) + _fixed(*_D65_TO_D50)),
        (b"rXYZ", b"XYZ " + bytes(4) + _fixed(*red)),
        (b"gXYZ", b"XYZ " + bytes(4) + _fixed(*green)),
        (b"bXYZ", b"XYZ " + bytes(4) + _fixed(*blue)),
        (b"rTRC", curve),
        (b"gTRC", curve),
        (b"bTRC", curve),
    ]
    return _assemble(tags)


def to_display_p3(rgb: np.ndarray) -> np.ndarray:
    """Recode an (H, W, 3) uint8 sRGB picture for Display P3: the same colours, other numbers."""
    srgb, wide = (np.array(_COLORANTS[name]).T for name in ("srgb", "display-p3"))
    turn = (np.linalg.inv(wide) @ srgb).astype(np.float32)
    out = np.empty_like(rgb)
    for top in range(0, rgb.shape[0], 256):  # in bands: 24 megapixels as floats are 288 MB
        mixed = np.clip(SRGB8_TO_LINEAR[rgb[top : top + 256]] @ turn.T, 0, 1)
        out[top : top + 256] = linear_to_srgb(mixed) * 255 + 0.5
    return out


def _fixed(*values: float) -> bytes:
    return struct.pack(f">{len(values)}i", *(round(v * 65536) for v in values))


def _text(words: str) -> bytes:
    coded = words.encode("utf-16-be")
    return b"mluc" + struct.pack(">III", 0, 1, 12) + b"enUS" + struct.pack(">II", len(coded), 28) + coded


def _assemble(tags: list[tuple[bytes, bytes]]) -> bytes:
    offset = 128 + 4 + 12 * len(tags)
    table, body, seen = b"", b"", {}
    for name, content in tags:
        if content not in seen:
            seen[content] = offset + len(body)
            body += content + bytes(-len(content) % 4)
        table += name + struct.pack(">II", seen[content], len(content))
    total = offset + len(body)
    header = struct.pack(">I4sI4s4s4s", total, bytes(4), 0x04000000, b"mntr", b"RGB ", b"XYZ ")
    header += struct.pack(">6H4s", 2024, 1, 1, 0, 0, 0, b"acsp") + bytes(28) + _fixed(*_D50) + bytes(48)
    return header + struct.pack(">I", len(tags)) + table + body
