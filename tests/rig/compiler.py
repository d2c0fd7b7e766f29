"""Watches the compiler of the pixel loops: what is read from the cache is not told, what is compiled anew is."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from numba.core import event as compiler


class Compiled(compiler.Listener):
    """Names of loops with the kinds of their arguments, in the order in which their compiles began."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def on_start(self, event: compiler.Event) -> None:
        """Note a compile that begins."""
        loop = event.data["dispatcher"].py_func
        self.names.append(f"{loop.__module__}.{loop.__name__}{event.data['args']}")

    def on_end(self, event: compiler.Event) -> None:
        """Nothing to do at its end."""


@contextlib.contextmanager
def watched() -> Iterator[Compiled]:
    """Watch the compiler for as long as the block lasts."""
    listener = Compiled()
    compiler.register("numba:compile", listener)
    try:
        yield listener
    finally:
        compiler.unregister("numba:compile", listener)
