"""Checks of the machine the booth runs on: pass, warn or fail, each with one hint; this module is what is installed.

Checks of camera, screen and storage are in `booth.diagnostics.machine_checks`. A check that breaks is itself a finding.
"""

from __future__ import annotations

import importlib.metadata as metadata
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from booth import __version__
from booth.config.params import Params
from booth.core.assets import asset
from booth.core.fault_table import fault
from booth.core.faults import Fault
from booth.core.models import models

Level = Literal["pass", "warn", "fail"]

MEDIAPIPE_PIN = "0.10.31"
SOLE_OWNERS = (("cv2", "opencv-python"), ("pygame", "pygame-ce"))
TOLD_VERSIONS = ("opencv-python", "pygame-ce", "numpy", "numba", "pillow")


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The outcome of one check; `code` is a row of docs/faults.md where there is one."""

    check: str
    level: Level
    found: str
    hint: str = ""
    code: str = ""


def of_fault(check: str, level: Level, trouble: Fault) -> CheckResult:
    """Return the finding that a Fault comes to."""
    return CheckResult(check, level, trouble.message, trouble.hint, trouble.code)


def examine(params: Params) -> list[CheckResult]:
    """Run every check."""
    from booth.diagnostics.machine_checks import CHECKS

    findings: list[CheckResult] = []
    for check in (*INSTALLED, *CHECKS):
        try:
            findings.extend(check(params))
        except Fault as trouble:
            findings.append(of_fault(check.__name__.strip("_"), "fail", trouble))
        except Exception as error:
            name = check.__name__.strip("_")
            findings.append(
                CheckResult(name, "fail", f"the check itself broke ({type(error).__name__})", "Run with --debug.")
            )
    return findings


def verdict_of(findings: list[CheckResult]) -> Level:
    """Return the worst level there is."""
    worst: tuple[Level, ...] = ("fail", "warn")
    return next((level for level in worst if any(f.level == level for f in findings)), "pass")


def owners(module: str) -> list[str]:
    """Return the installed distributions that own an importable top-level module."""
    return sorted(set(metadata.packages_distributions().get(module, [])))


def _versions(params: Params) -> Iterator[CheckResult]:
    yield CheckResult("booth", "pass", f"{__version__}, profile {params.name} ({params.digest})")
    version = ".".join(map(str, sys.version_info[:3]))
    yield CheckResult(
        "python", "pass" if sys.version_info >= (3, 11) else "fail", version, "Install Python 3.11 or newer."
    )
    yield CheckResult("libraries", "pass", ", ".join(f"{name} {metadata.version(name)}" for name in TOLD_VERSIONS))


def _packages(_: Params) -> Iterator[CheckResult]:
    for module, wanted in SOLE_OWNERS:
        found = owners(module)
        level: Level = "pass" if found == [wanted] else "fail"
        hint = f"Uninstall all of them, then install {wanted} alone: they share one folder."
        yield CheckResult(f"owner of {module}", level, ", ".join(found) or "nobody", hint)
    version = metadata.version("mediapipe")
    hint = f"Install mediapipe=={MEDIAPIPE_PIN}; later releases send usage data out."
    yield CheckResult("mediapipe", "pass" if version == MEDIAPIPE_PIN else "fail", version, hint)


def _models(_: Params) -> Iterator[CheckResult]:
    for model in models():
        check = f"model {model.name}"
        if not model.is_there:
            yield of_fault(check, "fail", fault("model.missing", name=model.name))
        elif not model.is_intact:
            yield of_fault(check, "fail", fault("model.altered", name=model.name))
        else:
            yield CheckResult(check, "pass", "intact")


def _face_found(_: Params) -> Iterator[CheckResult]:
    import cv2

    from booth.perception.face_tracker import FaceTracker

    picture = cv2.imread(str(asset("portraits", "eileen_collins.png")))
    with FaceTracker(video=False) as tracker:
        n_faces = len(tracker.find(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)))
    level: Level = "pass" if n_faces == 1 else "fail"
    yield CheckResult("tracker", level, f"{n_faces} face in the test portrait", "Install again.")


def _hand(params: Params) -> Iterator[CheckResult]:
    if not params.screen.hand_model:
        yield CheckResult("thumbs-up", "pass", "off: no hand model is named", "Set screen.hand_model to use it.")
        return
    from booth.perception.hand_reader import HandReader

    try:
        HandReader(params.screen.hand_model).close()
    except Fault as fault:
        yield CheckResult("thumbs-up", "warn", f"off: {fault.message}", fault.hint)
        return
    yield CheckResult("thumbs-up", "pass", "a hand model is there")


def _preparation(_: Params) -> Iterator[CheckResult]:
    from booth.core.kernel_cache import cache_place, is_prepared

    place = cache_place()
    if place.kind == "temporary":
        hint = "Give the booth's user a cache folder that can be written: until then every start compiles."
        yield CheckResult("preparation", "warn", "nothing that is compiled can be kept", hint)
        return
    where = "" if place.kind == "program" else f"; the program's folder cannot be written, so in {place.folder}"
    found = f"{'done' if is_prepared() else 'not done yet: the next start does it, once'}{where}"
    yield CheckResult("preparation", "pass", found)


def _eye_model(params: Params) -> Iterator[CheckResult]:
    if not params.guidance.eye_model:
        yield CheckResult("eye-model", "pass", "off: no eye model is named", "Set guidance.eye_model to use one.")
        return
    from booth.perception.eye_reader import EyeReader

    try:
        EyeReader(params.guidance.eye_model)
    except Fault as fault:
        yield CheckResult("eye-model", "warn", f"off: {fault.message}", fault.hint)
        return
    yield CheckResult("eye-model", "pass", "an eye model is there")


INSTALLED: tuple[Callable[[Params], Iterator[CheckResult]], ...] = (
    _versions,
    _packages,
    _models,
    _preparation,
    _face_found,
    _hand,
    _eye_model,
)
