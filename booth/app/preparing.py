"""Compiles every pixel loop of the booth once for this machine, in processes of their own, and reports progress.

A compile holds its process for seconds; in another process it can be ended at any moment, and two cores share the work.
As a program, `python -m booth.app.preparing PART PARTS`, it compiles one part and prints a line for each loop done.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
from types import TracebackType

from booth.core.kernel_cache import cache_place, is_prepared, note_prepared

MAX_PROCESSES = 2  # each holds a compiler, some 250 MB
LOOK_S = 0.1
END_S = 1.0  # a process that was asked to end gets this long before it is killed
_PR_SET_PDEATHSIG = 1  # prctl(2)


class Preparation:
    """One preparation under way. Use it as a with-block: leaving it ends what still runs."""

    def __init__(self, processes: int | None = None) -> None:
        self.done = 0
        self.total = 0  # 0 until the first process has counted
        self._n = processes or min(MAX_PROCESSES, os.cpu_count() or 1)
        self._processes: list[subprocess.Popen[str]] = []
        self._readers: list[threading.Thread] = []

    def start(self) -> None:
        """Begin; returns at once."""
        environment = {**os.environ, "NUMBA_CACHE_DIR": str(cache_place().folder)}
        for part in range(self._n):
            process = subprocess.Popen(
                [sys.executable, "-m", "booth.app.preparing", str(part), str(self._n)],
                env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            )  # fmt: skip
            reader = threading.Thread(target=self._read, args=(process,), daemon=True, name="preparing")
            self._processes.append(process)
            self._readers.append(reader)
            reader.start()

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            with contextlib.suppress(ValueError):
                self.total = int(line)
                self.done += 1

    @property
    def is_over(self) -> bool:
        """True once every process has ended; what was compiled is then noted, if it was all of it."""
        if any(process.poll() is None for process in self._processes):
            return False
        for reader in self._readers:
            reader.join()
        if all(process.returncode == 0 for process in self._processes):
            note_prepared()
        return True

    def end(self) -> None:
        """End what still runs; harmless when nothing does."""
        for process in self._processes:
            if process.poll() is None:
                process.terminate()
        for process in self._processes:
            try:
                process.wait(END_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for process, reader in zip(self._processes, self._readers, strict=True):
            reader.join()
            if process.stdout is not None:
                process.stdout.close()

    def __enter__(self) -> Preparation:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()


def bar(done: int, total: int, width: int = 24) -> str:
    """Return a progress bar of characters."""
    filled = round(width * done / max(1, total))
    return f"[{'#' * filled}{'.' * (width - filled)}]"


def prepare_in_terminal() -> bool:
    """Prepare unless that is done, with progress on the error stream; False where something could not be compiled."""
    if is_prepared():
        return True
    is_live = sys.stderr.isatty()
    last_line = ""
    pause = threading.Event()
    with Preparation() as preparation:
        while not preparation.is_over:
            line = f"Preparing this machine, once: {preparation.done} of {preparation.total or '...'}"
            line += f" {bar(preparation.done, preparation.total)}"
            if is_live and line != last_line:
                sys.stderr.write(f"\r{line}")
                sys.stderr.flush()
            elif not last_line:
                sys.stderr.write("Preparing this machine, once: about half a minute.\n")
            last_line = line
            pause.wait(LOOK_S)
        if is_live:
            sys.stderr.write("\r" + " " * len(last_line) + "\r")
        is_done = 0 < preparation.total == preparation.done
    if not is_done:
        sys.stderr.write("Some of it could not be prepared; it will be while the booth runs.\n")
    return is_done


def _end_with_parent() -> None:
    """Ask the system to end this process when the one that started it ends; only Linux can."""
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def main() -> int:
    """Compile one part of the loops: all kinds of one loop belong to one part, since they share an index file."""
    part, parts = int(sys.argv[1]), int(sys.argv[2])
    _end_with_parent()
    from booth.app.kernels import KERNELS, shares

    for kernel in shares(KERNELS, parts)[part]:
        kernel.compile()
        print(len(KERNELS), flush=True)  # noqa: T201 - the line the other process counts
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's Ctrl+C is for the process that reads
    sys.exit(main())
