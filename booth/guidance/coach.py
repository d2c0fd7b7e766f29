"""The coach: one sight in, one Guidance out, all state in a frozen value. Tells nothing but numbers and dotted keys."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from booth.config.params.guidance import GuidanceParams
from booth.core.types import FrameAnalysis, Guidance, Reading
from booth.guidance.advice_scheduler import HOLD, AdviceCandidate, AdviceScheduler
from booth.guidance.conditions import Against, speaks_against
from booth.guidance.eyelids import SURELY_OPEN
from booth.guidance.face_measures import Measures, measure
from booth.guidance.frame_score import score
from booth.guidance.gate import Gate, within
from booth.guidance.mouth_motion import MouthMotion
from booth.guidance.neutral_baseline import NeutralBaseline
from booth.guidance.no_face_advice import advice_without_face
from booth.guidance.own_lids import OwnLids
from booth.guidance.rule_context import PoseTarget, RuleContext
from booth.guidance.rules import RULES, Rule

STILL = AdviceCandidate(2 * len(RULES), "hold", HOLD, blocks=False)  # after everything that could be better
_NOTHING: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What one frame of one sitter came to, before anything is said of it."""

    facts: RuleContext
    readings: Mapping[str, Reading]
    against: Against
    worth: float  # the score, 0..1
    spent: frozenset[str]  # readings that were asked for long enough


