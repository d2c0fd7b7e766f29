"""Writes requirements*.txt: every package at its pinned version, with the hashes of all files of that version.

The pins are those of constraints.txt. `uv` resolves them for every system at once, so that packages which only Windows
or macOS need are there too, and takes the SHA-256 of each file from the index.

    python tools/lock.py UV      UV is the program of the package `uv`; `make lock` brings it
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEAD = """# {what}, with the SHA-256 of every file of each.
# Made by `make lock` from pyproject.toml and constraints.txt. Installed with --require-hashes, pip takes nothing else.
"""
EXTRAS = {
    "test": "What its tests need",
    "tether": "What a camera on a cable needs",
    "cluster": "What finishing on a Dask cluster needs",
}
BUILD = "hatchling\neditables\nsetuptools\n"  # hatchling builds the wheel, setuptools that of sdnotify


def resolved(uv: str, *words: str) -> list[str]:
    """Return requirements with all that they need and their hashes, each as one text of several lines."""
    command = [
        uv, "pip", "compile", *words, "--constraint", "constraints.txt", "--python-version", "3.11", "--universal",
        "--generate-hashes", "--no-annotate", "--no-header", "--no-emit-index-url", "--quiet",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, input=BUILD, check=True, stdout=subprocess.PIPE, text=True)
    rows: list[str] = []
    for line in done.stdout.splitlines():
        if line.startswith(" "):
            rows[-1] += f"\n{line}"
        elif line:
            rows.append(line)
    return rows


def main(uv: str) -> None:
    """Write all files."""
    running = resolved(uv, "pyproject.toml")
    there = {row.split()[0] for row in running}
    files = [
        ("requirements-build.txt", "What builds the wheel", resolved(uv, "-")),
        ("requirements.txt", "What the booth runs with", running),
    ]
    for extra, what in EXTRAS.items():
        more = [row for row in resolved(uv, "pyproject.toml", "--extra", extra) if row.split()[0] not in there]
        files.append((f"requirements-{extra}.txt", what, ["--requirement requirements.txt", *more]))
    for name, what, rows in files:
        text = HEAD.format(what=what) + "\n".join(rows) + "\n"
        (ROOT / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
