"""How open the eyes are, by lid geometry and blendshape together, against the sitter's own open eyes."""

from __future__ import annotations

from booth.guidance.face_measures import openness
from booth.guidance.rule_context import RuleContext

LID_GAP_LEAST = 0.040  # in T; of 120 photographs with open eyes the narrowest has .045 at a usable size
LID_GAP_LEAST_KNOWN = 0.032  # of someone whose wide-open eyes are known to be narrow; shut lids have .03 at most
WIDE_OF_OWN = 0.85
SURE, SURE_WHEN_WIDE = 0.68, 0.4  # of Cover.lids_open; the least sure of 80 open, frontal photographs has .69


def blink_limit(f: RuleContext) -> float:
    """Return the blink score beyond which this sitter's eyes count as closing."""
    limits = f.params.limits
    if f.zero.blink is None:
        return limits.blink_ceiling
    return min(limits.blink_ceiling, max(limits.blink_floor, f.zero.blink + limits.blink_rise))


def lids_open(f: RuleContext) -> float:
    """Return 0..1: the standard's eyes-open value of the narrower eye, capped by the share of its own width."""
    own = f.zero.lid_gap
    share = 1.0 if own is None else min(1.0, f.m.lid_gap / own / 0.85)
    return min(openness(f.m.lid_gap), share)


def eyes_closed(f: RuleContext) -> bool:
    """Tell whether the lids are shut, half shut or on their way: geometry, blendshape or pixels, whichever says so."""
    own = f.zero.lid_gap
    falling = own is not None and f.m.lid_gap < f.params.limits.lids_of_own * own
    least = LID_GAP_LEAST if own is None else LID_GAP_LEAST_KNOWN
    return falling or f.m.lid_gap < least or f.m.blink > blink_limit(f) or _covered_iris(f)


def _covered_iris(f: RuleContext) -> bool:
    """Tell whether too little shows between the lids; at the sitter's own width it takes more doubt."""
    sure = f.analysis.cover.lids_open
    own = f.zero.lid_gap
    known_wide = own is not None and f.m.lid_gap > WIDE_OF_OWN * own
    return sure is not None and sure < (SURE_WHEN_WIDE if known_wide else SURE)
