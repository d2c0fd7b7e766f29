"""The whole way of the flashes on rendered heads: a film with delay, noise and sway in, a better relight out.

Credit for the renders' subject: Infinite-Realities / Lee Perry-Smith, CC-BY 3.0.
"""

from __future__ import annotations

import numpy as np
import pytest

from booth.looks.scoring import face_of, lamps_of, relight
from booth.perception.face import FaceTracker
from tests.flash_film import Film, calibrated
from tests.golden.light.test_bench import BENCH, SIDES, bench  # noqa: F401 - the fixture

pytestmark = [
    pytest.mark.shared,
    pytest.mark.model,
    pytest.mark.skipif(not BENCH.is_dir(), reason="no ../shared/light-bench beside the repository"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
PATTERNS = ("butterfly", "loop", "rembrandt", "clamshell")


def found(rgb: np.ndarray) -> dict[str, np.ndarray]:
    """The booth's own tracker in place of the bench's."""
    with FaceTracker(video=False) as tracker:
        face = tracker.find(rgb)[0]
    size = rgb.shape[1], rgb.shape[0], rgb.shape[1]
    return {"lm": face.landmarks * np.array(size, np.float32), "mat": face.matrix, "mask": np.zeros(1, np.uint8)}


def test_a_film_of_flashes_brings_the_relight_nearer_to_the_truth(bench, monkeypatch):  # noqa: F811
    loaded, score = bench
    monkeypatch.setattr(loaded, "detect", found)
    lights = loaded.manifest("renders")["lights"]
    lamps = [lamps_of([{"kind": "area", "w": 1, "rgb": (1, 1, 1), **lights[side]}])[0] for side in SIDES]
    ctx = dict(loaded.context("renders", "lps0", "medium", "flat"))
    face = face_of(ctx["lm"], ctx["mat"], (720, 720))
    layers = [loaded.compose("renders", "lps0", "medium", [(side, 0.8)], bg=0.0) for side in SIDES]
    room = loaded.compose("renders", "lps0", "medium", [("env", 0.25)], bg=0.0)
    normals = calibrated(room, layers, face, lamps, Film(fps=15)).normals
    flat = loaded.to8(loaded.compose("renders", "lps0", "medium", loaded.INPUTS["flat"]))
    ctx["input_light"] = loaded.light_spec("renders", "lps0", loaded.INPUTS["flat"])
    mask = loaded.face_mask("renders", "lps0", ctx)
    off = {"plain": [], "own": []}
    for pattern in PATTERNS:
        spec, wanted = loaded.light_spec("renders", "lps0", loaded.PAT[pattern]), loaded.PAT[pattern]
        target = loaded.compose("renders", "lps0", "medium", wanted)
        for name, more in (("plain", {}), ("own", {"normals": normals})):
            off[name].append(score.metrics(flat, target, relight(flat, spec, {**ctx, **more}), mask)[0])
    assert np.mean(off["own"]) <= 0.165
    assert np.mean(off["own"]) <= 0.85 * np.mean(off["plain"])
