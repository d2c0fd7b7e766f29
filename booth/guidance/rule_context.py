"""Everything the rules may know about one frame, gathered once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from booth.config.params.guidance import GuidanceParams
from booth.core.types import Face, FrameAnalysis
from booth.guidance.face_measures import Measures
from booth.guidance.neutral_baseline import NeutralBaseline
from booth.guidance.own_lids import OwnLids

# A beard hides a smile from the blendshape (.11 for a full one); its raised corners still tell. They rise by .013 to
# .086 face heights in posed smiles, but sit differently on every face: never the whole of a smile.
LIFT_TO_SMILE, LIFT_MOST = 7.8, 0.6

Expression = Literal["warm", "neutral", "serious", "any"]


@dataclass(frozen=True, slots=True)
class PoseTarget:
    """What the look wants of the sitter: a turn, a chin height and an expression."""

    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    expression: Expression = "warm"


@dataclass(frozen=True, slots=True, eq=False)
class RuleContext:
    """One sight, measured: geometry, the sitter's zero, mouth movement, best sharpness of the session, own lids."""

    analysis: FrameAnalysis
    face: Face
    m: Measures
    zero: NeutralBaseline
    target: PoseTarget
    params: GuidanceParams
    mouth_motion: float | None
    sharp_best: float | None
    lids: OwnLids = OwnLids()
    mouth_motion_limit: float = 1.0  # in T; beyond it this sitter's lips move
    mouth_held: bool = False  # the lips have kept their shape for a second and more

    @property
    def yaw_off_deg(self) -> float:
        """Yaw from the look's target; > 0: too far toward image right."""
        return self.m.yaw_deg - self.target.yaw_deg

    @property
    def pitch_off_deg(self) -> float:
        """Pitch from the sitter's own level and the look's target; > 0: chin too high."""
        return self.m.pitch_deg - self.zero.pitch_deg - self.target.pitch_deg

    @property
    def gaze_off_deg(self) -> tuple[float, float]:
        """Gaze from the sitter's own zero; > 0: toward image right, and up."""
        return self.m.gaze_x_deg - self.zero.gaze_x_deg, self.m.gaze_y_deg - self.zero.gaze_y_deg

    @property
    def smile_rise(self) -> float:
        """How far the smile stands above the sitter's own rest, 0..1, by blendshape or by lifted corners."""
        lifted = LIFT_TO_SMILE * (self.m.corner_lift - self.zero.corner_lift)
        return min(1.0, max(0.0, self.m.smile - self.zero.smile, min(lifted, LIFT_MOST)))

    @property
    def sharpness(self) -> float | None:
        """Sharpness of the eyes against the best of the session, None where it could not be measured."""
        eyes = self.analysis.focus.eyes
        if eyes is None or not self.sharp_best:
            return None
        return eyes / self.sharp_best

    @property
    def largest_other(self) -> float:
        """Face area of the largest other person over the sitter's."""
        others = [face.box.area for face in self.analysis.faces[1:]]
        return max(others, default=0.0) / max(self.face.box.area, 1e-9)


Values = Mapping[str, float | None]
