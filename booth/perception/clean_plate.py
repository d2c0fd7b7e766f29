"""A photograph of the empty place, laid behind another picture of it: moved by a pixel, given its exposure, and judged.

Knows nothing of when such a plate is taken (`plate_keeper`) nor of the matte it serves (`matte_edges`).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from booth.core.faults import Fault
from booth.core.types import frozen
from booth.perception.plate_exposure import ENOUGH, NEAR_FRAC, local_gain

ALIGN_PX = 480  # longest side of the pictures that are aligned
MOST_SHIFT_FRAC = 0.02  # of the longest side: a plate that has to be moved farther is of another place
GAIN_SCALE = 8  # exposure is matched at this fraction of the size: light is smooth, and full size costs seconds
ROOM_MOST = 0.02  # alpha of the networks: surely room
MARGIN_FRAC = 0.012  # of the longest side: distance from the sitter from which room counts as certain
AGREES = 0.06  # coded difference, 0..1, up to which a place is as the plate has it
LEAST_AGREEING = 0.5  # share of the certain room that must agree
UNKNOWN_VARIANCE = 0.05  # of a coded colour, where no certain room is in reach
MIN_ROOM_FRAC = 0.03  # of the picture: less certain room tells nothing of the plate
# Things that were moved since the plate was taken; measured by `booth bench --matte --plate`.
CHANGED, CHANGED_SURE = 0.08, 0.11  # coded difference of a thing from where it may begin, and of a sure one
CHANGED_FAR_FACES = 0.16  # from the outline: nearer, what differs may be hair that the networks missed
CHANGED_CELLS = 6  # of a sure one, at `GAIN_SCALE`
# A plate of cloth, foliage or a camera's snow has any colour at `GAIN_SCALE`; its pattern tells it apart.
PATTERN_PX = 2  # patterns are compared at this fraction of the size: camera noise is halved
PATTERNED = 0.005  # variances of both in a cell together, coded 0..1, from which there is a pattern; noise has .001
PATTERN_OFF = 0.75  # of both variances: two patterns that do not know of each other differ by 1, the same one by 0
FORMS_ALIKE = 0.5  # correlation of two pictures of one place, also where one is out of focus
PATTERNED_MIN_FRAC = 0.1  # of the certain room: fewer patterned cells tell nothing
NEVER = 100.0  # variance of what is not believed at all
DOUBTFUL_ALPHA = 0.04  # 0..1: a plate a little off looks like so much of a sitter, all round them as a haze
CLIPPED_LEVEL, CLIPPED_VARIANCE = 250, 0.5  # a burnt plate hides how bright it was: times the square of its darkening


@dataclass(frozen=True, slots=True, eq=False)
class FittedPlate:
    """The room behind the sitter as this very exposure shows it, and how well that is known."""

    rgb: np.ndarray  # (H, W, 3) uint8 sRGB
    variance: np.ndarray  # (h, w) float32: of the coded colour 0..1 about it, from the certain room, carried inward
    doubtful_alpha: float = DOUBTFUL_ALPHA  # 0..1: so little of a sitter may be the plate's own error

    def __post_init__(self) -> None:
        frozen(self.rgb)
        frozen(self.variance)


def check_size(rgb: np.ndarray, plate: np.ndarray) -> None:
    """Raise Fault `plate.size` where a plate is not the picture's size."""
    if rgb.shape != plate.shape:
        (height, width), (plate_h, plate_w) = rgb.shape[:2], plate.shape[:2]
        raise Fault(
            "plate.size",
            f"The empty picture is {plate_w} x {plate_h}, the photograph {width} x {height}.",
            "Take both with the same camera at the same size.",
        )


