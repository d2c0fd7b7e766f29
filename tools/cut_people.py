"""Cuts the bench's people out of their studio photographs again, with no studio wall between their curls.

    python tools/cut_people.py MEDIA OUT

MEDIA/cutouts/*.png names the people and MEDIA/stills/ has their photographs before a plain wall; OUT gets `cutouts/`
and a link to MEDIA/scenes, so that `booth bench --matte OUT [--plate]` measures on both. The cut-outs that came with
the photographs count the wall between loose strands, and a rim of it, as the person: a matte judged by them alone is
taught to keep the old wall. Here the wall is a smooth field fitted to what is surely wall, whatever differs from it and
hangs on the person may be hair, and alpha there is solved by closed-form matting (Levin et al. 2008). Where an outline
is looked for follows the booth's own matte of that plain wall; what alpha is there does not.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
from pymatting import estimate_alpha_cf, estimate_foreground_ml

from booth.perception.face_tracker import FaceTracker
from booth.perception.still_matte import StillSegmenters, still_matte

SIDE_PX = 900  # of a cut-out, as the others are
DEGREE = 3  # of the polynomial that the wall is
REST_FRAC = 0.06  # of the side: how finely the wall's rest is followed
SURE_FACES = 0.03  # from the booth's outline: what is surely wall
INSIDE_FACES = 0.035  # and surely person
STRAND_GREY, STRAND_DEVIATIONS = (
    7.0,
    3.5,
)  # differences from the wall, in grey levels and of its own noise, that are hair
STRAND_REACH_FACES = 0.45  # farther from the outline there is none
ALPHA_RANGE = (0.03, 0.97)  # of what is solved: the rest is noise


def cut_out(photograph: Path) -> np.ndarray | None:
    """Return (SIDE_PX, SIDE_PX, 4) uint8 BGRA of the person in a square photograph, None where no face is found."""
    bgr = cv2.imread(str(photograph), cv2.IMREAD_COLOR)
    if bgr is None:
        raise SystemExit(f"{photograph} cannot be read; MEDIA needs the photograph of every cut-out in stills/.")
    rgb = np.ascontiguousarray(cv2.resize(bgr, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)[..., ::-1])
    with FaceTracker(video=False) as tracker, StillSegmenters() as networks:
        faces = tracker.find(rgb)
        if not faces:
            return None
        matte = still_matte(rgb, faces[0], networks).alpha
    face_px = (faces[0].box.y1 - faces[0].box.y0) * SIDE_PX
    picture = rgb.astype(np.float64) / 255
    low, high = ALPHA_RANGE
    alpha = np.clip((estimate_alpha_cf(picture, trimap(rgb, matte, face_px)) - low) / (high - low), 0, 1)
    colour = np.clip(estimate_foreground_ml(picture, alpha), 0, 1)[..., ::-1]
    return (np.dstack([colour, alpha]) * 255 + 0.5).astype(np.uint8)


def trimap(rgb: np.ndarray, matte: np.ndarray, face_px: float) -> np.ndarray:
    """Return (h, w) float64: 1 surely person, 0 surely wall, 0.5 to be solved."""
    inside = cv2.erode((matte > 0.98).astype(np.uint8), _disc(INSIDE_FACES * face_px), borderValue=1)
    outside = cv2.erode((matte < 0.02).astype(np.uint8), _disc(SURE_FACES * face_px), borderValue=1)
    differs, noise = _off_wall(rgb.astype(np.float32), matte)
    strands = _hanging(differs > max(STRAND_GREY, STRAND_DEVIATIONS * noise), outside, face_px)
    known = np.full(matte.shape, 0.5)
    known[(outside > 0) & (cv2.dilate(strands.astype(np.uint8), _disc(2)) == 0)] = 0
    known[inside > 0] = 1
    return known


def _off_wall(rgb: np.ndarray, matte: np.ndarray) -> tuple[np.ndarray, float]:
    """Return (h, w) how far each pixel is from the wall behind it, grey levels, and the wall's own noise."""
    n = len(matte)
    sure = cv2.erode((matte < 0.01).astype(np.uint8), _disc(n / 80)) > 0
    y, x = np.mgrid[0:n, 0:n] / n * 2 - 1
    terms = np.stack([x**i * y**j for i in range(DEGREE + 1) for j in range(DEGREE + 1 - i)], axis=-1)
    weight, wall = sure.astype(np.float32), np.empty_like(rgb)
    near = cv2.GaussianBlur(weight, (0, 0), REST_FRAC * n)
    for c in range(3):
        wall[..., c] = terms @ np.linalg.lstsq(terms[sure], rgb[..., c][sure], rcond=None)[0]
        rest = cv2.GaussianBlur((rgb[..., c] - wall[..., c]) * weight, (0, 0), REST_FRAC * n)
        wall[..., c] += np.where(near > 0.05, rest / np.maximum(near, 1e-3), 0)
    differs = np.abs(cv2.GaussianBlur(rgb, (3, 3), 0.6) - wall).max(-1)
    return differs, float(differs[sure].std() + differs[sure].mean())


def _hanging(strands: np.ndarray, outside: np.ndarray, face_px: float) -> np.ndarray:
    """Return (h, w) bool: strands that hang on the person and are not far away."""
    joined = cv2.dilate((strands | (outside == 0)).astype(np.uint8), _disc(3))
    n, labels = cv2.connectedComponents(joined)
    hangs = np.zeros(n, bool)
    hangs[np.unique(labels[outside == 0])] = True
    hangs[0] = False
    near = cv2.distanceTransform(outside, cv2.DIST_L2, 3) < STRAND_REACH_FACES * face_px
    return strands & hangs[labels] & near


def _disc(radius: float) -> np.ndarray:
    side = 2 * max(1, round(radius)) + 1
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))


def main(media: Path, out: Path) -> int:
    """Cut everybody who has a cut-out; 1 where somebody's face was not found."""
    names, missed = sorted(path.stem for path in (media / "cutouts").glob("*.png")), []
    if not names:
        raise SystemExit(f"There are no cut-outs in {media / 'cutouts'}.")
    (out / "cutouts").mkdir(parents=True, exist_ok=True)
    scenes = out / "scenes"
    if not scenes.exists():
        scenes.symlink_to((media / "scenes").resolve(), target_is_directory=True)
    for name in names:
        person = cut_out(media / "stills" / f"{name}.jpg")
        if person is None:
            missed.append(name)
        else:
            cv2.imwrite(str(out / "cutouts" / f"{name}.png"), person)
            print(name, flush=True)
    print(f"{len(names) - len(missed)} of {len(names)} people cut out into {out}. " + " ".join(missed))
    return int(bool(missed))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
