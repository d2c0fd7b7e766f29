"""Finding a camera again after a loss, also under another number."""

from __future__ import annotations

import pytest

from booth.capture import reopen
from booth.capture.listed import Listed
from booth.capture.reopen import Reopener, candidates
from booth.config.params.capture import CaptureParams
from booth.core.fault_table import fault
from booth.core.faults import Fault

LOGI, LAPTOP = "Logi C920", "Integrated Camera"


@pytest.mark.parametrize(
    ("listed", "anyone", "tried"),
    [
        ([Listed(0, LOGI), Listed(2, LAPTOP)], False, [0]),
        ([Listed(2, LAPTOP), Listed(4, LOGI)], False, [4]),
        ([Listed(0, LAPTOP), Listed(4, LOGI)], False, [4, 0]),
        ([Listed(0, LOGI), Listed(1, LOGI)], False, [0, 1]),
        ([Listed(0, LOGI, "046d:0825@1-1"), Listed(1, LOGI, "046d:0825@1-2")], False, [1, 0]),
        ([Listed(2, LAPTOP)], False, []),
        ([Listed(2, LAPTOP)], True, [2]),
    ],
)
def test_the_same_camera_comes_first_wherever_it_is(listed: list[Listed], anyone: bool, tried: list[int]) -> None:
    assert candidates(Listed(0, LOGI, "046d:0825@1-2"), listed, anyone=anyone) == tried


class Camera:
    """Stands in for an open camera."""

    is_live = True

    def __init__(self, index: int, params: CaptureParams) -> None:
        if index not in Camera.there:
            raise fault("camera.busy", index=index)
        self.index, self.title, self.id = index, Camera.there[index], ""

    there: dict[int, str] = {}


def test_a_camera_that_comes_back_as_number_two_is_taken_and_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reopen, "Webcam", Camera)
    monkeypatch.setattr(reopen.webcam, "listed", lambda: [Listed(*camera) for camera in Camera.there.items()])
    Camera.there = {0: LOGI}
    again = Reopener(CaptureParams(source="0"), Camera(0, CaptureParams()))
    Camera.there = {}
    with pytest.raises(Fault, match="no camera 0"):
        again()
    Camera.there = {2: LOGI, 3: LAPTOP}
    assert again().index == 2
    Camera.there = {2: LOGI}
    assert again().index == 2


def test_the_demo_sitter_never_takes_a_cameras_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reopen, "Webcam", Camera)
    monkeypatch.setattr(reopen.webcam, "listed", list)
    Camera.there = {0: LOGI}
    again = Reopener(CaptureParams(), Camera(0, CaptureParams()))
    with pytest.raises(Fault) as caught:
        again()
    assert caught.value.code == "camera.missing"
