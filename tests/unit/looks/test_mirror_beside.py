"""A mirror whose light and room are worked out beside the loop: it waits only for what is missing or too old."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from dataclasses import replace

import numpy as np
import pytest

from booth.looks.canvas import Canvas
from booth.looks.look import load_look
from booth.looks.renderer import LookRenderer
from booth.looks.room_plate import ROOM_SERVES, RoomPlates
from booth.looks.sitter_light import LIGHT_SERVES
from tests.unit.light.sitters import a_face

SIZE = (240, 320)


class ByHand(Executor):
    """Runs what it was given when told to, or when somebody waits for it."""

    def __init__(self) -> None:
        self.waiting: list[Held] = []
        self.n_waits = 0

    def submit(self, fn, /, *args, **named):
        self.waiting.append(Held(self, lambda: fn(*args, **named)))
        return self.waiting[-1]

    def run(self) -> None:
        while self.waiting:
            self.waiting.pop(0).work()


class Held(Future):
    def __init__(self, executor: ByHand, work) -> None:
        super().__init__()
        self._executor, self._work = executor, work

    def work(self) -> None:
        try:
            self.set_result(self._work())
        except Exception as error:
            self.set_exception(error)

    def result(self, timeout=None):
        self._wait()
        return super().result(timeout)

    def exception(self, timeout=None):
        self._wait()
        return super().exception(timeout)

    def _wait(self) -> None:
        if not self.done():
            self._executor.n_waits += 1
            self._executor.run()


def pictures(n: int) -> list[Canvas]:
    """Return `n` frames of a sitter before a room that gets brighter."""
    rng = np.random.default_rng(5)
    base = rng.integers(40, 160, (*SIZE, 3), np.uint8)
    alpha = np.zeros(SIZE, np.uint8)
    alpha[60:, 90:230] = 255
    face = a_face()
    return [Canvas(np.clip(base + 3 * i, 0, 255).astype(np.uint8), alpha, face, seq=i) for i in range(n)]


@pytest.fixture
def mirror():
    executor = ByHand()
    return LookRenderer(load_look("your-room"), beside=executor), executor


def test_only_the_first_frame_waits(mirror) -> None:
    renderer, executor = mirror
    for i, canvas in enumerate(pictures(12)):
        renderer.develop(canvas, t_s=i / 30)
        if i == 0:
            assert executor.n_waits == 2  # the light and the room
        elif i % 2:
            executor.run()
    assert executor.n_waits == 2


def test_a_light_too_old_is_waited_for(mirror) -> None:
    renderer, executor = mirror
    for i, canvas in enumerate(pictures(LIGHT_SERVES * renderer.light_every + 2)):
        renderer.develop(canvas, t_s=i / 30)
    assert executor.n_waits > 2


def test_a_room_too_old_or_of_another_size_is_waited_for() -> None:
    executor, look = ByHand(), load_look("your-room")
    rooms, grading = RoomPlates(executor), LookRenderer(look)._grading
    still, lasts = pictures(1)[0], 2

    def waits_at(canvas: Canvas) -> int:
        before = executor.n_waits
        rooms.plate(canvas, look.backdrop, grading, lasts)
        return executor.n_waits - before

    waits = [waits_at(replace(still, seq=seq)) for seq in range(ROOM_SERVES * lasts + 2)]
    assert waits == [1, *[0] * (ROOM_SERVES * lasts), 1]
    halved = Canvas(still.rgb[::2, ::2].copy(), still.alpha[::2, ::2].copy(), still.face, seq=len(waits))
    assert waits_at(halved) == 1


def test_a_sitter_who_rests_sees_what_a_mirror_without_a_thread_shows(mirror) -> None:
    renderer, executor = mirror
    alone = LookRenderer(load_look("your-room"))
    still = pictures(1)[0]
    for i in range(30):
        canvas = replace(still, seq=i)
        beside = renderer.develop(canvas, t_s=i / 30).copy()
        executor.run()
        expected = alone.develop(canvas, t_s=i / 30)
    assert np.abs(beside.astype(int) - expected).mean() < 0.5


def test_after_a_reset_nothing_of_the_last_sitter_is_used(mirror) -> None:
    renderer, executor = mirror
    first, *_, last = pictures(20)
    renderer.develop(first, t_s=0)
    renderer.develop(replace(first, seq=6), t_s=0.2)
    renderer.reset()
    assert not executor.waiting  # what was under way has ended
    shown = renderer.develop(replace(last, seq=7), t_s=0.23).copy()
    fresh = LookRenderer(load_look("your-room")).develop(replace(last, seq=7), t_s=0.23)
    assert np.abs(shown.astype(int) - fresh).max() <= 1
