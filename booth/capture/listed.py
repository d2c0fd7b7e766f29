"""The cameras that the system lists, each with an ID that stays the same over restarts and however many are plugged in.

Its ID is vendor and product, and the place it is plugged into: two cameras of one make differ by that alone.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
from cv2_enumerate_cameras import enumerate_cameras

ID_START = "id:"
SYS_CLASS = Path("/sys/class/video4linux")


@dataclass(frozen=True, slots=True)
class Listed:
    """One camera: the number it has now, the name the system gives it, its stable ID (empty where there is none)."""

    index: int
    name: str
    id: str = ""


def backend() -> int:
    """Return OpenCV's number for this system's cameras."""
    if sys.platform.startswith("linux"):
        return cv2.CAP_V4L2
    return cv2.CAP_DSHOW if sys.platform == "win32" else cv2.CAP_AVFOUNDATION


def cameras() -> list[Listed]:
    """Return the cameras in the system's order."""
    if sys.platform.startswith("linux") and not any(Path("/dev").glob("video*")):
        return []
    return [Listed(c.index, c.name, stable_id(c.vid, c.pid, place_of(c.path))) for c in enumerate_cameras(backend())]


def stable_id(vid: int | None, pid: int | None, place: str) -> str:
    """Return the ID of a camera by its USB vendor and product and by where it is; either may be unknown."""
    make = "" if vid is None or pid is None else f"{vid:04x}:{pid:04x}"
    return "@".join(part for part in (make, place) if part)


def place_of(path: str | None, sys_class: Path = SYS_CLASS) -> str:
    """Return where a camera is plugged in: its bus on Linux, where the path is but a number; elsewhere its path."""
    path = path or ""
    if not path.startswith("/dev/video"):
        return path
    device = sys_class / Path(path).name / "device"
    if not device.exists():
        return ""
    interface = device.resolve()
    return (interface.parent if ":" in interface.name else interface).name


def shared_names(found: Iterable[Listed]) -> frozenset[str]:
    """Return the names that more than one camera has."""
    return frozenset(name for name, count in Counter(camera.name for camera in found).items() if count > 1)


def source_of(camera: Listed, found: Iterable[Listed]) -> str:
    """Return the `capture.source` that finds a camera again: its name; its ID where others share that; its number."""
    is_plain = camera.name not in shared_names(found) and camera.name and not camera.name.isdecimal()
    return camera.name if is_plain else f"{ID_START}{camera.id}" if camera.id else str(camera.index)
