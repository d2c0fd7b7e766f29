"""What to say when no face is found: nothing at first, then what may be the reason."""

from __future__ import annotations

from booth.core.types import FrameAnalysis
from booth.guidance.advice_scheduler import AdviceCandidate

COVERED_LENS = 0.002  # mean linear light of the frame; a lit room even at night is well above
DARK_ROOM = 0.02
PATIENCE_S = 0.6  # a face lost for a moment is not worth a word
URGENCY = -1  # before every rule


def advice_without_face(analysis: FrameAnalysis, empty_s: float) -> AdviceCandidate | None:
    """Return the wish for a frame without a face after `empty_s` seconds of that; None is silence."""
    if empty_s < PATIENCE_S:
        return None
    level = analysis.light.frame_level
    if level is not None and level < COVERED_LENS:
        return AdviceCandidate(URGENCY, "light.lens", "light.lens_covered")
    if level is not None and level < DARK_ROOM:
        return AdviceCandidate(URGENCY, "light.room", "light.room_dark")
    return AdviceCandidate(URGENCY, "presence", "presence.come_in")
