"""What `make test` runs: the checks of form, both cores at a time, then the tests on both cores; `--long` the rest.

Prints what each part took; stops at the first part that fails.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import sysconfig
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

BIN = Path(sysconfig.get_path("scripts"))
PYTEST = [str(BIN / "pytest"), "--dist", "worksteal"]
Part = tuple[str, Sequence[str]]
# The compiler's preparation comes first, else the first tests would time it.
FORM: tuple[Part, ...] = (
    ("mypy", [str(BIN / "mypy")]),
    ("preparation", [sys.executable, "-m", "booth", "prepare"]),
    ("ruff", [str(BIN / "ruff"), "check", "."]),
    ("format", [str(BIN / "ruff"), "format", "--check", "."]),
    ("imports", [str(BIN / "lint-imports")]),
    ("spelling", [str(BIN / "codespell"), "booth", "docs", "tests", "tools", "README.md"]),
)
# Whole programs under a virtual screen measure themselves: they get the machine for themselves.
QUICK: tuple[Part, ...] = (
    ("tests", [*PYTEST, "-n", "2", "-m", "not screen and not long"]),
    ("whole program", [*PYTEST, "-m", "screen and not long", "tests/whole"]),
)
LONG: tuple[Part, ...] = (
    ("long tests", [*PYTEST, "-n", "2", "-m", "not screen and long"]),
    ("whole program", [*PYTEST, "-m", "screen and long", "tests/whole"]),
)
ENVIRONMENT = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": ""}


def run(part: Part) -> int:
    """Run one part, its output passed on, and say what it took; return its exit code."""
    name, command = part
    start = time.perf_counter()
    code = subprocess.run(command, env=ENVIRONMENT, check=False).returncode
    print(f"-- {name}: {time.perf_counter() - start:.0f} s", flush=True)
    return code


def check_form() -> int:
    """Run the checks of form, two at a time; return the first exit code that is not 0."""
    with ThreadPoolExecutor(2) as pool:
        return next((code for code in pool.map(run, FORM) if code), 0)


def main() -> int:
    """Run every part in order."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--long", action="store_true", help="the tests that make test leaves out")
    is_long = parser.parse_args().long
    began = time.perf_counter()
    code = 0 if is_long else check_form()
    for part in LONG if is_long else QUICK:
        code = code or run(part)
    print(f"-- all of it: {time.perf_counter() - began:.0f} s", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
