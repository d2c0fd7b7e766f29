"""Opens every image file below folders with the booth's reader: each is opened or refused in one sentence and a hint.

Prints the counts, the slowest, and whatever broke the rule; the exit code is 1 where anything did.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from pathlib import Path

from booth.capture.photo.reader import open_picture
from booth.core.faults import Fault

ENDINGS = {
    ".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".avif", ".heic", ".heif", ".ico", ".icns",
    ".ppm", ".pgm", ".pbm", ".pcx", ".tga", ".psd", ".jp2", ".j2k", ".dds", ".xbm", ".xpm", ".eps", ".svg", ".dcm",
    ".fits", ".sgi", ".im", ".mpo", ".jfif", ".cur", ".wmf", ".emf", ".hdr", ".exr", ".fli", ".msp", ".qoi", ".dng",
}  # fmt: skip


def pictures(folders: list[str]) -> list[Path]:
    """Every file with an image's ending below the folders."""
    found = (Path(root) / name for folder in folders for root, _, names in os.walk(folder) for name in names)
    return [path for path in found if path.suffix.lower() in ENDINGS and path.is_file()]


def main(folders: list[str]) -> int:
    """Open everything; return the exit code."""
    counts: Counter[str] = Counter()
    broken, slowest = [], (0.0, "")
    for path in pictures(folders):
        began_s = time.perf_counter()
        try:
            open_picture(path)
            counts["opened"] += 1
        except Fault as fault:
            counts[fault.code] += 1
            if not fault.message.endswith(".") or not fault.hint or "\n" in fault.message:
                broken.append(f"{path}: {fault.message}")
        except Exception as error:  # the very thing that is looked for
            broken.append(f"{path}: {type(error).__name__}: {error}")
        slowest = max(slowest, (time.perf_counter() - began_s, str(path)))
    print(dict(counts), sum(counts.values()), "files; slowest", f"{slowest[0]:.1f} s", slowest[1])
    print(*broken, sep="\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["/usr/share"]))
