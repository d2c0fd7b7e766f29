"""Stale while revalidate: a value is worked out anew on another thread while the last one still serves."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from typing import Any, Generic, TypeVar

from booth.core.inline_executor import InlineExecutor

T = TypeVar("T")


class Revalidation(Generic[T]):
    """The renewal of one value; at most one is under way. For one thread, which asks; the work runs on the executor.

    What the work uses must not change meanwhile: `drop` before touching it.
    """

    def __init__(self, executor: Executor | None = None) -> None:
        """Without an executor the work is done at once, on the caller's thread."""
        self._executor = executor if executor is not None else InlineExecutor()
        self._under_way: Future[T] | None = None

    def begin(self, work: Callable[..., T], *args: Any, **named: Any) -> None:
        """Begin to work the value out anew, unless that is under way already."""
        if self._under_way is None:
            self._under_way = self._executor.submit(work, *args, **named)

    def result(self, *, wait: bool = False) -> T | None:
        """Return the new value, once; None where it isn't there, or not yet. Raises what the work raised."""
        under_way = self._under_way
        if under_way is None or not (wait or under_way.done()):
            return None
        self._under_way = None
        return under_way.result()

    def drop(self) -> None:
        """Wait for what is under way and let go of it."""
        under_way, self._under_way = self._under_way, None
        if under_way is not None:
            with contextlib.suppress(CancelledError):  # its thread was ended before it began
                under_way.exception()
