"""Judges photographs one at a time with the booth's own measures: what `check` says.

Pose by the limits beyond which no frame is taken, eyes, mouth, light and cover as in the booth; no smile is asked for.
What only the person's own history could settle is a doubt, and a picture on its side or upside down is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from booth.config.params import Params
from booth.config.words import say
from booth.core.types import Frame, FrameAnalysis, Guidance
from booth.guidance.coach import Coach
from booth.guidance.one_picture import TURNED_OVER, Reason, reasons_against, verdict_of
from booth.guidance.rule_context import PoseTarget
from booth.perception.frame_analyzer import FrameAnalyzer
from booth.still.poor_light import is_poorly_lit

POOR_LIGHT = "reject.light"
SMALL_PX = 1280  # as wide as the mirror: the measures are tuned there


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found in one photograph.

    `verdict` is `pass`, `doubt`, `fail` or `no_face`; `reasons` are the word keys of what speaks against it, refusals
    first; `against` says of each whether it is only a doubt, and which readings stand behind it.
    """

    file: str
    faces: int
    verdict: str
    reasons: tuple[str, ...]
    readings: Mapping[str, Mapping[str, Any]]
    against: tuple[Reason, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """Every reason as a sentence with the readings behind it."""
        return tuple(_sentence(reason) for reason in self.against)

    def as_json(self) -> dict[str, Any]:
        """Return the row of `check --json`."""
        row = {"file": self.file, "faces": self.faces, "verdict": self.verdict, "reasons": list(self.reasons)}
        row["doubts"] = [reason.key for reason in self.against if reason.is_doubt]
        row["sentences"] = list(self.sentences)
        return {**row, "readings": {key: dict(value) for key, value in self.readings.items()}}


class PhotoChecker:
    """Owns the trackers for still pictures; closed with `close()` or by `with`."""

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
        if self.turned_deg:
            over = Reason(TURNED_OVER, False, (("turned_deg", float(self.turned_deg)),))
            return Verdict(name, len(analysis.faces), "fail", (TURNED_OVER,), readings, (over,))
        against = reasons_against(guidance, self._params.guidance)
        if all(reason.key != POOR_LIGHT for reason in against) and is_poorly_lit(analysis.frame.small, analysis.sitter):
            against = (*against, Reason(POOR_LIGHT, True, ()))  # dim light and dark paint look alike in one picture
        keys = tuple(reason.key for reason in against)
        return Verdict(name, len(analysis.faces), verdict_of(against), keys, readings, against)

    def analyze(self, rgb: np.ndarray) -> tuple[FrameAnalysis, Guidance]:
        """Return the sight and the guidance of a photograph as if it were the first frame of a session."""
        analysis = self._eye.analyze(Frame(0, 0.0, rgb, _small(rgb)))
        _, guidance = Coach.fresh(self._params.guidance, self._target).step(analysis)
        return analysis, guidance

    @property
    def turned_deg(self) -> int:
        """How far the last photograph was turned clockwise to be upright, degrees: 0, 90, 180 or 270."""
        return self._eye.turned_deg

    def close(self) -> None:
        """Free the models; must happen before the interpreter shuts down."""
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


def _sentence(reason: Reason) -> str:
    """Return a reason as a sentence: what it is, and the readings behind it by their own keys."""
    readings = ", ".join(f"{key} {value:.3g}" for key, value in reason.readings)
    words = say(reason.key)
    doubt = ", or so it may seem in one picture" if reason.is_doubt else ""
    return f"{words[:1].upper()}{words[1:]}{doubt}{f' ({readings})' if readings else ''}."
