"""Judges photographs one at a time with the booth's own measures: what `check` says.

Pose by the limits beyond which no frame is taken, eyes, mouth, light and cover as in the booth; no smile is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from booth.config.params import Params
from booth.core.types import Frame, FrameAnalysis, Guidance
from booth.guidance.coach import Coach
from booth.guidance.rule_context import PoseTarget
from booth.perception.frame_analyzer import FrameAnalyzer
from booth.still.poor_light import is_poorly_lit

SMALL_PX = 1280  # as wide as the mirror: the measures are tuned there


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found in one photograph. `verdict` is `pass`, `fail` or `no_face`; `reasons` speak against it."""

    file: str
    faces: int
    verdict: str
    reasons: tuple[str, ...]
    readings: Mapping[str, Mapping[str, Any]]

    def as_json(self) -> dict[str, Any]:
        """Return the row of `check --json`."""
        row = {"file": self.file, "faces": self.faces, "verdict": self.verdict, "reasons": list(self.reasons)}
        return {**row, "readings": {key: dict(value) for key, value in self.readings.items()}}


class PhotoChecker:
    """Owns one tracker for still pictures; closed with `close()` or by `with`."""

    def __init__(self, params: Params) -> None:
        self._params = params
        self._eye = FrameAnalyzer(params, video=False)
        self._target = PoseTarget(expression="any")

    def judge(self, rgb: np.ndarray, name: str = "") -> Verdict:
        """Judge an (H, W, 3) uint8 photograph."""
        analysis, guidance = self.analyze(rgb)
        readings = {key: {"value": r.value, "ok": r.ok} for key, r in guidance.readings.items()}
        if analysis.sitter is None:
            return Verdict(name, 0, "no_face", (), readings)
        reasons = tuple(f"reject.{reason}" for reason in guidance.rejects)
        if "reject.light" not in reasons and is_poorly_lit(analysis.frame.small, analysis.sitter):
            reasons = (*reasons, "reject.light")
        return Verdict(name, len(analysis.faces), "fail" if reasons else "pass", reasons, readings)

    def analyze(self, rgb: np.ndarray) -> tuple[FrameAnalysis, Guidance]:
        """Return the sight and the guidance of a photograph as if it were the first frame of a session."""
        analysis = self._eye.analyze(Frame(0, 0.0, rgb, _small(rgb)))
        _, guidance = Coach.fresh(self._params.guidance, self._target).step(analysis)
        return analysis, guidance

    def close(self) -> None:
        """Free the model; must happen before the interpreter shuts down."""
        self._eye.close()

    def __enter__(self) -> PhotoChecker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _small(rgb: np.ndarray) -> np.ndarray:
    scale = SMALL_PX / max(rgb.shape[:2])
    if scale >= 1:
        return rgb
    return cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
