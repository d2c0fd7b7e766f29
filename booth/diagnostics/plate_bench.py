"""Measures what a photograph of the empty place adds to the matte, and what a wrong one costs.

The same composites as the matte's bench; their empty scene is the plate, once as it is and once each with what happens
to a room between two pictures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np

from booth.core.types import Face
from booth.perception.face_tracker import FaceTracker
from booth.perception.segmenter import PersonSegmenter
from booth.perception.still_matte import StillSegmenters, still_matte

GAIN, SHIFT_PX = 1.06, (1.5, -1.0)  # of another exposure, on a tripod that gives
SHADOW = 0.3  # share of the light that a sitter's shadow takes
SHADOW_AT, SHADOW_FRAC = 0.35, 0.15  # where it falls across the width, and how wide it is

Composite = tuple[np.ndarray, np.ndarray, np.ndarray]
"""A picture (H, W, 3) uint8, its true alpha (H, W) float32, and the empty place (H, W, 3) uint8."""


def variants(plate: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the plate as it is, and as rooms change: another exposure, a cast shadow, a moved chair."""
    height, width = plate.shape[:2]
    yield "plate", plate
    move = np.array([[1, 0, SHIFT_PX[0]], [0, 1, SHIFT_PX[1]]], np.float32)
    brighter = cv2.convertScaleAbs(plate, alpha=GAIN)
    yield "plate_moved", cv2.warpAffine(brighter, move, (width, height), borderMode=cv2.BORDER_REPLICATE)
    across = np.linspace(0, 1, width)[None, :, None]
    light = 1 - SHADOW * np.exp(-(((across - SHADOW_AT) / SHADOW_FRAC) ** 2))
    yield "plate_shadow", np.clip(plate / light, 0, 255).astype(np.uint8)
    chair = plate.copy()
    side = width // 5
    chair[height // 2 :, width // 8 : width // 8 + side] = plate[height // 2 :, width // 2 : width // 2 + side]
    yield "plate_chair", chair


class _Once:
    """A network that answers a picture it has seen before from memory: only the plate differs between the variants."""

    def __init__(self, network: Callable[[np.ndarray], np.ndarray]) -> None:
        self._network, self.known = network, dict[bytes, np.ndarray]()

    def __call__(self, rgb: np.ndarray) -> np.ndarray:
        key = np.ascontiguousarray(rgb).tobytes()
        if key not in self.known:
            self.known[key] = self._network(rgb)
        return self.known[key]


def plate_truth(
    composites: Iterator[Composite], errors: Callable[[np.ndarray, np.ndarray], tuple[float, float]]
) -> dict[str, list[tuple[float, float]]]:
    """Return the (band, overall) errors of every composite: raw, without a plate, and with each of its variants."""
    rows: dict[str, list[tuple[float, float]]] = {}
    segmenter = PersonSegmenter()
    with FaceTracker(video=False) as tracker, StillSegmenters() as networks:
        for rgb, alpha, empty in composites:
            person, parts = _Once(networks.person), _Once(networks.parts)
            faces = tracker.find(rgb)
            once = _Networks(person, parts)
            rows.setdefault("raw", []).append(errors(cv2.resize(segmenter(rgb), rgb.shape[1::-1]), alpha))
            for name, plate in (("still", None), *variants(empty)):
                matte = _matte(rgb, faces[0] if faces else None, once, plate)
                rows.setdefault(name, []).append(errors(matte, alpha))
    segmenter.close()
    return rows


class _Networks:
    """What `still_matte` asks of its segmenters."""

    own = None

    def __init__(self, person: _Once, parts: _Once) -> None:
        self.person, self.parts = person, parts


def _matte(rgb: np.ndarray, face: Face | None, networks: _Networks, plate: np.ndarray | None) -> np.ndarray:
    return still_matte(rgb, face, networks, plate=plate).alpha  # type: ignore[arg-type]


def by_halves(rows: dict[str, list[tuple[float, float]]], n_people: int, n_scenes: int) -> dict[str, dict[str, float]]:
    """Return mean errors as shares of the raw segmenter's: of all composites and of either half of the people."""
    half = np.repeat(np.arange(n_people) % 2, n_scenes)
    raw, facts = np.array(rows["raw"]), dict[str, dict[str, float]]()
    for name, values in rows.items():
        errors, facts[name] = np.array(values), {}
        for whose, mask in (("all", half >= 0), ("half0", half == 0), ("half1", half == 1)):
            band, overall = errors[mask].mean(0) / raw[mask].mean(0)
            facts[name] |= {f"{whose}_band": round(float(band), 3), f"{whose}_overall": round(float(overall), 3)}
    return facts
