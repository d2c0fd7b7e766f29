"""Cuts the demo sitter out of her portrait and finds her landmarks, with the packaged models: run once, results kept.

    python tools/cut_out_sitter.py

Writes `assets/portraits/eileen_collins_cutout.png` (RGBA, 512 px; colours free of the old background) and
`assets/portraits/eileen_collins_landmarks.json` (478 x 3, portrait pixels). Not part of the running booth.
"""

from __future__ import annotations

import json

import cv2
import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision
from pymatting import estimate_alpha_cf, estimate_foreground_ml

from booth.core.assets import asset
from booth.perception.face_tracker import FaceTracker

PORTRAIT = asset("portraits", "eileen_collins.png")
# Outline of the helmet she holds, drawn by hand: the segmenter knows people, not helmets. Portrait pixels.
HELMET_PX = (
    (280, 512), (277, 480), (281, 440), (295, 400), (320, 368), (345, 352), (367, 345), (400, 343), (430, 350),
    (460, 368), (480, 390), (492, 420), (498, 450), (500, 475), (496, 512),
)  # fmt: skip
HAIR_BOTTOM_PX = 150
CROPS = ((96, 0, 256), (110, 10, 230), (80, 0, 300))  # x, y, side: the landmarks are the mean over these


def _person(rgb: np.ndarray) -> np.ndarray:
    """Return a hard (H, W) uint8 0/1 mask of her and her helmet, without holes."""
    model = BaseOptions(model_asset_path=str(asset("models", "selfie_multiclass_256x256.tflite")))
    options = vision.ImageSegmenterOptions(base_options=model, output_confidence_masks=True)
    with vision.ImageSegmenter.create_from_options(options) as segmenter:
        found = segmenter.segment(mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb))
        behind = found.confidence_masks[0].numpy_view().reshape(rgb.shape[:2]).copy()
    hard = (behind < 0.5).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(hard)
    hard = (labels == 1 + stats[1:, cv2.CC_STAT_AREA].argmax()).astype(np.uint8)
    cv2.fillPoly(hard, [np.array(HELMET_PX, np.int32)], 1)
    hard = cv2.morphologyEx(hard, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    contours, _ = cv2.findContours(hard, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return cv2.drawContours(hard, contours, -1, 1, cv2.FILLED)


def _trimap(hard: np.ndarray) -> np.ndarray:
    pad = cv2.copyMakeBorder(hard, 12, 12, 12, 12, cv2.BORDER_REPLICATE)

    def band(inward_px: int, outward_px: int) -> tuple[np.ndarray, np.ndarray]:
        disc = [cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * r + 1, 2 * r + 1)) for r in (inward_px, outward_px)]
        return cv2.erode(pad, disc[0])[12:-12, 12:-12], cv2.dilate(pad, disc[1])[12:-12, 12:-12]

    hair, cloth = band(7, 6), band(4, 4)
    above = (np.arange(hard.shape[0]) < HAIR_BOTTOM_PX)[:, None]
    tri = np.full(hard.shape, 0.5)
    tri[np.where(above, hair[0], cloth[0]) > 0] = 1.0
    tri[np.where(above, hair[1], cloth[1]) == 0] = 0.0
    return tri


def cut_out(rgb: np.ndarray) -> np.ndarray:
    """Return (H, W, 4) uint8 RGBA with straight alpha."""
    unit = rgb / 255.0
    alpha = np.clip((estimate_alpha_cf(unit, _trimap(_person(rgb))) - 0.04) / 0.9, 0, 1)
    solid = (alpha > 0.5).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(solid)
    main = (labels == 1 + stats[1:, cv2.CC_STAT_AREA].argmax()).astype(np.uint8)
    alpha *= cv2.dilate(main, np.ones((5, 5), np.uint8))
    colour = estimate_foreground_ml(unit, alpha)
    return np.round(np.dstack([colour, alpha]).clip(0, 1) * 255).astype(np.uint8)


def landmarks_px(rgb: np.ndarray) -> np.ndarray:
    """Return (478, 3) portrait pixels, the mean over several enlarged crops."""
    found = []
    with FaceTracker(video=False) as tracker:
        for x, y, side in CROPS:
            crop = cv2.resize(rgb[y : y + side, x : x + side], None, fx=3, fy=3, interpolation=cv2.INTER_LANCZOS4)
            points = tracker.find(crop)[0].landmarks * side
            found.append(points + np.array([x - 0.5, y - 0.5, 0], np.float32))
    return np.mean(found, axis=0)


if __name__ == "__main__":
    portrait = cv2.cvtColor(cv2.imread(str(PORTRAIT)), cv2.COLOR_BGR2RGB)
    rgba = cut_out(portrait)
    cv2.imwrite(str(PORTRAIT.with_name("eileen_collins_cutout.png")), cv2.cvtColor(rgba, cv2.COLOR_RGBA2BGRA))
    rows = [[round(float(v), 2) for v in point] for point in landmarks_px(portrait)]
    PORTRAIT.with_name("eileen_collins_landmarks.json").write_text(json.dumps(rows), encoding="utf-8")
