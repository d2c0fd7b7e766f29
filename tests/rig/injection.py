"""Faults made to happen to a running booth: cases as generators that wait for what the booth makes of them.

A case yields `(condition, seconds)` and gets back how long it took, None where it did not come true in time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field

from booth.session.state_machine import State
from tests.rig.driven import Driven

Condition = Callable[[], bool]
Case = Generator[tuple[Condition, float], float | None, "Answer"]

NOTICED_S = 2.0
BACK_S = 25.0  # the longest wait between two tries is eight seconds, and the page stays three
READY_S = 90.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one fault."""

    code: str
    noticed_s: float | None
    back_s: float | None
    kept: bool  # the guest's session, or what stands for it in this case
    note: str = ""
    limit_s: float = NOTICED_S

    @property
    def is_right(self) -> bool:
        """True when it was noticed in time, recovered or answered as its row says, and nothing was lost."""
        return self.noticed_s is not None and self.noticed_s <= self.limit_s and self.back_s is not None and self.kept


@dataclass
class Injected:
    """Runs cases one after the other inside a driven booth's loop."""

    driven: Driven
    cases: list[Callable[[Driven], Case]]
    answers: list[Answer] = field(default_factory=list)
    _case: Case | None = None
    _wait: tuple[Condition, float] | None = None
    _since_s: float = 0.0

    def run(self) -> list[Answer]:
        """Run them all and return their answers."""
        self.driven.run(self._turn)
        return self.answers

    def _turn(self, driven: Driven) -> bool:
        if self._case is None:
            if not self.cases:
                return True
            self._case = self.cases.pop(0)(driven)
            self._go_on(None)
            return False
        assert self._wait is not None
        took_s = time.monotonic() - self._since_s
        if self._wait[0]():
            self._go_on(took_s)
        elif took_s > self._wait[1]:
            self._go_on(None)
        return False

    def _go_on(self, took_s: float | None) -> None:
        assert self._case is not None
        try:
            self._wait = self._case.send(took_s)
            self._since_s = time.monotonic()
        except StopIteration as over:
            self.answers.append(over.value)
            self._case = self._wait = None


def told(driven: Driven, code: str) -> bool:
    """True while a fault is on the page or the booth goes on with it."""
    on_page = driven.booth.shown.fault if driven.booth.state is State.FAULT else None
    return (on_page is not None and on_page.code == code) or code in driven.booth.shown.notes


def while_coached(code: str, begin: Callable[[], None], end: Callable[[], None], also: str = "",
                  limit_s: float = NOTICED_S) -> Callable[[Driven], Case]:  # fmt: skip
    """A fault that strikes while the guest is coached; afterwards the same session is to go on."""

    def case(driven: Driven) -> Case:
        driven.guest.wants, booth = State.COACH, driven.booth
        yield (
            (lambda: booth.state is State.COACH and booth.feed.capture.trouble is None and not booth.shown.notes),
            READY_S,
        )
        session = booth.visit.session
        begin()
        noticed_s = yield (lambda: told(driven, code)), limit_s + 3
        if also:
            yield (lambda: told(driven, also)), 10.0
        said = booth.shown.fault.message if booth.state is State.FAULT and booth.shown.fault else "on the page's badge"
        end()
        back_s = yield (lambda: booth.state is State.COACH and not told(driven, code)), BACK_S
        return Answer(code, noticed_s, back_s, booth.visit.session is session and session is not None, said, limit_s)

    return case


def of_stream(camera) -> list[Callable[[Driven], Case]]:  # type: ignore[no-untyped-def]
    """Every fault that an MJPEG stream can have."""

    def way(name: str) -> Callable[[], None]:
        return lambda: setattr(camera, "way", name)

    good = way("good")
    ways = {"camera.frozen": "frozen", "camera.black": "black", "camera.repeating": "repeating", "camera.slow": "slow",
            "camera.silent": "silent", "stream.lost": "gone"}  # fmt: skip
    cases = [while_coached(code, way(name), good) for code, name in ways.items()]
    return [*cases, while_coached("stream.missing", way("gone"), good, limit_s=4.0)]


def of_camera(plugged) -> list[Callable[[Driven], Case]]:  # type: ignore[no-untyped-def]
    """Every fault that a camera of the machine can have beyond those of a stream."""
    feed = plugged.feed

    def unplug() -> None:
        plugged.listed = {}

    def elsewhere() -> None:
        plugged.listed = {2: "Loopback"}

    def use(busy: bool) -> None:
        plugged.is_busy = busy

    def way(name: str) -> Callable[[], None]:
        return lambda: setattr(feed, "way", name)

    return [
        while_coached("camera.lost", way("gone"), way("good")),
        while_coached("camera.missing", unplug, elsewhere, limit_s=4.0),
        while_coached("camera.busy", lambda: use(True), lambda: use(False), limit_s=4.0),
        while_coached("camera.size", way("small"), lambda: None),
    ]
