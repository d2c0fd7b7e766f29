"""What is compiled, where it is kept, and how the program ends when it is asked to."""

from __future__ import annotations

import importlib
import os
import signal
import threading
from pathlib import Path

import numpy as np
import pytest

from booth.app.kernels import KERNELS, shares
from booth.app.shutdown import Shutdown
from booth.core import kernel_cache
from booth.core.compiled import numba, read_only
from booth.core.kernel_cache import KERNEL_MODULES, PROGRAM, Place, is_prepared, place_for, sources_digest
from tests.rig.compiler import watched


def test_every_module_with_compiled_loops_is_named_and_every_loop_prepared() -> None:
    using = {
        path.relative_to(PROGRAM).as_posix()
        for path in PROGRAM.rglob("*.py")
        if "numba.njit" in path.read_text(encoding="utf-8")
    }
    assert using == set(KERNEL_MODULES)
    for path in PROGRAM.rglob("*.py"):
        words = path.read_text(encoding="utf-8")
        assert "import numba" not in words.replace("booth.core.compiled import numba", "") or path.name == "compiled.py"
    dispatcher = type(KERNELS[0].loop)
    listed = {kernel.name.rpartition(".")[2] for kernel in KERNELS}
    for name in KERNEL_MODULES:
        module = importlib.import_module("booth." + name.removesuffix(".py").replace("/", "."))
        outer = [
            key for key, value in vars(module).items()
            if isinstance(value, dispatcher) and value.py_func.__module__ == module.__name__
        ]  # fmt: skip
        source = (PROGRAM / name).read_text(encoding="utf-8") + (PROGRAM / "looks/composite_still.py").read_text(
            "utf-8"
        )
        for key in outer:
            assert key in listed or source.count(f"{key}(") > 1, f"{key} is neither prepared nor part of another loop"


def test_shares_hold_everything_once_and_one_loop_never_twice() -> None:
    dealt = shares(KERNELS, 2)
    assert sorted(map(id, sum(dealt, []))) == sorted(map(id, KERNELS))
    assert not {kernel.name for kernel in dealt[0]} & {kernel.name for kernel in dealt[1]}


def test_a_read_only_view_leaves_the_array_writable() -> None:
    array = np.zeros(3)
    view = read_only(array)
    assert not view.flags.writeable and array.flags.writeable and np.shares_memory(view, array)
    assert numba.config.CACHE_DIR


def test_the_watch_for_compiles_sees_one() -> None:
    with watched() as compiled:
        numba.njit(lambda x: x + 1)(np.float32(1))
    assert len(compiled.names) == 1 and "float32" in compiled.names[0]


def copied(folder: Path) -> Path:
    for name in (*KERNEL_MODULES, kernel_cache.REGISTRY):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    return folder


def test_where_the_program_cannot_be_written_the_users_cache_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, home = copied(tmp_path / "program"), tmp_path / "home"
    home.mkdir()
    monkeypatch.setattr(kernel_cache, "user_cache_folder", lambda: home / "booth")
    assert place_for(program).kind == "program"
    may = kernel_cache._is_writable
    monkeypatch.setattr(kernel_cache, "_is_writable", lambda folder: program not in folder.parents and may(folder))
    assert place_for(program).kind == "user" and home in place_for(program).folder.parents
    monkeypatch.setattr(kernel_cache, "_is_writable", lambda folder: False)
    last = place_for(program)
    assert last.kind == "temporary"
    last.folder.rmdir()


def test_a_changed_loop_has_a_folder_of_its_own_and_a_lost_file_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = copied(tmp_path / "program")
    before = sources_digest(program)
    (program / KERNEL_MODULES[0]).write_text("longer")
    assert sources_digest(program) != before
    place = Place(tmp_path / "cache", "user")
    place.folder.mkdir()
    monkeypatch.setattr(kernel_cache, "cache_place", lambda: place)
    assert not is_prepared(place)
    (place.folder / "a.nbi").touch()
    kernel_cache.note_prepared()
    assert is_prepared(place)
    (place.folder / "a.nbi").unlink()
    assert not is_prepared(place)


def test_asked_to_end_it_goes_the_orderly_way_and_when_that_hangs_the_short_one() -> None:
    ended, wiped, over = [], [], threading.Event()
    leaving = Shutdown(0.05, lambda code: (ended.append(code), over.set()))
    leaving.through(lambda: ended.append("asked"), lambda: wiped.append(True))
    leaving._heard(signal.SIGTERM, None)
    assert ended == ["asked"] and not wiped
    assert over.wait(5)
    assert ended == ["asked", 0] and wiped


def test_before_there_is_a_guest_it_ends_at_once() -> None:
    ended: list[int] = []
    leaving = Shutdown(60, ended.append)
    leaving._heard(signal.SIGTERM, None)
    assert ended == [0] and os.getpid()
    assert leaving._timer is not None
    leaving._timer.cancel()
