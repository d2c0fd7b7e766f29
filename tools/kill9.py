"""Kills the booth at random moments of its visits: every kept portrait stays whole, nothing half is left, and the
next start is quick.

`make kill9 TIMES=50`. What is searched byte by byte for a guest's traces is another proof's; this one counts files.
"""

from __future__ import annotations

import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
START_S = 3.0  # from one start to its first drawn page, on a warm machine
LONGEST_S = 20.0  # a driven visit takes about twelve on a quiet machine


def start(home: Path) -> tuple[subprocess.Popen[str], float]:
    """Start a driven booth; returns it and how long it took until it was open."""
    began_s = time.monotonic()
    booth = subprocess.Popen(
        [sys.executable, "-m", "tests.rig.driven", "300"],
        cwd=ROOT, env={**os.environ, "HOME": str(home), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert booth.stdout is not None
    while "attract" not in booth.stdout.readline():  # told after the first drawn page
        if booth.poll() is not None:
            raise RuntimeError("the booth did not start")
    return booth, time.monotonic() - began_s


def faults_of(home: Path) -> list[str]:
    """Everything that is not as it should be in what a killed booth left, before the next start."""
    wrong = []
    for path in (home / "portraits").glob("*"):
        try:
            with Image.open(path) as portrait:
                portrait.load()
        except Exception as error:
            wrong.append(f"{path.name} is not whole ({type(error).__name__})")
    return wrong


def left_over(home: Path) -> list[str]:
    """What a start should have swept and did not; the sessions of the booth now running are its own."""
    data = home / ".local" / "share" / "booth"
    return [str(p.relative_to(home)) for p in data.rglob("*booth-part-*")]


def main() -> int:
    """Kill so many times; 1 where anything was lost or slow."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    dice, wrong, starts, n_kept = random.Random(9), [], [], 0  # noqa: S311
    with tempfile.TemporaryDirectory(prefix="booth-kill9-") as text:
        home = Path(text)
        before: dict[str, bytes] = {}
        for n in range(times + 1):
            booth, took_s = start(home)
            starts.append(took_s)
            sessions = list((home / ".local/share/booth/sessions").glob("session-*"))
            wrong += [f"session left: {p.name}" for p in sessions] + left_over(home)
            if n < times:
                time.sleep(dice.uniform(0, LONGEST_S))
            os.kill(booth.pid, signal.SIGKILL if n < times else signal.SIGTERM)
            booth.wait(30)
            assert booth.stdout is not None
            booth.stdout.close()
            now = {p.name: p.read_bytes() for p in (home / "portraits").glob("*")}
            wrong += [f"{name} changed or went" for name, content in before.items() if now.get(name) != content]
            wrong += faults_of(home)
            before, n_kept = now, len(now)
            print(f"{n + 1:3}: open after {took_s:.2f} s, {n_kept} kept, {len(wrong)} wrong", flush=True)
    warm = starts[1:]
    print(f"{times} kills, {n_kept} portraits kept and whole, {len(wrong)} wrong")
    print(f"next start: median {statistics.median(warm):.2f} s, longest {max(warm):.2f} s (limit {START_S:.0f} s)")
    for line in wrong:
        print(f"  {line}")
    return 1 if wrong or statistics.median(warm) > START_S else 0


if __name__ == "__main__":
    sys.exit(main())
