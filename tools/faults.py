"""Makes every fault of the first table of docs/faults.md happen to a running booth and counts the answers.

`make faults`. Cameras are a loopback MJPEG stream that misbehaves; disks are small memory disks where there are any.
"""

from __future__ import annotations

import os
import shutil
import socket
import sys
import tempfile
import threading
import time
from concurrent.futures import Future
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.update(OPENCV_LOG_LEVEL="OFF", OPENCV_FFMPEG_LOGLEVEL="-8", GLOG_minloglevel="3", TF_CPP_MIN_LOG_LEVEL="3")

import cv2
import msgspec
import numpy as np

from booth.app.photograph import photograph_of
from booth.app.watchdog import Watchdog
from booth.capture import webcam
from booth.capture.demo.demo_sitter import DemoSitter
from booth.config.params import Params, load_params
from booth.core.fault_table import RUNNING, fault
from booth.core.faults import Fault
from booth.core.paths import data_folder, sessions_folder
from booth.core.types import Frame
from booth.delivery import portrait_folder as delivery
from booth.delivery.delivery_service import DeliveryService
from booth.diagnostics import machine_checks as examination
from booth.diagnostics.doctor import CheckResult
from booth.perception import perception_thread as pump
from booth.perception.face_finder import TrackedFaces
from booth.perception.frame_analyzer import FrameAnalyzer
from booth.session import session as sessions
from booth.session.state_machine import State
from booth.still.photo_checker import PhotoChecker
from tests.rig import machine
from tests.rig.camera import LoopbackCamera, Plugged
from tests.rig.driven import Driven, params_of
from tests.rig.injection import Answer, Injected, of_camera, of_stream, while_coached


def cameras(home: Path) -> list[Answer]:
    """Faults of streams, then of cameras that the system lists."""
    with LoopbackCamera() as camera:
        answers = Injected(Driven(params_of(camera.address, home / "a")), of_stream(camera)).run()
    listed, opened = webcam.listed, webcam.opened
    with LoopbackCamera() as feed:
        plugged = Plugged(feed)
        webcam.listed, webcam.opened = plugged.cameras, plugged.opened
        answers += Injected(Driven(params_of("0", home / "b")), of_camera(plugged)).run()
    webcam.listed, webcam.opened = listed, opened
    return answers


def tethered(home: Path) -> list[Answer]:
    """Faults of a camera on a cable: the booth goes on with the finder."""
    codes = [row.code for row in RUNNING if row.code.startswith("tether.") and row.code != "tether.differs"]
    found: list[Fault | None] = [None]
    source = DemoSitter()
    source.tether = FakeTether(found)  # type: ignore[attr-defined]
    type(source).trouble = property(lambda self: found[0])  # type: ignore[attr-defined]
    cases = []
    for code in codes:
        begin = partial(found.__setitem__, 0, fault(code, name="D750"))
        cases.append(while_coached(code, begin, partial(found.__setitem__, 0, None)))
    try:
        return [*Injected(Driven(params_of("demo", home / "t"), source), cases).run(), differs()]
    finally:
        del type(source).trouble  # type: ignore[attr-defined]


def differs() -> Answer:
    """The camera's picture shows nobody: the judged frame stands in, and it is said."""
    blank = cv2.imencode(".jpg", np.full((480, 640, 3), 90, np.uint8))[1].tobytes()
    exposure: Future[bytes] = Future()
    exposure.set_result(blank)
    params = load_params()
    with PhotoChecker(params) as judge:
        judged = judge.analyze(DemoSitter().frame(330))[0]
    start_s = time.monotonic()
    taken = photograph_of(exposure, judged, params)
    is_said = taken.analysis is judged and "not what was judged" in taken.stage.says
    return Answer("tether.differs", time.monotonic() - start_s if is_said else None, 0.0, True, taken.stage.says, 9.0)


class FakeTether:
    """What the operator's page reads of a tethered camera."""

    name = "D750"

    def __init__(self, found: list[Fault | None]) -> None:
        self._found = found

    @property
    def trouble(self) -> Fault | None:
        """What is the matter with it."""
        return self._found[0]


