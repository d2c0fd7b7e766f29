"""Lint: single specks and bits of thread on clothes. A pattern is many of a kind, so what has its like nearby stays."""

from __future__ import annotations

import cv2
import numpy as np

from booth.core.types import Face
from booth.still.record import StageEntry
from booth.still.retouch.heal import eager, heal, lay_on
from booth.still.retouch.regions import grown

CLOTHES = 4  # in a Canvas's parsing
LINT_FACE_PX = 760  # height of the face on the copy that lint is sought on
AROUND_FACES = 0.028  # a speck is what differs from the middle of so much cloth
EDGE_FACES = 0.02  # so near to where the clothes end nothing is sought: collars and hems are there
STANDS_OUT = 7.0  # dE from which it differs at all
ABOVE_TEXTURE = 5.0  # and how many times the cloth's own unrest
SPECK_FACES = (0.002, 0.014)  # diameter; a shirt button is .05
THREAD_FACES, THREAD_THICK_FACES = 0.06, 0.005
KIN_FACES, MAX_KIN = 0.22, 4  # more of its like within this reach are a pattern
MAX_ALL = 25  # and so many on one sitter are the cloth's own
CALM_FACES, CALM = 0.03, 0.5  # around it nothing may differ by more than this share of what it does itself


def remove_lint(rgb: np.ndarray, face: Face, parsing: np.ndarray | None, strength: float) -> StageEntry | None:
    """Take lint off an (H, W, 3) float32 0..1 sRGB picture in place; the entry for its record, None without lint."""
    if parsing is None or not (parsing == CLOTHES).any():
        return None
    found = _cloth(rgb.shape[:2], face, parsing)
    if found is None:
        return None
    (x0, y0, x1, y1), unit = found
    patch = rgb[y0:y1, x0:x1]
    size = max(1, round((x1 - x0) * unit[1])), max(1, round((y1 - y0) * unit[1]))
    copy = cv2.resize(patch, size, interpolation=cv2.INTER_AREA)
    cloth = _mask(parsing, rgb.shape[:2], (x0, y0, x1, y1), size)
    specks = _specks(copy, cloth, unit[0])
    healed = [h for core, at, thick in specks if (h := heal(copy, core, at, thick)) is not None]
    if not healed:
        return None
    scale = patch.shape[1] / size[0], patch.shape[0] / size[1]
    for one in healed:
        lay_on(patch, one, eager(strength), scale)
    changed = sum(int((np.abs(one.change).max(2) > 0.01).sum()) for one in healed)
    amounts = {
        "strength": round(strength, 3),
        "count": float(len(healed)),
        "clothes_share": round(changed / max(int(cloth.sum()), 1), 5),
    }
    return StageEntry("retouch.lint", "Lint was taken off the clothes", amounts)


def _cloth(
    shape: tuple[int, ...], face: Face, parsing: np.ndarray
) -> tuple[tuple[int, int, int, int], tuple[float, float]] | None:
    """The clothes' box in the picture, the face's height on the copy and the copy's scale."""
    height, width = shape[:2]
    face_h_px = float(np.ptp(face.points_px(width, height)[:, 1]))
    scale = min(1.0, LINT_FACE_PX / max(face_h_px, 1.0))
    rows, columns = (np.flatnonzero((parsing == CLOTHES).any(axis)) for axis in (1, 0))
    fy, fx = height / parsing.shape[0], width / parsing.shape[1]
    box = (int(columns[0] * fx), int(rows[0] * fy), int((columns[-1] + 1) * fx), int((rows[-1] + 1) * fy))
    if min(box[2] - box[0], box[3] - box[1]) * scale < 16 or face_h_px < 150:
        return None
    return box, (face_h_px * scale, scale)


def _mask(
    parsing: np.ndarray, shape: tuple[int, ...], box: tuple[int, int, int, int], size: tuple[int, int]
) -> np.ndarray:
    """Where the copy shows clothes."""
    fx, fy = parsing.shape[1] / shape[1], parsing.shape[0] / shape[0]
    fit = np.array([[size[0] / (box[2] - box[0]) / fx, 0, 0], [0, size[1] / (box[3] - box[1]) / fy, 0]], np.float32)
    fit[:, 2] = -box[0] * fx * fit[0, 0], -box[1] * fy * fit[1, 1]
    is_cloth = (parsing == CLOTHES).astype(np.float32)
    return (cv2.warpAffine(is_cloth, fit, size, borderMode=cv2.BORDER_REPLICATE) > 0.5).astype(np.uint8)


