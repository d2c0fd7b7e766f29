"""Sources: what each gives, and what is said when it cannot."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from booth.capture.frames import frame_of, frames
from booth.capture.source import open_source
from booth.config.params.capture import CaptureParams
from booth.core.faults import Fault

PARAMS = CaptureParams(picture_s=0.1, fps=30)


def _picture(path: Path, level: int, size: tuple[int, int] = (64, 48)) -> None:
    cv2.imwrite(str(path), np.full((size[1], size[0], 3), level, np.uint8))


def _video(path: Path, n_frames: int) -> None:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 25, (64, 48))
    for n in range(n_frames):
        writer.write(np.full((48, 64, 3), 20 * n, np.uint8))
    writer.release()


def test_a_folder_plays_each_picture_for_its_time_in_name_order(tmp_path: Path) -> None:
    for name, level in (("b.png", 200), ("a.png", 50)):
        _picture(tmp_path / name, level)
    played = list(frames(open_source(str(tmp_path), PARAMS), PARAMS))
    assert [int(f.rgb[0, 0, 0]) for f in played] == [50, 50, 50, 200, 200, 200]
    assert [f.seq for f in played] == list(range(6))
    assert played[3].t_s == pytest.approx(0.1)


def test_a_glob_and_a_single_picture_are_sources_too(tmp_path: Path) -> None:
    for n in range(3):
        _picture(tmp_path / f"{n}.png", 40 * n)
    assert len(list(frames(open_source(str(tmp_path / "[01].png"), PARAMS), PARAMS))) == 6
    assert len(list(frames(open_source(str(tmp_path / "2.png"), PARAMS), PARAMS))) == 3


def test_a_new_picture_is_told_so_that_nobody_inherits_anothers_zero(tmp_path: Path) -> None:
    for n in range(2):
        _picture(tmp_path / f"{n}.png", 90)
    source = open_source(str(tmp_path), PARAMS)
    assert [source.begins(n) for n in range(6)] == [False, False, False, True, False, False]


def test_a_video_gives_its_frames_in_order_with_growing_times(tmp_path: Path) -> None:
    _video(tmp_path / "clip.avi", 6)
    played = list(frames(open_source(str(tmp_path / "clip.avi"), PARAMS), PARAMS))
    assert len(played) == 6
    times = [f.t_s for f in played]
    assert times[0] == 0
    assert times == sorted(set(times))
    assert times[-1] == pytest.approx(0.2, abs=0.01)
    assert int(played[5].rgb.mean()) > int(played[1].rgb.mean())


def test_playing_stops_at_the_seconds_asked_for(tmp_path: Path) -> None:
    _video(tmp_path / "clip.avi", 10)
    assert len(list(frames(open_source(str(tmp_path / "clip.avi"), PARAMS), PARAMS, max_s=0.1))) == 3


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.mp4", b"", "source.not_video"),
        ("text.mp4", b"just words", "source.not_video"),
        ("text.jpg", b"just words", "source.not_picture"),
        ("empty.jpg", b"", "source.not_picture"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Fault) as caught:
        open_source(str(tmp_path / name), PARAMS)
    assert caught.value.code == code
    assert caught.value.exit_code == 2
    assert "\n" not in caught.value.message


@pytest.mark.parametrize("text", ["no-such-thing.mp4", "camera nobody has", "99"])
def test_a_source_that_is_not_there_names_what_is(text: str) -> None:
    with pytest.raises(Fault) as caught:
        open_source(text, PARAMS)
    assert caught.value.code in ("source.missing", "camera.missing")


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="No pictures"):
        open_source(str(tmp_path), PARAMS)


@pytest.mark.parametrize(("turn", "corner"), [(0, (0, 0)), (90, (0, -1)), (180, (-1, -1)), (270, (-1, 0))])
def test_a_turned_camera_is_turned_back(turn: int, corner: tuple[int, int]) -> None:
    rgb = np.zeros((48, 64, 3), np.uint8)
    rgb[0, 0] = 255
    frame = frame_of(rgb, 0, 0.0, CaptureParams(rotate_deg=turn))  # type: ignore[arg-type]
    assert frame.rgb[corner].tolist() == [255, 255, 255]
    assert frame.size == ((64, 48) if turn in (0, 180) else (48, 64))


def test_a_large_frame_gets_a_small_copy_and_a_small_one_is_its_own() -> None:
    large = frame_of(np.zeros((1080, 1920, 3), np.uint8), 0, 0.0, CaptureParams())
    assert large.small.shape == (720, 1280, 3)
    small = frame_of(np.zeros((480, 640, 3), np.uint8), 0, 0.0, CaptureParams())
    assert small.small is small.rgb
