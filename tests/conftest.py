"""What all tests share: where the shared material is, and a screen that nobody sees."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("GLOG_minloglevel", "3")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared material; the test is skipped where it is absent."""
    if not (SHARED / "media").is_dir():
        pytest.skip("needs ../shared, which this clone does not have")
    return SHARED


@pytest.fixture(scope="session")
def build_folder() -> Path:
    """Where tests leave pictures to look at."""
    folder = ROOT / "build" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def nothing_compiled() -> Iterator[None]:
    """The test fails where a pixel loop is compiled in it: on a machine that is prepared none may be for a guest."""
    from booth.core.kernel_cache import is_prepared
    from tests.rig.compiler import watched

    with watched() as compiled:
        yield
    assert not is_prepared() or compiled.names == []