def _specks(copy: np.ndarray, cloth: np.ndarray, unit: float) -> list[tuple[np.ndarray, tuple[int, int], float]]:
    """Every lone speck or thread: its shape, the corner of its box, its thickness."""
    differs, limit = _unrest(copy, cloth, unit)
    inside = grown(cloth, -EDGE_FACES * unit)
    seen = ((differs > limit) & (cloth > 0)).astype(np.uint8)
    count, labels, stats, centres = cv2.connectedComponentsWithStats(seen, connectivity=8)
    area = stats[:, cv2.CC_STAT_AREA]
    kin_of = centres[1:][area[1:] >= 3]
    specks = []
    for index in range(1, count):
        x, y, w, h = (int(v) for v in stats[index, :4])
        if max(w, h) > THREAD_FACES * unit or area[index] < 3:
            continue
        core = labels[y : y + h, x : x + w] == index
        thick = _thickness(core, unit)
        if thick is None or not inside[y : y + h, x : x + w][core].all():
            continue
        near = np.hypot(*(kin_of - centres[index]).T) < KIN_FACES * unit
        if int(near.sum()) - 1 <= MAX_KIN and _is_lone(differs, core, (x, y), (unit, thick)):
            specks.append((core, (x, y), thick))
    return specks if len(specks) <= MAX_ALL else []


def _unrest(copy: np.ndarray, cloth: np.ndarray, unit: float) -> tuple[np.ndarray, np.ndarray]:
    """How far each pixel differs from the cloth around it in dE, and from where on that is more than texture."""
    lab = cv2.cvtColor(cv2.convertScaleAbs(copy, alpha=255), cv2.COLOR_RGB2Lab)
    size = 2 * round(AROUND_FACES * unit / 2) + 1
    light, red, yellow = (c.astype(np.float32) for c in cv2.split(cv2.absdiff(lab, cv2.medianBlur(lab, size))))
    differs = cv2.magnitude(cv2.magnitude(light / 2.55, red), yellow)
    shown = cloth.astype(np.float32)
    reach = (2 * round(0.08 * unit) + 1,) * 2
    calm = np.minimum(differs, STANDS_OUT) * shown
    own = cv2.blur(calm, reach) / np.maximum(cv2.blur(shown, reach), 0.05)
    return differs, np.maximum(STANDS_OUT, ABOVE_TEXTURE * own)


def _thickness(core: np.ndarray, unit: float) -> float | None:
    """How thick a speck or thread of the right size is; None for anything else."""
    area = float(core.sum())
    (_, sides, _) = cv2.minAreaRect(np.argwhere(core).astype(np.float32))
    long, short = max(sides) + 1, min(sides) + 1
    if long <= SPECK_FACES[1] * unit:
        return short if 2 * np.sqrt(area / np.pi) >= SPECK_FACES[0] * unit else None
    thick = area / long
    return thick if thick <= THREAD_THICK_FACES * unit and long > 3 * thick else None


def _is_lone(differs: np.ndarray, core: np.ndarray, at: tuple[int, int], lengths: tuple[float, float]) -> bool:
    """Whether the cloth around it is calm: beside a seam, a button or a letter, or in a soft dent, it is not."""
    unit, thick = lengths
    near, far = round(0.35 * thick) + 1, round(CALM_FACES * unit)
    (x, y), (h, w) = at, core.shape
    top, left = max(y - far, 0), max(x - far, 0)
    part = differs[top : y + h + far, left : x + w + far]
    own = np.zeros(part.shape, np.uint8)
    own[y - top : y - top + h, x - left : x - left + w] = core
    ring = cv2.dilate(own, np.ones((2 * near + 1, 2 * near + 1), np.uint8)) == 0
    return bool(np.percentile(part[ring], 99) < CALM * float(np.percentile(part[own > 0], 75)))