def work(home: Path) -> list[Answer]:
    """Faults of workers, disks and sleep in one running booth."""
    portraits, whole = home / "c", delivery.RESERVE_BYTES
    root = sessions_folder()

    def block() -> None:
        shutil.rmtree(root, ignore_errors=True)
        root.write_text("in the way")

    def to_file() -> None:
        shutil.rmtree(portraits, ignore_errors=True)
        portraits.write_text("in the way")

    def reserve(n_bytes: int) -> None:
        delivery.RESERVE_BYTES = n_bytes

    cases = [
        *machine.sight_dies(2),
        machine.develop_fails,
        machine.nothing_developed,
        machine.sleeps,
        machine.refused("session.folder", block, root.unlink),
        machine.refused("deliver.folder", to_file, portraits.unlink),
        machine.refused("deliver.disk", lambda: reserve(10**18), lambda: reserve(whole)),
        machine.fails_with("store.disk", fault("store.disk")),
        machine.fails_with("store.write", fault("store.write", path="portrait.jpg", why="Read-only file system")),
        machine.fails_with("store.index", fault("store.index")),
        machine.is_low,
    ]
    return Injected(Driven(params_of("demo", portraits)), cases).run()


def full_disk(home: Path) -> list[Answer]:
    """The same with a disk that is truly full: a small memory disk, filled while the guest looks at the portrait."""
    folder = home / "small"
    with machine.small_disk(folder, 400) as can:
        if not can:
            return []

        def fill(_: Driven) -> None:
            (folder / "filler").write_bytes(bytes(shutil.disk_usage(folder).free - 40_000_000))

        def empty(_: Driven) -> None:
            (folder / "filler").unlink()

        cases = [machine.not_kept("deliver.disk", fill, empty)]
        return Injected(Driven(params_of("demo", folder / "portraits")), cases).run()


def _broken(analyzer: FrameAnalyzer, frame: Frame) -> TrackedFaces:
    raise RuntimeError("injected")


def endings(home: Path) -> list[Answer]:
    """Faults that end the program."""
    pump.FIRST_REST_S = 0.05
    track, hang = FrameAnalyzer.track, threading.Event()
    FrameAnalyzer.track = _broken  # type: ignore[method-assign,assignment]
    broken = machine.ends_with("perception.broken", Driven(params_of("demo", home / "d")), [machine.waits])
    FrameAnalyzer.track = lambda self, frame: track(self, frame) if hang.wait(30) else _broken(self, frame)  # type: ignore[method-assign]
    machine.health_monitor.STUCK_S = machine.health_monitor.FIRST_STUCK_S = 3.0
    stuck = machine.ends_with("perception.stuck", Driven(params_of("demo", home / "e")), [machine.waits])
    hang.set()
    FrameAnalyzer.track = track  # type: ignore[method-assign]
    machine.health_monitor.FIRST_STUCK_S = 180.0
    given_up = threading.Event()
    with Watchdog(give_up=given_up.set, now_s=_from(0.0, 100.0)) as watchdog:
        watchdog.beat()
        loop = Answer("loop.stuck", 0.0 if given_up.wait(5) else None, 0.0, True, "the watchdog ended the program")
    return [broken, stuck, loop, _ended(home), *machine.models(home), _no_screen(home), _no_store(), _not_erased(home)]


def _from(*values: float):  # type: ignore[no-untyped-def]
    left = list(values)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


def _ended(home: Path) -> Answer:
    import cv2

    path = str(home / "short.avi")
    film = cv2.VideoWriter(path, cv2.VideoWriter.fourcc(*"MJPG"), 30, (320, 180))
    for n in range(30):
        film.write(cv2.UMat(180, 320, cv2.CV_8UC3, (n, n, n)).get())
    film.release()
    driven, began_s = Driven(params_of(path, home / "f")), time.monotonic()
    driven.run(lambda _: time.monotonic() - began_s > 60)
    ended = driven.booth.upkeep.fault_state.has_ended
    return Answer("source.ended", 0.0 if ended else None, 0.0, driven.booth.visit.session is None, "closed by itself")


