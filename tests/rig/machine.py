"""Faults of the machine and of the program, made to happen: folders that cannot be written, models, workers, sleep.

File-system limits are small memory disks mounted for the case where the system allows it (root on Linux).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from booth.app import health_monitor as health_monitor
from booth.core.faults import Fault
from booth.delivery import portrait_folder as delivery
from booth.perception.frame_analyzer import FrameAnalyzer
from booth.session.state_machine import Event, State
from tests.rig.driven import Driven
from tests.rig.injection import READY_S, Answer, Case, Injected, told, while_coached

Cases = list[Callable[[Driven], Case]]


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[bool]:
    """Mount a memory disk of that size on a folder; False where the system does not allow it."""
    folder.mkdir(parents=True, exist_ok=True)
    words = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", str(folder)]
    can = subprocess.run(words, capture_output=True, check=False).returncode == 0
    try:
        yield can
    finally:
        if can:
            subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)


def sight_dies(times: int) -> Cases:
    """The perceive worker raises so many times, then works again."""
    look, left = FrameAnalyzer.analyze_tracked, [0]

    def broken(self: FrameAnalyzer, tracked: Any) -> Any:
        if left[0] > 0:
            left[0] -= 1
            raise RuntimeError("injected")
        return look(self, tracked)

    FrameAnalyzer.analyze_tracked = broken  # type: ignore[method-assign]

    def begin() -> None:
        left[0] = times

    return [while_coached("perception.died", begin, lambda: None)]


def waits(driven: Driven) -> Case:
    """Wait before the mirror for what ends the program."""
    driven.guest.wants = State.COACH
    yield (lambda: False), READY_S
    return Answer("", None, None, False)


def sleeps(driven: Driven) -> Case:
    """The machine sleeps for an hour while a guest is coached: the guest has gone when it wakes."""
    driven.guest.wants, booth = State.COACH, driven.booth
    yield (lambda: booth.state is State.COACH), READY_S
    suspended_s = booth.upkeep.fault_state.health_monitor._machine.suspended_s
    before, session = booth.upkeep.fault_state.counts["session.slept"], booth.visit.session
    woken = health_monitor.Machine(lambda: 10**12, lambda: suspended_s() + 3600, 0)
    booth.upkeep.fault_state.health_monitor._machine = woken
    noticed_s = yield (lambda: booth.upkeep.fault_state.counts["session.slept"] > before), 2.0
    back_s = yield (lambda: session is not None and not session.is_open), 2.0
    return Answer("session.slept", noticed_s, back_s, True, "the session was wiped")


def develop_fails(driven: Driven) -> Case:
    """The develop worker dies on a shot: back to the mirror, same guest, and the next one develops."""
    driven.guest.wants, booth = State.COACH, driven.booth
    yield (lambda: booth.state is State.COACH), READY_S
    session, work, before = booth.visit.session, booth.review._work, booth.upkeep.fault_state.counts["develop.failed"]

    def dies(*_: Any) -> Any:
        booth.review._work = work
        raise RuntimeError("injected")

    booth.review._work = dies  # type: ignore[method-assign]
    booth.signals.handle_event(Event.MANUAL)
    noticed_s = yield (lambda: booth.upkeep.fault_state.counts["develop.failed"] > before), 20.0
    back_s = yield (lambda: booth.state is State.COACH), 5.0
    return Answer("develop.failed", noticed_s, back_s, booth.visit.session is session, "coached again", limit_s=20.0)


def nothing_developed(driven: Driven) -> Case:
    """Keeping before there is a portrait is answered, not obeyed."""
    booth, told_code = driven.booth, ""
    yield (lambda: booth.state is State.COACH), READY_S
    try:
        booth.review.drop()
        booth.review.portrait()
    except Fault as nothing:
        told_code = nothing.code
    return Answer("develop.nothing", 0.0 if told_code == "develop.nothing" else None, 0.0, True, "answered")


def is_low(driven: Driven) -> Case:
    """The disk runs low: warned, the booth goes on."""
    booth, machine = driven.booth, driven.booth.upkeep.fault_state.health_monitor._machine
    yield (lambda: booth.state is not State.FAULT), READY_S
    low, rooms = health_monitor.Machine(lambda: 10**9, machine.suspended_s, delivery.LOW_BYTES, machine.make_room), []
    booth.upkeep.fault_state.health_monitor._machine = health_monitor.Machine(
        low.free_bytes, low.suspended_s, low.low_bytes, lambda: rooms.append(machine.make_room())
    )
    noticed_s = yield (lambda: told(driven, "disk.low")), health_monitor.DISK_EVERY_S + 2
    booth.upkeep.fault_state.health_monitor._machine = machine
    back_s = yield (lambda: not told(driven, "disk.low")), health_monitor.DISK_EVERY_S + 2
    return Answer(
        "disk.low", noticed_s, back_s, bool(rooms), "what had run out was removed", health_monitor.DISK_EVERY_S + 1
    )


def refused(code: str, begin: Callable[[], None], end: Callable[[], None]) -> Callable[[Driven], Case]:
    """A place that cannot be used: no new guest is taken, the page says why; afterwards the next one is."""

    def case(driven: Driven) -> Case:
        driven.guest.wants, booth = State.ATTRACT, driven.booth
        booth.dispatch(Event.LEAVE)
        yield (lambda: booth.state is State.ATTRACT), READY_S
        begin()
        driven.guest.wants = None
        noticed_s = yield (lambda: told(driven, code)), 5.0
        said = booth.shown.fault.message if booth.shown.fault is not None else ""
        nobody = booth.visit.session is None
        end()
        back_s = yield (lambda: booth.state is State.COACH), 30.0
        return Answer(code, noticed_s, back_s, nobody, said, limit_s=4.0)

    return case


def not_kept(code: str, begin: Callable[[Driven], None], end: Callable[[Driven], None]) -> Callable[[Driven], Case]:
    """A portrait that cannot be written: said, still on view, and kept once there is room."""

    def case(driven: Driven) -> Case:
        driven.guest.wants, booth = State.REVIEW, driven.booth
        yield (lambda: booth.state is State.REVIEW and not booth.review.is_busy), READY_S
        before = booth.n_kept
        begin(driven)
        booth.signals.handle_event(Event.KEEP)
        noticed_s = yield (lambda: told(driven, code)), 5.0
        said = booth.shown.fault.message if booth.shown.fault is not None else ""
        end(driven)
        back_s = yield (lambda: booth.state is State.REVIEW), 10.0
        booth.signals.handle_event(Event.KEEP)
        kept_s = yield (lambda: booth.n_kept > before), 10.0
        return Answer(code, noticed_s, back_s, kept_s is not None, said)

    return case


def fails_with(code: str, raising: Fault) -> Callable[[Driven], Case]:
    """A store that raises one of its own faults while keeping."""

    def begin(driven: Driven) -> None:
        def keep(*_: Any, **__: Any) -> Any:
            raise raising

        driven.booth.portrait.service.keep_developed = keep  # type: ignore[method-assign]

    def end(driven: Driven) -> None:
        del driven.booth.portrait.service.keep_developed

    return not_kept(code, begin, end)


def ends_with(code: str, driven: Driven, cases: Cases) -> Answer:
    """A fault that ends the program: `run` raises it, and everything is closed and wiped."""
    said = ""
    try:
        Injected(driven, cases).run()
    except Fault as trouble:
        said = trouble.code
    return Answer(
        code, 0.0 if said == code else None, 0.0, driven.booth.visit.session is None, "ended with exit code 1"
    )


def program(words: list[str], home: Path, code_wanted: int, sentence: str, **environment: str) -> tuple[bool, str]:
    """Run the program as its unit would; True where it ended with that code and said that."""
    whole = {**os.environ, "HOME": str(home), "SDL_AUDIODRIVER": "dummy", **environment}
    done = subprocess.run([sys.executable, *words], env=whole, capture_output=True, text=True, timeout=90, check=False)
    said = (done.stderr + done.stdout).strip()
    return done.returncode == code_wanted and sentence in said, said.splitlines()[-1] if said else ""


ALTERED = """
import sys, booth.core.assets as a, pathlib
a.ROOT = pathlib.Path(sys.argv[1])
from booth.__main__ import main
main(["run", "--source", "demo"])
"""


def models(home: Path) -> list[Answer]:
    """A model that is missing or altered: one sentence and exit code 1 before anything is shown."""
    from booth.core.assets import ROOT

    answers = []
    for code, spoil in (("model.missing", Path.unlink), ("model.altered", lambda p: p.write_bytes(b"x"))):
        copy = home / code
        shutil.copytree(ROOT, copy)
        spoil(copy / "models" / "selfie_segmenter.tflite")
        right, said = program(["-c", ALTERED, str(copy)], home, 1, "selfie_segmenter")
        answers.append(Answer(code, 0.0 if right else None, 0.0, True, said))
    return answers
