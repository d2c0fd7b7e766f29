"""Which of the places where the calendar stood can have been right, and how long the machine was off at the least.

A place is a calendar less the running time: it stays where it is while the machine runs and nobody sets the clock, a
jump leaves it, and a restart moves it on by the time off, plus whatever the clock chip went wrong by. All places are in
seconds since 1970, all running times in seconds.

A place *may be right* if it follows from one that may be right and was left less than `PUT_RIGHT_S` of running ago:
across a restart if no less than no time has passed between them, without one if both are the same, within `ROUGHLY_S`.
A chain of such steps is one way in which everything can have been; one whose end was left `PUT_RIGHT_S` ago or more is
refuted. What a restart counts is the least that any chain gives it. Where every chain is refuted the calendar was wrong
for longer than that: any place may be right anew, for as long, and the clock chip is all there is. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec

DAY_S = 86_400.0
PUT_RIGHT_S = DAY_S  # of running time: a wrong calendar is put right sooner, or nobody does it
ROUGHLY_S = 3_600.0  # a calendar that nobody minds is wrong by minutes, and is set by hand to the minute
TOLERANCE_S = 10.0  # a time service slews this much between two looks without it being a jump
SLEW = 6e-4  # and this much a second: the kernel's limit is 5e-4
STOOD_STILL_S = 10.0  # no machine restarts within this time: its clock chip did not run meanwhile, or there is none
KEPT_S = 4 * DAY_S  # of running time: what is older decides nothing any more
MOST_PLACES, MOST_RESTARTS = 48, 64  # of four days; more are those of a clock that cannot be used


class Place(msgspec.Struct, frozen=True):
    """Where the calendar stood during one start of the machine and may have been right."""

    start: int  # number of that start
    entered_s: float  # running time at the first reading here
    left_s: float  # and at the last
    first_s: float  # the calendar less the running time, at the first reading
    last_s: float  # and at the last; a time service slews
    is_begin: bool  # a chain may begin here: nothing before it says what the calendar should show
    is_vouched: bool = False  # a time service kept it at the last reading
    slack_s: float = 0.0  # below zero: what forgotten restarts counted beyond what the least chain to here gives them


class Restart(msgspec.Struct, frozen=True):
    """A restart whose time off is not settled."""

    start: int  # number of the start of the machine that it began
    ran_s: float  # running time at the first reading after it
    off_s: float  # what the clock chip showed; 0: it stood still or fell back
    before_s: float  # it counts for what was made before this, on the store's own time
    counted_s: float = 0.0
    is_judged: bool = False  # it has stood for a day, and the clock chip was right or was not


class Places(msgspec.Struct, frozen=True):
    """All that may still matter. `here` is the index of the place where the calendar stands; -1: it cannot be right."""

    places: tuple[Place, ...]
    here: int
    begun_s: float  # running time since which, for `PUT_RIGHT_S`, every place may be right
    restarts: tuple[Restart, ...] = ()
    weighed: tuple[int, ...] = ()  # what the chains were weighed for last; the same again gives nothing new
    chip_slack_s: float = 0.0  # below zero: what forgotten restarts counted beyond what the chip showed


def begun(place_s: float, start: int, ran_s: float) -> Places:
    """Begin: where the calendar stands is all there is."""
    return Places((Place(start, ran_s, ran_s, place_s, place_s, True),), 0, ran_s)


def moved(state: Places, place_s: float, start: int, ran_s: float) -> Places:
    """The calendar stands elsewhere than at the last reading, or the machine has restarted."""
    places, replace = state.places, msgspec.structs.replace
    for n, place in enumerate(places):
        if place.start == start and abs(place_s - place.last_s) <= _tolerance_s(place, ran_s):
            back = replace(place, left_s=ran_s, last_s=place_s)
            return replace(state, places=(*places[:n], *places[n + 1 :], back), here=len(places) - 1, weighed=())
    is_begin = ran_s - state.begun_s < PUT_RIGHT_S
    place = Place(start, ran_s, ran_s, place_s, place_s, is_begin)
    if not is_begin and not any(_leads(before, place) for before in places):
        return replace(state, here=-1)
    if len(places) >= MOST_PLACES:  # nothing is known any more: nothing is counted that is not
        return begun(place_s, start, ran_s)
    return replace(state, places=(*places, place), here=len(places), weighed=())


def stayed(state: Places, place_s: float, ran_s: float, *, is_vouched: bool) -> Places:
    """The calendar runs on; a time service that vouches for it refutes every chain that does not end here."""
    replace = msgspec.structs.replace
    if state.here < 0:
        return state
    place = replace(state.places[state.here], left_s=ran_s, last_s=place_s, is_vouched=is_vouched)
    places = (*state.places[: state.here], place, *state.places[state.here + 1 :])
    if is_vouched:
        alive = _surviving(places, (place,))
        weighed = state.weighed if len(alive) == len(places) else ()
        return replace(state, places=alive, here=alive.index(place), begun_s=ran_s - PUT_RIGHT_S, weighed=weighed)
    return replace(state, places=places)


def restarted(state: Places, restart: Restart) -> Places:
    """Note a restart; where there are too many, those before count no more."""
    if len(state.restarts) >= MOST_RESTARTS:
        state = _without(state, state.restarts)
    return msgspec.structs.replace(state, restarts=(*state.restarts, restart))


def pruned(state: Places, place_s: float, start: int, ran_s: float) -> Places:
    """Forget what decides nothing any more; begin anew where every chain is refuted."""
    replace = msgspec.structs.replace
    if is_refuted(state, ran_s):
        state = _without(state, [one for one in state.restarts if ran_s - one.ran_s >= PUT_RIGHT_S])
        return replace(begun(place_s, start, ran_s), restarts=state.restarts, chip_slack_s=state.chip_slack_s)
    since_s = ran_s - (KEPT_S if state.restarts else PUT_RIGHT_S)
    if all(place.left_s >= since_s for place in state.places):
        return state
    here, places = state.here, list(state.places)
    for old in sorted((one for one in places if one.left_s < since_s), key=lambda one: (one.start, one.entered_s)):
        places = [
            replace(one, slack_s=min(one.slack_s, _slack_s(old, one, state.restarts)))
            if one is not old and _leads(old, one) else one for one in places
        ]  # fmt: skip
    there = places[here] if here >= 0 else None
    places = [place for place in places if place.left_s >= since_s]
    oldest = min(place.start for place in places)
    state = replace(state, places=tuple(places), here=-1 if there is None else places.index(there))
    return _without(state, [one for one in state.restarts if one.start <= oldest and ran_s - one.ran_s >= PUT_RIGHT_S])


def _without(state: Places, settled: Sequence[Restart]) -> Places:
    """Forget the oldest restarts."""
    slack_s = state.chip_slack_s
    for one in settled:
        slack_s = min(slack_s + one.off_s - one.counted_s, 0.0) if one.off_s > 0 else 0.0
    return msgspec.structs.replace(state, restarts=state.restarts[len(settled) :], chip_slack_s=slack_s)


def _slack_s(old: Place, place: Place, restarts: tuple[Restart, ...]) -> float:
    """Return the least that a step gives what was made before any of its restarts, less what was counted of them."""
    counted_s = {one.start: one.counted_s for one in restarts}
    least_s = sum_s = 0.0
    parts = _shares(old, place, restarts)
    for start, off_s in reversed(parts):
        sum_s += off_s - counted_s[start]
        least_s = min(least_s, sum_s)
    return min(least_s, sum_s + old.slack_s)


def is_refuted(state: Places, ran_s: float) -> bool:
    """Return whether the calendar cannot have been right for longer than it may be wrong."""
    return all(ran_s - place.left_s >= PUT_RIGHT_S for place in state.places)


def weighed_for(state: Places, due: Sequence[frozenset[int]], ran_s: float) -> tuple[int, ...]:
    """Return what `countable` depends on, beside the places themselves."""
    alive = (n for n, place in enumerate(state.places) if ran_s - place.left_s < PUT_RIGHT_S)
    parts = [part for ones in due for part in (*sorted(ones), -1)]
    return (*parts, *alive, -1, len(state.places), len(state.restarts))


def countable(state: Places, due: frozenset[int], ran_s: float, *, is_here: bool = False) -> dict[int, float]:
    """Return by restart how much more of it counts now, of those that are due (numbers of the starts they began).

    What was made before a restart may count no more, of all since, than the least that any chain gives it, and no more
    than the clock chip showed; of a chip that stood still, no chip is asked. Where all chains are refuted, those that
    were so last decide. `is_here`: only chains to where the calendar stands now, which is taken for right.
    """
    chains = _chains(state, ran_s, is_here=is_here)
    if is_here:  # a chip that stood still is replaced at once only by what a service vouches for at both ends
        lost = {one.start for one in state.restarts if one.off_s == 0}
        due = due - (lost & chains.unvouched)
    ones = [one for one in state.restarts if one.start in due or one.counted_s > 0]
    starts = [one.start for one in ones]
    shown = [math.inf if one.off_s == 0 or one.start in chains.exact else one.off_s for one in ones]
    room = []
    for n in range(len(ones)):
        least_s = chains.least_s(starts[n:], starts[n - 1] if n else 0)
        shown_s = sum(shown[n:]) + (0.0 if n else state.chip_slack_s)
        room.append(min(least_s, shown_s) - sum(other.counted_s for other in ones[n:]))
    found: dict[int, float] = {}
    for n in reversed(range(len(ones))):
        more_s = min(room[: n + 1])
        if more_s > 0 and starts[n] in due and ran_s - ones[n].ran_s < KEPT_S - PUT_RIGHT_S:
            found[starts[n]] = more_s
            room[: n + 1] = [left_s - more_s for left_s in room[: n + 1]]
    return found


def _tolerance_s(before: Place, ran_s: float) -> float:
    return TOLERANCE_S + SLEW * max(ran_s - before.left_s, 0.0)


def _leads(before: Place, after: Place) -> bool:
    """Return whether both can have been right and everything between wrong."""
    if before.start > after.start or after.entered_s - before.left_s >= PUT_RIGHT_S:
        return False
    passed_s = after.first_s - before.last_s
    return passed_s >= -ROUGHLY_S if before.start < after.start else abs(passed_s) <= ROUGHLY_S


def _surviving(places: tuple[Place, ...], ends: tuple[Place, ...]) -> tuple[Place, ...]:
    """Return the places of all chains with one of these ends, earlier starts first."""
    alive = list(ends)
    for _ in places:
        more = [p for p in places if p not in alive and any(_leads(p, after) for after in alive)]
        if not more:
            break
        alive.extend(more)
    return tuple(sorted(alive, key=lambda place: (place.start, place.entered_s)))


class _Chains:
    """Every way in which all can have been: places, and the steps between them with what each restart has of it."""

    def __init__(self, places: tuple[Place, ...], ends: tuple[Place, ...], restarts: tuple[Restart, ...]) -> None:
        self._places, self._restarts = places, restarts
        self._ends = [n for n, place in enumerate(places) if place in ends]
        self.steps = [
            (n, m, _shares(before, after, restarts))
            for m, after in enumerate(places) for n, before in enumerate(places) if n != m and _leads(before, after)
        ]  # fmt: skip
        vouched = [place.is_vouched for place in places]
        self.unvouched = {start for n, _, parts in self.steps if not vouched[n] for start, _ in parts}
        self.exact = {
            parts[0][0] for n, m, parts in self.steps if len(parts) == 1 and vouched[n] and vouched[m]
        }  # fmt: skip

    def least_s(self, starts: list[int], before: int) -> float:
        """Return the least total of some restarts over all chains; `before` is the number of the one before them."""
        total = [self._at_beginning_s(place, starts, before) for place in self._places]
        steps = [(n, m, sum(off_s for start, off_s in parts if start in starts)) for n, m, parts in self.steps]
        is_changed = True
        while is_changed:
            is_changed = False
            for n, m, off_s in steps:
                if total[n] + off_s < total[m]:
                    total[m], is_changed = total[n] + off_s, True
        return min(total[n] for n in self._ends)

    def _at_beginning_s(self, place: Place, starts: list[int], before: int) -> float:
        """Return what a chain that begins here gives: of restarts before it the chip alone says how long they were."""
        if place.start < starts[0]:
            return place.slack_s if place.start >= before else 0.0
        if not place.is_begin:
            return math.inf
        return sum(one.off_s for one in self._restarts if one.start in starts and one.start <= place.start)


def _chains(state: Places, ran_s: float, *, is_here: bool) -> _Chains:
    since_s = min(ran_s - PUT_RIGHT_S, max(place.left_s for place in state.places) - TOLERANCE_S)
    ends = tuple(place for place in state.places if place.left_s > since_s)
    ends = (state.places[state.here],) if is_here else ends
    return _Chains(_surviving(state.places, ends), ends, state.restarts)


def _shares(before: Place, after: Place, restarts: tuple[Restart, ...]) -> list[tuple[int, float]]:
    """Share the time between two right places out to the restarts between them.

    Of several that together are what the chip showed, each has what it showed. Else nobody knows which was how long:
    all of it is the first one's, so that nothing made since grows older by it.
    """
    within = [one for one in restarts if before.start < one.start <= after.start]
    if not within or len(within) < after.start - before.start:  # some of them were forgotten
        return [(one.start, 0.0) for one in within]
    left_s = max(after.first_s - before.last_s, 0.0)
    is_told = abs(left_s - sum(one.off_s for one in within)) <= _tolerance_s(before, after.entered_s)
    if not is_told:
        return [(one.start, left_s if one is within[0] else 0.0) for one in within]
    parts = []
    for one in within:
        parts.append((one.start, min(one.off_s, left_s)))
        left_s -= parts[-1][1]
    return parts
