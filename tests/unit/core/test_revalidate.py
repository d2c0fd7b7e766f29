"""A value is renewed beside its user: the last one serves meanwhile, one renewal at a time, none outlives a drop."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from booth.core.revalidate import Revalidation

LIMIT_S = 10


@pytest.fixture
def executor():
    with ThreadPoolExecutor(1) as made:
        yield made


def test_without_a_thread_the_value_is_there_at_once() -> None:
    renewal: Revalidation[int] = Revalidation()
    renewal.begin(lambda: 1)
    assert renewal.result() == 1
    assert renewal.result() is None  # once


def test_the_user_goes_on_while_the_next_value_is_worked_out(executor) -> None:
    go, renewal, begun = threading.Event(), Revalidation(executor), []

    def work(value: int) -> int:
        begun.append(value)
        assert go.wait(LIMIT_S)
        return value

    renewal.begin(work, 1)
    renewal.begin(work, 2)  # one is under way: this one is not begun
    assert renewal.result() is None
    go.set()
    assert renewal.result(wait=True) == 1
    renewal.begin(work, 3)
    assert renewal.result(wait=True) == 3
    assert begun == [1, 3]


def test_what_is_dropped_has_ended_and_is_never_handed_out(executor) -> None:
    renewal, ended = Revalidation(executor), []
    renewal.begin(lambda: ended.append(1) or 1)
    renewal.drop()
    assert ended == [1]
    assert renewal.result(wait=True) is None


def test_an_error_reaches_the_user_once(executor) -> None:
    renewal: Revalidation[float] = Revalidation(executor)
    renewal.begin(lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        renewal.result(wait=True)
    renewal.begin(lambda: 2.0)
    assert renewal.result(wait=True) == 2


def test_what_never_began_can_be_dropped_after_its_thread_has_ended() -> None:
    go = threading.Event()
    with ThreadPoolExecutor(1) as executor:
        executor.submit(go.wait, LIMIT_S)
        renewal: Revalidation[int] = Revalidation(executor)
        renewal.begin(lambda: 1)
        executor.shutdown(wait=False, cancel_futures=True)
        go.set()
        renewal.drop()
    assert renewal.result() is None
