"""The coach of several people in one picture: each judged by their own baseline, one sentence at a time for all.

A frame is worth what the worst off of them makes it: whatever speaks against one speaks against the frame, so that
nobody blinks. Same interface as `Coach`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import msgspec

from booth.config.params.guidance import Band, GuidanceParams
from booth.core.types import FrameAnalysis, GroupMember, Guidance, Reading
from booth.guidance.advice_scheduler import AdviceCandidate, AdviceScheduler
from booth.guidance.coach import STILL, Coach, Judged
from booth.guidance.conditions import MAX_BEYOND, WEIGHTS
from booth.guidance.gate import Gate
from booth.guidance.group_measures import GroupRule, group_rules, place_of, signed
from booth.guidance.rule_context import PoseTarget
from booth.guidance.rules import RULES

COMPANY_WEIGHT = 3.0  # of somebody missing from the picture, against `conditions.WEIGHTS`
OTHERS_SHARE = 0.1  # of what is wrong with the rest of the group, beside the worst off: settles ties
EVERYBODY = "all"
ORDER = tuple(dict.fromkeys(("company", *(rule.reject for rule in RULES if rule.reject))))
_NEVER = Band(1e6, 1e6)  # judged of the whole group instead


def member_params(params: GuidanceParams) -> GuidanceParams:
    """Return what each member is judged by: as a single sitter, but for where in the frame and how large."""
    small, by = params.bands.too_small, params.group.smaller
    bands = msgspec.structs.replace(
        params.bands,
        too_small=msgspec.structs.replace(small, enter=small.enter * by, leave=small.leave * by),
        off_centre=_NEVER,
        off_height=_NEVER,
    )
    return msgspec.structs.replace(params, bands=bands, people=1)


@dataclass(frozen=True, slots=True, eq=False)
class GroupCoach:
    """Everything remembered of the group; `least` is how many are wanted in the picture at least."""

    params: GuidanceParams
    target: PoseTarget
    least: int = 1
    coaches: Mapping[int, Coach] = field(default_factory=lambda: MappingProxyType({}))
    gates: Mapping[str, Gate] = field(default_factory=lambda: MappingProxyType({}))
    alone: Coach | None = None  # speaks while nobody is there
    voice: AdviceScheduler = AdviceScheduler()
    clear_since_s: float | None = None

    @classmethod
    def fresh(cls, params: GuidanceParams, target: PoseTarget | None = None, least: int = 1) -> GroupCoach:
        """Return a coach that has seen nobody yet."""
        return cls(params, target or PoseTarget(expression=params.expression), least)

    def again(self) -> GroupCoach:
        """Return the coach for another picture of the same group: what was learned stays, all may be asked again."""
        coaches = {number: coach.again() for number, coach in self.coaches.items()}
        return replace(self, voice=self.voice.forgiven(), clear_since_s=None, coaches=MappingProxyType(coaches))

    def step(self, analysis: FrameAnalysis) -> tuple[GroupCoach, Guidance]:
        """Judge one frame; uses nothing but the frame's own time."""
        t_s = analysis.frame.t_s
        if not analysis.group:
            return self._without_faces(analysis)
        known, judged = self._judged(analysis)
        rules = group_rules(analysis, self.least, self.params)
        known = known._gated(rules, t_s)
        active = [rule for rule in rules if rule.reject and known._is_active(rule)]
        is_clear = not active and not any(one.against.active for one in judged.values())
        since_s = None if not is_clear else t_s if known.clear_since_s is None else known.clear_since_s
        known = replace(known, clear_since_s=since_s)
        known = known._spoken(analysis, judged, active, rules)
        return known, known._guidance(analysis, judged, active)

    def _without_faces(self, analysis: FrameAnalysis) -> tuple[GroupCoach, Guidance]:
        coach = replace(self.alone or Coach.fresh(self.params, self.target), voice=self.voice)
        coach, guidance = coach.step(replace(analysis, faces=(), group=()))
        gates = MappingProxyType({key: Gate() for key in self.gates})
        known = replace(self, alone=coach, voice=coach.voice, clear_since_s=None, gates=gates)
        return known._forgotten(analysis), guidance

    def _forgotten(self, analysis: FrameAnalysis) -> GroupCoach:
        """Forget who has left; a face that is lost for a moment is remembered."""
        here, t_s, forget_s = {one.id for one in analysis.group}, analysis.frame.t_s, self.params.times.forget_s
        kept = {number: coach for number, coach in self.coaches.items()
                if number in here or t_s - (coach.face_t_s or 0.0) <= forget_s}  # fmt: skip
        return replace(self, coaches=MappingProxyType(kept))

    def _judged(self, analysis: FrameAnalysis) -> tuple[GroupCoach, dict[int, Judged]]:
        coaches, judged = dict(self.coaches), {}
        for one in analysis.group:
            coach = coaches.get(one.id) or Coach.fresh(member_params(self.params), self.target)
            seen = replace(analysis, faces=(one.face,), group=(), light=one.light, focus=one.focus, cover=one.cover)
            coaches[one.id], judged[one.id] = coach.judge(seen, self._spent(one.id))
        known = replace(self, coaches=MappingProxyType(coaches), alone=None)
        return known._forgotten(analysis), judged

    def _spent(self, number: int) -> frozenset[str]:
        """Return the readings that this member was asked for long enough, alone or with all."""
        asked, times = self.voice.asked_s, self.params.times
        return frozenset(
            rule.reading
            for rule in RULES
            if asked.get(_topic(number, rule.reading), 0.0) + asked.get(_topic(EVERYBODY, rule.reading), 0.0)
            >= times.yield_s
        )

    def _gated(self, rules: tuple[GroupRule, ...], t_s: float) -> GroupCoach:
        gates = {rule.reading: self.gates.get(rule.reading, Gate()).step(rule.value, t_s, rule.band) for rule in rules}
        return replace(self, gates=MappingProxyType(gates))

    def _is_active(self, rule: GroupRule) -> bool:
        if rule.beyond > 1:
            return True
        is_spent = rule.reject == "framing" and self.voice.is_spent(_topic(EVERYBODY, rule.reading), self.params.times)
        return self.gates[rule.reading].ok is False and not is_spent

    def _spoken(
        self, analysis: FrameAnalysis, judged: dict[int, Judged], active: list[GroupRule], rules: tuple[GroupRule, ...]
    ) -> GroupCoach:
        """Let the one voice name the first thing in the way of anybody; then what would be nicer; then praise."""
        wished = [rule for rule in rules if not rule.reject and self.gates[rule.reading].ok is False
                  and not self.voice.is_spent(_topic(EVERYBODY, rule.reading), self.params.times)]  # fmt: skip
        found = [AdviceCandidate(rule.urgency, _topic(EVERYBODY, rule.reading), rule.advice, bool(rule.reject))
                 for rule in (*active, *wished) if rule.advice]  # fmt: skip
        for number, one in judged.items():
            found += self._reasons_of(number, one)
        found = sorted(_together(found, len(analysis.group)), key=lambda wish: wish.urgency)
        praise = STILL if self._is_ready(analysis.frame.t_s) else None
        voice = self.voice.step(tuple(found), praise, analysis.frame.t_s, self.params.times)
        return replace(self, voice=voice)

    def _reasons_of(self, number: int, judged: Judged) -> list[AdviceCandidate]:
        now = self.voice.now
        whose, _, topic = now.topic.partition("/") if now is not None else ("", "", "")
        own = replace(now, topic=topic) if now is not None and whose in (str(number), EVERYBODY) else None
        reasons = self.coaches[number].reasons(judged, own)
        return [replace(wish, topic=_topic(number, wish.topic)) for wish in reasons]

    def _is_ready(self, t_s: float) -> bool:
        return self.clear_since_s is not None and t_s - self.clear_since_s >= self.params.times.hold_s - 1e-6

    def _guidance(self, analysis: FrameAnalysis, judged: dict[int, Judged], active: list[GroupRule]) -> Guidance:
        t_s, everyone = analysis.frame.t_s, list(judged.values())
        against = [one.against for one in everyone]
        worth = min(one.worth for one in everyone)
        rejects = {key for one in against for key in one.rejects} | {r.reject for r in active if r.beyond > 1}
        blocks = {key for one in against for key in one.blocks} | {r.reject for r in active}
        to = self._addressed(analysis)
        return Guidance(
            seq=analysis.frame.seq,
            t_s=t_s,
            readings=self._readings(analysis, everyone),
            advice=self.voice.now.key if self.voice.now else None,
            ready=self._is_ready(t_s),
            progress=min(self.coaches[number].progress(t_s) for number in judged) if not active else 0.0,
            score=round(worth, 4),
            rejects=tuple(key for key in ORDER if key in rejects),
            blocks=tuple(key for key in ORDER if key in blocks),
            wrong=round(_wrong([one.against.wrong(one.worth) for one in everyone], active), 4),
            is_barred=any(one.is_barred for one in against) or any(r.bars and r.beyond > 1 for r in active),
            is_willing=all(one.is_willing for one in against) and not any(r.mendable for r in active),
            member=None if to is None else to.id,
            place="" if to is None else place_of(to, analysis.group),
        )

    def _addressed(self, analysis: FrameAnalysis) -> GroupMember | None:
        """Return the member whom the sentence on view is for; None where it is for everybody, or for one alone."""
        now = self.voice.now
        whose = now.topic.partition("/")[0] if now is not None else ""
        found = [one for one in analysis.group if str(one.id) == whose]
        return found[0] if found and len(analysis.group) > 1 else None

    def _readings(self, analysis: FrameAnalysis, everyone: list[Judged]) -> Mapping[str, Reading]:
        """Return each reading of whoever fails it, else of the sitter; of eyes and sharpness the least."""
        readings = dict(everyone[0].readings)
        for one in everyone[1:]:
            for key, reading in one.readings.items():
                readings[key] = _worse(key, readings[key], reading)
        for key, value in signed(analysis, self.params).items():
            ok = self.gates[key].ok if key in self.gates else len(analysis.faces) <= self.params.people
            readings[key] = Reading(round(value, 4), ok)
        return readings


