"""The whole way of the flashes on rendered heads: a film with delay, noise and sway in, a better relight out.

Credit for the renders' subject: Infinite-Realities / Lee Perry-Smith, CC-BY 3.0.
"""

from __future__ import annotations

import os
import sys

import numpy as np
import pytest

from booth.looks.scoring import face_of, lamps_of, relight
from booth.perception.face_tracker import FaceTracker
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


def relit(bench, pose: str, tone: str, patterns, film: Film) -> dict[str, list[float]]:  # noqa: F811
    """Return logR of every pattern with the mean head's relief and with the one that the film brought."""
    loaded, score = bench
    lights = loaded.manifest("renders")["lights"]
    lamps = [lamps_of([{"kind": "area", "w": 1, "rgb": (1, 1, 1), **lights[side]}])[0] for side in SIDES]
    ctx = dict(loaded.context("renders", pose, tone, "flat"))
    face = face_of(ctx["lm"], ctx["mat"], (720, 720))
    layers = [loaded.compose("renders", pose, tone, [(side, 0.8)], bg=0.0) for side in SIDES]
    room = loaded.compose("renders", pose, tone, [("env", 0.25)], bg=0.0)
    own = calibrated(room, layers, face, lamps, film).normals
    flat = loaded.to8(loaded.compose("renders", pose, tone, loaded.INPUTS["flat"]))
    ctx["input_light"] = loaded.light_spec("renders", pose, loaded.INPUTS["flat"])
    mask = loaded.face_mask("renders", pose, ctx)
    off: dict[str, list[float]] = {"plain": [], "own": []}
    for pattern in patterns:
        spec, target = (make("renders", pose, *more) for make, more in (
            (loaded.light_spec, (loaded.PAT[pattern],)), (loaded.compose, (tone, loaded.PAT[pattern]))
        ))  # fmt: skip
        for name, known in (("plain", {}), ("own", {"normals": own})):
            off[name].append(score.metrics(flat, target, relight(flat, spec, {**ctx, **known}), mask)[0])
    return off


@pytest.mark.long
def test_a_film_of_flashes_brings_the_relight_nearer_to_the_truth(bench, monkeypatch):  # noqa: F811
    monkeypatch.setattr(bench[0], "detect", found)
    off = relit(bench, "lps0", "medium", PATTERNS, Film(fps=15))
    assert np.mean(off["own"]) <= 0.165
    assert np.mean(off["own"]) <= 0.85 * np.mean(off["plain"])


@pytest.mark.skipif("BOOTH_FLASH_PROOF" not in os.environ, reason="takes minutes: make flash-proof")
def test_all_poses_tones_and_patterns(bench, monkeypatch):  # noqa: F811
    monkeypatch.setattr(bench[0], "detect", found)
    poses = bench[0].manifest("renders")["poses"]
    chosen = [name for name in os.environ["BOOTH_FLASH_PROOF"].split(",") if name in poses] or list(poses)
    off: dict[str, list[float]] = {"plain": [], "own": []}
    for pose in chosen:
        patterns = [name for name in bench[0].PAT if poses[pose]["yaw"] or name not in ("short", "broad")]
        rows: dict[str, list[float]] = {"plain": [], "own": []}
        for tone in ("light", "medium", "dark"):
            for name, found_rows in relit(bench, pose, tone, patterns, Film()).items():
                rows[name] += found_rows
        sys.stdout.write(f"{pose}: logR over {len(rows['own'])} cases: {means_of(rows)}\n")
        sys.stdout.flush()
        for name, found_rows in rows.items():
            off[name] += found_rows
    means = means_of(off)
    sys.stdout.write(f"logR over {len(off['own'])} cases: {means}\n")
    assert means["own"] <= 0.165


def means_of(off: dict[str, list[float]]) -> dict[str, float]:
    """Return the mean logR of each way."""
    return {name: round(float(np.mean(rows)), 4) for name, rows in off.items()}