@dataclass(frozen=True, slots=True, eq=False)
class Coach:
    """Everything the coach remembers about this sitter. `step` returns the next coach and what it says."""

    params: GuidanceParams
    target: PoseTarget
    gates: Mapping[str, Gate] = field(default_factory=lambda: MappingProxyType({}))
    smooth: Mapping[str, float] = field(default_factory=lambda: _NOTHING)
    zero: NeutralBaseline = NeutralBaseline()
    lids: OwnLids = OwnLids()
    mouth: MouthMotion = MouthMotion()
    voice: AdviceScheduler = AdviceScheduler()
    clear_since_s: float | None = None
    sharp_best: float | None = None
    last_t_s: float | None = None
    face_t_s: float | None = None
    empty_since_s: float | None = None

    @classmethod
    def fresh(cls, params: GuidanceParams, target: PoseTarget | None = None) -> Coach:
        """Return a coach that has seen nobody yet."""
        return cls(params, target or PoseTarget(expression=params.expression))

    def step(self, analysis: FrameAnalysis) -> tuple[Coach, Guidance]:
        """Judge one sight; uses nothing but the sight's own time."""
        t_s = analysis.frame.t_s
        if analysis.sitter is None:
            return self._without_face(analysis, t_s)
        known, judged = self._same_sitter(t_s).judge(analysis)
        known, against = known._speak(judged, t_s), judged.against
        guidance = Guidance(
            seq=analysis.frame.seq,
            t_s=t_s,
            readings=judged.readings,
            advice=known.voice.now.key if known.voice.now else None,
            ready=known.is_ready(t_s),
            progress=known.progress(t_s),
            score=round(judged.worth, 4),
            rejects=against.rejects,
            blocks=against.blocks,
            wrong=round(against.wrong(judged.worth), 4),
            is_barred=against.is_barred,
            is_willing=against.is_willing,
        )
        return known, guidance

    def judge(self, analysis: FrameAnalysis, spent: frozenset[str] | None = None) -> tuple[Coach, Judged]:
        """Judge the sitter of one analysis without a word; the sitter is the one known so far.

        `spent` holds readings that were asked for long enough, where others than this coach's voice ask for them.
        """
        t_s = analysis.frame.t_s
        facts, known = self._gather(analysis, t_s)
        readings, known = known._judge(facts, t_s)
        spent = known._spent() if spent is None else spent
        against = speaks_against(facts, known.gates, spent)
        known = replace(known._cleared(against, t_s), last_t_s=t_s, face_t_s=t_s, empty_since_s=None)
        return known, Judged(facts, readings, against, score(facts), spent)

    def again(self) -> Coach:
        """Return the coach for another picture of the same sitter: what was learned stays, all may be asked again."""
        return replace(self, voice=self.voice.forgiven(), clear_since_s=None)

    def _same_sitter(self, t_s: float) -> Coach:
        """Forget the sitter after an absence: the next face starts from the population's zero."""
        if self.face_t_s is None or t_s - self.face_t_s <= self.params.times.forget_s:
            return self
        return replace(Coach.fresh(self.params, self.target), last_t_s=self.last_t_s)

    def _gather(self, analysis: FrameAnalysis, t_s: float) -> tuple[RuleContext, Coach]:
        face = analysis.sitter
        assert face is not None
        m = measure(face, *analysis.frame.size)
        least = self.params.limits.mouth_motion
        mouth = self.mouth.step(t_s, m, least)
        motion, limit = mouth.motion, mouth.limit(least)
        still = motion is not None and motion <= limit
        zero = self.zero.step(m, mouth_still=still)
        sharp_best = _best_sharpness(self.sharp_best, analysis, m)
        lids = self.lids.step(t_s, m, is_sure=(analysis.cover.lids_open or 0.0) >= SURELY_OPEN)
        facts = RuleContext(analysis, face, m, zero, self.target, self.params, motion, sharp_best,
                      lids, limit, mouth.is_held)  # fmt: skip
        return facts, replace(self, mouth=mouth, zero=zero, lids=lids, sharp_best=sharp_best)

    def _judge(self, facts: RuleContext, t_s: float) -> tuple[Mapping[str, Reading], Coach]:
        gates, smooth = dict(self.gates), dict(self.smooth)
        blend = self._blend(t_s)
        readings: dict[str, Reading] = {}
        for rule in RULES:
            raw = rule.measure(facts) if rule.applies(facts) else None
            value = raw
            if rule.smoothed and raw is not None:
                before = smooth.get(rule.reading, raw)
                value = smooth[rule.reading] = before + blend * (raw - before)
            gate = gates.get(rule.reading, Gate()).step(value, t_s, rule.band(self.params.bands))
            gates[rule.reading] = gate
            readings[rule.reading] = Reading(_rounded(rule.value(facts)), gate.ok)
        coach = replace(self, gates=MappingProxyType(gates), smooth=MappingProxyType(smooth))
        return _with_extras(readings, facts), coach

    def _blend(self, t_s: float) -> float:
        if self.last_t_s is None or self.params.times.smoothing_s <= 0:
            return 1.0
        return 1.0 - math.exp(-max(0.0, t_s - self.last_t_s) / self.params.times.smoothing_s)

    def _spent(self) -> frozenset[str]:
        """Return the readings that were asked for long enough."""
        times = self.params.times
        return frozenset(rule.reading for rule in RULES if self.voice.is_spent(rule.reading, times))

    def _cleared(self, against: Against, t_s: float) -> Coach:
        """Note since when nothing has spoken against a frame."""
        if against.active:
            return replace(self, clear_since_s=None)
        return self if self.clear_since_s is not None else replace(self, clear_since_s=t_s)

    def _clear_s(self, t_s: float) -> float:
        return -1.0 if self.clear_since_s is None else t_s - self.clear_since_s

    def is_ready(self, t_s: float) -> bool:
        """Tell whether nothing has spoken against this sitter's frames for long enough."""
        return self._clear_s(t_s) >= self.params.times.hold_s - 1e-6

    def progress(self, t_s: float) -> float:
        """Return the share of gates that pass, and of the hold, 0..1."""
        needed = [rule for rule in RULES if rule.needed]
        share = sum(self.gates[rule.reading].ok is not False for rule in needed) / len(needed)
        held = min(1.0, max(0.0, self._clear_s(t_s)) / max(self.params.times.hold_s, 1e-9))
        return round(0.8 * share + 0.2 * held, 4)

    def _speak(self, judged: Judged, t_s: float) -> Coach:
        """Let the voice name the first thing that is in the way; then what would be nicer; then praise."""
        reasons = self.reasons(judged, self.voice.now)
        praise = STILL if self.is_ready(t_s) else None
        return replace(self, voice=self.voice.step(reasons, praise, t_s, self.params.times))

    def reasons(self, judged: Judged, now: AdviceCandidate | None) -> tuple[AdviceCandidate, ...]:
        """Return what could be said to this sitter, what blocks first; `now` is what is being said to them."""
        reasons = [self._wish(rule, judged.facts, now) for rule in judged.against.active]
        reasons += [self._wish(rule, judged.facts, now) for rule in RULES if self._is_wished(rule, judged.spent)]
        return tuple(reasons)

    def _is_wished(self, rule: Rule, spent: frozenset[str]) -> bool:
        """Tell whether a rule that never blocks has something to say, and may still say it."""
        is_open = rule.reject or rule.say is None or self.gates[rule.reading].ok is not False
        return not is_open and rule.reading not in spent

    def _wish(self, rule: Rule, facts: RuleContext, now: AdviceCandidate | None) -> AdviceCandidate:
        """Return what to say of a rule; while its value is good again already, what is being said of it anyway."""
        urgency = RULES.index(rule) + (0 if rule.reject else len(RULES))
        value = rule.measure(facts)
        is_good = value is not None and within(value, rule.band(self.params.bands), ok=False)
        if is_good and not rule.beyond(facts) and now is not None and now.topic == rule.reading:
            return replace(now, urgency=urgency)
        assert rule.say is not None
        return AdviceCandidate(urgency, rule.reading, rule.say(facts), blocks=bool(rule.reject))

    def _without_face(self, analysis: FrameAnalysis, t_s: float) -> tuple[Coach, Guidance]:
        since_s = t_s if self.empty_since_s is None else self.empty_since_s
        wish = advice_without_face(analysis, t_s - since_s)
        voice = self.voice.silenced(t_s).step((wish,) if wish else (), None, t_s, self.params.times)
        gates = {key: Gate() for key in self.gates}
        coach = replace(
            self,
            gates=MappingProxyType(gates),
            smooth=_NOTHING,
            mouth=MouthMotion(),
            voice=voice,
            clear_since_s=None,
            last_t_s=t_s,
            empty_since_s=since_s,
        )
        readings = {rule.reading: Reading(None, None) for rule in RULES}
        readings["presence.faces"] = Reading(0, False)
        said = voice.now.key if voice.now else None
        return coach, Guidance(
            analysis.frame.seq, t_s, readings, said, False, 0.0, None, ("nobody",), ("nobody",), is_barred=True
        )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 4)