def _topic(whose: int | str, reading: str) -> str:
    return f"{whose}/{reading}"


def _together(found: list[AdviceCandidate], n_people: int) -> list[AdviceCandidate]:
    """Say to everybody at once what would be said to each of them."""
    if n_people < 2:
        return found
    keys = [wish.key for wish in found]
    merged: dict[str, AdviceCandidate] = {}
    for wish in found:
        if keys.count(wish.key) >= n_people and wish.topic.partition("/")[0] != EVERYBODY:
            wish = replace(wish, topic=_topic(EVERYBODY, wish.topic.partition("/")[2]))
        merged.setdefault(wish.topic, wish)
    return list(merged.values())


def _wrong(each: list[float], active: list[GroupRule]) -> float:
    """Return how much is wrong with a frame: with the worst off, a little of the others', and with the group."""
    worst = max(each)
    group = sum(
        WEIGHTS.get(rule.reject, COMPANY_WEIGHT) * min(rule.beyond, MAX_BEYOND) for rule in active if rule.beyond > 1
    )
    return worst + OTHERS_SHARE * (sum(each) - worst) + group


def _worse(key: str, one: Reading, other: Reading) -> Reading:
    if key in ("eyes.open", "focus.eyes") and one.value is not None and other.value is not None:
        return min(one, other, key=lambda reading: reading.value)  # type: ignore[arg-type,return-value]
    return other if one.ok is not False and other.ok is False else one
