"""The brand's tolerances before and after the shot: what of a live frame would end outside, and what a portrait is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import msgspec
import numpy as np

from booth.config.params import Params
from booth.config.params.finish import BrandParams, FinishParams
from booth.config.params.guidance import Band, GuidanceParams
from booth.core.types import Face, FrameAnalysis, Guidance
from booth.looks.look import Look
from booth.session.view import BrandGauge
from booth.still.batch import Done
from booth.still.crop import EYES_LEFT_ON_IMAGE, EYES_RIGHT_ON_IMAGE, CropPlan, crop_spec, geometry_of, plan_crop
from booth.still.develop_still import replaces_backdrop
from booth.still.drift import drift_report
from booth.still.record import EditRecord

PLAN_W_PX = 320  # the cut is planned on a matte this wide: a hundredth of a head is still a pixel
EYE_LINE, HEAD_HEIGHT = "reading.framing.centre_y", "reading.framing.head_height"  # word keys of the ruler's gauges
TILT, LIGHT = "reading.pose.roll_deg", "reading.light.ratio_stops"
EPSILON = 1e-6  # a tolerance of zero is no tolerance, and no division by it
NEAR = 0.8  # of a tolerance: where the coach's gate opens, so that the limit itself is not where one stands


def within_brand(params: Params) -> Params:
    """Return the profile with the coach's bands and limits drawn in to what the brand tolerates."""
    return msgspec.structs.replace(params, guidance=_narrowed(params.guidance, params.finish))


def _narrowed(guidance: GuidanceParams, finish: FinishParams) -> GuidanceParams:
    clipped = finish.brand.clipped_max_frac
    roll_deg = finish.correct.level_max_deg + finish.brand.roll_tolerance_deg
    bands = msgspec.structs.replace(
        guidance.bands,
        clipped_frac=_drawn_in(guidance.bands.clipped_frac, clipped),
        roll_deg=_drawn_in(guidance.bands.roll_deg, roll_deg),
    )
    limits = msgspec.structs.replace(
        guidance.limits,
        clipped_frac=min(guidance.limits.clipped_frac, clipped),
        roll_deg=min(guidance.limits.roll_deg, roll_deg),
    )
    return msgspec.structs.replace(guidance, bands=bands, limits=limits)


def _drawn_in(band: Band, most: float) -> Band:
    return msgspec.structs.replace(band, enter=min(band.enter, NEAR * most), leave=min(band.leave, most))


