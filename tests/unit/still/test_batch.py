"""A folder through one recipe: all that can be done is done, nothing twice, nothing lost."""

from __future__ import annotations

import dataclasses
import sys
from datetime import UTC, datetime
from types import ModuleType

import numpy as np
import pytest
from finish_fakes import SMALL, as_u8, dab, make_dying_lab, make_small_lab, painted_face
from msgspec.structs import replace
from PIL import Image

from booth.config.params.finish import FinishParams
from booth.core.faults import Fault
from booth.looks.backdrop.backdrop_spec import Paper
from booth.looks.look import Look
from booth.still import warm_worker
from booth.still.batch import pictures_in, plan_jobs, run_jobs
from booth.still.cluster import models_of, run_on_cluster
from booth.still.credentials import booth_identity
from booth.still.drift import drift_report
from booth.still.drift_page import write_report
from booth.still.single import BatchConfig
from booth.still.verify import RecordVerdict, verify_file

RECIPE = BatchConfig(
    Look(name="paper", title="Paper", purpose="A test.", backdrop=Paper()), FinishParams(), with_matte=True
)


@pytest.fixture
def folder(tmp_path):
    """Three good photographs, one of them deadly to a fragile lab, and one that is none."""
    photos = tmp_path / "photos"
    photos.mkdir()
    lab, _, face = painted_face("medium", SMALL, 240)
    for number, name in enumerate(("ann.png", "bo.png", "cy.png")):
        dab(lab, face.points_px(*SMALL)[205] + (number * 5, 0), 4, (0, 6, 0))
        rgb = as_u8(lab)
        if name == "bo.png":
            rgb[:20, :20] = (255, 0, 0)
        Image.fromarray(rgb).save(photos / name)
    (photos / "letter.jpg").write_text("not a picture")
    (photos / "ann.matte.png").write_bytes((photos / "ann.png").read_bytes())
    booth_identity(tmp_path / "keys", datetime(2026, 5, 1, tzinfo=UTC))
    return tmp_path


def run(folder, out="out", recipe=RECIPE, force=False, factory=make_small_lab, **options):
    jobs = plan_jobs(pictures_in([folder / "photos"]), folder / out, recipe, force=force, config_folder=folder / "keys")
    return run_jobs(jobs, recipe, factory, **options)


