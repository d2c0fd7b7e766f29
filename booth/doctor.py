"""Checks of the machine the booth stands on: pass, warn or fail, each with one hint."""

from __future__ import annotations

import importlib.metadata as metadata
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from booth.assets import asset, sha256_of
from booth.capture.source import open_source
from booth.capture.webcam import listing
from booth.clock import WallClock
from booth.faults import Fault
from booth.params import Params

Level = Literal["pass", "warn", "fail"]

LOW_DISK_GB = 2.0
SLOW_CAMERA_SHARE = 0.75  # of the rate asked for; below it auto-exposure usually waits for light
RATE_SAMPLE_FRAMES = 45
MEDIAPIPE_PIN = "0.10.31"


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check."""

    check: str
    level: Level
    found: str
    hint: str = ""


def examine(params: Params) -> list[Finding]:
    """Run every check; a check that breaks is itself a finding."""
    findings: list[Finding] = []
    for check in CHECKS:
        try:
            findings.extend(check(params))
        except Exception as error:
            name = check.__name__.strip("_")
            findings.append(
                Finding(name, "fail", f"the check itself broke ({type(error).__name__})", "Run with --debug.")
            )
    return findings


def owners(module: str) -> list[str]:
    """Return the installed distributions that own an importable top-level module."""
    return sorted(set(metadata.packages_distributions().get(module, [])))


def _python(_: Params) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("python", "pass" if sys.version_info >= (3, 11) else "fail", version, "Install Python 3.11 or newer.")


def _packages(_: Params) -> Iterator[Finding]:
    for module, wanted in (("cv2", "opencv-python"), ("pygame", "pygame-ce")):
        found = owners(module)
        level: Level = "pass" if found == [wanted] else "fail"
        hint = f"Uninstall all of them, then install {wanted} alone: they share one folder."
        yield Finding(f"owner of {module}", level, ", ".join(found) or "nobody", hint)
    version = metadata.version("mediapipe")
    hint = f"Install mediapipe=={MEDIAPIPE_PIN}; later releases send usage data out."
    yield Finding("mediapipe", "pass" if version == MEDIAPIPE_PIN else "fail", version, hint)


def _models(_: Params) -> Iterator[Finding]:
    for line in asset("models", "MODELS.md").read_text(encoding="utf-8").splitlines()[2:]:
        name, _origin, wanted, _what = (cell.strip().strip("`") for cell in line.strip("|").split("|"))
        path = asset("models", name)
        if not path.is_file():
            yield Finding(f"model {name}", "fail", "missing", "Install the program again.")
        else:
            same = sha256_of(path) == wanted
            yield Finding(
                f"model {name}", "pass" if same else "fail", "intact" if same else "altered", "Install again."
            )


def _face_found(_: Params) -> Iterator[Finding]:
    import cv2

    from booth.perception.face import FaceTracker

    picture = cv2.imread(str(asset("portraits", "eileen_collins.png")))
    with FaceTracker(video=False) as tracker:
        n_faces = len(tracker.find(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)))
    yield Finding(
        "tracker", "pass" if n_faces == 1 else "fail", f"{n_faces} face in the test portrait", "Install again."
    )


def _camera(params: Params) -> Iterator[Finding]:
    wanted = params.capture.source or "0"
    try:
        source = open_source(wanted, params.capture)
    except Fault as fault:
        yield Finding(
            "camera", "warn", f"{fault.message} Cameras here: {listing()}.", "Without one the demo sitter stands in."
        )
        return
    clock = WallClock()
    start_s = clock.now_s()
    for _ in range(RATE_SAMPLE_FRAMES):
        source.read()
    rate = RATE_SAMPLE_FRAMES / max(1e-6, clock.now_s() - start_s)
    source.close()
    found = f"{source.name}, {source.size[0]}x{source.size[1]}, {rate:.0f} frames a second in this light"
    slow = source.is_live and rate < SLOW_CAMERA_SHARE * params.capture.fps
    yield Finding("camera", "warn" if slow else "pass", found, "Add light: a dim room halves a camera's rate.")


def _screen(_: Params) -> Iterator[Finding]:
    has = sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    found = "a display is there" if has else "no display"
    yield Finding("screen", "pass" if has else "warn", found, "`booth replay` works without one.")


def _disk(params: Params) -> Iterator[Finding]:
    folder = Path(params.deliver.folder).expanduser()
    stands = next(p for p in (folder, *folder.parents) if p.exists())
    free_gb = shutil.disk_usage(stands).free / 1e9
    yield Finding("disk", "pass" if free_gb > LOW_DISK_GB else "warn", f"{free_gb:.0f} GB free", "Make room.")
    writable = os.access(stands, os.W_OK)
    yield Finding("folder", "pass" if writable else "fail", str(folder), "Choose a folder you may write to.")


CHECKS: tuple[Callable[[Params], Iterator[Finding]], ...] = (
    _python, _packages, _models, _face_found, _camera, _screen, _disk,
)  # fmt: skip
