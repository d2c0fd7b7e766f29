"""Painted canvas: clouds of tone laid in with broad brushes over a primed cloth, the middle kept lighter by hand."""

from __future__ import annotations

import math
from functools import lru_cache

import cv2
import numpy as np

from booth.looks.backdrop.backdrop_spec import CanvasBackdrop
from booth.looks.backdrop.lattice import fbm, hash01, key_of, noise, scatter
from booth.looks.backdrop.paper import pool, size_of, textured
from booth.looks.backdrop.plane import Plane
from booth.looks.backdrop.tone import enlarged, hex_linear, photographed
from booth.looks.bokeh import disc_blur

COLOURS = {
    "grey": ("#4b4c4c", "#8b8a86", "#a9a49b"),
    "brown": ("#3d2f26", "#77604d", "#9b846c"),
    "olive": ("#33352a", "#6c6b55", "#8f8a70"),
    "blue": ("#2a3440", "#5b6d7d", "#8494a0"),
    "burgundy": ("#2e1a1c", "#683e40", "#86605b"),
    "charcoal": ("#1d1d1e", "#424242", "#5a5855"),
    "sand": ("#7a6b58", "#b5a48c", "#cdbfa8"),
}  # underpaint, body, scumble
_WORK_FACE_PX = 150.0
_SOFT_FACES = 0.03  # the cloth hangs a metre and a half behind the sitter, at a studio's f/5.6
_LAYERS = ((0.42, 1.25, 0.42, 0.55), (0.27, 0.75, 0.24, 0.42), (0.2, 0.42, 0.13, 0.3))  # cell, length, width, cover
_N_BRUSHES = 12


@lru_cache(maxsize=1)
def _brushes() -> tuple[np.ndarray, ...]:
    """Return brush marks (64, 192) float32 0..1: soft ends, ragged sides, streaks of bristles along the stroke."""
    marks = []
    u = np.linspace(-1, 1, 192, dtype=np.float32)[None, :]
    v = np.linspace(-1, 1, 64, dtype=np.float32)[:, None]
    for k in range(_N_BRUSHES):
        rng = np.random.default_rng(9000 + k)
        bristles = cv2.GaussianBlur(rng.standard_normal((64, 192), np.float32), (0, 0), sigmaX=26, sigmaY=1.6)
        drag = cv2.GaussianBlur(rng.standard_normal((64, 192), np.float32), (0, 0), sigmaX=9, sigmaY=5)
        bow = 0.22 * math.sin(k * 2.4) * (u * u - 0.5)
        body = np.clip((1 - np.abs(v - bow) ** 1.6 * 1.15) * 1.7, 0, 1) * np.clip((1 - np.abs(u) ** 2.2) * 1.6, 0, 1)
        ragged = body + 0.16 * drag / drag.std() + 0.2 * bristles / bristles.std()
        marks.append(np.clip(ragged, 0, 1.15) * np.clip(body * 2.2, 0, 1))
    return tuple(marks)


def _stroke(
    tone: np.ndarray,
    plane: Plane,
    at: tuple[float, float],
    shape: tuple[float, float, float],
    mark: tuple[np.ndarray, float, float],
) -> None:
    """Lay a brush mark on the tone (H, W), in place.

    `shape` is length and width in faces and the angle; `mark` the brush, its tone and how well it covers.
    """
    length, width, angle = shape
    brush, level, cover = mark
    px, py = (float(v) for v in plane.px(*at))
    reach = math.ceil(0.5 * math.hypot(length, width) * plane.face_px) + 1
    x0, x1 = max(0, int(px) - reach), min(plane.width_px, int(px) + reach + 1)
    y0, y1 = max(0, int(py) - reach), min(plane.height_px, int(py) + reach + 1)
    if x0 >= x1 or y0 >= y1:
        return
    ux, uy = 192 / (length * plane.face_px), 64 / (width * plane.face_px)
    c, s = math.cos(angle), math.sin(angle)
    to_mark = np.array([
        [c * ux, s * ux, 96 + ux * (c * (x0 - px) + s * (y0 - py))],
        [-s * uy, c * uy, 32 + uy * (-s * (x0 - px) + c * (y0 - py))],
    ])  # fmt: skip
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    patch = cv2.warpAffine(brush, to_mark, (x1 - x0, y1 - y0), flags=how) * np.float32(cover)
    under = tone[y0:y1, x0:x1]
    under += patch * (np.float32(level) - under)


def _brushwork(plane: Plane, seed: int) -> np.ndarray:
    """Return (H, W) float32 tone, about -1..1: clouds, then three passes of ever smaller brushes that pick tones up."""
    clouds = 0.75 * fbm(plane, 1.5, key_of(seed, 3), 3, 0.6)
    tone = np.clip(clouds, -1.6, 1.6)
    lean = 0.9 * noise(plane, 2.2, key_of(seed, 4))
    for layer, (cell, length, width, cover) in enumerate(_LAYERS):
        x, y, ij = scatter(plane, cell, key_of(seed, 5, layer), margin=length)
        r = [hash01(ij[:, 0], ij[:, 1], key_of(seed, 6, layer, k)) for k in range(5)]
        px, py = plane.px(x, y)
        col = np.clip(px, 0, plane.width_px - 1).astype(int)
        row = np.clip(py, 0, plane.height_px - 1).astype(int)
        picked = clouds[row, col] * 0.85 + (r[0] - 0.5) * 1.5
        angle = lean[row, col] + (r[1] - 0.5) * 2.4 + math.pi / 2 * (r[4] > 0.6)
        # Cells are laid in a shuffled order, so that strokes overlap as a hand leaves them.
        for k in np.argsort(r[2], kind="stable"):
            shape = (length * (0.7 + 0.6 * r[3][k]), width * (0.75 + 0.5 * r[4][k]), float(angle[k]))
            brush = _brushes()[int(r[3][k] * 997) % _N_BRUSHES]
            _stroke(tone, plane, (float(x[k]), float(y[k])), shape, (brush, picked[k], cover * (0.5 + 0.5 * r[1][k])))
    return tone


def paint_canvas(spec: CanvasBackdrop, plane: Plane, seed: int) -> np.ndarray:
    """Return (H, W, 3) float32 sRGB-coded painted canvas."""
    work = plane.at(_WORK_FACE_PX, 720)
    tone = _brushwork(work, seed) + 0.12 * fbm(work, 0.1, key_of(seed, 7), 3, 0.7)
    tone = disc_blur(tone.astype(np.float32), _SOFT_FACES * work.face_px)
    tone = 0.5 + 0.42 * spec.mottle * tone
    under, body, scumble = (hex_linear(c) for c in COLOURS[spec.colour])
    low = np.clip(tone * 2, 0, 1)[..., None]
    high = np.clip(tone * 2 - 1, 0, 1.25)[..., None]
    paint = under + (body - under) * low + (scumble - body) * high
    # Pigments do not mix evenly: hue wanders slowly, apart from tone.
    hue = 0.05 * spec.mottle * fbm(work, 0.9, key_of(seed, 8), 3)[..., None]
    paint *= 1 + hue * np.array([1.0, -0.1, -1.1], np.float32)
    lit = paint * (pool(work, spec.falloff, spec.side) * 1.06)[..., None]
    rgb = enlarged(photographed(lit), size_of(plane))
    return textured(rgb, plane, 2.2, seed)
