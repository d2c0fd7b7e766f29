"""A late machine sees and draws the mirror smaller; what is taken stays whole, and so does what eyes are judged by."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from booth.capture.frames import LEAST_MIRROR_PX, frame_of, small_copy
from booth.capture.jpeg import Jpeg
from booth.config.params.capture import CaptureParams

PARAMS = CaptureParams()


def _picture(size: tuple[int, int]) -> np.ndarray:
    x = np.linspace(0, 255, size[0], dtype=np.float32)[None, :, None]
    y = np.linspace(0, 255, size[1], dtype=np.float32)[:, None, None]
    return np.concatenate([x + 0 * y, y + 0 * x, (x + y) / 2], axis=2).astype(np.uint8)


def _coded(size: tuple[int, int]) -> Jpeg:
    return Jpeg(cv2.imencode(".jpg", _picture(size)[..., ::-1])[1].reshape(-1))


@pytest.mark.parametrize(("scale", "size"), [(1.0, (1280, 720)), (0.75, (960, 540)), (0.5, (640, 360))])
def test_pixels_stay_whole_and_only_the_mirrors_copy_shrinks(scale: float, size: tuple[int, int]) -> None:
    rgb = _picture((1280, 720))
    frame = frame_of(rgb, 0, 0.0, PARAMS, scale)
    assert frame.small.shape[1::-1] == size
    assert frame.rgb is rgb
    assert frame.at_hand is rgb
    corners = [(2, 2), (2, -3), (-3, 2), (-3, -3)]
    for corner in corners:
        assert np.abs(frame.small[corner].astype(int) - rgb[corner]).max() <= 4


def test_of_a_coded_camera_what_was_decoded_stays_at_hand() -> None:
    coded = _coded((1920, 1080))
    whole, scaled = (frame_of(coded, 0, 0.0, PARAMS, scale) for scale in (1.0, 0.75))
    assert whole.small.shape[1::-1] == (960, 540)
    assert whole.at_hand is whole.small
    assert scaled.small.shape[1::-1] == (720, 405)
    assert np.array_equal(scaled.at_hand, whole.small)
    assert scaled.n_bytes > whole.n_bytes


def test_a_small_picture_is_made_no_smaller() -> None:
    assert frame_of(_picture((640, 480)), 0, 0.0, PARAMS, 0.5).small.shape == (480, 640, 3)
    assert max(frame_of(_coded((1920, 1080)), 0, 0.0, PARAMS, 0.5).small.shape) == LEAST_MIRROR_PX


@pytest.mark.parametrize("longer_px", [480, 640, 720, 960, 1280, 1920])
def test_a_small_copy_of_any_size_can_be_made_again(longer_px: int) -> None:
    small = small_copy(_coded((1920, 1080)), longer_px)
    assert small.shape[1] == longer_px
    assert np.abs(small[0, -1].astype(int) - (255, 0, 127)).max() <= 8
