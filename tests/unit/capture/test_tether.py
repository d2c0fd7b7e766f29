"""A tethered camera: the library's own virtual one where the extra is installed, and a made one for the rest."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from booth.app import photograph
from booth.app.photograph import is_same_pose, photograph_of
from booth.app.review import Review
from booth.capture import gphoto, tether
from booth.capture.capture_thread import CaptureThread
from booth.capture.demo.demo_sitter import DemoSitter
from booth.capture.source import open_source
from booth.capture.tether import Tether, Tethered
from booth.config.params import load_params
from booth.config.params.capture import CaptureParams
from booth.core.fault_table import fault
from booth.core.faults import Fault
from booth.core.types import FrameAnalysis, Pose, Shot
from booth.delivery.change_list import changes_of
from booth.looks.look import load_look
from booth.looks.preview import PreviewRenderer
from booth.still.photo_checker import PhotoChecker

NEUTRAL = 300  # a frame of the demo sitter: eyes open, before the lens
PARAMS = load_params("event")


def _jpeg(rgb: np.ndarray) -> bytes:
    return cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes()


def _file(rgb: np.ndarray) -> Future[bytes]:
    done: Future[bytes] = Future()
    done.set_result(_jpeg(rgb))
    return done


# -- the library's virtual camera -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def on_the_card() -> bytes:
    return _jpeg(DemoSitter(size=(1920, 1080)).frame(NEUTRAL))


@pytest.fixture
def gp(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, on_the_card: bytes) -> Any:
    """The library with a virtual Nikon whose card holds a picture of the demo sitter, 1920x1080."""
    found = pytest.importorskip("gphoto2", reason="needs the extra `tether`")
    ports = Path(found.__file__).parent / "libgphoto2" / "vusb"
    if not ports.is_dir():
        pytest.skip("this build of the library has no virtual camera")
    card = tmp_path / "card" / "DCIM" / "100TEST"
    card.mkdir(parents=True)
    (card / "DSC_0001.JPG").write_bytes(on_the_card)
    monkeypatch.setenv("IOLIBS", str(ports))
    monkeypatch.setenv("VCAMERADIR", f"{tmp_path / 'card'}/")
    return found


@pytest.fixture
def source(gp: Any) -> Iterator[Tethered]:
    opened = open_source("tether:D750", CaptureParams(finder="demo"))
    assert isinstance(opened, Tethered)
    yield opened
    opened.close()


def test_the_virtual_camera_shoots_a_file_at_full_size_beside_the_finder(source: Tethered) -> None:
    assert source.trouble is None
    assert "D750" in source.name
    assert source.size == (1280, 720), "the finder's"
    got = source.read()
    assert got is not None
    content = source.shoot().result(10)
    assert cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR).shape == (1080, 1920, 3)


class Pulled:
    """The open camera with its cable pulled: every call answers as the library does then."""

    def __init__(self, gp: Any) -> None:
        self._gp = gp

    def __getattr__(self, name: str) -> Any:
        def fails(*_: Any) -> Any:
            raise self._gp.GPhoto2Error(self._gp.GP_ERROR_IO_USB_FIND)

        return fails


def test_a_camera_pulled_in_the_middle_is_answered_and_found_again(
    source: Tethered, gp: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tether, "FIRST_RETRY_S", 0.0)
    assert len(source.shoot().result(10)) > 10_000
    real = source.tether._camera
    assert real is not None
    whole, real._camera = real._camera, Pulled(gp)
    pulled = source.shoot()
    with pytest.raises(Fault, match="has gone") as caught:
        pulled.result(10)
    whole.exit()
    assert caught.value.code == "tether.lost"
    assert source.trouble is not None
    assert source.read() is not None, "the finder goes on"
    source.tether._next_s = 0.0
    source.read()
    assert source.tether._tending is not None
    source.tether._tending.result(10)
    assert source.trouble is None
    assert len(source.shoot().result(10)) > 10_000


def test_every_error_of_the_library_has_its_row(gp: Any) -> None:
    assert gphoto.code_of(gp.GP_ERROR_NO_SPACE, gp) == "tether.card"
    assert gphoto.code_of(gp.GP_ERROR_TIMEOUT, gp) == "tether.asleep"
    assert gphoto.code_of(gp.GP_ERROR_IO_USB_CLAIM, gp) == "tether.busy"
    assert gphoto.code_of(gp.GP_ERROR, gp) == "tether.refused"
    for name in (n for n in dir(gp) if n.startswith("GP_ERROR")):
        assert fault(gphoto.code_of(getattr(gp, name), gp), name="D750").hint


@pytest.mark.model
def test_a_shot_becomes_a_portrait_of_the_cameras_own_file(source: Tethered) -> None:
    judged = _judged(DemoSitter().frame(NEUTRAL))
    review, look = Review(PARAMS), load_look("studio-grey")
    pump = CaptureThread(source, lambda: source, PARAMS.capture, paced=False)
    try:
        review.begin(Shot(judged, 0.9, look.name, ()), look, PreviewRenderer(look), None, pump.expose())
        portrait = review.portrait()
    finally:
        review.close()
    assert portrait.record.stages[0].name == "capture.tethered"
    assert portrait.record.stages[0].amounts == {"width_px": 1920, "height_px": 1080}
    assert changes_of(portrait.record, "paper")[0].key == "change.tethered"


# -- a made camera --------------------------------------------------------------------------------------------------


def _judged(rgb: np.ndarray) -> FrameAnalysis:
    with PhotoChecker(PARAMS) as judge:
        return judge.analyze(rgb)[0]


@pytest.fixture(scope="module")
def judged() -> FrameAnalysis:
    return _judged(DemoSitter().frame(NEUTRAL))


@pytest.mark.model
def test_the_file_is_tracked_anew_and_taken_where_it_is_what_was_judged(judged: FrameAnalysis) -> None:
    taken = photograph_of(_file(DemoSitter(size=(1920, 1080)).frame(NEUTRAL)), judged, PARAMS)
    assert taken.analysis.frame.size == (1920, 1080)
    assert taken.analysis.sitter is not None
    assert taken.analysis.sitter is not judged.sitter
    assert taken.stage.name == "capture.tethered"


@pytest.mark.model
def test_the_finders_empty_place_does_not_come_with_the_cameras_file(judged: FrameAnalysis) -> None:
    knows = replace(judged, plate=np.full((720, 1280, 3), 90, np.uint8))
    taken = photograph_of(_file(DemoSitter().frame(NEUTRAL)), knows, PARAMS)  # even at the finder's own size
    assert taken.stage.name == "capture.tethered" and taken.analysis.plate is None


@pytest.mark.model
def test_an_empty_picture_lets_the_judged_frame_stand_in_and_it_is_said(judged: FrameAnalysis) -> None:
    taken = photograph_of(_file(np.full((720, 1280, 3), 90, np.uint8)), judged, PARAMS)
    assert taken.analysis is judged
    assert taken.stage.name == "capture.stand_in"
    assert "nobody was on it" in taken.stage.says


@pytest.mark.model
def test_shut_eyes_let_the_judged_frame_stand_in(judged: FrameAnalysis, monkeypatch: pytest.MonkeyPatch) -> None:
    analyze = PhotoChecker.analyze

    def shut(self: PhotoChecker, rgb: np.ndarray) -> Any:
        analysis, guidance = analyze(self, rgb)
        return analysis, replace(guidance, rejects=("eyes",))

    monkeypatch.setattr(PhotoChecker, "analyze", shut)
    taken = photograph_of(_file(DemoSitter().frame(NEUTRAL)), judged, PARAMS)
    assert taken.analysis is judged
    assert "eyes were shut" in taken.stage.says


def test_a_head_that_turned_is_not_what_was_judged(judged: FrameAnalysis) -> None:
    face = judged.sitter
    assert face is not None
    for yaw, roll, same in ((5.0, 2.0, True), (20.0, 0.0, False), (0.0, 9.0, False)):
        pose = Pose(face.pose.yaw_deg + yaw, face.pose.pitch_deg, face.pose.roll_deg + roll)
        assert is_same_pose(replace(face, pose=pose), face) is same


@pytest.mark.parametrize("code", ["tether.card", "tether.asleep", "tether.lost", "tether.refused", "tether.no_jpeg"])
def test_a_camera_that_fails_at_the_shutter_lets_the_judged_frame_stand_in(code: str, judged: FrameAnalysis) -> None:
    failed: Future[bytes] = Future()
    failed.set_exception(fault(code, name="D750"))
    taken = photograph_of(failed, judged, PARAMS)
    assert taken.analysis is judged
    assert fault(code, name="D750").message in taken.stage.says


def test_a_file_that_never_comes_is_not_waited_for_for_ever(
    judged: FrameAnalysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photograph, "WAIT_S", 0.01)
    assert photograph_of(Future(), judged, PARAMS).analysis is judged


def test_a_guest_who_is_not_measured_has_the_file_as_it_is(judged: FrameAnalysis) -> None:
    plain = FrameAnalysis(judged.frame, (), None)
    taken = photograph_of(_file(np.full((900, 1600, 3), 90, np.uint8)), plain, PARAMS)
    assert taken.analysis.frame.size == (1600, 900)
    assert taken.analysis.faces == ()


class Made:
    """A camera that answers as told."""

    name, has_live_view = "Made", True

    def __init__(self) -> None:
        self.trouble: Fault | None = None
        self.found: Fault | None = None
        self.picture = _jpeg(np.full((480, 640, 3), 120, np.uint8))

    def _answer(self) -> bytes:
        if self.trouble is not None:
            raise self.trouble
        return self.picture

    preview = shoot = _answer

    def check(self) -> Fault | None:
        self._answer()
        return self.found

    def close(self) -> None:
        """Nothing is held."""


def test_a_live_view_is_a_finder_and_its_loss_a_fault_of_the_source() -> None:
    made = Made()
    source = Tethered(Tether(lambda: made), None)
    try:
        got = source.read()
        assert got is not None
        assert (source.size, got[0].size) == ((640, 480), (640, 480))  # type: ignore[union-attr]
        assert source.is_camera
        made.trouble = fault("tether.lost", name="Made")
        with pytest.raises(Fault, match="no more pictures") as caught:
            source.read()
        assert caught.value.code == "camera.lost", "the booth sees nothing without it"
    finally:
        source.close()


def test_waits_between_tries_grow_and_a_camera_that_answers_ends_them() -> None:
    made, clock, opened = Made(), [0.0], []

    def opens() -> Made:
        opened.append(clock[0])
        return Made()._answer() and made if made.trouble is None else _raise(made.trouble)

    kept = Tether(opens)
    try:
        kept._clock = type("Clock", (), {"now_s": lambda self: clock[0]})()
        made.trouble = fault("tether.asleep", name="Made")
        with pytest.raises(Fault):
            kept.shoot().result(5)
        for tick in range(600):
            clock[0] = tick * 0.05
            kept.tend()
            if kept._tending is not None:
                kept._tending.result(5)
        waits = np.diff(opened[1:6])
        assert waits == pytest.approx([1, 2, 4, 8], abs=0.11)
        made.trouble = None
        clock[0] += 9
        kept.tend()
        assert kept._tending is not None
        kept._tending.result(5)
        assert kept.trouble is None
    finally:
        kept.close()


def _raise(trouble: Fault) -> Any:
    raise trouble


def test_a_low_battery_is_told_and_the_booth_goes_on() -> None:
    made = Made()
    made.found = fault("tether.battery", name="Made")
    kept = Tether(lambda: made)
    try:
        assert kept.trouble is made.found
        assert kept.shoot().result(5) == made.picture
        assert kept.trouble is made.found
    finally:
        kept.close()


@pytest.mark.parametrize(("words", "percent"), [("50%", 50), ("5", 5), ("Low", 0), ("Full", None), ("", None)])
def test_a_battery_is_read_as_cameras_tell_it(words: str, percent: int | None) -> None:
    assert gphoto._percent(words) == percent


def test_without_the_extra_the_hint_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "gphoto2", None)
    with pytest.raises(Fault, match="not installed") as caught:
        open_source("tether", CaptureParams())
    assert "requirements-tether.txt" in str(caught.value.hint)
