"""`review.on_timeout = "keep"` is a promise told at consent: no fault of the store and no slow develop breaks it."""

from __future__ import annotations

import errno
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import msgspec
import numpy as np
import pytest

from booth.app.engine import Engine
from booth.app.guest_script import CoachedGuest
from booth.app.review import Review
from booth.app.screen import NoScreen, ScriptedScreen
from booth.config.params import load_params
from booth.config.params.deliver import DeliverParams, StoreParams
from booth.core.clock import utc_now
from booth.core.faults import Fault
from booth.delivery.delivery_service import DeliveryService
from booth.delivery.store.retention import ORIGINAL
from booth.session.session import ConsentRecord
from booth.session.state_machine import Event, State
from tests.rig.engine import an_engine, turn_until
from tests.unit.store.conftest import JPEG

CONSENT = ConsentRecord("2026-06-01T12:00:00+00:00", "en", "0123456789ab", True, "words", "keep")


def a_booth(folder: Path, troubles: list[Fault]) -> AbstractContextManager[tuple[Engine, list[int]]]:
    """An engine at its review, whose keeping meets the given troubles first."""

    @contextmanager
    def opened() -> Iterator[tuple[Engine, list[int]]]:
        params = load_params("event")
        params = msgspec.structs.replace(params, review=msgspec.structs.replace(params.review, on_timeout="keep"))
        screen = ScriptedScreen(NoScreen(), CoachedGuest())
        with an_engine(folder, params=params, screen=screen) as (engine, _):
            turn_until(engine, lambda: engine.state is State.REVIEW, 30)
            screen.stop_script()
            kept: list[int] = []

            def keep() -> None:
                if troubles:
                    raise troubles.pop(0)
                kept.append(1)

            engine.keep_flow.keep = keep  # type: ignore[method-assign]
            yield engine, kept

    return opened()


@pytest.mark.parametrize("code", ["store.disk", "store.write", "store.index", "deliver.disk", "deliver.folder"])
def test_a_store_that_refuses_ends_nothing_and_the_portrait_is_kept_later(tmp_path: Path, code: str) -> None:
    with a_booth(tmp_path, [Fault(code, "No.", "", retry=True)] * 2) as (engine, kept):
        for _ in range(2):
            engine.dispatch(Event.TIMEOUT)
            assert engine.state is State.FAULT and engine.visit.owes_keep and not kept
            engine.dispatch(Event.TIMEOUT)
            assert engine.state is State.FAULT, "the fault page's own limit does not wipe it"
            engine.dispatch(Event.RECOVERED)
            assert engine.state is State.REVIEW
        engine.dispatch(Event.TIMEOUT)
        assert kept and not engine.visit.owes_keep and engine.state is not State.REVIEW


def test_a_develop_under_way_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with a_booth(tmp_path, []) as (engine, kept):
        monkeypatch.setattr(Review, "is_busy", property(lambda self: True))
        engine.dispatch(Event.TIMEOUT)
        assert engine.state is State.REVIEW and engine.visit.keep_asked_s is not None and not kept
        monkeypatch.undo()


def test_the_original_is_encoded_on_another_thread(tmp_path: Path) -> None:
    params = DeliverParams(
        folder=str(tmp_path / "out"), store=StoreParams(key_file=str(tmp_path / "store.key"), keep_original=True)
    )
    threads: list[threading.Thread] = []

    class Developed:
        before = np.zeros((4, 4, 3), np.uint8)

        def file_bytes(self) -> bytes:
            return JPEG

        def original_bytes(self) -> bytes:
            threads.append(threading.current_thread())
            return JPEG[::-1]

    with DeliveryService(params, tmp_path / "data") as handover:
        kept = handover.keep_developed(Developed(), (), CONSENT)  # type: ignore[arg-type]
    assert threads and threads[0] is not threading.current_thread()
    with DeliveryService(params, tmp_path / "data") as handover:
        assert handover.store.read(kept.number, ORIGINAL) == JPEG[::-1], "closing the booth waits for it"


def test_retention_goes_on_after_a_disk_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    params = DeliverParams(folder=str(tmp_path / "out"), store=StoreParams(key_file=str(tmp_path / "store.key")))
    monkeypatch.setattr("booth.delivery.delivery_service.TICK_S", 0.01)
    ticked = threading.Semaphore(0)
    with DeliveryService(params, tmp_path / "data") as handover:

        def tick(now: object) -> list[object]:
            ticked.release()
            raise OSError(errno.EROFS, "Read-only file system")

        monkeypatch.setattr(handover.store, "tick", tick)
        assert all(ticked.acquire(timeout=10) for _ in range(3)) and handover._ticker.is_alive()
        monkeypatch.undo()
        assert handover.store.tick(utc_now()) == []