class BrandGate:
    """Forbids the frames of which no portrait within the brand can be cut; the coach then says what would help.

    `gauges` are the measures of the newest frame; empty where nobody is measured.
    """

    def __init__(self, finish: FinishParams) -> None:
        self._finish = finish
        self.gauges: tuple[BrandGauge, ...] = ()

    def reset(self) -> None:
        """Release the measures of whoever has left."""
        self.gauges = ()

    def __call__(self, analysis: FrameAnalysis, guidance: Guidance, look: Look) -> Guidance:
        """Return the guidance itself, or one that is not ready, forbids the frame and says why."""
        if analysis.sitter is None or analysis.matte is None:
            self.reset()
            return guidance
        offs = {**self._framing(analysis.sitter, analysis, look), **self._light(analysis, look)}
        self.gauges = tuple(BrandGauge(key, off) for key, off in (*offs.items(), self._tilt(analysis.sitter)))
        advice = _advice(offs)
        if advice is None:
            return guidance
        return replace(
            guidance,
            ready=False,
            advice=guidance.advice if guidance.blocks and guidance.advice else advice,
            rejects=(*guidance.rejects, "brand"),
            blocks=(*guidance.blocks, "brand"),
            is_barred=True,
            is_willing=False,
            progress=min(guidance.progress, 0.8),
        )

    def _framing(self, face: Face, analysis: FrameAnalysis, look: Look) -> dict[str, float]:
        """How many tolerances the eye line and the head's height would be off in the cut; empty for no cut."""
        assert analysis.matte is not None
        brand = self._finish.brand
        spec = crop_spec(brand.crop or look.crop, brand)
        if not spec.aspect:
            return {}
        height = round(analysis.frame.size[1] * PLAN_W_PX / analysis.frame.size[0])
        alpha = cv2.resize(analysis.matte.alpha, (PLAN_W_PX, height), interpolation=cv2.INTER_AREA) / np.float32(255)
        geometry = geometry_of(face, (PLAN_W_PX, height))
        plan = plan_crop(geometry, spec, alpha, self._finish.correct, may_extend=replaces_backdrop(look))
        eye_line, head_height = _in_cut(face, plan, (PLAN_W_PX, height))
        return {
            EYE_LINE: (eye_line - spec.eye_line_frac) / max(brand.eye_line_tolerance_frac, EPSILON),
            HEAD_HEIGHT: (head_height - spec.head_height_frac) / max(brand.head_height_tolerance_frac, EPSILON),
        }

    def _light(self, analysis: FrameAnalysis, look: Look) -> dict[str, float]:
        """Where the light stays as it is, its ratio has to be the brand's; another light is judged on the portrait."""
        brand, seen = self._finish.brand, analysis.light.ratio_stops
        if look.light.name != "natural" or look.light.lamps or brand.light_ratio_stops is None or seen is None:
            return {}
        return {LIGHT: (seen - brand.light_ratio_stops) / max(brand.light_ratio_tolerance_stops, EPSILON)}

    def _tilt(self, face: Face) -> tuple[str, float]:
        """What straightening leaves of the head's tilt. The coach's own limit forbids frames by it, not this gate."""
        roll_deg, level_deg = face.pose.roll_deg, self._finish.correct.level_max_deg
        left_deg = max(0.0, abs(roll_deg) - level_deg) * (1 if roll_deg > 0 else -1)
        return TILT, left_deg / max(self._finish.brand.roll_tolerance_deg, EPSILON)


def _advice(offs: Mapping[str, float]) -> str | None:
    """The coach's sentence for measures outside their tolerance, the framing before the light; None: all inside."""
    if any(abs(offs.get(key, 0.0)) > 1 for key in (EYE_LINE, HEAD_HEIGHT)):
        return "framing.closer" if offs[HEAD_HEIGHT] < -1 else "framing.back"
    if abs(offs.get(LIGHT, 0.0)) > 1:
        return "light.face_left" if offs[LIGHT] > 0 else "light.face_right"
    return None


def _in_cut(face: Face, plan: CropPlan, size: tuple[int, int]) -> tuple[float, float]:
    """The eye line and the height of the face in a planned cut, shares of its height, by the drift report's points."""
    points = plan.apply(face.points_px(*size).astype(np.float64) - 0.5) + 0.5
    eyes = [points[list(side)].mean(0) for side in (EYES_LEFT_ON_IMAGE, EYES_RIGHT_ON_IMAGE)]
    high = float(np.ptp(points[:, 1])) / plan.size_px[1]
    return float(eyes[0][1] + eyes[1][1]) / 2 / plan.size_px[1], high


def outside(record: EditRecord, kept: Sequence[EditRecord], brand: BrandParams, crop: str) -> dict[str, float]:
    """Return how many tolerances a finished portrait is off, for each measure that is outside; empty: all inside.

    Measured as the drift report does it, the set being what was kept so far and this one.
    """
    new = Done(Path("new"), Path("new"), record)
    report = drift_report([*(Done(Path(str(n)), Path(str(n)), r) for n, r in enumerate(kept)), new], brand, crop)
    found = next(drift for drift in report.portraits if drift.file == "new")
    return {key: off for key, off in found.off.items() if off > 1}


def asked_crop(look: Look, brand: BrandParams) -> str:
    """The crop that a set is cut to."""
    return brand.crop or look.crop
