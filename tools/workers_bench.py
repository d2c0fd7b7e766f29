"""What a second worker brings: photographs a minute with one and two processes, and on one and two Dask workers.

`make workers-bench`, ARGS="--photographs 12 --only 1" for fewer. Run it on a quiet machine: two workers want two cores.
Every way does the same set, in `booth finish` as a user calls it; Dask workers have finished a photograph before that.
Without the extra `cluster` the Dask rows are left out, which is said.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from still_bench import SET_PX, command, photograph

ROOT = Path(__file__).resolve().parent.parent
PHOTOGRAPHS = 40
LEAST_GAIN = 1.7  # two processes over one
JOIN_S = 60.0


def a_set(folder: Path, n: int) -> Path:
    """Write so many photographs of the demo sitter, and return their folder."""
    many = folder / "set"
    many.mkdir()
    first = photograph(many, SET_PX, "p00")
    for number in range(1, n):
        shutil.copy(first, many / f"p{number:02d}.jpg")
    return many


@contextmanager
def dask(folder: Path, workers: int) -> Iterator[str]:
    """Give the address of a scheduler on loopback with so many workers of one thread each."""
    from distributed import Client

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}

    def process(*words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *words, "--no-dashboard"],
            cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    running = [process("scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2])]
    running += [process("worker", address, "--no-nanny", "--nthreads", "1") for _ in range(workers)]
    try:
        with Client(address, timeout=JOIN_S) as client:
            client.wait_for_workers(workers, timeout=JOIN_S)
        yield address
    finally:
        for one in running:
            one.kill()
            one.wait()


def on_dask(folder: Path, many: Path, workers: int) -> float:
    """Seconds for the set on so many warm Dask workers."""
    with dask(folder, workers) as address:
        warm = folder / f"warm-{workers}"
        warm.mkdir()
        for number, path in enumerate(sorted(many.iterdir())[: 2 * workers]):
            shutil.copy(path, warm / f"w{number}.jpg")
        command(folder, str(warm), "--cluster", address)
        return command(folder, str(many), "--cluster", address)[0]


def main() -> int:
    """Print the table; 1 where a second process brings less than it should."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--photographs", type=int, default=PHOTOGRAPHS)
    parser.add_argument("--only", type=int, choices=(1, 2), help="one worker, or two")
    wants, began_s = parser.parse_args(), time.monotonic()
    counts = (wants.only,) if wants.only else (1, 2)
    took: dict[tuple[str, int], float] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        many = a_set(folder, wants.photographs)
        print(f"{wants.photographs} photographs of {SET_PX[0]}x{SET_PX[1]}\n| workers | s | a minute |\n|---|---|---|")
        for n in counts:
            took["processes", n] = command(folder, str(many), "--workers", str(n))[0]
            if find_spec("distributed"):
                took["Dask", n] = on_dask(folder, many, n)
        for (kind, n), seconds in sorted(took.items(), reverse=True):
            print(f"| {n} {kind} | {seconds:.1f} | {wants.photographs * 60 / seconds:.0f} |", flush=True)
    if not find_spec("distributed"):
        print("without Dask: the extra `cluster` is not installed")
    print(f"{time.monotonic() - began_s:.0f} s in all")
    if len(counts) < 2:
        return 0
    gain = took["processes", 1] / took["processes", 2]
    print(f"two processes against one: {gain:.2f} (at least {LEAST_GAIN})")
    return 0 if gain >= LEAST_GAIN else 1


if __name__ == "__main__":
    sys.exit(main())
