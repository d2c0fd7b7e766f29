"""A picture that lies on its side or upside down is told; the operator's eye classifier is asked or named as unfit."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from booth.config.params import Params
from booth.core.assets import asset
from booth.core.faults import Fault
from booth.perception.eye_reader import EyeReader
from booth.perception.face_tracker import FaceTracker
from booth.still.photo_checker import PhotoChecker


@pytest.fixture(scope="module")
def portrait() -> np.ndarray:
    """The packaged portrait of Eileen Collins, NASA, in the public domain."""
    bgr = cv2.imread(str(asset("portraits", "eileen_collins.png")))
    return cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)


@pytest.mark.model
def test_a_turned_portrait_fails_with_that_reason_alone_and_an_upright_one_does_not(portrait: np.ndarray) -> None:
    with PhotoChecker(Params()) as judge:
        for turns in (1, 2, 3):
            verdict = judge.judge(np.ascontiguousarray(np.rot90(portrait, turns)))
            assert (verdict.verdict, verdict.reasons) == ("fail", ("reject.turned_over",))
            assert f"turned_deg {90 * turns}" in verdict.sentences[0]
        assert "reject.turned_over" not in judge.judge(portrait).reasons


@pytest.mark.parametrize("content", [None, b"", b"no network"])
def test_a_file_that_is_no_eye_model_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "eyes.onnx"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Fault) as caught:
        EyeReader(str(file))
    assert caught.value.code == "eyes.model"


def field(number: int, value: bytes | int) -> bytes:
    """Encode one field of a protocol buffer."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def brightness_network() -> bytes:
    """An ONNX network whose answer is the mean of the eye's pixels: bright is open."""
    axes = field(5, field(1, b"axes") + b"".join(field(8, axis) for axis in (1, 2, 3)) + field(20, 7))
    keep = field(5, field(1, b"keepdims") + field(3, 0) + field(20, 2))
    node = field(1, b"images") + field(2, b"prob_open") + field(4, b"ReduceMean") + axes + keep

    def info(name: bytes, shape: tuple[int, ...]) -> bytes:
        dims = b"".join(field(1, field(1, size)) for size in shape)
        return field(1, name) + field(2, field(1, field(1, 1) + field(2, dims)))

    graph = field(1, node) + field(2, b"eyes") + field(11, info(b"images", (1, 3, 24, 40)))
    graph += field(12, info(b"prob_open", (1,)))
    return field(1, 8) + field(8, field(1, b"") + field(2, 13)) + field(7, graph)


@pytest.mark.model
def test_the_classifier_sees_both_eyes_upright(tmp_path: Path, portrait: np.ndarray) -> None:
    file = tmp_path / "eyes.onnx"
    file.write_bytes(brightness_network())
    reader = EyeReader(str(file))
    with FaceTracker(video=False) as tracker:
        face = tracker.find(portrait)[0]
    assert not reader.is_sure_open(portrait, face)
    white = np.full_like(portrait, 255)
    assert reader.is_sure_open(white, face)
    points = face.points_px(portrait.shape[1], portrait.shape[0])
    x, y = np.round(points[[362, 263]].mean(0)).astype(int)
    white[y - 4 : y + 5, x - 8 : x + 9] = 0
    assert not reader.is_sure_open(white, face)
