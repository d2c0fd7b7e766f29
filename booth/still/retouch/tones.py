"""What each part of the retouch would change at full strength, as smooth offsets in Lab.

Every offset is coarser than pores, lines and the person's own marks, so these pass through it unchanged: the offset
under a mole is the offset beside it.
"""

from __future__ import annotations

import cv2
import numpy as np

from booth.still.retouch.regions import FaceMap, eye_whites, open_mouth, under_eyes
from booth.still.retouch.spots import Spots

MAX_BLEMISH = 0.9  # share of a blemish's difference that goes
MAX_REDNESS, REDNESS_CAP = 0.6, 5.0  # share of the redness above the face's own, and most a*
MAX_SHINE, SHINE_CAP = 0.6, 10.0  # share of a highlight above its surroundings, and most L*
MAX_BAG, BAG_CAP = 0.5, 7.0  # bags are at most halved
TEETH_YELLOW, TEETH_YELLOW_CAP, TEETH_LIGHT_CAP = 0.35, 6.0, 2.5  # share and most of b*, most L*
WHITE_RED, WHITE_RED_CAP, WHITE_LIGHT_CAP = 0.4, 4.0, 2.0
SMOOTH_FACES = 0.022  # the finest an offset of the skin may be; blemishes apart


def blemish_offset(lab: np.ndarray, at: FaceMap, spots: Spots) -> np.ndarray | None:
    """Toward the skin around each blemish, coarse part only, so that pores stay."""
    if spots.n_blemishes == 0:
        return None
    clear = np.where((at.skin > 0.5) & (spots.blemish < 0.05), 1, 0).astype(np.float32)
    around = _from(lab, clear, at, 0.03)
    coarse = at.blur(lab, 0.006)
    offset: np.ndarray = (around - coarse) * (MAX_BLEMISH * spots.blemish)[..., None]
    return offset


def redness_offset(lab: np.ndarray, at: FaceMap, spots: Spots) -> np.ndarray | None:
    """Lower a* where it is well above the face's own middle: flushed cheeks and nose, not the skin's tone."""
    own = at.skin * (1 - spots.own)
    red = _from(lab[..., 1], own, at, SMOOTH_FACES)
    middle, spread = _middle(red, at)
    excess = np.maximum(red - (middle + 0.7 * spread + 0.5), 0)
    lowered = np.minimum(MAX_REDNESS * excess, REDNESS_CAP) * at.skin
    return _only(1, -at.blur(lowered.astype(np.float32), SMOOTH_FACES)) if lowered.max() > 0.3 else None


def shine_offset(lab: np.ndarray, at: FaceMap, spots: Spots) -> np.ndarray | None:
    """Lower light that is brighter and paler than the skin around it; the modelling of the face is wider and stays."""
    own = at.skin * (1 - spots.own)
    light = _from(lab[..., 0], own, at, 0.012)
    wide = _from(lab, own, at, 0.15)
    chroma = np.hypot(_from(lab[..., 1], own, at, 0.012), _from(lab[..., 2], own, at, 0.012))
    wide_chroma = np.maximum(np.hypot(wide[..., 1], wide[..., 2]), 1)
    pale = np.clip((0.95 - chroma / wide_chroma) / 0.25, 0, 1)
    excess = np.maximum(light - wide[..., 0] - 4, 0) * pale * at.skin
    lowered = at.blur(np.minimum(MAX_SHINE * excess, SHINE_CAP).astype(np.float32), 0.01)
    if lowered.max() < 0.5:
        return None
    offset = _only(0, -lowered)
    share = lowered / SHINE_CAP * 0.5  # give back some of the colour the highlight hid
    offset[..., 1:] = (wide[..., 1:] - at.blur(lab[..., 1:], 0.012)) * share[..., None]
    return offset


def bag_offset(lab: np.ndarray, at: FaceMap, spots: Spots) -> np.ndarray | None:
    """Lift the dark below the eyes toward the cheek under it, at most half of the way."""
    own = at.skin * (1 - spots.own)
    light = _from(lab[..., 0], own, at, SMOOTH_FACES)
    lift = np.zeros_like(light)
    for bag in under_eyes(at):
        cheek = _below(bag, at) * own
        if bag.sum() < 20 or cheek.sum() < 20:
            continue
        reference = float(np.average(light, weights=cheek))
        lift = np.maximum(lift, np.clip(MAX_BAG * (reference - light), 0, BAG_CAP) * bag)
    return _only(0, at.blur(lift, SMOOTH_FACES)) if lift.max() > 0.4 else None


def teeth_offset(lab: np.ndarray, at: FaceMap) -> np.ndarray | None:
    """Take some yellow from teeth and lift them a little; gums and lips are redder and stay."""
    mouth = open_mouth(at)
    if mouth is None:
        return None
    light, red, yellow = cv2.split(lab)
    bright = float(np.percentile(light[mouth > 0.5], 80)) if (mouth > 0.5).any() else 0.0
    if bright < 35:
        return None
    is_tooth = np.clip((light - 0.6 * bright) / (0.15 * bright), 0, 1) * np.clip((14 - red) / 5, 0, 1)
    tooth = at.blur((mouth * is_tooth).astype(np.float32), 0.003)
    if tooth.sum() < 20:
        return None
    offset = _only(0, np.minimum(TEETH_LIGHT_CAP, np.maximum(92 - light, 0)) * tooth)
    offset[..., 2] = -np.clip(TEETH_YELLOW * (yellow - 4), 0, TEETH_YELLOW_CAP) * tooth
    return offset


def eye_white_offset(lab: np.ndarray, at: FaceMap) -> np.ndarray | None:
    """Take some red from the whites of the eyes and lift them a little."""
    white = np.maximum.reduce(eye_whites(at))
    white *= np.clip((22 - np.hypot(lab[..., 1], lab[..., 2])) / 8, 0, 1)
    if white.sum() < 10:
        return None
    offset = _only(0, np.minimum(WHITE_LIGHT_CAP, np.maximum(88 - lab[..., 0], 0)) * white)
    offset[..., 1] = -np.clip(WHITE_RED * (lab[..., 1] - 1), 0, WHITE_RED_CAP) * white
    return offset


def _from(picture: np.ndarray, weight: np.ndarray, at: FaceMap, faces: float) -> np.ndarray:
    """Blur that sees only what has weight: holes are filled from around them."""
    weight = np.ascontiguousarray(weight, np.float32)
    share = weight if picture.ndim == 2 else weight[..., None]
    total = np.maximum(at.blur(weight, faces), 1e-3)
    seen: np.ndarray = at.blur(np.ascontiguousarray(picture * share), faces)
    filled: np.ndarray = seen / (total if picture.ndim == 2 else total[..., None])
    return filled


def _middle(values: np.ndarray, at: FaceMap) -> tuple[float, float]:
    inside = values[at.skin > 0.6]
    if len(inside) < 50:
        return float("inf"), 0.0
    middle = float(np.median(inside))
    return middle, 1.4826 * float(np.median(np.abs(inside - middle)))


def _only(channel: int, values: np.ndarray) -> np.ndarray:
    offset = np.zeros((*values.shape, 3), np.float32)
    offset[..., channel] = values
    return offset


def _below(bag: np.ndarray, at: FaceMap) -> np.ndarray:
    """The same shape moved down onto the cheek."""
    move = np.array([[1, 0, 0], [0, 1, 0.11 * at.face_h]], np.float32)
    return cv2.warpAffine(bag, move, at.size)
