"""Times the still on the demo sitter: one file, the develop alone, the review's first picture, memory, two workers.

Prints each figure with the bar it is held to. A file is timed as a user sees it: a fresh process, from the command to
the signed JPEG on the disk. Run by `make still-bench`; machines are noisy, so each is the best of a few.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cv2
from PIL import Image

from booth.app.review import Review
from booth.capture.demo.demo_sitter import DemoSitter
from booth.capture.frames import frame_of
from booth.config.params import load_params
from booth.core.types import Shot
from booth.looks.look import load_look
from booth.looks.preview import PreviewRenderer
from booth.perception.frame_analyzer import FrameAnalyzer
from booth.still.developer import make_still_models
from booth.still.single import BatchConfig, finish_bytes

SIZES = {"12 MP": (4000, 3000), "24 MP": (6000, 4000)}
FRAME = 318  # a good moment of the demo sitter's turn
TRIES = 3
SET, SET_PX = 40, (1350, 1350)


def photograph(folder: Path, size: tuple[int, int], name: str) -> Path:
    """Write the demo sitter enlarged to a size, as a camera's file of that size would be."""
    rgb = DemoSitter().frame(FRAME)
    height, width = rgb.shape[:2]
    part_w, part_h = min(width, int(height * size[0] / size[1])), min(height, int(width * size[1] / size[0]))
    x, y = (width - part_w) // 2, (height - part_h) // 2
    path = folder / f"{name}.jpg"
    part = cv2.resize(rgb[y : y + part_h, x : x + part_w], size, interpolation=cv2.INTER_CUBIC)
    Image.fromarray(part).save(path, quality=93)
    return path


def command(folder: Path, *words: str) -> tuple[float, float]:
    """Run `booth finish` in a process of its own; return seconds and its peak memory in MB."""
    out = tempfile.mkdtemp(dir=folder)
    start_s = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "booth", "finish", *words, "--out", out],
        stdout=subprocess.DEVNULL, env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit("booth finish failed")
    return time.perf_counter() - start_s, used.ru_maxrss / 1000


def develop_s(path: Path) -> float:
    """Seconds from a file's bytes to a finished file's bytes, models loaded: what the booth itself waits for."""
    lab, recipe, raw = (
        make_still_models(),
        BatchConfig(load_look("studio-grey"), load_params().finish),
        path.read_bytes(),
    )
    took = []
    for _ in range(TRIES + 1):
        start_s = time.perf_counter()
        finish_bytes(raw, path.name, recipe, lab)
        took.append(time.perf_counter() - start_s)
    lab.close()
    return min(took[1:])


def first_picture_s() -> float:
    """Seconds from the shot to the review's first picture with the look on."""
    params, look = load_params(), load_look("studio-grey")
    mirror, review = PreviewRenderer(look), Review(params)
    took = []
    with FrameAnalyzer(params) as eye:
        rgb = DemoSitter().frame(FRAME)
        seen = [eye.analyze(frame_of(rgb.copy(), n, n / 30, params.capture)) for n in range(6)]
    for analysis in seen:
        mirror.show(analysis)
    for _ in range(TRIES):
        start_s = time.perf_counter()
        review.begin(Shot(seen[-1], 0.9, look.name, (), tuple(seen[:2])), look, mirror)
        if not (review.poll() and review.facts is not None):
            sys.exit("the review has no first picture")
        took.append(time.perf_counter() - start_s)
        review.portrait()
    review.close()
    return min(took)


def told(what: str, value: float, unit: str, bar: str) -> None:
    """Print one figure."""
    print(f"{what:46s} {value:8.2f} {unit:3s} ({bar})", flush=True)


def main() -> None:
    """Measure and print all of it."""
    told("review's first picture", first_picture_s(), "s", "at most .5")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small, large = (photograph(folder, size, label.replace(" ", "")) for label, size in SIZES.items())
        told("12 MP file to signed JPEG, a fresh command", min(command(folder, str(small))[0] for _ in range(TRIES)),
             "s", "at most 4")  # fmt: skip
        told("12 MP develop alone, models loaded", develop_s(small), "s", "a part of it")
        told("24 MP headshot, peak memory", command(folder, str(large))[1], "MB", "at most 1500")
        told("24 MP full picture, peak memory", command(folder, str(large), "--crop", "full")[1], "MB", "at most 1500")
        many = folder / "set"
        many.mkdir()
        first = photograph(many, SET_PX, "p00").read_bytes()
        for n in range(1, SET):
            (many / f"p{n:02d}.jpg").write_bytes(first)
        one, two = (command(folder, str(many), "--workers", str(n))[0] for n in (1, 2))
        told(f"{SET} photographs, one worker", one, "s", "for comparison")
        told(f"{SET} photographs, two workers", two, "s", "for comparison")
        told("two workers against one", one / two, "x", "at least 1.7")


if __name__ == "__main__":
    main()
