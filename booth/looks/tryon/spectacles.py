"""Spectacles as 3D geometry on the tracked head: they sit on nose and ears, turn with it, and are hidden by it.

Built anew in every frame from the mesh's own points in space, so that they can neither lag nor jump.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from booth.core.landmarks import (
    CHIN,
    FOREHEAD_TOP,
    INNER_EYE_CORNERS,
    LEFT_EAR,
    LEFT_EYE_SURROUND,
    NOSE,
    NOSE_BRIDGE,
    NOSE_RIDGE,
    RIGHT_EAR,
    RIGHT_EYE_SURROUND,
)
from booth.core.types import Face

PROFILE_DEG, FADE_DEG = 42.0, 34.0  # beyond, one lens hides behind the nose and no frame looks right
POINTS = 48
SHIFT = 4  # sub-pixel bits of cv2's drawing
LENS_FORWARD = 0.0  # of the eye distance, before the mean of the nose's root: the arc of the bridge then rests on it
DROP = 0.06  # of the eye distance, from eyes and nose root down to the lenses' middle


@dataclass(frozen=True, slots=True)
class SpectacleFrame:
    """A pair of spectacles; lengths in distances between the eyes (about 63 mm)."""

    width: float
    height: float
    power: float  # 2 is an ellipse, more is squarer
    rim: float  # thickness
    colour: tuple[int, int, int]  # sRGB
    tint: tuple[int, int, int] = (235, 240, 245)
    tint_alpha: float = 0.05


FRAMES: Mapping[str, SpectacleFrame] = {
    "round": SpectacleFrame(0.74, 0.68, 2.0, 0.030, (40, 36, 34)),
    "square": SpectacleFrame(0.80, 0.56, 3.6, 0.034, (30, 32, 38)),
    "bold": SpectacleFrame(0.84, 0.62, 3.0, 0.062, (24, 20, 20)),
    "tinted": SpectacleFrame(0.82, 0.62, 2.6, 0.036, (60, 44, 30), (70, 52, 40), 0.55),
}


@dataclass(frozen=True, slots=True, eq=False)
class PlacedSpectacles:
    """Spectacles in the picture's own space: x, y in pixels, z in pixels (nearer is smaller)."""

    rims: tuple[np.ndarray, np.ndarray]  # (n, 3): image left, image right
    bridge: np.ndarray  # (n, 3)
    temples: tuple[np.ndarray, np.ndarray]  # (n, 3) from hinge to ear
    seat: np.ndarray  # (3,) where they rest on the nose
    eye_px: float  # between the eyes, as if seen from the front
    forward: np.ndarray  # (3,) unit, out of the face


def place(face: Face, frame: SpectacleFrame, size: tuple[int, int]) -> PlacedSpectacles | None:
    """Set spectacles on a face in a picture of size (W, H); None on a profile, where they cannot be shown rightly."""
    if abs(face.pose.yaw_deg) > PROFILE_DEG:
        return None
    points = face.landmarks.astype(np.float64) * (size[0], size[1], size[0])
    right, left = points[list(RIGHT_EYE_SURROUND)].mean(0), points[list(LEFT_EYE_SURROUND)].mean(0)
    across = _unit(left - right)
    down = points[CHIN] - points[FOREHEAD_TOP]
    down = _unit(down - across * (down @ across))
    forward = _unit(np.cross(down, across))
    forward = forward if forward[2] < 0 else -forward
    apart = float(np.linalg.norm(left - right))
    seat = points[list(NOSE_BRIDGE)].mean(0)
    plane = float(seat @ forward) + LENS_FORWARD * apart
    # Eyes and nose root together: the far eye of a turned head alone strays by 3 % of the eye distance.
    middle = points[[*RIGHT_EYE_SURROUND, *LEFT_EYE_SURROUND, *NOSE_BRIDGE]].mean(0)
    middle = middle + forward * (plane - float(middle @ forward)) + DROP * apart * down
    rims = [_rim(middle + side * across * apart / 2, across * apart, down * apart, frame) for side in (-1, 1)]
    ears = points[RIGHT_EAR], points[LEFT_EAR]
    temples = tuple(
        _temple(rim, ear, side * across, down, apart) for rim, ear, side in zip(rims, ears, (-1, 1), strict=True)
    )
    return PlacedSpectacles((rims[0], rims[1]), _bridge(rims, down * apart, forward * apart), (temples[0], temples[1]),
                  seat, apart, forward)  # fmt: skip


