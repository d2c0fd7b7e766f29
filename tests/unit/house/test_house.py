"""The rules of the house that a machine can hold."""

from __future__ import annotations

import ast
import importlib.metadata as metadata
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from booth.core.assets import asset, sha256_of
from booth.diagnostics.doctor import owners

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(("module", "owner"), [("cv2", "opencv-python"), ("pygame", "pygame-ce")])
def test_exactly_one_distribution_owns(module: str, owner: str) -> None:
    assert owners(module) == [owner]


def test_mediapipe_stays_at_the_release_that_sends_nothing() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert "mediapipe==0.10.31" in project["dependencies"]
    assert metadata.version("mediapipe") == "0.10.31"
    assert "mediapipe==0.10.31" in (ROOT / "constraints.txt").read_text()


def test_constraints_are_exact_and_hold_no_addresses() -> None:
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    assert lines
    assert all(re.fullmatch(r"[A-Za-z0-9_.\-]+==[\w.]+", line) for line in lines)


def test_models_are_the_ones_their_table_names() -> None:
    rows = asset("models", "MODELS.md").read_text().splitlines()[2:]
    assert len(rows) == 4
    for row in rows:
        name, _origin, digest, _what = (cell.strip().strip("`") for cell in row.strip("|").split("|"))
        assert sha256_of(asset("models", name)) == digest


def _imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module.split(".")[0])
    return names


def test_logic_that_decides_knows_no_pixels_and_no_clock() -> None:
    pure = [*(ROOT / "booth" / "guidance").rglob("*.py"), ROOT / "booth" / "session" / "state_machine.py"]
    assert len(pure) > 8
    for path in pure:
        assert not _imports(path) & {"cv2", "mediapipe", "pygame", "time", "datetime"}, path


def test_only_perception_imports_the_tracker() -> None:
    for path in (ROOT / "booth").rglob("*.py"):
        if "perception" not in path.parts:
            assert "mediapipe" not in _imports(path), path


def test_only_the_clock_asks_the_time() -> None:
    for path in (ROOT / "booth").rglob("*.py"):
        if path.name != "clock.py":
            assert "time" not in _imports(path), path


def test_the_repo_names_no_machine_paths_and_no_other_hosts() -> None:
    kinds = {".py", ".md", ".toml", ".txt", ".sh"}
    skipped = {".venv", ".git", "build", "dist"}
    for path in ROOT.rglob("*"):
        if path.suffix not in kinds or skipped & set(path.relative_to(ROOT).parts) or path == Path(__file__):
            continue
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"/(?:work|root)/|/home/\w|pypi\.org|files\.pythonhosted", text), path


@pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")
def test_every_make_target_can_be_read_and_is_written_once() -> None:
    text = (ROOT / "Makefile").read_text()
    rules = re.findall(r"^([a-z][\w-]*):", text, re.MULTILINE)
    assert len(rules) == len(set(rules))
    assert set(rules) == set(re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)[1].split())  # type: ignore[index]
    for target in rules:
        done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
