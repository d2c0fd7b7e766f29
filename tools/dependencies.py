"""Writes docs/dependencies.md: every package a booth runs with, its pinned version and its licence as it states it."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "dependencies.md"
LONG_SIGNS = 60  # a licence field that is longer holds the licence's text
HEAD = """# What the booth runs with

Every version is pinned in `constraints.txt`, every file of it by its SHA-256 in `requirements*.txt`; `make` installs
exactly these. After a pin has changed, `make lock` writes the hashes anew. Nothing is fetched while the booth runs. The
extras `tether` and `cluster` are installed with `.venv/bin/pip install --require-hashes -r requirements-tether.txt`.
Written by `tools/dependencies.py`; a test holds it against the pins.

**Known vulnerabilities.** `pip-audit` reads its advisories from the network. It was run where none can be
reached: every package came back as "could not be audited", so this page does not claim that the list is clean. Run it
where there is a network, before every release, and raise the pin of whatever it names:

```
pip install pip-audit
pip-audit -r requirements.txt --disable-pip
```

What would matter most is what reads bytes from outside: pillow and opencv-python (pictures), h11, uvicorn and starlette
(the phone page, off unless configured), cryptography (the store).

| package | version | licence |
|---|---|---|
"""


def running() -> dict[str, Distribution]:
    """Return what the project needs to run, with all that those need, by name."""
    found: dict[str, Distribution] = {}
    waiting = list(distribution("headshot-booth").requires or [])
    while waiting:
        wanted = Requirement(waiting.pop())
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            continue
        name = re.sub(r"[-_.]+", "-", wanted.name).lower()
        if name in found:
            continue
        try:
            found[name] = distribution(wanted.name)
        except PackageNotFoundError:
            continue
        waiting += found[name].requires or []
    return dict(sorted(found.items()))


def licence(of: Distribution) -> str:
    """Return a package's licence in a few words."""
    facts: Any = of.metadata
    told = facts.get("License-Expression") or facts.get("License") or ""
    if told and len(told) <= LONG_SIGNS and "\n" not in told:
        return told
    if marked := re.search(r"SPDX-License-Identifier: ([\w.+-]+)", facts.get("Description") or ""):
        return marked[1]  # openexr names it there alone
    classes = [c.rsplit(" :: ", 1)[1] for c in of.metadata.get_all("Classifier") or [] if c.startswith("License ::")]
    return ", ".join(classes) or told.strip().partition("\n")[0][:LONG_SIGNS] or "see its own files"


def main() -> None:
    """Write the page."""
    rows = "".join(f"| {name} | {of.version} | {licence(of)} |\n" for name, of in running().items())
    PAGE.write_text(HEAD + rows, encoding="utf-8")


if __name__ == "__main__":
    main()
