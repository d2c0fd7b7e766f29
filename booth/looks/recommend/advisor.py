"""Follows one guest on the look wall: measures for a moment, orders the looks once, and keeps its word after that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

import msgspec

from booth.core.types import FrameAnalysis
from booth.looks.look import Look
from booth.looks.recommend.measure_sitter import measure_sitter, traits_of
from booth.looks.recommend.rank import rank, stance
from booth.looks.recommend.sitter_measures import Lab, SitterMeasures, Suggestion

SAMPLES, EVERY = 5, 6  # FrameAnalyses: a second in all; an order that changed later would move tiles under a finger


class Advisor:
    """Belongs to the loop; forgets the guest with `forget`."""

    def __init__(self, looks: Sequence[Look], kept: Mapping[str, int] | None = None) -> None:
        self._looks, self._kept = looks, kept
        self.reset()

    def reset(self) -> None:
        """Begin anew with the next guest."""
        self._seen: list[SitterMeasures] = []
        self._suggestions: dict[str, Suggestion] = {}
        self._stance: str | None = None
        self._count = 0

    def process(self, analysis: FrameAnalysis) -> tuple[Look, ...] | None:
        """Take note of a FrameAnalysis; returns the order of the looks once, when enough has been measured."""
        self._count += 1
        if self._suggestions or self._count % EVERY:
            return None
        measures = measure_sitter(analysis)
        if measures is None:
            return None
        self._seen.append(measures)
        if len(self._seen) < SAMPLES:
            return None
        settled = settle(self._seen)
        found = rank(settled, [traits_of(look) for look in self._looks], self._kept)
        self._suggestions = {suggestion.name: suggestion for suggestion in found}
        self._stance = stance(settled)
        by_name = {look.name: look for look in self._looks}
        return tuple(self.aimed(by_name[name]) for name in self._suggestions)

    def words(self, look: str) -> tuple[str, ...]:
        """Word keys to show beside a look: why it suits, and what would help; none before anything was measured."""
        found = self._suggestions.get(look)
        why = found.why if found is not None else None
        return tuple(key for key in (why, self._stance) if key)

    def aimed(self, look: Look) -> Look:
        """Return the look with its key on the side of the real light, where the look leaves the side open."""
        found = self._suggestions.get(look.name)
        if found is None or found.side == "auto" or look.light.side != "auto" or look.light.lamps:
            return look
        return msgspec.structs.replace(look, light=msgspec.structs.replace(look.light, side=found.side))


def settle(seen: Sequence[SitterMeasures]) -> SitterMeasures:
    """Return the middle of several measures, each where at least half of them have it."""
    return SitterMeasures(
        hair=_middle_colour([m.hair for m in seen]),
        clothes=_middle_colour([m.clothes for m in seen]),
        skin=_middle_colour([m.skin for m in seen]),
        glare_frac=_middle([m.glare_frac for m in seen]),
        ratio_stops=_middle([m.ratio_stops for m in seen]),
        shadow_stops=_middle([m.shadow_stops for m in seen]),
        yaw_deg=median(m.yaw_deg for m in seen),
    )


def _middle(values: Sequence[float | None]) -> float | None:
    there = [value for value in values if value is not None]
    return median(there) if 2 * len(there) >= len(values) else None


def _middle_colour(colours: Sequence[Lab | None]) -> Lab | None:
    there = [colour for colour in colours if colour is not None]
    if 2 * len(there) < len(colours):
        return None
    return median(c[0] for c in there), median(c[1] for c in there), median(c[2] for c in there)
