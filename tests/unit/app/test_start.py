"""What the first page does not wait for: pictures nobody asked for, backdrops nobody chose, plug-ins nobody named."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from booth.app import look_catalog, plugins
from booth.app.look_catalog import LookCatalog
from booth.capture.demo.demo_sitter import DemoSitter
from booth.config.params import load_params


def test_the_demo_sitter_is_drawn_when_her_first_picture_is_asked_for(monkeypatch):
    prepared = []
    prepare = DemoSitter._prepare
    monkeypatch.setattr(DemoSitter, "_prepare", lambda self: (prepared.append(self), prepare(self)))
    sitter = DemoSitter(size=(320, 180))
    assert prepared == [] and sitter.size == (320, 180)
    assert np.array_equal(sitter.read()[0], sitter.frame(0))
    assert prepared == [sitter]


def test_the_packaged_looks_are_listed_without_painting_one(monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("painted")

    monkeypatch.setattr(look_catalog, "paint", refuse)
    assert len(LookCatalog(load_params(None)).offered) > 10


def test_without_plug_ins_in_the_profile_nothing_installed_is_read(monkeypatch):
    monkeypatch.setattr(plugins, "entry_points", lambda **_: pytest.fail("read"))
    params = load_params(None)
    assert plugins.plugged(params) == params
    assert plugins.look_folders(params) == ()


def test_the_first_page_waits_for_neither_compiler_nor_models_nor_the_web():
    words = "import sys, booth.app.opening_window as w; w._load(); print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True, timeout=60)
    loaded = set(done.stdout.split())
    assert "booth.ui.window" in loaded
    late = {"numba", "mediapipe", "uvicorn", "starlette", "cryptography", "sqlite3", "c2pa", "booth.app.engine"}
    assert not late & loaded
