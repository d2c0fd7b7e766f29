"""Makes MJPEG files as cameras write them, of the demo sitter at rest: 720p, 1080p and 4K at 30 frames a second.

`python tools/camera_files.py [FOLDER] [SECONDS] [WIDTHxHEIGHT...]`; into build/camera by default. `booth replay` and
`booth bench --size 3840x2160 --source build/camera/3840x2160.avi` read them.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from booth.capture.demo.demo_sitter import DemoSitter

FPS = 30
FROM_S = 9.0  # of the sitter's script: she stands before the lens by then
SIZES_PX = ((1280, 720), (1920, 1080), (3840, 2160))
QUALITY = 80  # of webcams' MJPG: two seconds of 4K are about 50 MB then, what USB 3 cameras send
NOISE_LEVELS = 0.8  # of 255, at every size: a sensor has noise in every pixel, and noise is what costs bytes


def write(path: Path, size_px: tuple[int, int], seconds: float) -> Path:
    """Write one file."""
    sitter, rng = DemoSitter(size=size_px), np.random.default_rng(20)
    tiles = [rng.normal(0, NOISE_LEVELS, (size_px[1], size_px[0], 1)).round().astype(np.int8) for _ in range(3)]
    options = [cv2.VIDEOWRITER_PROP_QUALITY, QUALITY]
    writer = cv2.VideoWriter(str(path), cv2.CAP_OPENCV_MJPEG, cv2.VideoWriter.fourcc(*"MJPG"), FPS, size_px, options)
    try:
        for n in range(round(seconds * FPS)):
            bgr = cv2.cvtColor(sitter.frame(round(FROM_S * FPS) + n), cv2.COLOR_RGB2BGR)
            noise = np.roll(tiles[n % 3], (37 * n, 91 * n), (0, 1)) * np.ones(3, np.int8)
            writer.write(cv2.add(bgr, noise, dtype=cv2.CV_8U))
    finally:
        writer.release()
    return path


def main(words: list[str]) -> None:
    """Write the files that were asked for."""
    folder = Path(words[0]) if words else ROOT / "build" / "camera"
    seconds = float(words[1]) if len(words) > 1 else 6.0
    sizes = [tuple(int(v) for v in word.split("x")) for word in words[2:]] or list(SIZES_PX)
    folder.mkdir(parents=True, exist_ok=True)
    for width, height in sizes:
        path = write(folder / f"{width}x{height}.avi", (width, height), seconds)
        n_bytes = path.stat().st_size
        print(f"{path}: {n_bytes / 1e6:.1f} MB, {n_bytes / (seconds * FPS) / 1e3:.0f} kB a frame")


if __name__ == "__main__":
    main(sys.argv[1:])
