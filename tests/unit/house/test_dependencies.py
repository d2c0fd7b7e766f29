"""The page of what the booth runs with says what is installed and pinned."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_every_package_that_runs_is_pinned_and_on_the_page() -> None:
    spec = importlib.util.spec_from_file_location("dependencies", ROOT / "tools" / "dependencies.py")
    assert spec is not None and spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    lines = [line for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if "==" in line]
    pins = {re.sub(r"[-_.]+", "-", name).lower(): pin for name, pin in (line.split("==") for line in lines)}
    page = tool.PAGE.read_text(encoding="utf-8")
    for name, installed in tool.running().items():
        assert name in pins, f"{name} is not pinned"
        assert f"| {name} | {pins[name]} |" in page, f"{name}: run python tools/dependencies.py"
        assert tool.licence(installed), name
