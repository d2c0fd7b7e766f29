"""Where compiled pixel loops are kept, and whether this machine has all of them. Standard library only: read at start.

The compiler writes one file per loop and signature. They are kept beside the program where it may be written to, else
in the user's cache folder, else nowhere longer than this run. A folder belongs to one state of the loops' sources.
"""

from __future__ import annotations

import functools
import hashlib
import os
import platform
import sys
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

PROGRAM = Path(__file__).resolve().parent.parent
KERNEL_MODULES = (
    "looks/backdrop/real_room.py",
    "looks/composite.py",
    "looks/composite_still.py",
    "looks/edge_colors.py",
    "looks/light/kernels.py",
    "looks/light/apply_light.py",
    "looks/spill.py",
    "perception/eye_rows.py",
    "perception/foreground.py",
    "perception/live_plate.py",
    "perception/matte_edges.py",
    "perception/matte_pixels.py",
    "perception/plate_edges.py",
    "still/burst/deblur.py",
)
"""Every module that holds compiled loops, below the package's folder; a test finds one that is missing."""
REGISTRY = "app/kernels.py"
COMPILER = ("numba", "llvmlite", "numpy")
PREPARED = "prepared.txt"  # in the cache folder: which machine it was filled for, and how many files that made

Kind = Literal["chosen", "program", "user", "temporary"]


@dataclass(frozen=True, slots=True)
class Place:
    """A folder for compiled loops; `temporary` where nothing that lasts could be written."""

    folder: Path
    kind: Kind


def user_cache_folder() -> Path:
    """The folder in which this system's programs keep what can be made again."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "booth" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "booth"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "booth"


def sources_digest(program: Path = PROGRAM) -> str:
    """Twelve hex digits that change with the place, the time and the size of any module of compiled loops.

    The compiler itself looks at one file at a time and would miss a loop that another module has put inside its own.
    """
    stamp = hashlib.sha256(f"{program} {sys.version_info[:2]}".encode())
    for name in (*KERNEL_MODULES, REGISTRY):
        reported = (program / name).stat()
        stamp.update(f" {name} {reported.st_mtime_ns} {reported.st_size}".encode())
    return stamp.hexdigest()[:12]


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except (OSError, RuntimeError):  # RuntimeError: nobody knows where home is
        return False


@functools.cache
def cache_place() -> Place:
    """Return where this process keeps compiled loops; makes the folder."""
    if chosen := os.environ.get("NUMBA_CACHE_DIR"):
        return Place(Path(chosen), "chosen")
    return place_for(PROGRAM)


def place_for(program: Path) -> Place:
    """Return the first folder that can be written: beside the program, the user's cache, a temporary one."""
    name = f"kernels-{sources_digest(program)}"
    beside = program / "__pycache__" / name
    if _is_writable(beside):
        return Place(beside, "program")
    try:
        own = user_cache_folder() / name
    except RuntimeError:
        own = None
    if own is not None and _is_writable(own):
        return Place(own, "user")
    return Place(Path(tempfile.mkdtemp(prefix="booth-kernels-")), "temporary")


def _processor() -> str:
    """Name the processor and what it can do; a compiled loop runs on no other."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return f"{platform.machine()} {platform.processor()}"
    reported = [line for line in lines if line.startswith(("model name", "flags", "Features", "CPU part"))]
    return " ".join(dict.fromkeys(reported)) or platform.machine()


def machine_key() -> str:
    """Return a digest of processor, compiler and sources: what a filled cache was filled for."""
    versions = " ".join(f"{name} {metadata.version(name)}" for name in COMPILER)
    return hashlib.sha256(f"{_processor()} {versions} {sources_digest()}".encode()).hexdigest()[:16]


def _n_files(folder: Path) -> int:
    return sum(1 for path in folder.rglob("*.nb?"))


def is_prepared(place: Place | None = None) -> bool:
    """True where all loops were compiled for this processor, compiler and version, and their files are still there."""
    folder = (place or cache_place()).folder
    try:
        key, n_files = (folder / PREPARED).read_text(encoding="utf-8").split()
        return key == machine_key() and _n_files(folder) >= int(n_files)
    except (OSError, ValueError):
        return False


def note_prepared() -> None:
    """Remember that everything is compiled; nothing is remembered where nothing can be written."""
    folder = cache_place().folder
    part = folder / f"{PREPARED}.{os.getpid()}"
    try:
        part.write_text(f"{machine_key()} {_n_files(folder)}\n", encoding="utf-8")
        part.replace(folder / PREPARED)
    except OSError:
        part.unlink(missing_ok=True)
