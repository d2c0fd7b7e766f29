"""What doctor and operator's page tell of the camera: its modes, its rate, and how large portraits come out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from booth.app.operator.camera_choice import CameraSwitcher
from booth.app.operator.camera_rows import camera_rows
from booth.capture import webcam
from booth.capture.listed import Listed
from booth.capture.modes import Known, Mode
from booth.config.params import load_params
from booth.config.params.capture import CaptureParams
from booth.config.words import sentences
from booth.core.fault_table import fault
from booth.core.types import Frame
from booth.diagnostics.machine_checks import _portrait

PARAMS = load_params("event")


@dataclass
class Camera:
    """Stands for an open camera."""

    size: tuple[int, int]
    known: Known | None = None
    name: str = "camera 0"
    fps: float = 30.0
    is_live: bool = True


def _rows(camera: Camera, rate: float | None = 29.7) -> dict[str, str]:
    rows = dict(camera_rows(camera, rate, PARAMS))  # type: ignore[arg-type]
    assert all(key in sentences("en") for key in rows)
    return rows


def test_modes_rate_and_the_portraits_size_are_told() -> None:
    modes = tuple(Mode(w, h, fps) for w, h, fps in ((3840, 2160, 15.2), (1920, 1080, 30.1), (1280, 720, None)))
    rows = _rows(Camera((1920, 1080), Known(modes, modes[1])))
    assert rows["staff.row_camera"] == "camera 0, 1920x1080, 30/s"
    assert rows["staff.row_modes"] == "3840x2160 15/s, 1920x1080 30/s, 1280x720"
    assert rows["staff.row_portrait_small"].startswith("0.6 m: ")
    assert "1.5 m: " in rows["staff.row_portrait_small"]


def test_a_portrait_below_1000_px_is_warned_of_and_one_above_is_not() -> None:
    assert "staff.row_portrait_small" in _rows(Camera((1280, 720)))
    large = camera_rows(Camera((7680, 4320)), None, PARAMS)  # type: ignore[arg-type]
    assert "staff.row_portrait" in dict(large)
    assert _portrait(Camera((1280, 720)), PARAMS).level == "warn"  # type: ignore[arg-type]
    assert _portrait(Camera((7680, 4320)), PARAMS).level == "pass"  # type: ignore[arg-type]


def test_a_tethered_cameras_trouble_is_a_row() -> None:
    camera = Camera((1280, 720))
    camera.tether = type("T", (), {"name": "D750", "trouble": None})()  # type: ignore[attr-defined]
    assert _rows(camera)["staff.row_tether"] == "D750"
    camera.tether.trouble = fault("tether.card", name="D750")  # type: ignore[attr-defined]
    assert "card" in _rows(camera)["staff.row_tether"]


def test_cameras_of_one_name_are_chosen_by_their_id(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [Listed(0, "C930", "046d:0843@1-2"), Listed(2, "C930", "046d:0843@1-4"), Listed(3, "Built-in", "")]
    monkeypatch.setattr(webcam, "listed", lambda: found)
    listed = CameraSwitcher(None, CaptureParams()).listed()  # type: ignore[arg-type]
    assert listed[1:4] == (
        ("id:046d:0843@1-2", "0: C930"),
        ("id:046d:0843@1-4", "2: C930"),
        ("Built-in", "3: Built-in"),
    )


def test_a_frame_says_its_size_without_a_decode() -> None:
    class Coded:
        size, n_bytes = (3840, 2160), 1000

        def rgb(self):  # type: ignore[no-untyped-def]
            raise AssertionError("decoded")

    frame = Frame(0, 0.0, Coded(), np.zeros((540, 960, 3), np.uint8))
    assert frame.size == (3840, 2160)
    assert frame.at_hand is frame.small
    assert frame.n_bytes == 1000 + 540 * 960 * 3
