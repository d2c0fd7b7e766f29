"""`review.on_timeout = "keep"` is a promise told at consent: no fault of the store and no slow develop breaks it."""

from __future__ import annotations

import errno
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import numpy as np
import pytest

from booth.app.engine import Engine
from booth.config.params import load_params
from booth.config.params.deliver import DeliverParams, StoreParams
from booth.core.clock import utc_now
from booth.core.faults import Fault
from booth.delivery.delivery_service import DeliveryService
from booth.delivery.store.retention import ORIGINAL
from booth.session.session import ConsentRecord
from booth.session.state_machine import Event, State
from tests.unit.store.conftest import JPEG

CONSENT = ConsentRecord("2026-06-01T12:00:00+00:00", "en", "0123456789ab", True, "words", "keep")


def a_booth(troubles: list[Fault], *, is_busy: bool = False) -> Any:
    """A booth at its review as far as the end of the review reaches; keeping meets the given troubles first."""
    params = load_params("event")
    booth: Any = Engine.__new__(Engine)
    booth.params = msgspec.structs.replace(params, review=msgspec.structs.replace(params.review, on_timeout="keep"))
    booth.state, booth._keep_asked, booth._owes_keep, booth._fault_in = State.REVIEW, False, False, None
    booth._session, booth._retakes_left, booth._entered_s = object(), 1, 0.0
    booth._review = SimpleNamespace(is_busy=is_busy)
    booth._perceive, booth._clock = SimpleNamespace(gaze=None), SimpleNamespace(now_s=lambda: 1.0)
    booth._gaze = lambda state: None
    booth._go_in = lambda state, before: None
    booth.met, booth.kept = [], 0

    def keep() -> None:
        if troubles:
            raise troubles.pop(0)
        booth.kept += 1

    def meet(fault: Fault) -> None:
        booth.met.append(fault.code)
        booth.happen(Event.FAULT)

    booth._keep, booth._meet = keep, meet
    return booth


@pytest.mark.parametrize("code", ["store.disk", "store.write", "store.index", "deliver.disk", "deliver.folder"])
def test_a_store_that_refuses_ends_nothing_and_the_portrait_is_kept_later(code: str) -> None:
    booth = a_booth([Fault(code, "No.", "", retry=True)] * 2)
    for _ in range(2):
        booth.happen(Event.TIMEOUT)
        assert booth.state is State.FAULT and booth._owes_keep and booth.kept == 0
        booth.happen(Event.TIMEOUT)
        assert booth.state is State.FAULT, "the fault page's own limit does not wipe it"
        booth.happen(Event.RECOVERED)
        assert booth.state is State.REVIEW
    booth.happen(Event.TIMEOUT)
    assert booth.kept == 1 and not booth._owes_keep and booth.state is not State.REVIEW


def test_a_develop_under_way_is_waited_for_without_holding_the_loop() -> None:
    booth = a_booth([], is_busy=True)
    booth.happen(Event.TIMEOUT)
    assert booth.state is State.REVIEW and booth._keep_asked and booth.kept == 0


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
