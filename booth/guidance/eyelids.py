"""How open the eyes are: against the sitter's own level where it is known, else by what one picture tells.

One number decides: `openness`, whose limit is `Bands.lids`. The reading `eyes.open` shows it and the reject `eyes`
follows from it, so that they cannot disagree.
"""

from __future__ import annotations

from booth.guidance.rule_context import RuleContext

# Of Cover.lids_open; with the person left out 98 % of open eyes are above the first, 8 % of half-shut lids and 1 % of
# shut ones. Below the second one picture is enough to say shut; between them only the sitter's own lids tell.
SURELY_OPEN, DOUBTED_OPEN = 0.5, 0.04
VOUCHED = 0.85  # of a gap known to be this sitter's open one
SMILE_NARROWS = 0.08  # of the own gap that a full smile may take beyond what half-shut lids take
BLINK_CEILING_KNOWN = 0.62  # of the personal blink limit; eyes that are shut read .5 to .9
WHOLE_SHARE = 0.85  # of the own gap from which eyes count as wide open
DOUBT_VALUE, VOUCHED_VALUE = 0.5, 0.9  # of openness, at DOUBTED_OPEN and where the sitter's own lids vouch


def blink_limit(f: RuleContext) -> float:
    """Return the blink score beyond which this sitter's eyes count as closing."""
    limits = f.params.limits
    if f.lids.blink is None:
        return limits.blink_ceiling
    return min(BLINK_CEILING_KNOWN, max(limits.blink_floor, f.lids.blink + limits.blink_rise))


def openness(f: RuleContext) -> float:
    """Return 0..1: at least `Bands.lids.leave` where the eyes are open, less where they are not or it is in doubt."""
    limit = f.params.bands.lids.leave
    return min(_certainty(f, limit), _own_share(f, limit), 1.0 if f.m.blink <= blink_limit(f) else DOUBT_VALUE * limit)


def eyes_closed(f: RuleContext) -> bool:
    """Tell whether the lids are shut, half shut or on their way, or whether that cannot be told yet."""
    return openness(f) < f.params.bands.lids.leave


def _certainty(f: RuleContext, limit: float) -> float:
    """Return what the picture itself tells, scaled so that `SURELY_OPEN` lies at the limit."""
    sure = f.analysis.cover.lids_open
    if sure is None or sure >= SURELY_OPEN:
        over = 1.0 if sure is None else (sure - SURELY_OPEN) / (1 - SURELY_OPEN)
        return limit + (1 - limit) * over
    if _is_vouched_for(f, sure):
        return VOUCHED_VALUE
    if sure >= DOUBTED_OPEN:
        return DOUBT_VALUE + (limit - DOUBT_VALUE) * (sure - DOUBTED_OPEN) / (SURELY_OPEN - DOUBTED_OPEN)
    return DOUBT_VALUE * sure / DOUBTED_OPEN


def _is_vouched_for(f: RuleContext, sure: float) -> bool:
    """Tell whether this gap is known to be open: as wide as between this sitter's blinks, or as when it was sure."""
    own = f.lids.gap
    if own is not None and f.lids.has_blinked and f.lids.is_plausible and f.m.lid_gap >= VOUCHED * own:
        return True
    proven = f.lids.proven_gap
    return proven is not None and sure >= DOUBTED_OPEN and f.m.lid_gap >= VOUCHED * proven


def _own_share(f: RuleContext, limit: float) -> float:
    """Return the gap against the sitter's own, scaled so that `Limits.lids_of_own` lies at the limit."""
    share = f.lids.share(f.m.lid_gap)
    if share is None:
        return 1.0
    least = f.params.limits.lids_of_own - SMILE_NARROWS * f.smile_rise
    if share < least:
        return limit * share / least
    return min(1.0, limit + (1 - limit) * (share - least) / max(WHOLE_SHARE - least, 1e-6))
