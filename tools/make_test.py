"""What `make test` runs: the checks of form first, because they are quick, then the tests on both cores.

Prints what each part took; stops at the first part that fails.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

BIN = Path(sysconfig.get_path("scripts"))
PARTS = (
    ("preparation", [sys.executable, "-m", "booth", "prepare"]),  # else the first tests would time the compiler
    ("ruff", [str(BIN / "ruff"), "check", "."]),
    ("format", [str(BIN / "ruff"), "format", "--check", "."]),
    ("mypy", [str(BIN / "mypy")]),
    ("imports", [str(BIN / "lint-imports")]),
    ("spelling", [str(BIN / "codespell"), "booth", "docs", "tests", "tools", "README.md"]),
    ("tests", [str(BIN / "pytest"), "-n", "2", "--dist", "worksteal"]),
    # Whole programs under a virtual screen measure themselves: they get the machine for themselves.
    ("whole program", [str(BIN / "pytest"), "-m", "screen", "tests/whole"]),
)


def main() -> int:
    """Run every part in order."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": ""}
    began = time.perf_counter()
    for name, command in PARTS:
        start = time.perf_counter()
        if name == "tests":
            command = [*command, "-m", "not screen"]
        code = subprocess.run(command, env=environment, check=False).returncode
        print(f"-- {name}: {time.perf_counter() - start:.0f} s", flush=True)
        if code:
            return code
    print(f"-- all of it: {time.perf_counter() - began:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
