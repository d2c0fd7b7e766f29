"""What was done to a portrait, one record entry a step: the sentence and its numbers."""

from __future__ import annotations

from booth.looks.backdrop.backdrop_spec import RoomBackdrop, Transparent, Untouched
from booth.looks.light.shape import Applied
from booth.looks.look import Look
from booth.still.correct import Correction
from booth.still.crop import CropPlan
from booth.still.cut import TIGHTER_MAX_FRAC
from booth.still.light_stages import light_stages
from booth.still.record import StageEntry


def cut_stages(plan: CropPlan) -> list[StageEntry]:
    """Return the entries of a cut: what was cut, how far from what was asked, levelled, made smaller or larger."""
    amounts = {
        "width_px": float(plan.size_px[0]),
        "height_px": float(plan.size_px[1]),
        "tighter_percent": round(100 * plan.fit.tighter_frac, 1),
        "tolerance_percent": round(100 * TIGHTER_MAX_FRAC, 1),
    }
    stages = [StageEntry("crop", f"Cut to {plan.spec.name}", amounts)]
    if plan.levelled_deg:
        stages.append(StageEntry("correct.level", "Levelled", {"degrees": round(plan.levelled_deg, 2)}))
    if plan.scale < 1:
        stages.append(StageEntry("size.shrink", "Made smaller", {"scale": round(plan.scale, 3)}))
    if plan.is_enlarged:
        width, height = plan.native().size_px
        says = f"Enlarged: the camera saw {width}x{height} of these pixels, the others were made from them"
        stages.append(StageEntry("size.enlarge", says, {"scale": round(plan.scale, 3)}))
    return stages


def correction_stages(correction: Correction) -> list[StageEntry]:
    """Return the entries of exposure and white balance."""
    stages = []
    if correction.exposure_stops:
        amounts = {"stops": round(correction.exposure_stops, 2)}
        stages.append(StageEntry("correct.exposure", "Exposure was corrected", amounts))
    if correction.gains != (1.0, 1.0, 1.0):
        red, _, blue = (round(g / correction.gains[1], 3) for g in correction.gains)
        stages.append(StageEntry("correct.white_balance", "White balance was corrected", {"red": red, "blue": blue}))
    return stages


def look_stages(look: Look, applied: Applied) -> list[StageEntry]:
    """Return the entries of a look: backdrop, what was `applied` of its light, and grade."""
    stages = []
    if not isinstance(look.backdrop, Untouched):
        stages.append(StageEntry("look.backdrop", _backdrop_words(look)))
    stages += light_stages(look, applied)
    if not look.grade.is_plain:
        stages.append(StageEntry("look.grade", f"Graded as {look.title}"))
    return stages


def _backdrop_words(look: Look) -> str:
    if isinstance(look.backdrop, RoomBackdrop):
        return "The real background was blurred"
    if isinstance(look.backdrop, Transparent):
        return "The background was taken away"
    return f"The background was replaced: {look.backdrop.__struct_config__.tag}"
