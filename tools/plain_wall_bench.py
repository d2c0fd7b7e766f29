"""Measure the still's matte before plain walls, with and without reading the wall: `make plain-wall-bench`.

Cut-outs whose alpha is exact (`../shared/media/cutouts`) are laid over painted walls, one with a shadow beside the
head, with a camera's noise and JPEG. Error is the mean of |alpha - truth| in the hair band and over the whole picture;
people are split in halves by their names.
"""

from __future__ import annotations

import sys
import zlib
from pathlib import Path

import cv2
import numpy as np

from booth.core.types import Face
from booth.perception import plain_wall, still_matte
from booth.perception.face_tracker import FaceTracker
from booth.perception.still_matte import StillSegmenters

CUTOUTS = Path(__file__).resolve().parents[2] / "shared" / "media" / "cutouts"
SIZE = (1280, 720)
SCALE = 0.85  # of the frame's height
NOISE = 2.0  # grey levels
WALLS = {"white": (205, 203, 198), "beige": (190, 165, 140), "grey": (140, 142, 146), "dark": (58, 56, 60)}
SHADOW = "white, shadow"
SHADOW_LEVEL, SHADOW_SHIFT_PX, SHADOW_SOFT_PX = 0.84, (30, 18), 9.0  # coded light left; down and to the right
BAND_PX = 7


def paint(colour: tuple[int, int, int]) -> np.ndarray:
    """Return a wall (H, W, 3) float32 under a lamp at one side."""
    y, x = (axis.astype(np.float32) for axis in np.mgrid[: SIZE[1], : SIZE[0]])
    falloff = 1 - 0.35 * ((x / SIZE[0] - 0.75) ** 2 + (y / SIZE[1] - 0.15) ** 2)
    out: np.ndarray = np.array(colour, np.float32) * falloff[..., None]
    return out


def place(cutout: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return a cut-out's colours (H, W, 3) and alpha (H, W), float32, in the middle of the frame's foot."""
    rgba = cv2.cvtColor(cv2.imread(str(cutout), cv2.IMREAD_UNCHANGED), cv2.COLOR_BGRA2RGBA)
    scale = SCALE * SIZE[1] / rgba.shape[0]
    rgba = cv2.resize(rgba, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.float32)
    whole = np.zeros((SIZE[1], SIZE[0], 4), np.float32)
    left = (SIZE[0] - rgba.shape[1]) // 2
    whole[SIZE[1] - rgba.shape[0] :, left : left + rgba.shape[1]] = rgba
    return whole[..., :3], whole[..., 3] / 255


def photograph(fore: np.ndarray, alpha: np.ndarray, wall: np.ndarray, seed: int) -> np.ndarray:
    """Return (H, W, 3) uint8 as a webcam would give it."""
    noise = np.random.default_rng(seed).normal(0, NOISE, fore.shape)
    rgb = np.clip(alpha[..., None] * fore + (1 - alpha[..., None]) * wall + noise + 0.5, 0, 255).astype(np.uint8)
    coded = cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 90])[1]
    return cv2.cvtColor(cv2.imdecode(coded, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)


def walls(alpha: np.ndarray) -> dict[str, np.ndarray]:
    """Return the walls behind one sitter, the shadow being theirs."""
    found = {name: paint(colour) for name, colour in WALLS.items()}
    shadow = cv2.GaussianBlur(np.roll(alpha, SHADOW_SHIFT_PX, (0, 1)), (0, 0), SHADOW_SOFT_PX)
    found[SHADOW] = found["white"] * (1 - (1 - SHADOW_LEVEL) * shadow)[..., None]
    return found


def errors(rgb: np.ndarray, face: Face, truth: np.ndarray, segmenters: StillSegmenters) -> list[float]:
    """Return the error in the band and over all, without and with the wall."""
    band = cv2.dilate(((truth > 0.02) & (truth < 0.98)).astype(np.uint8), np.ones((2 * BAND_PX + 1,) * 2)) > 0
    found = []
    for wall_plate in (lambda *_: None, plain_wall.wall_plate):
        still_matte.wall_plate = wall_plate
        off = np.abs(still_matte.still_matte(rgb, face, segmenters).alpha - truth)
        found += [float(off[band].mean()), float(off.mean())]
    return found


def main() -> int:
    """Print a line a wall: all people, then both halves."""
    if not CUTOUTS.is_dir():
        print("The shared cut-outs do not lie beside the repository: nothing to measure.")
        return 0
    rows: dict[str, list[tuple[int, list[float]]]] = {}
    with FaceTracker(video=False) as tracker, StillSegmenters() as segmenters:
        for number, cutout in enumerate(sorted(CUTOUTS.glob("*.png"))):
            fore, alpha = place(cutout)
            of_half = zlib.crc32(cutout.stem.rsplit("_", 1)[0].encode()) % 2
            for name, wall in walls(alpha).items():
                rgb = photograph(fore, alpha, wall, number)
                faces = tracker.find(rgb)
                if faces:
                    rows.setdefault(name, []).append((of_half, errors(rgb, faces[0], alpha, segmenters)))
    for name, found in rows.items():
        for half in (None, 0, 1):
            some = np.array([e for h, e in found if half in (None, h)])
            better = int((some[:, 2] < some[:, 0]).sum())
            band, whole, band_known, whole_known = some.mean(0)
            label = name if half is None else f"  half {half}"
            by_band = f"band {band:.4f} -> {band_known:.4f} ({band_known / band:.2f})"
            by_whole = f"whole {whole:.5f} -> {whole_known:.5f} ({whole_known / whole:.2f})"
            print(f"{label:<16} {by_band}  {by_whole}  better on {better} of {len(some)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
