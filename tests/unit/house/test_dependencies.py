"""The page of what the booth runs with says what is installed and pinned."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
EXTRAS = tuple(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"])
LOCKS = ("requirements-build.txt", "requirements.txt", *(f"requirements-{extra}.txt" for extra in EXTRAS))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {_plain(name): pin for name, pin in (line.split("==") for line in lines if "==" in line)}


def _locked() -> dict[str, tuple[str, list[str]]]:
    """Version and hashes of every package in all files; a line that is neither fails."""
    found: dict[str, tuple[str, list[str]]] = {}
    for name in LOCKS:
        text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", "")
        for line in text.splitlines():
            if line.startswith("#") or line == "--requirement requirements.txt":
                continue
            one = re.fullmatch(r"([\w.-]+)==([\w.]+)(?: ; [^#]+?)?((?: +--hash=sha256:[0-9a-f]{64})+) *", line)
            assert one is not None, f"{name}: {line[:80]}"
            found[_plain(one[1])] = (one[2], one[3].split())
    return found


def test_every_pinned_package_has_the_hashes_of_its_files() -> None:
    locked = {name: version for name, (version, _) in _locked().items()}
    assert locked == _pins(), "run make lock"


@pytest.mark.parametrize("name", ["numpy", "mediapipe", "opencv-python", "pygame-ce", "scipy", "pillow"])
def test_the_hashes_are_of_every_system_not_of_this_one_alone(name: str) -> None:
    assert len(_locked()[name][1]) >= 3


@pytest.mark.parametrize(("extra", "name"), [("tether", "gphoto2"), ("cluster", "distributed"), ("cluster", "dask")])
def test_an_extra_is_installed_by_hash_too(extra: str, name: str) -> None:
    text = (ROOT / f"requirements-{extra}.txt").read_text(encoding="utf-8")
    assert f"\n{name}=={_pins()[name]} \\\n    --hash=sha256:" in text


def test_what_only_another_system_needs_is_locked_too() -> None:
    assert {"colorama", "pyobjc-core"} <= set(_locked())


def test_every_package_that_runs_is_pinned_and_on_the_page() -> None:
    spec = importlib.util.spec_from_file_location("dependencies", ROOT / "tools" / "dependencies.py")
    assert spec is not None and spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    pins = _pins()
    page = tool.PAGE.read_text(encoding="utf-8")
    for name, installed in tool.running().items():
        assert name in pins, f"{name} is not pinned"
        assert f"| {name} | {pins[name]} |" in page, f"{name}: run python tools/dependencies.py"
        assert tool.licence(installed), name