def pixels(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def test_what_fails_is_named_and_the_rest_is_done(folder):
    told = []
    done = run(folder, workers=0, progress=lambda n, of, d: told.append((n, of)))
    assert [d.source.name for d in done] == ["ann.png", "bo.png", "cy.png", "letter.jpg"]
    assert [d.fault is None for d in done] == [True, True, True, False] and done[3].fault.code == "picture.unknown"
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert sorted(p.name for p in (folder / "out").iterdir()) == [
        "ann.jpg", "ann.matte.png", "bo.jpg", "bo.matte.png", "cy.jpg", "cy.matte.png"]  # fmt: skip
    with Image.open(folder / "out/ann.matte.png") as matte:
        assert matte.size == SMALL
    assert verify_file(folder / "out/ann.jpg", folder / "keys").verdict is RecordVerdict.INTACT


def test_a_second_run_only_does_what_is_missing(folder):
    run(folder, workers=0)
    kept = (folder / "out/ann.jpg").stat().st_mtime_ns
    (folder / "out/bo.jpg").unlink()
    (folder / "out/cy.matte.png").unlink()
    again = run(folder, workers=0)
    assert [d.was_there for d in again] == [True, False, False, False]
    assert (folder / "out/ann.jpg").stat().st_mtime_ns == kept and (folder / "out/cy.matte.png").exists()
    assert again[0].record.measures


def test_another_recipe_does_not_overwrite_without_force(folder):
    run(folder, workers=0)
    other = BatchConfig(RECIPE.look, RECIPE.params, crop="square")
    refused = run(folder, recipe=other, workers=0)
    assert {d.fault.code for d in refused[:3]} == {"write.exists"}
    assert all(d.fault is None for d in run(folder, recipe=other, force=True, workers=0)[:3])


def test_a_photograph_is_never_replaced_by_its_portrait(folder):
    with pytest.raises(Fault) as refused:
        plan_jobs([folder / "photos/letter.jpg"], folder / "photos", RECIPE, force=True, config_folder=folder)
    assert refused.value.code == "finish.same_folder"


def test_an_empty_folder_is_said(tmp_path):
    with pytest.raises(Fault, match="no picture"):
        pictures_in([tmp_path])


@pytest.mark.long
@pytest.mark.slow
def test_workers_give_the_same_pixels_and_a_dying_one_costs_one_picture(folder):
    run(folder, "here", workers=0)
    done = run(folder, "there", factory=make_dying_lab, workers=2)
    assert done[1].fault.code == "finish.worker_died" and done[3].fault.code == "picture.unknown"
    for name in ("ann.jpg", "cy.jpg"):
        assert np.array_equal(pixels(folder / "here" / name), pixels(folder / "there" / name))


class FakeFuture:
    def __init__(self, call):
        self.call = call

    def result(self):
        return self.call()

    def add_done_callback(self, tell):
        if self.call is not None:  # None: it went to a worker that is no more
            tell(self)

    def release(self):
        pass


def a_fake_distributed(submitted, lost=()) -> ModuleType:
    """As much of Dask as is used, working in this process; what is sent of `lost` never comes back."""

    class Client:
        def __init__(self, address, timeout):
            if "nowhere" in address:
                raise OSError("nobody answers")

        def submit(self, work, raw, name, *rest, pure):
            submitted.append(name)
            return FakeFuture(None if name in lost else lambda: work(raw, name, *rest))

        def nthreads(self):
            return {}

        def close(self):
            pass

    module = ModuleType("distributed")
    module.Client = Client
    return module


def test_a_worker_that_joins_a_cluster_has_its_models_before_the_first_photograph(monkeypatch):
    made, warmed = [], []

    def factory():
        made.append(1)
        return dataclasses.replace(make_small_lab(), warm=lambda: warmed.append(1))

    monkeypatch.setattr(warm_worker, "make_still_models", factory)
    warm_worker.dask_setup(None)
    assert (made, warmed) == ([1], [1])
    models_of(factory)  # the first photograph finds them
    assert made == [1]


def test_a_cluster_gives_byte_equal_pixels(folder, monkeypatch):
    submitted = []
    monkeypatch.setitem(sys.modules, "distributed", a_fake_distributed(submitted))
    run(folder, "here", workers=0)
    sources = pictures_in([folder / "photos"])
    jobs = plan_jobs(sources, folder / "there", RECIPE, force=False, config_folder=folder / "keys")
    done = run_on_cluster("tcp://cluster:8786", jobs, RECIPE, make_small_lab)
    assert [d.fault is None for d in done] == [True, True, True, False] and len(submitted) == 4
    for name in ("ann.jpg", "bo.jpg", "cy.jpg"):
        assert np.array_equal(pixels(folder / "here" / name), pixels(folder / "there" / name))
        assert verify_file(folder / "there" / name, folder / "keys").verdict is RecordVerdict.INTACT
    assert all(d.was_there for d in run_on_cluster("tcp://cluster:8786", jobs[:3], RECIPE, make_small_lab))
    with pytest.raises(Fault) as refused:
        run_on_cluster("tcp://nowhere:1", jobs, RECIPE, make_small_lab)
    assert refused.value.code == "cluster.unreachable"


def test_what_no_worker_is_left_for_is_named_and_the_rest_is_done(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", a_fake_distributed([], lost=("bo.png",)))
    monkeypatch.setattr("booth.still.cluster.LOOK_S", 0.01)
    monkeypatch.setattr("booth.still.cluster.NO_WORKER_S", 0.02)
    jobs = plan_jobs(
        pictures_in([folder / "photos"]), folder / "out", RECIPE, force=False, config_folder=folder / "keys"
    )
    codes = [d.fault and d.fault.code for d in run_on_cluster("tcp://cluster:8786", jobs, RECIPE, make_small_lab)]
    assert codes == [None, "cluster.no_worker", None, "picture.unknown"]


def test_without_the_engine_the_hint_says_how_to_get_it(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(Fault, match="pip install"):
        run_on_cluster("tcp://cluster:8786", [], RECIPE, make_small_lab)


def test_the_drift_report_stands_alone_and_names_what_failed(folder):
    done = run(folder, workers=0)
    report = drift_report(done, RECIPE.params.brand, "headshot")
    page, plain = write_report(folder / "out", done, report)
    text = page.read_text()
    assert "data:image/jpeg;base64," in text and "<svg" in text and "letter.jpg" in text
    assert "http:" not in text.replace("http://www.w3.org", "") and "https:" not in text
    assert '"failed"' in plain.read_text()


def test_a_folder_is_one_set_of_one_size_and_a_size_that_is_asked_for_comes(folder):
    for extra in ("cy.png", "letter.jpg", "ann.matte.png"):
        (folder / "photos" / extra).unlink()
    as_set = replace(RECIPE, min_height_px=600, is_set=True)
    for name, recipe, size in (
        ("set", as_set, (480, 600)),
        ("asked", replace(as_set, want_px=(133, 144)), (133, 144)),
        ("strip", replace(RECIPE, crop="strip", want_px=(100, 200)), (100, 200)),
    ):
        for entry in run(folder, name, recipe, workers=0):
            with Image.open(entry.target) as image:
                assert image.size == size == entry.record.size
            enlarged = [s for s in entry.record.stages if s.name == "size.enlarge"]
            assert bool(enlarged) == (name == "set")
            assert all("the camera saw" in s.says and s.amounts["scale"] > 1 for s in enlarged)
