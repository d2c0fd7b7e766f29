"""Opens every image file below folders with the booth's reader: each is opened or refused in one sentence and a hint.

Prints the counts, the slowest, the most memory, and whatever broke the rule; the exit code is 1 where anything did.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
from collections import Counter
from pathlib import Path

from booth.capture.photo.reader import open_picture
from booth.core.faults import Fault

HANGS_S = 30  # one file may take this long
LIMIT_MB = 1200.0  # the whole run may hold this much

ENDINGS = {
    ".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".avif", ".heic", ".heif", ".ico", ".icns",
    ".ppm", ".pgm", ".pbm", ".pcx", ".tga", ".psd", ".jp2", ".j2k", ".dds", ".xbm", ".xpm", ".eps", ".svg", ".dcm",
    ".fits", ".sgi", ".im", ".mpo", ".jfif", ".cur", ".wmf", ".emf", ".hdr", ".exr", ".fli", ".msp", ".qoi", ".dng",
}  # fmt: skip


def pictures(folders: list[str]) -> list[Path]:
    """Every file with an image's ending below the folders."""
    found = (Path(root) / name for folder in folders for root, _, names in os.walk(folder) for name in names)
    return [path for path in found if path.suffix.lower() in ENDINGS and path.is_file()]


def _hangs(*_: object) -> None:
    raise TimeoutError(f"longer than {HANGS_S} s")


def main(folders: list[str]) -> int:
    """Open everything; return the exit code."""
    signal.signal(signal.SIGALRM, _hangs)
    counts: Counter[str] = Counter()
    broken, slowest = [], (0.0, "")
    for path in pictures(folders):
        began_s = time.perf_counter()
        signal.alarm(HANGS_S)
        try:
            open_picture(path)
            counts["opened"] += 1
        except Fault as fault:
            counts[fault.code] += 1
            if not fault.message.endswith(".") or not fault.hint or "\n" in fault.message:
                broken.append(f"{path}: {fault.message}")
            if time.perf_counter() - began_s >= HANGS_S:  # the reader takes whatever a decoder raises for damage
                broken.append(f"{path}: longer than {HANGS_S} s")
        except Exception as error:  # the very thing that is looked for
            broken.append(f"{path}: {type(error).__name__}: {error}")
        signal.alarm(0)
        slowest = max(slowest, (time.perf_counter() - began_s, str(path)))
    used_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    if used_mb > LIMIT_MB:
        broken.append(f"{used_mb:.0f} MB at once, more than {LIMIT_MB:.0f}")
    print(
        dict(counts), sum(counts.values()), f"files; at most {used_mb:.0f} MB; slowest {slowest[0]:.1f} s {slowest[1]}"
    )
    print(*broken, sep="\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["/usr/share"]))
