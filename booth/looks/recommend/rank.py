"""Orders looks for one sitter and says why. Pure: same measures, same order; each reason is a term of the score."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from booth.looks.recommend.sitter_measures import Lab, LookTraits, SitterMeasures, Suggestion

APART_DE = 55.0  # a difference of colours that nobody overlooks across a room
NEUTRAL_CHROMA = 8.0  # below this a colour has no hue to speak of
NEAR_DEG, FAR_DEG = 40.0, 140.0  # hues this near or this far apart go together (analogous, complementary)
SIDE_FROM_STOPS = 0.3  # less is even light
FLAT_STOPS, DEEP_STOPS = 0.8, 3.0  # of shadow on a face: a cloudy sky, a bare bulb
GLARE_FROM, GLARE_FULL = 0.03, 0.15
TURNED_DEG = 12.0  # moves a reflection off a lens
TIE = 0.01
SAYS_FROM = 0.02  # a smaller advantage over the other looks is no reason
WEIGHTS: Mapping[str, float] = {
    "hair": 0.28, "clothes": 0.22, "colour": 0.12, "tone": 0.10, "shape": 0.18, "side": 0.10, "glare": 0.25,
}  # fmt: skip

Terms = Mapping[str, float]  # term -> 0..1; one that could not be measured is missing


def rank(
    sitter: SitterMeasures, looks: Sequence[LookTraits], kept: Mapping[str, int] | None = None
) -> list[Suggestion]:
    """Return every look, best suited first; `kept` counts how often looks were kept and only breaks ties."""
    terms = {look.name: terms_of(sitter, look) for look in looks}
    means = {key: _mean([t[key] for t in terms.values() if key in t]) for key in WEIGHTS}
    found = [_suggested(sitter, look, terms[look.name], means) for look in looks]
    often = kept or {}
    return sorted(found, key=lambda s: (-math.floor(s.score / TIE), -often.get(s.name, 0), -s.score, s.name))


def terms_of(sitter: SitterMeasures, look: LookTraits) -> dict[str, float]:
    """How well one look answers each measure, 0..1."""
    terms: dict[str, float] = {}
    if look.backdrop is not None:
        for key, own in (("hair", sitter.hair), ("clothes", sitter.clothes)):
            if own is not None:
                terms[key] = min(1.0, math.dist(own, look.backdrop) / APART_DE)
        if sitter.clothes is not None:
            terms["colour"] = _harmony(sitter.clothes, look.backdrop)
        own_tone = [colour[2] for colour in (sitter.hair, sitter.clothes) if colour is not None]
        if own_tone:
            terms["tone"] = 0.5 + 0.5 * math.tanh(_mean(own_tone) / 12) * math.tanh(look.backdrop[2] / 8)
    if sitter.shadow_stops is not None:
        deep = min(1.0, max(0.0, (sitter.shadow_stops - FLAT_STOPS) / (DEEP_STOPS - FLAT_STOPS)))
        terms["shape"] = 1 - abs(look.softness - deep)
    if sitter.ratio_stops is not None:
        real = min(1.0, max(0.0, abs(sitter.ratio_stops) - SIDE_FROM_STOPS))
        terms["side"] = 0.5 + 0.5 * real if look.is_sided else 0.5
    if sitter.glare_frac is not None:
        share = min(1.0, max(0.0, (sitter.glare_frac - GLARE_FROM) / (GLARE_FULL - GLARE_FROM)))
        terms["glare"] = 0.5 + 0.5 * share * min(1.0, abs(look.turn_deg) / TURNED_DEG)
    return terms


def _suggested(sitter: SitterMeasures, look: LookTraits, terms: Terms, means: Terms) -> Suggestion:
    gains = {key: WEIGHTS[key] * (value - means[key]) for key, value in terms.items()}
    score = math.fsum(gains.values())
    best = max(sorted(gains), key=lambda key: gains[key], default=None)
    why = _why(best, sitter, look) if best is not None and gains[best] >= SAYS_FROM else None
    return Suggestion(look.name, score, why, side_for(sitter) if look.is_sided else "auto")


def side_for(sitter: SitterMeasures) -> str:
    """The sitter's own side on which the real light stands; auto where it is even."""
    ratio = sitter.ratio_stops
    if ratio is None or abs(ratio) < SIDE_FROM_STOPS:
        return "auto"
    return "left" if ratio > 0 else "right"


def _why(term: str, sitter: SitterMeasures, look: LookTraits) -> str:
    if term == "tone":
        return "why.warm" if look.backdrop is not None and look.backdrop[2] > 0 else "why.cool"
    if term == "shape":
        return "why.soft" if look.softness >= 0.5 else "why.strong"
    if term == "side":
        return f"why.{side_for(sitter)}"
    return f"why.{term}"


def _harmony(own: Lab, other: Lab) -> float:
    """How two colours go together, 0..1: by hue where both have one; grey goes with everything, middling."""
    if min(math.hypot(*own[1:]), math.hypot(*other[1:])) < NEUTRAL_CHROMA:
        return 0.6
    apart = abs((math.degrees(math.atan2(own[2], own[1]) - math.atan2(other[2], other[1])) + 180) % 360 - 180)
    return 1.0 if apart <= NEAR_DEG or apart >= FAR_DEG else 0.3


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values) if values else 0.0  # exact, so that the order of the looks plays no part


def stance(sitter: SitterMeasures) -> str | None:
    """What would help this sitter most now, a key below `stance`; None where nothing could be measured."""
    if sitter.glare_frac is not None and sitter.glare_frac > GLARE_FULL / 2:
        return "stance.chin"
    if sitter.ratio_stops is None:
        return None
    if abs(sitter.ratio_stops) < 2 * SIDE_FROM_STOPS:
        return "stance.lens"
    return "stance.turn_left" if sitter.ratio_stops > 0 else "stance.turn_right"
