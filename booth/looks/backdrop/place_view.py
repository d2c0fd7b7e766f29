"""The view behind the sitter: a perspective cut of a panorama, out of focus as a fast lens draws it.

Things keep upright: the horizon is laid at the sitter's eyes by shifting the picture, as a view camera does, and not by
tilting the camera.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from booth.looks.backdrop.plane import FACE_FRAC_DEFAULT, Plane, disc_faces
from booth.looks.bokeh import add_disc, disc_blur
from booth.looks.places.panorama import solid_angles

FRAME_FACES = 16 / 9 / FACE_FRAC_DEFAULT  # the width of a wide frame in faces: the field of view is given for it
EYES_FACES = 0.1  # the eyes above the middle of the face's box
FAR_M = 12.0  # what a place shows is about this far behind the camera's focus
BRIGHT = 3.0  # times the exposure's white: what is above is a source of its own
MOST = 300.0  # times white: more light in a disc is white all the same
SPARK_CELLS = 9  # a source of no more pixels than this is a point to the lens: it is drawn as one disc
CAT_EYE = 0.30
FINE = 5  # pixels each way of a kernel below which nothing is out of focus


@dataclass(frozen=True, slots=True)
class Sight:
    """Where the camera looks: azimuth and elevation in degrees, and the angle that a 16:9 frame is wide."""

    az_deg: float
    el_deg: float
    width_deg: float

    @property
    def focal_faces(self) -> float:
        """Distance of the picture's plane in faces."""
        return FRAME_FACES / 2 / math.tan(math.radians(self.width_deg) / 2)


def rays(sight: Sight, plane: Plane) -> tuple[np.ndarray, np.ndarray]:
    """Return azimuth and elevation (H, W) float32 in radians of what each pixel of the plane sees."""
    x, y = plane.axes()
    focal = np.float32(sight.focal_faces)
    up = -(y - np.float32(horizon_faces(sight, plane)))
    az = np.arctan2(x, focal) + np.float32(math.radians(sight.az_deg))
    el = np.arctan2(up, np.sqrt(x * x + focal * focal))
    return np.broadcast_to(az, el.shape), el


def horizon_faces(sight: Sight, plane: Plane) -> float:
    """Return where the horizon lies on the plane: at the eyes for a level view, below them for one upward."""
    return plane.head_y - EYES_FACES + sight.focal_faces * math.tan(math.radians(sight.el_deg))


def sampled(picture: np.ndarray, az: np.ndarray, el: np.ndarray, how: int) -> np.ndarray:
    """Return (H, W, 3) of an equirectangular picture in those directions; it goes on round the back."""
    height, width = picture.shape[:2]
    pad = 4
    wide = cv2.copyMakeBorder(picture, pad, pad, pad, pad, cv2.BORDER_WRAP)
    wide[:pad], wide[-pad:] = wide[pad], wide[-pad - 1]
    column = (az / (2 * math.pi) + 0.5) % 1.0 * width - 0.5 + pad
    row = (0.5 - el / math.pi) * height - 0.5 + pad
    return cv2.remap(wide, column.astype(np.float32), row.astype(np.float32), how)


def out_of_focus(picture: np.ndarray, sight: Sight, plane: Plane, f_number: float) -> np.ndarray:
    """Return (H, W, 3) float32 linear light of the view on the plane; `picture` has its exposure already.

    Sources smaller than what the panorama resolves are points to the lens and become sharp discs; the rest is spread.
    """
    disc = disc_faces(FAR_M, f_number)
    plain, sparks = _taken_apart(picture)
    az, el = rays(sight, plane)
    seen = np.maximum(sampled(plain, az, el, cv2.INTER_CUBIC), 0)
    spread = disc_blur(seen, disc * plane.face_px)
    spread = np.ascontiguousarray(spread, np.float32)
    _add_sparks(spread, sparks, sight, plane, disc)
    return spread


def _taken_apart(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the picture without its small bright sources, and those (n, 5): azimuth, elevation, light * steradians."""
    height, width = picture.shape[:2]
    capped = np.minimum(picture, np.float32(MOST))
    bright = (capped.max(2) > BRIGHT).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(bright, connectivity=8)
    small = np.flatnonzero(stats[:, cv2.CC_STAT_AREA] <= SPARK_CELLS)
    small = small[small > 0]
    if not len(small):
        return capped, np.zeros((0, 5), np.float32)
    of = np.full(count, -1)
    of[small] = np.arange(len(small))
    which = of[labels]
    rows, columns = np.nonzero(which >= 0)
    ids = which[rows, columns]
    ground = _ground(capped, which >= 0)
    power = (capped - ground)[rows, columns] * solid_angles((width, height))[rows]
    weight = power.sum(1) + 1e-9
    sums = np.stack(
        [np.bincount(ids, weights=v, minlength=len(small)) for v in (weight, weight * columns, weight * rows)]
    )
    az = ((sums[1] / sums[0] + 0.5) / width - 0.5) * 2 * math.pi
    el = (0.5 - (sums[2] / sums[0] + 0.5) / height) * math.pi
    light = [np.bincount(ids, weights=power[:, c], minlength=len(small)) for c in range(3)]
    plain = capped.copy()
    plain[rows, columns] = ground[rows, columns]
    return plain, np.stack([az, el, *light], 1).astype(np.float32)


def _ground(picture: np.ndarray, sparks: np.ndarray) -> np.ndarray:
    """Return the picture with what is round the sparks in their place."""
    kept = (~sparks).astype(np.float32)[..., None]
    near = cv2.GaussianBlur(np.dstack([np.minimum(picture, BRIGHT) * kept, kept]), (0, 0), 2.0)
    return np.where(sparks[..., None], near[..., :3] / np.maximum(near[..., 3:], 1e-4), picture)


def _add_sparks(light: np.ndarray, sparks: np.ndarray, sight: Sight, plane: Plane, disc: float) -> None:
    """Add the discs of small sources to the light, in place."""
    focal, horizon = sight.focal_faces, horizon_faces(sight, plane)
    half_w, half_h = plane.half
    area = math.pi / 4 * disc * disc
    for az, el, *power in sparks.tolist():
        turn = (az - math.radians(sight.az_deg) + math.pi) % (2 * math.pi) - math.pi
        if abs(turn) > math.radians(80):
            continue
        x = focal * math.tan(turn)
        y = horizon - math.hypot(x, focal) * math.tan(el)
        if abs(x) > half_w + disc or abs(y) > half_h + disc:
            continue
        cosine = math.cos(turn) * math.cos(el)
        on_disc = np.array(power, np.float32) * np.float32(focal * focal / cosine**3 / area)
        column, row = plane.px(x, y)
        add_disc(light, (float(column), float(row)), disc * plane.face_px, on_disc, CAT_EYE)
