"""Plug-ins by entry points: only what the profile names is loaded, and what is wrong with one is said."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image

from booth.app import plugins
from booth.app.look_catalog import LookCatalog
from booth.app.plugins import hook_acts, look_folders, plugged
from booth.capture import source
from booth.capture.source import open_source
from booth.config.params import Params
from booth.config.params.deliver import HookParams
from booth.core.faults import Fault
from booth.delivery.delivery_hook import DeliveryHook
from booth.delivery.job_queue import Job
from booth.looks.look import load_look

MODULE = """
from pathlib import Path
LOOKS = Path(__file__).parent / "looks"
told = []
def lamp(change): told.append(change.state)
def put_away(path): told.append(path.name)
def broken(path): raise OSError
class Network:
    def alpha(self, rgb): return None
class Still:
    name, fps, size, is_live = "still", 10.0, (64, 48), True
    def __init__(self, params): pass
    def read(self): return None
    def close(self): pass
"""
POINTS = {
    "booth.looks": ("harbour", "harbour_booth:LOOKS"),
    "booth.hooks": ("lamp", "harbour_booth:lamp"),
    "booth.matting": ("fine-hair", "harbour_booth:Network"),
    "booth.shares": ("archive", "harbour_booth:put_away"),
    "booth.sources": ("still", "harbour_booth:Still"),
}


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package that offers one of each."""
    (tmp_path / "harbour_booth.py").write_text(MODULE)
    looks = tmp_path / "looks"
    looks.mkdir()
    (looks / "harbour.toml").write_text(
        'title = "Harbour"\npurpose = "The quay."\n[backdrop]\nkind = "picture"\npath = "quay.png"\n'
    )
    Image.new("RGB", (64, 48)).save(looks / "quay.png")
    monkeypatch.syspath_prepend(str(tmp_path))

    def points(group: str) -> list[EntryPoint]:
        return [EntryPoint(*POINTS[group], group)] if group in POINTS else []

    monkeypatch.setattr(plugins, "entry_points", points)
    monkeypatch.setattr(source, "entry_points", points)
    sys.modules.pop("harbour_booth", None)
    return tmp_path


def with_plugins(*names: str) -> Params:
    return msgspec.structs.replace(Params(), plugins=names)


def test_nothing_is_loaded_that_the_profile_does_not_name() -> None:
    params = Params()
    assert plugged(params) == params
    assert look_folders(params) == ()
    assert hook_acts(params) == {}
    assert "harbour_booth" not in sys.modules


def test_a_name_that_is_not_installed_says_what_is() -> None:
    with pytest.raises(Fault) as met:
        plugged(with_plugins("harbor"))
    assert met.value.code == "plugin.missing"
    assert "harbour" in met.value.hint


def test_looks_of_a_plug_in_stand_on_the_wall_with_their_pictures(installed: Path) -> None:
    params = with_plugins("harbour")
    shelf = LookCatalog(params, look_folders(params))
    assert "harbour" in {look.name for look in shelf.offered}
    backdrop = load_look("harbour", look_folders(params)).backdrop
    assert Path(backdrop.path) == installed / "looks" / "quay.png"  # type: ignore[union-attr]


def test_looks_of_a_brand_come_first(tmp_path: Path) -> None:
    brand = tmp_path / "brand"
    (brand / "looks").mkdir(parents=True)
    params = with_plugins("harbour")
    params = msgspec.structs.replace(params, screen=msgspec.structs.replace(params.screen, brand=str(brand)))
    assert look_folders(params)[0] == brand / "looks"


def test_matting_and_shares_take_their_places_but_never_the_operators_own() -> None:
    made = plugged(with_plugins("fine-hair", "archive"))
    assert made.matte.plugin == "harbour_booth:Network"
    assert made.deliver.hook.plugin == "harbour_booth:put_away"
    own = msgspec.structs.replace(
        with_plugins("fine-hair"), matte=msgspec.structs.replace(Params().matte, plugin="mine:Network")
    )
    assert plugged(own).matte.plugin == "mine:Network"


def test_a_share_is_given_the_file_and_tried_again_when_it_fails(tmp_path: Path) -> None:
    file = tmp_path / "portrait.jpg"
    file.write_bytes(b"jpeg")
    work = DeliveryHook(HookParams(plugin="harbour_booth:put_away"), lambda number: file)
    assert work.hand_over(Job("1")).says == "share.hook_done"
    assert sys.modules["harbour_booth"].told == ["portrait.jpg"]
    failing = DeliveryHook(HookParams(plugin="harbour_booth:broken"), lambda number: file)
    outcome = failing.hand_over(Job("1"))
    assert (outcome.says, outcome.is_over) == ("share.hook_later", False)


def test_a_source_is_opened_by_its_name() -> None:
    assert open_source("plugin:still", Params().capture).name == "still"
    with pytest.raises(Fault) as met:
        open_source("plugin:other", Params().capture)
    assert met.value.code == "source.plugin"
    assert "still" in met.value.hint


def test_a_plug_in_that_breaks_is_a_fault_with_its_name(installed: Path) -> None:
    (installed / "harbour_booth.py").write_text("raise RuntimeError('no licence')")
    for call in (look_folders, hook_acts):
        with pytest.raises(Fault) as met:
            call(with_plugins("harbour", "lamp"))
        assert met.value.code == "plugin.broken"
    assert np.all(np.array(["harbour" in str(met.value) or "lamp" in str(met.value)]))


def test_a_look_whose_picture_is_gone_is_left_off_and_the_others_stand(tmp_path: Path) -> None:
    (tmp_path / "lost.toml").write_text(
        'title = "Lost"\npurpose = "A wall that was taken down."\n[backdrop]\nkind = "picture"\npath = "gone.jpg"\n'
    )
    offered = {look.name for look in LookCatalog(Params(), (tmp_path,)).offered}
    assert "lost" not in offered
    assert "studio-grey" in offered
