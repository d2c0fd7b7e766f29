"""The grade of a look: tone, colour and vignette as one table, one matrix and one falloff, the same at any size."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from msgspec import Meta, Struct

from booth.core.color import REC709_LUMA, linear_to_srgb, srgb_to_linear

TABLE_SIZE = 1024


class Grade(Struct, frozen=True, forbid_unknown_fields=True):
    """Tone and colour of the whole picture; zeros and ones leave it alone."""

    contrast: Annotated[float, Meta(ge=-0.5, le=0.5)] = 0.0  # slope at mid-grey, as an S curve that keeps both ends
    exposure_stops: Annotated[float, Meta(ge=-1, le=1)] = 0.0
    saturation: Annotated[float, Meta(ge=0, le=1.5)] = 1.0  # 0 is black and white
    warmth: Annotated[float, Meta(ge=-0.2, le=0.2)] = 0.0  # red up and blue down by this share
    black: Annotated[float, Meta(ge=0, le=0.2)] = 0.0  # lifted blacks, as on matt paper
    white: Annotated[float, Meta(ge=0.8, le=1)] = 1.0
    shadow_tint: tuple[float, float, float] = (0.0, 0.0, 0.0)  # added where it is dark, -.1..+.1 a channel
    highlight_tint: tuple[float, float, float] = (0.0, 0.0, 0.0)
    mono_mix: tuple[float, float, float] | None = None  # channel weights of a black and white picture, like a filter
    vignette: Annotated[float, Meta(ge=0, le=0.6)] = 0.0  # share of light lost in the far corner of the frame

    @property
    def is_plain(self) -> bool:
        """True when the grade changes nothing."""
        return self == Grade()


def tone_table(grade: Grade) -> np.ndarray:
    """Return the per-channel tone curves: (1024, 3) float32, sRGB-coded 0..1 in and out, rising."""
    x = np.linspace(0, 1, TABLE_SIZE, dtype=np.float64)
    linear = srgb_to_linear(x) * 2.0**grade.exposure_stops
    shoulder = np.where(linear > 0.8, 0.8 + 0.2 * (1 - np.exp(-(linear - 0.8) / 0.2)), linear)
    exposed = linear if grade.exposure_stops <= 0 else shoulder
    coded = linear_to_srgb(exposed)
    curve = coded + grade.contrast * _s_curve(coded)
    table = np.empty((TABLE_SIZE, 3), np.float64)
    for channel, gain in enumerate((1 + grade.warmth, 1.0, 1 - grade.warmth)):
        # Both ends stay where they are, so that warmth tints the middle and never the white of a shirt at the top.
        warmed = curve ** (1 / gain)
        tinted = (
            warmed
            + grade.shadow_tint[channel] * (1 - x) ** 2 * x * 4
            + grade.highlight_tint[channel] * x**2 * (1 - x) * 4
        )
        table[:, channel] = grade.black + (grade.white - grade.black) * tinted
    return np.maximum.accumulate(np.clip(table, 0, 1), axis=0).astype(np.float32)


def _s_curve(x: np.ndarray) -> np.ndarray:
    """A bend that is zero at both ends and at mid-grey, with slope one there."""
    return (x - 0.5) * 4 * x * (1 - x)


def colour_matrix(grade: Grade) -> np.ndarray:
    """Return the (3, 3) float32 matrix that sets saturation, applied to sRGB-coded values before the tone table."""
    weights = np.array(grade.mono_mix, np.float32) if grade.mono_mix is not None else REC709_LUMA
    weights = weights / weights.sum()
    saturation = 0.0 if grade.mono_mix is not None else grade.saturation
    grey = np.tile(weights, (3, 1))
    return (grey + saturation * (np.eye(3, dtype=np.float32) - grey)).astype(np.float32)
