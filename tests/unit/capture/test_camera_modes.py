"""A camera's modes, its stable ID, its own bytes, what a killed run left locked: on a camera made of numbers."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from booth.capture import webcam
from booth.capture.frames import frame_of
from booth.capture.jpeg import BrokenPicture, Jpeg, jpeg_of
from booth.capture.listed import Listed, place_of, source_of, stable_id
from booth.capture.modes import Known, Mode, ModeMemory, find_best
from booth.capture.reach import ARM_M, STANDING_M, portrait_height_px
from booth.config.params.capture import CaptureParams

JPG = cv2.VideoWriter.fourcc(*"MJPG")


class FakeCamera:
    """A driver: settles on the nearest of its modes; raw modes are slow, a mode may promise and give nothing.

    `modes` are size -> frames a second as MJPG. Its own clock runs as it is read.
    """

    def __init__(self, modes: dict[tuple[int, int], float], light_fps: float = 60.0, *, hands_out_jpeg: bool = True):
        self.modes, self.light_fps, self.hands_out_jpeg = modes, light_fps, hands_out_jpeg
        self.props: dict[int, float] = {cv2.CAP_PROP_CONVERT_RGB: 1}
        self.size, self.now_s, self.reads = min(modes), 0.0, 0
        self.asked_mjpg_first = False
        self._coded: dict[tuple[int, int], np.ndarray] = {}

    def set(self, prop: int, value: float) -> bool:
        self.props[prop] = value
        if prop == cv2.CAP_PROP_FRAME_WIDTH:
            self.asked_mjpg_first = self.props.get(cv2.CAP_PROP_FOURCC) == JPG
        if prop == cv2.CAP_PROP_FRAME_HEIGHT:
            wanted = self.props[cv2.CAP_PROP_FRAME_WIDTH] * value
            self.size = min(self.modes, key=lambda size: abs(size[0] * size[1] - wanted))
        return self.hands_out_jpeg or prop != cv2.CAP_PROP_CONVERT_RGB

    def get(self, prop: int) -> float:
        if prop in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT):
            return float(self.size[prop == cv2.CAP_PROP_FRAME_HEIGHT])
        return float(self.props.get(prop, 0))

    def read(self) -> tuple[bool, np.ndarray | None]:
        self.reads += 1
        fps = min(self.modes[self.size], self.light_fps)
        self.now_s += 1 / fps if fps else 0.02
        if not fps:
            return False, None
        if self.size not in self._coded:
            rng = np.random.default_rng(1)
            small = rng.integers(0, 255, (9, 16, 3), dtype=np.uint8)
            picture = cv2.resize(small, self.size, interpolation=cv2.INTER_CUBIC)
            self._coded[self.size] = cv2.imencode(".jpg", picture)[1].reshape(1, -1)
        coded = self._coded[self.size]
        raw = self.hands_out_jpeg and self.props[cv2.CAP_PROP_CONVERT_RGB] == 0
        return True, coded if raw else cv2.imdecode(coded, cv2.IMREAD_COLOR)

    def release(self) -> None:
        """Nothing is held."""


def _best(camera: FakeCamera, **options: bool) -> Known:
    return find_best(camera, 30, lambda: camera.now_s, **options)


C930 = {(1920, 1080): 30.0, (1280, 720): 30.0, (640, 480): 30.0}


def test_the_largest_mode_that_holds_its_rate_is_taken_and_mjpg_is_asked_for_first() -> None:
    camera = FakeCamera({(3840, 2160): 15.0, **C930})
    known = _best(camera)
    assert (known.best.width_px, known.best.height_px) == camera.size == (1920, 1080)
    assert known.best.fps == pytest.approx(30, abs=0.5)
    assert [(m.width_px, m.height_px) for m in known.modes] == [(3840, 2160), (1920, 1080), (1280, 720), (640, 480)]
    assert known.modes[0].fps == pytest.approx(15, abs=0.5)
    assert camera.asked_mjpg_first


def test_4k_at_30_is_taken_where_it_is_held_and_smaller_ones_are_not_tried() -> None:
    camera = FakeCamera({(3840, 2160): 30.0, **C930})
    assert _best(camera).best.width_px == 3840
    assert camera.now_s < 1.2
    assert _best(camera, every=True).modes[2].fps == pytest.approx(30, abs=0.5)


def test_a_camera_for_50_hz_lamps_holds_its_25() -> None:
    assert _best(FakeCamera({(1920, 1080): 25.0, (1280, 720): 50.0})).best.width_px == 1920


def test_in_the_dim_all_are_slow_and_the_largest_is_taken_but_not_remembered(tmp_path: Path) -> None:
    camera = FakeCamera({(2560, 1440): 30.0, **C930}, light_fps=15)
    known = _best(camera)
    assert known.best.width_px == 2560
    assert camera.now_s < 3, "two modes tell it"
    memory = ModeMemory(tmp_path / "cameras.json")
    memory.remember("a", known)
    assert memory.recall("a") is None


def test_a_size_that_is_promised_and_gives_nothing_is_none() -> None:
    known = _best(FakeCamera({(3840, 2160): 0.0, (1280, 720): 30.0}))
    assert [m.width_px for m in known.modes] == [1280]
    with pytest.raises(ValueError, match="no picture"):
        _best(FakeCamera({(1280, 720): 0.0}))


def test_a_memory_that_is_damaged_is_none(tmp_path: Path) -> None:
    memory = ModeMemory(tmp_path / "deep" / "cameras.json")
    known = Known((Mode(1920, 1080, 30.0),), Mode(1920, 1080, 30.0))
    memory.remember("046d:085b@1-2", known)
    memory.remember("046d:085b@1-3", known)
    assert memory.recall("046d:085b@1-2") == known
    (tmp_path / "deep" / "cameras.json").write_text("{")
    assert memory.recall("046d:085b@1-2") is None


@pytest.fixture
def plugged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeCamera:
    camera = FakeCamera(dict(C930))
    monkeypatch.setattr(webcam, "listed", lambda: [Listed(0, "C930", "046d:0843@1-2")])
    monkeypatch.setattr(webcam, "opened", lambda index: camera)
    monkeypatch.setattr(webcam, "mode_memory", lambda: ModeMemory(tmp_path / "cameras.json"))

    class Clock:
        def now_s(self) -> float:
            return camera.now_s

    monkeypatch.setattr(webcam, "WallClock", Clock)
    return camera


def test_the_best_mode_is_the_default_found_once_and_then_remembered(plugged: FakeCamera) -> None:
    first = webcam.Webcam(0, CaptureParams())
    assert first.size == (1920, 1080)
    assert first.known is not None
    tried = plugged.reads
    again = webcam.Webcam(0, CaptureParams())
    assert again.size == (1920, 1080)
    assert plugged.reads - tried < 6, "nothing was tried again"
    plugged.modes = {(1280, 720): 30.0}
    assert webcam.Webcam(0, CaptureParams()).size == (1280, 720), "what it no longer gives is forgotten"


def test_a_size_in_the_profile_is_asked_for_and_nothing_is_tried(plugged: FakeCamera) -> None:
    camera = webcam.Webcam(0, CaptureParams(width_px=1280, height_px=720))
    assert camera.size == (1280, 720)
    assert camera.known is None
    assert plugged.reads < 6


def test_the_cameras_own_bytes_are_kept_and_decoded_reduced(plugged: FakeCamera) -> None:
    source = webcam.Webcam(0, CaptureParams())
    got = source.read()
    assert got is not None
    assert isinstance(got[0], Jpeg)
    frame = frame_of(got[0], 0, got[1], CaptureParams())
    assert frame.size == (1920, 1080)
    assert frame.small.shape == (540, 960, 3)
    assert frame.n_bytes < 1920 * 1080 * 3 / 2
    whole = cv2.cvtColor(cv2.imdecode(got[0].data, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    assert np.array_equal(frame.rgb, whole)
    assert np.abs(cv2.resize(whole, (960, 540), interpolation=cv2.INTER_AREA).astype(int) - frame.small).mean() < 1


def test_a_driver_that_hands_out_no_jpeg_gives_pixels_as_ever(plugged: FakeCamera) -> None:
    plugged.hands_out_jpeg = False
    got = webcam.Webcam(0, CaptureParams()).read()
    assert got is not None
    assert isinstance(got[0], np.ndarray)
    assert got[0].shape == (1080, 1920, 3)


def test_what_a_killed_run_left_locked_is_undone_at_opening(plugged: FakeCamera) -> None:
    plugged.props |= {cv2.CAP_PROP_AUTO_EXPOSURE: webcam.MANUAL, cv2.CAP_PROP_AUTO_WB: 0, cv2.CAP_PROP_AUTOFOCUS: 0}
    camera = webcam.Webcam(0, CaptureParams())
    assert plugged.props[cv2.CAP_PROP_AUTO_EXPOSURE] == webcam.AUTO
    assert plugged.props[cv2.CAP_PROP_AUTO_WB] == 1
    assert plugged.props[cv2.CAP_PROP_AUTOFOCUS] == 1
    camera.lock_exposure()
    assert plugged.props[cv2.CAP_PROP_AUTO_EXPOSURE] == webcam.MANUAL


def test_two_cameras_of_one_name_are_told_apart_by_their_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [Listed(0, "C930", "046d:0843@1-2"), Listed(2, "C930", "046d:0843@1-4"), Listed(4, "Built-in", "x")]
    assert [source_of(camera, found) for camera in found] == ["id:046d:0843@1-2", "id:046d:0843@1-4", "Built-in"]
    monkeypatch.setattr(webcam, "listed", lambda: found)
    assert webcam.index_of("id:046d:0843@1-4") == 2
    assert webcam.index_of("id:046d:0843@1-9") is None
    assert webcam.index_of("built") == 4


def test_an_id_is_the_make_and_the_port(tmp_path: Path) -> None:
    interface = tmp_path / "devices" / "usb1" / "1-2" / "1-2:1.0"
    interface.mkdir(parents=True)
    (tmp_path / "class" / "video3").mkdir(parents=True)
    (tmp_path / "class" / "video3" / "device").symlink_to(interface)
    assert stable_id(0x46D, 0x843, place_of("/dev/video3", tmp_path / "class")) == "046d:0843@1-2"
    assert place_of("/dev/video9", tmp_path / "class") == ""
    assert stable_id(None, None, place_of("{unique-of-a-mac}")) == "{unique-of-a-mac}"


def _coded(size: tuple[int, int] = (1920, 1080)) -> np.ndarray:
    x = np.linspace(0, 255, size[0], dtype=np.float32)[None, :, None] * np.ones((size[1], 1, 3), np.float32)
    return cv2.imencode(".jpg", x.astype(np.uint8))[1].reshape(-1)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_camera_is_turned_back_in_both_sizes(turn: int) -> None:
    frame = frame_of(Jpeg(_coded()), 0, 0.0, CaptureParams(rotate_deg=turn))  # type: ignore[arg-type]
    assert frame.size == ((1920, 1080) if turn == 180 else (1080, 1920))
    bright = {90: (-1, 5), 180: (5, 0), 270: (0, 5)}[turn]
    assert frame.small[bright].mean() > 240
    assert frame.rgb[bright].mean() > 240


def test_a_frame_that_was_cut_off_is_none_and_one_with_padding_is() -> None:
    coded = _coded((640, 480))
    assert jpeg_of(np.concatenate([coded, np.zeros(9, np.uint8)])) is not None
    assert jpeg_of(coded[: len(coded) // 2]) is None
    assert jpeg_of(coded[2:]) is None
    assert jpeg_of(np.zeros((480, 640, 3), np.uint8)) is None
    assert jpeg_of(None) is None
    with pytest.raises(BrokenPicture):
        Jpeg(b"")
    with pytest.raises(BrokenPicture):
        Jpeg(coded.tobytes()[:30] + b"\xff\xd9")


def test_whole_pixels_live_no_longer_than_somebody_holds_them() -> None:
    picture = Jpeg(_coded())
    held = picture.rgb()
    assert picture.rgb() is held
    assert not held.flags.writeable
    del held
    assert picture._image_ref is not None
    assert picture._image_ref() is None


@pytest.mark.parametrize(
    ("size", "factor"), [((1280, 720), 1), ((1920, 1080), 2), ((2560, 1440), 2), ((3840, 2160), 4), ((1600, 1200), 1)]
)
def test_reduced_never_means_soft(size: tuple[int, int], factor: int) -> None:
    assert Jpeg(_coded(size)).factor_for(1280) == factor


def test_a_portrait_grows_with_the_picture_and_shrinks_with_the_distance() -> None:
    standing = {h: portrait_height_px((h * 16 // 9, h), STANDING_M, 78, 0.46) for h in (720, 1080, 2160)}
    assert standing[2160] == pytest.approx(3 * standing[720], abs=3)
    assert 200 < standing[720] < 300
    assert portrait_height_px((1280, 720), ARM_M, 78, 0.46) == pytest.approx(standing[720] * 2.5, abs=3)
    assert portrait_height_px((1280, 720), 0.2, 78, 0.46) == 720, "never more than there is"
