"""Memory and processor time of photographs of 12 to 200 megapixels, each in a process of its own: opened, and finished.

The pictures are made on the spot: the demo portrait enlarged, as JPEG, progressive JPEG and PNG.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

SIZES = {"12": (4000, 3000), "64": (9248, 6936), "108": (12000, 9000), "200": (16320, 12240)}
LIMIT_MB = 1200
STEPS = ["open", "finish"]
OPEN = """
import sys
from pathlib import Path
from booth.capture.photo.reader import open_picture
from booth.core.faults import Fault
try:
    print(open_picture(Path(sys.argv[1])).rgb.shape)
except Fault as fault:
    print(fault.code)
"""


MAKE = """
import sys
from PIL import Image
from booth.core.assets import asset
path, kind, width, height = sys.argv[1:]
with Image.open(asset("portraits", "eileen_collins.png")) as small:
    big = small.convert("RGB").resize((int(width), int(height)), Image.Resampling.BICUBIC)
options = {"compress_level": 1} if kind == "png" else {"quality": 88, "progressive": kind == "progressive"}
big.save(path, **options)
"""


def picture(folder: Path, name: str, kind: str) -> Path:
    """Write the demo portrait at a size, in a process of its own: a child would start with the memory of this one."""
    path = folder / f"{name}-{kind}.{'png' if kind == 'png' else 'jpg'}"
    subprocess.run([sys.executable, "-c", MAKE, str(path), kind, *map(str, SIZES[name])], check=True)
    return path


def measured(words: list[str]) -> str:
    """Run a command; processor seconds of it, the most memory it held, and the end of what it said."""
    child = subprocess.Popen([sys.executable, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = child.stdout.read() if child.stdout else ""
    _, _, usage = os.wait4(child.pid, 0)
    used_mb = usage.ru_maxrss / 1e3
    over = "OVER THE LIMIT " if used_mb > LIMIT_MB else ""
    return f"{usage.ru_utime + usage.ru_stime:6.1f} s {used_mb:6.0f} MB {over}{said.strip()[-90:]}"


def main(wanted: list[str]) -> None:
    """Print a row a picture and step; `wanted` names steps and sizes, all of them where it names none."""
    steps = [word for word in wanted if word in STEPS] or STEPS
    with tempfile.TemporaryDirectory() as told:
        folder = Path(told)
        for name in [word for word in wanted if word in SIZES] or SIZES:
            for kind in ("jpeg", "progressive", "png"):
                path = picture(folder, name, kind)
                if "open" in steps:
                    print(f"open   {name:>4} MP {kind:12}{measured(['-c', OPEN, str(path)])}", flush=True)
                if "finish" in steps and kind == "jpeg":
                    words = ["-m", "booth", "finish", str(path), "--out", str(folder / "out"), "--force"]
                    print(f"finish {name:>4} MP {kind:12}{measured(words)}", flush=True)
                path.unlink()


if __name__ == "__main__":
    main(sys.argv[1:])
