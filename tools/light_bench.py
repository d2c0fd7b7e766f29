"""Print how the light engine scores on the rendered heads in ../shared/light-bench: `make light-bench`.

Every row is the live engine itself through `booth.looks.scoring:relight`, judged by the bench's own `score.py`. Credit
for the renders' subject: Infinite-Realities / Lee Perry-Smith, CC-BY 3.0.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
import warnings
from pathlib import Path
from types import ModuleType

import numpy as np

from booth.looks.light.engine import Relighter, apply
from booth.looks.light.light_spec import named_light
from booth.looks.light.photometric_stereo import Flash, normals_from_flashes
from booth.looks.scoring import face_of, lamps_of, relight
from booth.perception.floor import Floor

BENCH = Path(__file__).resolve().parents[2] / "shared" / "light-bench"
FLASHES, FLASH_NOISE = ("window", "front", "top", "u0_m35"), 0.01
JITTER_FRAMES, JITTER_SETTLED, JITTER_PX = 50, 30, 0.5
COST_ROUNDS = 50


def own_normals(bench: ModuleType, pose: str, tone: str) -> np.ndarray:
    """Return the normals that four flashes, made of the bench's own layers with noise, give of this head."""
    rng, lights = np.random.default_rng(0), bench.manifest("renders")["lights"]
    ctx = bench.context("renders", pose, tone, "flat")
    face, flashes = face_of(ctx["lm"], ctx["mat"], (720, 720)), []
    for number, side in enumerate(FLASHES):
        seen = bench.compose("renders", pose, tone, [(side, 0.8)], bg=0.0)
        seen = bench.to8(seen * (1 + rng.normal(0, FLASH_NOISE, seen.shape)))
        lamp = lamps_of([{"kind": "area", "w": 1, "rgb": (1, 1, 1), **lights[side]}])[0]
        flashes.append(Flash(seen, face, lamp, number * 0.4))
    return normals_from_flashes(flashes)


def flashed(bench: ModuleType):
    """Return a relight function that knows the normals flashes gave, found once for a head."""
    known: dict[bytes, np.ndarray] = {}
    for pose in bench.manifest("renders")["poses"]:
        for tone in bench.TONES:
            ctx = bench.context("renders", pose, tone, "flat")
            known[ctx["lm"].tobytes()] = own_normals(bench, pose, tone)
    return lambda rgb, spec, ctx: relight(rgb, spec, {**ctx, "normals": known[ctx["lm"].tobytes()]})


def tremble(bench: ModuleType, light: str) -> float:
    """Return the mean 8-bit deviation over the face of a still picture under landmark noise of half a pixel."""
    ctx = bench.context("renders", "lps0", "medium", "flat")
    rgb = bench.to8(bench.compose("renders", "lps0", "medium", bench.INPUTS["flat"]))
    face_mask = bench.face_mask("renders", "lps0", ctx)
    rng, engine, seen = np.random.default_rng(4), Relighter(), []
    for seq in range(JITTER_FRAMES):
        marks = ctx["lm"] + rng.normal(0, JITTER_PX, ctx["lm"].shape)
        face = face_of(marks, ctx["mat"], (720, 720))
        out = apply(engine.field(rgb, None, face, named_light(light), seq=seq, t_s=seq / 30), rgb, None)
        if seq >= JITTER_SETTLED:
            seen.append(out @ np.array([0.299, 0.587, 0.114], np.float32))
    return float(np.std(seen, 0)[face_mask].mean())


def cost(bench: ModuleType) -> dict[str, float]:
    """Return processor time a frame at 720p over the floor's, one key and two; the field serves two frames."""
    ctx = bench.context("renders", "lps0", "medium", "flat")
    square = bench.to8(bench.compose("renders", "lps0", "medium", bench.INPUTS["flat"]))
    alpha = np.pad((bench.load("renders", "lps0")[1]["alpha"] * 255).astype(np.uint8), ((0, 0), (280, 280)))
    rgb = np.pad(square, ((0, 0), (280, 280), (0, 0)), mode="edge")
    face = face_of(ctx["lm"] + np.array([280, 0, 0], np.float32), ctx["mat"], (1280, 720))
    floor, engine, out = Floor(), Relighter(), np.empty_like(rgb)
    spent: dict[str, list[float]] = {"floor": [], "one": [], "two": [], "lay": []}

    def timed(part, call, *args, **named):
        began = time.process_time()
        answer = call(*args, **named)
        spent[part].append(time.process_time() - began)
        return answer

    for n in range(COST_ROUNDS):
        t_s = (n + 1) / 15
        timed("floor", lambda at=t_s: (floor.faces(rgb, at), floor.person(rgb, at)))
        for part, light in (("one", "rembrandt"), ("two", "clamshell")):
            field = timed(part, engine.field, rgb, alpha, face, named_light(light), seq=n, t_s=t_s)
        timed("lay", apply, field, rgb, alpha, out)
    floor.close()
    mid = {part: float(np.median(times[5:])) for part, times in spent.items()}
    return {part: (mid[part] / 2 + mid["lay"]) / mid["floor"] for part in ("one", "two")}


def main() -> int:
    """Score flat, window and flash inputs, the tremble and the cost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--poses", default="", help="some of the bench's poses, with commas")
    parser.add_argument("--quick", action="store_true", help="only the flat input")
    args = parser.parse_args()
    if not BENCH.is_dir():
        print(f"There are no renders at {BENCH.name}: nothing to score.")
        return 0
    warnings.filterwarnings("ignore")
    sys.path.insert(0, str(BENCH))
    bench, score = importlib.import_module("bench"), importlib.import_module("score")
    poses = [pose for pose in args.poses.split(",") if pose]
    print("input flat\n" + score.table(score.run(relight, "renders", "flat", poses)[0]), flush=True)
    if args.quick:
        return 0
    for name, under, way in (("window, unknown", "window", relight), ("flat, after four flashes", "flat", None)):
        rows, _ = score.run(way or flashed(bench), "renders", under, poses)
        print(f"input {name}\n" + "\n".join(score.table(rows).splitlines()[1:5]), flush=True)
    print("8-bit deviation under half a pixel of noise:", {k: round(tremble(bench, k), 2) for k in ("loop", "split")})
    print("processor time over the floor's, field every other frame:", {k: round(v, 3) for k, v in cost(bench).items()})
    return 0


if __name__ == "__main__":
    sys.exit(main())
