"""Set-up says where it cannot work, and the container is built from what is in the repository."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SPEC = importlib.util.spec_from_file_location("set_up", ROOT / "tools" / "set_up.py")
assert SPEC is not None and SPEC.loader is not None
set_up = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(set_up)


@pytest.mark.parametrize(
    ("system", "machine", "libc"),
    [("linux", "x86_64", "glibc"), ("darwin", "arm64", ""), ("win32", "AMD64", "")],
)
def test_nothing_is_said_where_the_face_tracker_has_a_wheel(system: str, machine: str, libc: str) -> None:
    assert set_up.unsupported(system, machine, libc) is None


@pytest.mark.parametrize(
    ("system", "machine", "libc", "word"),
    [
        ("linux", "aarch64", "glibc", "aarch64"),
        ("darwin", "x86_64", "", "x86_64"),
        ("win32", "ARM64", "", "arm64"),
        ("linux", "x86_64", "", "glibc"),
        ("freebsd14", "amd64", "", "freebsd14"),
    ],
)
def test_elsewhere_one_sentence_names_the_machine_and_where_it_runs(
    system: str, machine: str, libc: str, word: str
) -> None:
    sentence = set_up.unsupported(system, machine, libc)
    assert word in sentence and "Linux on x86-64" in sentence and "\n" not in sentence


def test_the_pin_that_the_sentence_names_is_the_projects() -> None:
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert "mediapipe==0.10.31" in pins and "0.10.31" in set_up.RUNS_ON


def container() -> str:
    return (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")


def test_the_container_copies_what_the_repository_has() -> None:
    copied = [path for line in re.findall(r"^COPY (?!--)(.+) \S+$", container(), re.M) for path in line.split()]
    assert {"booth", "assets", "requirements.txt", "requirements-build.txt"} <= set(copied)
    assert all((ROOT / path).exists() for path in copied)


def test_the_container_has_every_library_that_set_up_asks_for() -> None:
    last = container().rpartition("\nFROM ")[2]
    assert set(set_up.LIBRARIES.values()) <= set(last.split())


@pytest.mark.parametrize("run_only", [True, False])
def test_set_up_installs_nothing_but_by_its_hash(run_only: bool) -> None:
    *packages, itself = set_up.steps("python", run_only=run_only)
    for step in packages:
        assert "--require-hashes" in step and any(word.startswith("requirements") for word in step)
    assert "--no-deps" in itself and "--no-build-isolation" in itself, "else pip fetches what builds it by name alone"


def test_the_container_installs_nothing_but_by_its_hash() -> None:
    lines = re.findall(r"pip install (.+?)(?: \\)?$", container(), re.M)
    assert len(lines) == 3 and all("--require-hashes" in line or "--no-deps" in line for line in lines)


def test_set_up_prepares_the_booth_that_it_installed_not_the_checkout_it_stands_in(tmp_path: Path) -> None:
    installed = tmp_path / "booth"
    installed.mkdir()
    (installed / "__init__.py").touch()
    (installed / "__main__.py").write_text("import sys; print('installed', *sys.argv[1:])", encoding="utf-8")
    done = subprocess.run(
        set_up.preparation(sys.executable), cwd=ROOT, env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.stdout.split() == ["installed", "prepare"], done.stderr
