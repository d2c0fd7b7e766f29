"""Other programs' share of the machine, made by the bench itself: processes that take a core each."""

from __future__ import annotations

import subprocess
import sys
from types import TracebackType

SPIN = "import os, sys\nparent = os.getppid()\nwhile os.getppid() == parent:\n    sum(range(100_000))"
"""Ends by itself where the bench is killed: nothing goes on spinning on a guest's booth."""


class BusyMachine:
    """Takes `n_cores` cores, 0.., while it is entered."""

    def __init__(self, n_cores: int) -> None:
        self.n_cores = n_cores
        self.processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> BusyMachine:
        self.processes = [subprocess.Popen([sys.executable, "-I", "-c", SPIN]) for _ in range(self.n_cores)]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.wait()
