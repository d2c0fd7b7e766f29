"""Clips as people bring them: by their own time stamps, upright, with square pixels, whatever the file is called."""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from booth.capture.frames import frames
from booth.capture.jpeg import Jpeg
from booth.capture.source import open_source
from booth.config.params.capture import CaptureParams
from tests.rig import mp4

PARAMS = CaptureParams()


def _played(path: Path) -> list:
    source = open_source(str(path), PARAMS)
    try:
        return list(frames(source, PARAMS))
    finally:
        source.close()


def test_a_gap_in_a_recording_is_a_gap_in_time(tmp_path: Path) -> None:
    path = mp4.timed(mp4.write(tmp_path / "gap.mp4", [90] * 12), [(5, 1 / 30), (1, 2.5), (6, 1 / 30)])
    times = [frame.t_s for frame in _played(path)]
    assert times[5] == pytest.approx(5 / 30, abs=0.002)
    assert times[6] == pytest.approx(5 / 30 + 2.5, abs=0.002)
    assert times[11] == pytest.approx(10 / 30 + 2.5, abs=0.002)


def test_a_rate_that_changes_is_followed_by_the_recorded_times(tmp_path: Path) -> None:
    path = mp4.timed(mp4.write(tmp_path / "vfr.mp4", [90] * 12), [(6, 0.1), (6, 0.02)])
    times = [frame.t_s for frame in _played(path)]
    assert np.diff(times)[:5] == pytest.approx(0.1, abs=0.002)
    assert np.diff(times)[7:] == pytest.approx(0.02, abs=0.002)
    assert times == sorted(set(times))


@pytest.mark.parametrize(("across", "down", "shown"), [(4, 3, (85, 48)), (1, 2, (64, 96)), (1, 1, (64, 48))])
def test_pixels_that_are_not_square_are_stretched(
    tmp_path: Path, across: int, down: int, shown: tuple[int, int]
) -> None:
    path = mp4.squeezed(mp4.write(tmp_path / "s.mp4", [90] * 3), across, down)
    source = open_source(str(path), PARAMS)
    assert source.size == shown
    assert [frame.size for frame in frames(source, PARAMS)] == [shown] * 3


@pytest.mark.parametrize(("degrees", "shown", "white"), [(90, (48, 64), (30, -2)), (180, (64, 48), (-2, 30)),
                                                         (270, (48, 64), (30, 1))])  # fmt: skip
def test_a_telephone_held_sideways_is_upright(
    tmp_path: Path, degrees: int, shown: tuple[int, int], white: tuple[int, int]
) -> None:
    frame = _played(mp4.turned(mp4.write(tmp_path / "t.mp4", [20] * 3), degrees))[0]
    assert frame.size == shown
    assert frame.rgb[white].min() > 200
    assert frame.rgb[-1 - white[0] if degrees == 180 else white[0], -1 - white[1]].max() < 80


def test_turned_and_squeezed_at_once(tmp_path: Path) -> None:
    path = mp4.turned(mp4.squeezed(mp4.write(tmp_path / "ts.mp4", [20] * 3), 2, 1), 90)
    assert _played(path)[0].size == (48, 128)


@pytest.mark.parametrize(
    "name", ["take [1].mp4", "100% done %d.mp4", "what?*.mp4", "Zoë – 名前.mp4", "-i.mp4", "#1;'\".mp4"]
)
def test_odd_names_open(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform == "win32" and set(name) & set('?*"'):
        pytest.skip("no such name on this system")
    mp4.write(tmp_path / "plain.mp4", [90] * 3).rename(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    assert len(_played(Path(name))) == 3
    assert len(_played(tmp_path / name)) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="no colon in a file's name there")
def test_a_name_with_the_time_of_day_is_no_protocol(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "rec-2026-05-01T10:30:00.mp4"
    mp4.write(tmp_path / "plain.mp4", [90] * 3).rename(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    assert len(_played(Path(name))) == 3


def _motion_jpeg(path: Path, size: tuple[int, int], n_frames: int = 4) -> Path:
    writer = cv2.VideoWriter(str(path), cv2.CAP_OPENCV_MJPEG, cv2.VideoWriter.fourcc(*"MJPG"), 25, size)
    for n in range(n_frames):
        writer.write(np.full((size[1], size[0], 3), 40 + 40 * n, np.uint8))
    writer.release()
    return path


def test_motion_jpeg_stays_the_bytes_it_was_recorded_in(tmp_path: Path) -> None:
    played = _played(_motion_jpeg(tmp_path / "m.avi", (2560, 1440)))
    assert all(isinstance(frame.full, Jpeg) for frame in played)
    assert [frame.size for frame in played] == [(2560, 1440)] * 4
    assert played[0].small.shape == (720, 1280, 3)
    assert [round(float(frame.rgb.mean()) / 40) for frame in played] == [1, 2, 3, 4]
    assert [frame.t_s for frame in played] == pytest.approx([0, 0.04, 0.08, 0.12], abs=0.002)


def test_a_damaged_picture_in_a_recording_is_passed_over(tmp_path: Path) -> None:
    path = _motion_jpeg(tmp_path / "m.avi", (1920, 1080))
    data = bytearray(path.read_bytes())
    second = data.find(b"\xff\xd8", data.find(b"\xff\xd8") + 100)
    data[second : second + 2] = b"\0\0"
    path.write_bytes(bytes(data))
    assert [round(float(frame.rgb.mean()) / 40) for frame in _played(path)] == [1, 3, 4]