def _rim(centre: np.ndarray, across: np.ndarray, down: np.ndarray, frame: SpectacleFrame) -> np.ndarray:
    turn = np.linspace(0, 2 * np.pi, POINTS, endpoint=False)
    x = np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** (2 / frame.power) * frame.width / 2
    y = np.sign(np.sin(turn)) * np.abs(np.sin(turn)) ** (2 / frame.power) * frame.height / 2
    return centre + x[:, None] * across + y[:, None] * down


def _bridge(rims: list[np.ndarray], down: np.ndarray, forward: np.ndarray) -> np.ndarray:
    """An arc from rim to rim over the nose."""
    share = np.linspace(0, 1, 12)[:, None]
    start = rims[0][0] - 0.10 * down
    end = rims[1][POINTS // 2] - 0.10 * down
    arc = np.sin(np.pi * share)
    return start * (1 - share) + end * share - 0.05 * arc * down + 0.03 * arc * forward


def _temple(rim: np.ndarray, ear: np.ndarray, outward: np.ndarray, down: np.ndarray, apart: float) -> np.ndarray:
    """A straight arm from the rim's outer edge to the ear."""
    hinge = rim[int(np.argmax(rim @ outward))] - 0.12 * apart * down
    share = np.linspace(0, 1, 16)[:, None]
    return hinge * (1 - share) + (ear - 0.03 * apart * down) * share


def draw(rgb: np.ndarray, face: Face, frame: SpectacleFrame) -> np.ndarray:
    """Return (H, W, 3) uint8 with spectacles on; the picture itself on a profile."""
    size = rgb.shape[1], rgb.shape[0]
    placed = place(face, frame, size)
    if placed is None:
        return rgb
    box = _box(placed, size)
    if box is None:
        return rgb
    (x0, y0, x1, y1), out = box, rgb.copy()
    part = out[y0:y1, x0:x1]
    hidden = _nose(face, size, (x0, y0, x1, y1))
    fade = np.clip((PROFILE_DEG - abs(face.pose.yaw_deg)) / (PROFILE_DEG - FADE_DEG), 0, 1)
    _glass(part, placed, frame, (x0, y0), hidden, float(fade))
    _wires(part, placed, frame, (x0, y0), (face, hidden), float(fade))
    return out


def _box(placed: PlacedSpectacles, size: tuple[int, int]) -> tuple[int, int, int, int] | None:
    every = np.concatenate([*placed.rims, placed.bridge, *placed.temples])
    pad = 0.12 * placed.eye_px
    x0, y0 = np.maximum(0, np.floor(every[:, :2].min(0) - pad)).astype(int)
    x1, y1 = np.minimum(size, np.ceil(every[:, :2].max(0) + pad)).astype(int)
    return (int(x0), int(y0), int(x1), int(y1)) if x1 - x0 > 4 and y1 - y0 > 4 else None


def _nose(face: Face, size: tuple[int, int], box: tuple[int, int, int, int]) -> np.ndarray:
    """Where the ridge of a turned nose stands before the far lens: (h, w) float32 0..1 of the box."""
    x0, y0, x1, y1 = box
    mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
    yaw = face.pose.yaw_deg
    if abs(yaw) > 4:
        points = face.points_px(*size)
        ridge = points[list(NOSE_RIDGE)]
        inner = points[INNER_EYE_CORNERS[0 if yaw < 0 else 1]]
        near = ridge + 0.15 * (points[list(NOSE)].mean(0) - inner) * [[1, 0]]
        shape = np.concatenate([ridge, near[::-1]])
        cv2.fillPoly(mask, [np.round((shape - (x0, y0)) * 2**SHIFT).astype(np.int32)], 255, cv2.LINE_AA, SHIFT)
    return mask.astype(np.float32) / 255


def _laid(part: np.ndarray, colour: np.ndarray | tuple[int, int, int], share: np.ndarray) -> None:
    mixed = part + (np.asarray(colour, np.float32) - part) * share[..., None]
    np.copyto(part, np.clip(mixed + 0.5, 0, 255).astype(np.uint8))


def _glass(
    part: np.ndarray,
    placed: PlacedSpectacles,
    frame: SpectacleFrame,
    origin: tuple[int, int],
    hidden: np.ndarray,
    fade: float,
) -> None:  # noqa: PLR0913
    """Lay tint and a soft reflection of the room's upper light on the lenses; it slides as the head turns."""
    mask = np.zeros(part.shape[:2], np.uint8)
    for rim in placed.rims:
        cv2.fillPoly(mask, [_fixed(rim, origin)], 255, cv2.LINE_AA, SHIFT)
    lens = mask.astype(np.float32) / 255 * (1 - hidden) * fade
    _laid(part, frame.tint, lens * frame.tint_alpha)
    y, x = np.mgrid[0 : part.shape[0], 0 : part.shape[1]].astype(np.float32)
    turn = placed.forward[0]
    along = ((x + y) / placed.eye_px - 4 * turn) % 1.4 - 0.7
    shine = np.exp(-((along / 0.16) ** 2)) * np.clip(1 - y / max(1, part.shape[0]), 0, 1)
    _laid(part, (250, 252, 255), lens * shine * 0.10)


def _wires(part: np.ndarray, placed: PlacedSpectacles, frame: SpectacleFrame, origin: tuple[int, int],
           face_and_nose: tuple[Face, np.ndarray], fade: float) -> None:  # fmt: skip  # noqa: PLR0913
    """Draw rims, bridge and the arm that the head does not hide, with a little light on top."""
    face, hidden = face_and_nose
    mask = np.zeros(part.shape[:2], np.uint8)
    thick = max(1, round(frame.rim * placed.eye_px))
    far = 1 if face.pose.yaw_deg > 0 else 0  # the nose points at the side that turns away
    for side, temple in enumerate(placed.temples):
        if side != far or abs(face.pose.yaw_deg) < 6:
            cv2.polylines(mask, [_fixed(temple, origin)], False, 255, max(1, round(0.8 * thick)), cv2.LINE_AA, SHIFT)
    for rim in placed.rims:
        cv2.polylines(mask, [_fixed(rim, origin)], True, 255, thick, cv2.LINE_AA, SHIFT)
    front = np.zeros_like(mask)
    cv2.polylines(front, [_fixed(placed.bridge, origin)], False, 255, thick, cv2.LINE_AA, SHIFT)
    share = np.maximum(mask.astype(np.float32) / 255 * (1 - hidden), front.astype(np.float32) / 255) * fade
    below = np.zeros_like(share)
    below[max(1, thick // 2) :] = share[: -max(1, thick // 2)]
    _laid(part, (0, 0, 0), np.clip(cv2.GaussianBlur(below, (0, 0), max(0.6, thick)) - share, 0, 1) * 0.22)
    _laid(part, frame.colour, share)
    edge = np.clip(share - np.roll(share, 1, 0), 0, 1)
    _laid(part, (255, 255, 255), edge * 0.25)


def _fixed(points: np.ndarray, origin: tuple[int, int]) -> np.ndarray:
    return np.round((points[:, :2] - origin) * 2**SHIFT).astype(np.int32)


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / max(float(np.linalg.norm(vector)), 1e-9)
