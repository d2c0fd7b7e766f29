"""The engine against rendered heads under known lights: a part of the bench, small enough for every run.

Credit for the renders' subject: Infinite-Realities / Lee Perry-Smith, CC-BY 3.0.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest

from booth.looks.light.photometric_stereo import Flash, normals_from_flashes
from booth.looks.scoring import face_of, lamps_of, relight

BENCH = Path(__file__).resolve().parents[4] / "shared" / "light-bench"
POSES = ("lps0", "lps3")
PATTERNS = ("loop", "rembrandt", "split", "clamshell")
SIDES = ("window", "front", "top", "u0_m35")

pytestmark = [
    pytest.mark.shared,
    pytest.mark.model,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),  # the bench leaves a file open
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
if not BENCH.is_dir():
    pytest.skip("no ../shared/light-bench beside the repository", allow_module_level=True)


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    """The bench's own loader and measure, with its cache in a folder of the test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIGHT_BENCH_CACHE", str(tmp_path_factory.mktemp("light")))
        patch.syspath_prepend(str(BENCH))
        loaded = importlib.import_module("bench")
        score = importlib.import_module("score")
        yield loaded, score
        for task in loaded._lm or ():
            task.close()
        for name in ("bench", "score"):
            sys.modules.pop(name, None)


def scores(bench, under, tone="medium", normals=None):
    """Return mean logR, sIoU and dE over POSES and PATTERNS."""
    loaded, score = bench
    rows = []
    for pose in POSES:
        ctx = dict(loaded.context("renders", pose, tone, under))
        flat = loaded.to8(loaded.compose("renders", pose, tone, loaded.INPUTS[under]))
        if under == "flat":
            ctx["input_light"] = loaded.light_spec("renders", pose, loaded.INPUTS["flat"])
        if normals is not None:
            ctx["normals"] = normals[pose]
        mask = loaded.face_mask("renders", pose, ctx)
        for pattern in PATTERNS:
            spec = loaded.PAT[pattern]
            out = relight(flat, loaded.light_spec("renders", pose, spec), ctx)
            rows.append(score.metrics(flat, loaded.compose("renders", pose, tone, spec), out, mask))
    log_r, _, s_iou, delta_e = np.nanmean(np.array(rows), 0)
    return log_r, s_iou, delta_e


@pytest.mark.long
def test_flat_light_turned_into_studio_light(bench):
    log_r, s_iou, delta_e = scores(bench, "flat")
    assert log_r <= 0.235  # these four patterns are harder than the bench's mean
    assert s_iou >= 0.76
    assert delta_e <= 0.80


@pytest.mark.long
def test_an_unknown_window_is_found_and_divided_out(bench):
    log_r, s_iou, _ = scores(bench, "window")
    assert log_r <= 0.29
    assert s_iou >= 0.76


def test_dark_skin_is_lit_as_well_as_light(bench):
    dark, light = scores(bench, "flat", "dark")[0], scores(bench, "flat", "light")[0]
    assert dark / light <= 1.12


@pytest.mark.long
def test_screen_flashes_bring_the_sitters_own_relief(bench):
    loaded, _ = bench
    rng, normals = np.random.default_rng(0), {}
    lights = loaded.manifest("renders")["lights"]
    for pose in POSES:
        ctx = loaded.context("renders", pose, "medium", "flat")
        face, flashes = face_of(ctx["lm"], ctx["mat"], (720, 720)), []
        for number, side in enumerate(SIDES):
            seen = loaded.compose("renders", pose, "medium", [(side, 0.8)], bg=0.0)
            seen = loaded.to8(seen * (1 + rng.normal(0, 0.01, seen.shape)))
            lamp = lamps_of([{"kind": "area", "w": 1, "rgb": (1, 1, 1), **lights[side]}])[0]
            flashes.append(Flash(seen, face, lamp, number * 0.4))
        normals[pose] = normals_from_flashes(flashes)
    assert scores(bench, "flat", normals=normals)[0] <= min(0.19, 0.85 * scores(bench, "flat")[0])