def _best_sharpness(best: float | None, analysis: FrameAnalysis, m: Measures) -> float | None:
    """Return the sharpest eyes of the session; shut eyes and turned heads make other edges and do not count."""
    eyes = analysis.focus.eyes
    if eyes is None or m.lid_gap < 0.04 or abs(m.yaw_deg) > 15:
        return best
    return eyes if best is None else max(best, eyes)


def _with_extras(readings: dict[str, Reading], facts: RuleContext) -> Mapping[str, Reading]:
    """Add the readings that share a gate with another or have none."""
    gaze, faces = readings["gaze.x_deg"], len(facts.analysis.faces)
    height, most = readings["framing.head_height"], readings.pop("framing.head_height_most")
    readings["framing.head_height"] = Reading(height.value, bool(height.ok and most.ok))
    readings["gaze.y_deg"] = Reading(_rounded(facts.gaze_off_deg[1]), gaze.ok)
    readings["presence.faces"] = Reading(faces, faces <= facts.params.people)
    readings["eyes.blink"] = Reading(_rounded(facts.m.blink), readings["eyes.open"].ok)
    readings["mouth.lip_gap"] = Reading(_rounded(facts.m.lip_gap), None)
    readings["mouth.motion"] = Reading(_rounded(facts.mouth_motion), None)
    light = facts.analysis.light
    readings["light.elevation_deg"] = Reading(_rounded(light.elevation_deg), None)
    readings["light.cast_stops"] = Reading(_rounded(light.cast_stops), None)
    readings["motion.blur"] = Reading(_rounded(facts.analysis.focus.motion), None)
    return readings
