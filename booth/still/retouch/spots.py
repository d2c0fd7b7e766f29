"""Tells a pimple from what is the person's own. Knows redness, brownness, darkness, shape and size; no face, no name.

A blemish is small, roundish and red against the skin around it. Moles and freckles are brown or dark, scars are long or
paler: none of these is ever a blemish, at any strength. In doubt a spot stays.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from booth.still.retouch.regions import FaceMap, grown

FINE_FACES, AROUND_FACES = 0.004, 0.032  # a spot is what differs between these two blurs
MIN_FACES, MAX_FACES = 0.006, 0.05  # diameter of a blemish
RED_FROM = 1.2  # a* above the surroundings from which a pixel may belong to a blemish
PEAK_RED = 2.4  # and what its middle must reach
RED_PER_BROWN = 1.6  # a* against b*: freckles and moles are brown, so their b* rises with it
RED_PER_DARK = 0.9  # a* against the fall of L*: a mole is dark before it is red
MAX_LONG = 2.2  # longer than wide: a scratch, a scar or a fold
MARK_DARK = 2.2  # fall of L* from which a small dark spot is a mark to be kept
MARK_BROWN = 1.6  # rise of b* from which a small spot is a freckle to be kept
THICK_FACES, WIDE_FACES = 0.018, 0.06  # what is thicker than a line and wider than a mole is shade, not a mark
MAX_SPOTS = 400


@dataclass(frozen=True, slots=True, eq=False)
class Spots:
    """Where blemishes are and where the person's own marks are, float32 0..1 on the reduced copy."""

    blemish: np.ndarray
    own: np.ndarray
    n_blemishes: int


def find_spots(lab: np.ndarray, at: FaceMap) -> Spots:
    """Look for small spots on the skin of a float32 Lab picture of the reduced copy."""
    skin = np.where(at.skin > 0.5, 1, 0).astype(np.float32)
    fine = at.blur(lab, FINE_FACES)
    around = _surroundings(lab, skin, at)
    differs = (fine - around) * skin[..., None]
    light, red, brown = cv2.split(differs)
    own = ((light < -MARK_DARK) & (red < RED_PER_DARK * -light)) | (
        (brown > MARK_BROWN) & (red < RED_PER_BROWN * brown)
    )
    own &= skin > 0
    marks = own.astype(np.float32) * (1 - _shade(own.astype(np.float32), at))
    blemish = np.zeros(skin.shape, np.float32)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(((red > RED_FROM) & (skin > 0)).astype(np.uint8))
    found = 0
    for index in np.argsort(-stats[1:, cv2.CC_STAT_AREA])[:MAX_SPOTS] + 1 if count > 1 else ():
        inside, spot = _one(labels, stats[index], int(index))
        if _is_blemish(differs[inside], spot, at):
            blemish[inside] = np.maximum(blemish[inside], spot)
            found += 1
    rim = max(0.004 * at.face_h, 1)
    kept = at.blur(grown(marks * (blemish == 0), rim), FINE_FACES)
    return Spots(at.blur(grown(blemish, rim), FINE_FACES) * at.skin, kept, found)


def _shade(own: np.ndarray, at: FaceMap) -> np.ndarray:
    """Where dark or brown parts are too broad to be marks: light on the face, as below the eyes; 0 or 1."""
    reach = max(THICK_FACES / 2 * at.face_h, 1)
    broad = grown(grown(own, -reach), reach)
    _, labels, stats, _ = cv2.connectedComponentsWithStats((broad > 0.5).astype(np.uint8))
    is_wide = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) > WIDE_FACES * at.face_h
    is_wide[0] = False
    return grown(is_wide[labels].astype(np.float32), 0.006 * at.face_h)


def _one(labels: np.ndarray, stat: np.ndarray, index: int) -> tuple[tuple[slice, slice], np.ndarray]:
    x, y, width, height = (int(v) for v in stat[:4])
    inside = slice(y, y + height), slice(x, x + width)
    return inside, (labels[inside] == index).astype(np.float32)


def _is_blemish(differs: np.ndarray, spot: np.ndarray, at: FaceMap) -> bool:
    area = float(spot.sum())
    across = 2 * np.sqrt(area / np.pi) / at.face_h
    if not MIN_FACES <= across <= MAX_FACES or not _is_round(spot):
        return False
    weight = spot * np.maximum(differs[..., 1], 0)
    light, red, brown = (float((differs[..., i] * weight).sum() / weight.sum()) for i in range(3))
    peak = float(np.percentile(differs[..., 1][spot > 0], 90))
    is_red = peak >= PEAK_RED and red >= RED_PER_BROWN * brown and red >= RED_PER_DARK * -light
    darkest = float(differs[..., 0][spot > 0].min())
    return is_red and light < 2.5 and darkest > -1.6 * peak - 2


def _is_round(spot: np.ndarray) -> bool:
    rows, columns = np.nonzero(spot)
    if len(rows) < 5:
        return False
    spread = np.linalg.eigvalsh(np.cov(np.stack([rows, columns])) + np.eye(2) / 12)
    filled = len(rows) / (np.pi * 4 * np.sqrt(spread[0] * spread[1]))
    return bool(np.sqrt(spread[1] / spread[0]) <= MAX_LONG and filled > 0.6)


def _surroundings(lab: np.ndarray, skin: np.ndarray, at: FaceMap) -> np.ndarray:
    """The colour of the skin around each pixel, from skin only."""
    weight = at.blur(skin, AROUND_FACES)
    around: np.ndarray = at.blur(lab * skin[..., None], AROUND_FACES) / np.maximum(weight, 1e-3)[..., None]
    return around
