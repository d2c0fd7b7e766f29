"""The two segmentation networks behind plain calls: a person's outline, and what each part of a person is.

Owns the models, nothing else; callers choose what to show them. Both see 256 x 256 pixels whatever they are given.
"""

from __future__ import annotations

import cv2
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision

from booth.core.assets import asset
from booth.perception.inference import masks_in

SIDE_PX = 256  # both networks' input and output side
N_PARTS = 6  # 0 background, 1 hair, 2 body skin, 3 face skin, 4 clothes, 5 other


class _Network:
    """One TFLite model; closed with `close()`."""

    def __init__(self, file_name: str) -> None:
        self._segmenter = vision.ImageSegmenter.create_from_options(
            vision.ImageSegmenterOptions(
                base_options=BaseOptions(model_asset_path=str(asset("models", file_name))),
                running_mode=vision.RunningMode.IMAGE,
                output_confidence_masks=True,
                output_category_mask=False,
            )
        )

    def masks(self, rgb: np.ndarray) -> list[np.ndarray]:
        """Return one (256, 256) float32 0..1 map a class of an (h, w, 3) uint8 picture, stretched to the square."""
        if rgb.shape[:2] != (SIDE_PX, SIDE_PX):
            rgb = cv2.resize(rgb, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
        return [mask.reshape(SIDE_PX, SIDE_PX) for mask in masks_in(self._segmenter, rgb)]

    def close(self) -> None:
        """Free the model; must happen before the interpreter shuts down."""
        self._segmenter.close()


class PersonSegmenter:
    """Tells people from the rest: about 4 ms a picture on one core."""

    def __init__(self) -> None:
        self._network = _Network("selfie_segmenter.tflite")

    def __call__(self, rgb: np.ndarray) -> np.ndarray:
        """Return (256, 256) float32 0..1, how much of each place of an (h, w, 3) uint8 picture is a person."""
        return self._network.masks(rgb)[0]

    def close(self) -> None:
        """Free the model."""
        self._network.close()


class PartsSegmenter:
    """Tells hair, skin and clothes apart: about 70 ms a picture, for stills."""

    def __init__(self) -> None:
        self._network = _Network("selfie_multiclass_256x256.tflite")

    def __call__(self, rgb: np.ndarray) -> np.ndarray:
        """Return (256, 256, 6) float32 probabilities, classes as in `Canvas.parsing`, of an (h, w, 3) uint8 picture."""
        return np.stack(self._network.masks(rgb), axis=-1)

    def close(self) -> None:
        """Free the model."""
        self._network.close()