def fit_plate(rgb: np.ndarray, kept: np.ndarray, plate: np.ndarray, face_px: float) -> FittedPlate | None:
    """Return the plate fitted to a picture of the same size, or None where it is of another place.

    `rgb` and `plate` (H, W, 3) uint8; `kept` (h, w) float32 0..1, the networks' matte at any size; `face_px` the
    face's height in pixels of `kept`.
    """
    height, width = rgb.shape[:2]
    room = certain_room(kept, (width, height))
    if room.mean() < MIN_ROOM_FRAC:
        return None
    moved = _aligned(rgb, plate, room)
    if moved is None:
        return None
    small = (max(8, width // GAIN_SCALE), max(8, height // GAIN_SCALE))
    seen, known = (_reduced(picture, small) for picture in (rgb, moved))
    sure = cv2.resize(room, small, interpolation=cv2.INTER_AREA) > 0.99
    gain = local_gain(seen, known, sure.astype(np.float32))
    off = np.sqrt(((seen - known * gain) ** 2).mean(-1))
    if not sure.any() or (off[sure] < AGREES).mean() < LEAST_AGREEING:
        return None
    if not _share_forms(seen, known * gain, sure) and _is_another_pattern(rgb, moved, gain, sure):
        return None
    variance = carried_inward(off**2, sure.astype(np.float32)) + _clipped(moved, gain)
    changed = _changed(off, kept, sure, face_px * small[1] / kept.shape[0])
    return FittedPlate(_times(moved, gain), variance + np.float32(NEVER) * changed)


def _share_forms(seen: np.ndarray, known: np.ndarray, sure: np.ndarray) -> bool:
    """Tell whether two small pictures, (h, w, 3), show the same forms in the certain room, (h, w) bool.

    A lens focused elsewhere takes a room's fine pattern away and leaves these.
    """
    reach = NEAR_FRAC * max(sure.shape)
    one, two = ((p - cv2.GaussianBlur(p, (0, 0), reach))[sure] for p in (seen, known))
    return float((one * two).sum()) > FORMS_ALIKE * float(np.sqrt((one**2).sum() * (two**2).sum())) > 0


def _is_another_pattern(rgb: np.ndarray, plate: np.ndarray, gain: np.ndarray, sure: np.ndarray) -> bool:
    """Tell whether plate and picture, (H, W, 3) uint8, have patterns in the certain room that are not the same.

    `gain` (h, w, 3) is the plate's, `sure` (h, w) bool the certain room.
    """
    size = (plate.shape[1] // PATTERN_PX, plate.shape[0] // PATTERN_PX)
    seen, known = (_reduced(picture, size)[..., 1] for picture in (rgb, plate))
    known *= cv2.resize(gain[..., 1], size, interpolation=cv2.INTER_LINEAR)
    own = _variance(seen, sure.shape) + _variance(known, sure.shape)
    patterned = sure & (own > PATTERNED)
    if np.count_nonzero(patterned) < PATTERNED_MIN_FRAC * np.count_nonzero(sure):
        return False
    between = _variance(seen - known, sure.shape)
    return float((between < PATTERN_OFF * own)[patterned].mean()) < LEAST_AGREEING


def _variance(values: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Return the variance of a map (H, W) float32 within each cell of a grid (h, w)."""
    mean, square = (cv2.resize(v, shape[::-1], interpolation=cv2.INTER_AREA) for v in (values, values * values))
    return np.maximum(square - mean * mean, 0)


def _changed(off: np.ndarray, kept: np.ndarray, sure: np.ndarray, face_cells: float) -> np.ndarray:
    """Return (h, w) float32 0..1: things that were moved since, as far as they reach beside the sitter.

    `off` (h, w) is how far each cell is from its plate, `sure` (h, w) bool the certain room. Missed hair differs too,
    but hangs on the sitter: a thing is what reaches into the room at a distance from the outline.
    """
    outline = cv2.resize((kept > 0.5).astype(np.float32), off.shape[::-1], interpolation=cv2.INTER_AREA) > 0.3
    away = cv2.distanceTransform((~outline).astype(np.uint8), cv2.DIST_L2, 3) > CHANGED_FAR_FACES * face_cells
    differs = cv2.morphologyEx(
        ((off > CHANGED) & ~outline).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)
    )
    n, labels = cv2.connectedComponents(differs, connectivity=8)
    is_thing = np.bincount(labels[sure & away & (off > CHANGED_SURE)], minlength=n) >= CHANGED_CELLS
    is_thing[0] = False
    things = cv2.dilate(is_thing[labels].astype(np.float32), np.ones((3, 3), np.uint8))
    return cv2.GaussianBlur(things, (0, 0), 0.7) ** 2


def _clipped(plate: np.ndarray, gain: np.ndarray) -> np.ndarray:
    """Return (h, w) float32: the variance where a plate is burnt and the picture has less light."""
    burnt = (plate.max(-1) >= CLIPPED_LEVEL).astype(np.float32)
    share = cv2.resize(burnt, gain.shape[1::-1], interpolation=cv2.INTER_AREA)
    return np.float32(CLIPPED_VARIANCE) * np.maximum(1 - gain.min(-1), 0) ** 2 * np.minimum(4 * share, 1)


def certain_room(kept: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Return (H, W) float32, 1 where nothing of the sitter is near."""
    margin = max(1, round(MARGIN_FRAC * max(kept.shape)))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * margin + 1, 2 * margin + 1))
    room = cv2.erode((kept < ROOM_MOST).astype(np.uint8), disc, borderValue=1)
    return cv2.resize(room, size, interpolation=cv2.INTER_NEAREST).astype(np.float32)


def _reduced(picture: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.float32) * np.float32(1 / 255)


def _aligned(rgb: np.ndarray, plate: np.ndarray, room: np.ndarray) -> np.ndarray | None:
    """Return the plate moved onto the picture, or None where it would have to move too far."""
    height, width = rgb.shape[:2]  # a tripod gives by a pixel, no more
    scale = min(1.0, ALIGN_PX / max(height, width))
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    greys = [cv2.cvtColor(cv2.resize(p, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY) for p in (plate, rgb)]
    mask = (cv2.resize(room, size, interpolation=cv2.INTER_NEAREST) > 0).astype(np.uint8)
    move = np.array([[1, 0, 0], [0, 1, 0]], np.float32)
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 30, 1e-4)
    try:
        _, move = cv2.findTransformECC(
            greys[1].astype(np.float32), greys[0].astype(np.float32), move, cv2.MOTION_TRANSLATION, stop, mask, 5
        )
    except cv2.error:  # a bare wall has nothing to align by, and needs none
        return plate
    if np.abs(move[:, 2]).max() > MOST_SHIFT_FRAC * max(size):
        return None
    move[:, 2] /= scale
    if np.abs(move[:, 2]).max() < 0.1:
        return plate
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP  # a linear one would blur what the picture shows sharp
    return cv2.warpAffine(plate, move, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)


def _times(plate: np.ndarray, gain: np.ndarray) -> np.ndarray:
    """Return the plate times a small map of gains, uint8."""
    wide = cv2.resize(gain, plate.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return cv2.multiply(plate, wide, dtype=cv2.CV_8U)


def carried_inward(values: np.ndarray, sure: np.ndarray, start: float = UNKNOWN_VARIANCE) -> np.ndarray:
    """Return (h, w) float32: the local mean of a map where it is sure, 1 of 0..1, the nearest first.

    `start` stands where nothing sure is in reach.
    """
    far = max(values.shape)
    out = np.full(values.shape, start, np.float32)
    for sigma in (0.4 * far, 0.1 * far, 0.02 * far):
        weight = cv2.GaussianBlur(sure, (0, 0), sigma)
        near = cv2.GaussianBlur(values * sure, (0, 0), sigma) / np.maximum(weight, np.float32(1e-5))
        out += np.clip(weight / np.float32(ENOUGH), 0, 1) * (near - out)
    return out
