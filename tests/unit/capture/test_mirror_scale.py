"""A late machine sees and draws the mirror smaller; what is taken stays whole, and so does what eyes are judged by."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from booth.capture.capture_thread import CaptureThread
from booth.capture.frames import LEAST_MIRROR_PX, CodedPicture, frame_of, small_copy
from booth.capture.jpeg import BrokenPicture, Jpeg
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


def test_a_coded_picture_is_decoded_where_it_is_taken_and_only_if_it_came_whole() -> None:
    whole = CodedPicture(_coded((1280, 720)), 3, 0.1, PARAMS, 0.5, lambda frame: True)
    taken = whole.frame()
    assert taken is not None and taken.seq == 3 and taken.small.shape[1] == 640
    assert replace(whole, is_whole=lambda frame: False).frame() is None
    assert replace(whole, picture=Undecodable(_coded((1280, 720)).data)).frame() is None


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (1000, 562), (320, 240), (3840, 2160)])
@pytest.mark.parametrize("scale", [1.0, 0.75, 0.5])
def test_what_is_only_shown_looks_the_same_and_is_decoded_no_finer(size: tuple[int, int], scale: float) -> None:
    coded = CodedPicture(_coded(size), 0, 0.0, PARAMS, scale, lambda frame: True)
    measured, shown = coded.frame(), coded.frame(shown_only=True)
    assert measured is not None and shown is not None
    assert shown.small.shape == measured.small.shape and shown.size == measured.size
    assert np.abs(shown.small.astype(int) - measured.small).mean() < 2
    assert shown.at_hand is shown.small


class Undecodable(Jpeg):
    def _decoded(self, flags: int) -> np.ndarray:
        raise BrokenPicture("the picture cannot be decoded")


class Camera:
    """Gives JPEG frames at its own pace, and says how many were decoded."""

    name, fps, is_live, size = "coded", 30.0, True, (640, 480)

    def __init__(self, n: int) -> None:
        self.left, self.n_decoded = n, 0
        self.data = _coded((640, 480)).data

    def read(self) -> tuple[Jpeg, float] | None:
        self.left -= 1
        return None if self.left < 0 else (Counted(self, self.data), 0.0)

    def close(self) -> None:
        """Nothing is held open."""


class Counted(Jpeg):
    def __init__(self, camera: Camera, data: np.ndarray) -> None:
        super().__init__(data)
        self._camera = camera

    def _decoded(self, flags: int) -> np.ndarray:
        self._camera.n_decoded += 1
        return super()._decoded(flags)


def test_frames_that_nobody_takes_are_not_decoded() -> None:
    camera = Camera(50)
    thread = CaptureThread(camera, lambda: camera, PARAMS, paced=False)
    thread.start()
    thread._thread.join(10)  # fifty frames came, and the end
    assert camera.n_decoded == 0
    thread.stop()