def _no_screen(home: Path) -> Answer:
    right, said = machine.program(["-m", "booth", "run", "--source", "demo"], home, 2, "no screen",
                                  SDL_VIDEODRIVER="x11", DISPLAY="", WAYLAND_DISPLAY="")  # fmt: skip
    return Answer("screen.missing", 0.0 if right else None, 0.0, True, said)


def _no_store() -> Answer:
    folder = data_folder() / "store"
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_text("in the way")
    told = ""
    try:
        DeliveryService(load_params("event").deliver, data_folder())
    except Fault as trouble:
        told = trouble.code
    folder.unlink()
    return Answer("store.folder", 0.0 if told == "store.folder" else None, 0.0, True, "does not start")


def _not_erased(home: Path) -> Answer:
    """A session folder that cannot be removed, because something is mounted in it; gone once it can be."""
    root = home / "sessions"
    left = root / f"{sessions.PREFIX}left"
    told = ""
    with machine.small_disk(left / "inside", 1) as can:
        if not can:
            return Answer("session.wipe", None, None, True, "needs a memory disk")
        try:
            sessions.sweep(root)
        except Fault as trouble:
            told = trouble.code
    sessions.sweep(root)
    return Answer(
        "session.wipe", 0.0 if told else None, None if left.exists() else 0.0, True, "erased when it could be"
    )


def absent(home: Path) -> list[Answer]:
    """What is not there: the booth runs all the same, and the doctor says so."""
    params = _without(load_params("event"))
    os.environ["SDL_AUDIODRIVER"], path = "none-such", os.environ["PATH"]
    os.environ["PATH"] = str(home)
    try:
        checks = (examination._sound, examination._printer, examination._sharing)
        found: list[CheckResult] = [f for check in checks for f in check(params)]
        driven, began_s = Driven(_without(params_of("demo", home / "g"))), time.monotonic()
        drawn: list[State] = []

        def has_run(driven: Driven) -> bool:
            drawn.append(driven.booth.state)
            return len(drawn) > 30 or time.monotonic() - began_s > 60

        driven.run(has_run)
    finally:
        os.environ["PATH"], os.environ["SDL_AUDIODRIVER"] = path, "dummy"
    codes = {f.code: f.found for f in found}
    runs = len(drawn) > 30
    wanted = ("sound.missing", "speech.missing", "printer.missing", "network.missing")
    return [Answer(code, 0.0 if code in codes else None, 0.0, runs, codes.get(code, "")) for code in wanted]


def _without(params: Params) -> Params:
    replace = msgspec.structs.replace
    deliver = replace(params.deliver, page=replace(params.deliver.page, address="192.0.2.1"))
    deliver = replace(deliver, print=replace(deliver.print, printer="nobody"))
    return replace(params, deliver=deliver, screen=replace(params.screen, sound=True, spoken=True))


def main() -> int:
    """Run everything in a home folder of its own; 1 where a row was not answered as the table says."""
    began_s = time.monotonic()
    socket.setdefaulttimeout(10)
    with tempfile.TemporaryDirectory(prefix="booth-faults-") as text:
        home = Path(text)
        os.environ["HOME"] = text
        answers = [a for part in (cameras, tethered, work, full_disk, endings, absent) for a in part(home)]
    print(f"\n{'code':20} {'noticed':>8} {'back':>6}  answer")
    for a in answers:
        noticed, back = ("-" if t is None else f"{t:.2f} s" for t in (a.noticed_s, a.back_s))
        print(f"{a.code:20} {noticed:>8} {back:>6}  {'ok  ' if a.is_right else 'FAIL'} {a.note}")
    elsewhere = {"camera.turned", "camera.damaged"}  # tests/unit/app/test_vigil.py, tests/attack/test_damaged_frames.py
    rows = {row.code for row in RUNNING} - elsewhere
    right = {a.code for a in answers if a.is_right} - {a.code for a in answers if not a.is_right}
    print(f"{len(right & rows)} of {len(rows)} rows answered as the table says, in {time.monotonic() - began_s:.0f} s")
    for code in sorted(rows - right):
        print(f"  not: {code}")
    return 0 if rows <= right else 1


if __name__ == "__main__":
    sys.exit(main())
