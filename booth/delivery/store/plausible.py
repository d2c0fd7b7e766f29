"""How much time has really passed, whatever the calendar clock says. Pure: readings in, seconds out.

What the machine knows: its monotonic clock, which counts every second of one start and nothing across a restart; an ID
of that start; the calendar, right or wrong; whether a time service keeps it; and what was written at the last reading.
Running time is therefore known and counts at once, and a jump of the calendar while it runs counts nothing. How long
the machine was off nobody measured: there is what its clock chip shows across the restart, and what the calendar says
once it is put right. `calendar_places` keeps every way in which these can fit together.

The invariant: nothing is counted that has not passed, as long as one of two things holds.

1. Whenever the calendar is wrong, it is put right before the machine has run for a day (`PUT_RIGHT_S`) since it went
   wrong, however often it jumps, the machine restarts or its chip is set meanwhile. Then a chain of right places exists
   at every moment, no step of it can be refuted, and a restart counts the least of all chains.
2. The clock chip runs rightly while the machine is off, whatever the calendar does while it is on and for how long.
   Then each restart counts at most what the chip showed.

It is counted once a day of running has passed since the restart, at once where a time service vouches for it. On a
machine whose calendar has not jumped for a week, nights and weekends count sooner: when a day of the calendar has
passed, and after four hours of running where the chip was right through three restarts before. A booth that is off
every night would else be late by three of them. This is the one case in which the invariant may fail: a chip that went
wrong during such a night and is not put right before it counts. No rule can do better: until it is put right it looks
as an honest night does, and an honest night that waits longer is late by more than a day.
"""

from __future__ import annotations

import msgspec

from booth.delivery.store.calendar_places import (
    DAY_S,
    PUT_RIGHT_S,
    SLEW,
    STOOD_STILL_S,
    TOLERANCE_S,
    Places,
    Restart,
    begun,
    countable,
    is_refuted,
    moved,
    pruned,
    restarted,
    stayed,
    weighed_for,
)

__all__ = ["DAY_S", "Absence", "Believed", "Passed", "Reading", "advance", "age_s", "first", "is_doubted", "resumed"]

WEEKEND_S = 4 * DAY_S  # the longest absence that is ordinary
STOOD_CALENDAR_S = 20 * 3_600.0  # a day, less four hours: a booth is not switched on at the same minute every day
PROVEN_S = 4 * 3_600.0  # of running: who sees a wrong clock in the morning puts it right by noon
PROVEN_NIGHTS = 3  # that the chip was right in a row, before that is enough
TRUSTED_AFTER_S = 7 * DAY_S  # running time without a jump
MOST_ABSENCES = 64


class Reading(msgspec.Struct, frozen=True):
    """One reading of the clocks."""

    calendar_s: float  # UTC, seconds since 1970, right or wrong
    boot: str  # changes with every start of the machine
    up_s: float  # seconds since that start, suspended ones too
    vouched_s: float | None = None  # the calendar as a time service keeps it; None where none does


class Absence(msgspec.Struct, frozen=True):
    """Time that the machine was off. It counts for what was made before `before_s` on the store's own time."""

    off_s: float
    before_s: float
    at_s: float = float(2**62)  # the store's own time when it was counted: what was made since then never was younger


class Believed(msgspec.Struct, frozen=True):
    """What is remembered between two readings."""

    boot: str
    up_s: float
    calendar_s: float  # as it was read last
    time_s: float  # the store's own time: starts as the calendar, then only ever counts
    ran_s: float = 0.0  # running time counted so far
    start: int = 0  # number of this start of the machine
    jumped_ran_s: float = -TRUSTED_AFTER_S  # running time of the last jump
    n_right: int = 0  # restarts in a row through which the clock chip has proved right
    places: Places | None = None  # None: of a store before there were any
    absences: tuple[Absence, ...] = ()  # the latest that were believed


class Passed(msgspec.Struct, frozen=True):
    """The outcome of one reading: the running time, which counts for everything, and absences, which do for some."""

    state: Believed
    ran_s: float
    absences: tuple[Absence, ...] = ()
    jump_s: float = 0.0  # by how much the calendar jumped just now; 0: it did not


def first(reading: Reading) -> Believed:
    """Begin: the calendar is all there is to begin with."""
    return Believed(reading.boot, reading.up_s, reading.calendar_s, reading.calendar_s)


def resumed(last_s: float) -> Believed:
    """Go on from nothing but the calendar of a last reading."""
    return Believed("", 0.0, last_s, last_s)


def advance(state: Believed, reading: Reading) -> Passed:
    """Count the time since the last reading."""
    is_same = reading.boot == state.boot and reading.up_s >= state.up_s
    ran_s = reading.up_s - state.up_s if is_same else max(reading.up_s, 0.0)
    before_s = state.calendar_s - state.ran_s
    places = state.places or begun(before_s, state.start, state.ran_s)
    state = msgspec.structs.replace(
        state, boot=reading.boot, up_s=reading.up_s, calendar_s=reading.calendar_s, time_s=state.time_s + ran_s,
        ran_s=state.ran_s + ran_s, start=state.start if is_same else state.start + 1,
    )  # fmt: skip
    place_s = state.calendar_s - state.ran_s
    moved_s = place_s - before_s
    is_jump = abs(moved_s) > TOLERANCE_S + SLEW * ran_s and (is_same or moved_s < 0)
    if is_jump:
        state = msgspec.structs.replace(state, jumped_ran_s=state.ran_s)
    if not is_same:
        off_s = moved_s if moved_s >= STOOD_STILL_S else 0.0
        places = restarted(places, Restart(state.start, state.ran_s, off_s, state.time_s))
    if is_jump or not is_same:
        places = moved(places, place_s, state.start, state.ran_s)
    is_vouched = reading.vouched_s is not None and abs(reading.vouched_s - reading.calendar_s) <= TOLERANCE_S
    if is_vouched and places.here < 0:  # nothing was right before, and what the chip showed is worth no more
        places = begun(place_s, state.start, state.ran_s)
    places = stayed(places, place_s, state.ran_s, is_vouched=is_vouched)
    state, absences = _counted(state, places, is_vouched=is_vouched)
    return Passed(state, ran_s, absences, moved_s if is_jump else 0.0)


def age_s(state: Believed, made_s: float) -> float:
    """Return how long ago something was made at `made_s` on the store's time; absences before that do not count."""
    return max(0.0, state.time_s - made_s - sum(a.off_s for a in state.absences if a.before_s <= made_s < a.at_s))


def is_doubted(state: Believed) -> bool:
    """Return whether the calendar claims something that is not believed yet and is more than a night."""
    if state.places is None:
        return False
    is_trusted = state.ran_s - state.jumped_ran_s >= TRUSTED_AFTER_S
    longest_s = WEEKEND_S if is_trusted else TOLERANCE_S
    return state.places.here < 0 or any(
        one.off_s - one.counted_s > longest_s and state.ran_s - one.ran_s < PUT_RIGHT_S for one in state.places.restarts
    )


def _counted(state: Believed, places: Places, *, is_vouched: bool) -> tuple[Believed, tuple[Absence, ...]]:
    """Count what of each restart is due: what has stood for a day, and what need not."""
    replace = msgspec.structs.replace
    stood = frozenset(one.start for one in places.restarts if _has_stood(state, places, one))
    sooner = frozenset(
        one.start for n, one in enumerate(places.restarts)
        if one.start not in stood and places.here >= 0 and (is_vouched or _is_ordinary(state, places, n))
    )  # fmt: skip
    weighed = weighed_for(places, (stood, sooner), state.ran_s)
    absences: list[Absence] = []
    if weighed != places.weighed:
        for due, is_here in ((stood, is_vouched), (sooner, True)):
            more = countable(places, due, state.ran_s, is_here=is_here) if due else {}
            absences += [Absence(more[one.start], one.before_s) for one in places.restarts if one.start in more]
            restarts = (replace(one, counted_s=one.counted_s + more.get(one.start, 0.0)) for one in places.restarts)
            places = replace(places, restarts=tuple(restarts))
        places = replace(places, weighed=weighed)
    time_s = state.time_s + sum(absence.off_s for absence in absences)
    noted = tuple(replace(absence, at_s=time_s) for absence in absences)
    state = replace(state, time_s=time_s, absences=(*state.absences, *noted)[-MOST_ABSENCES:])
    return _judged(state, places), tuple(absences)


def _has_stood(state: Believed, places: Places, one: Restart) -> bool:
    if is_refuted(places, state.ran_s):  # nobody put it right: the chip's word, but not for months
        return one.off_s <= WEEKEND_S
    return places.here >= 0 and state.ran_s - one.ran_s >= PUT_RIGHT_S


def _is_ordinary(state: Believed, places: Places, n: int) -> bool:
    """Return whether an absence counts before it has stood for a day of running."""
    one = places.restarts[n]
    if state.ran_s - state.jumped_ran_s < TRUSTED_AFTER_S or not 0 < one.off_s <= WEEKEND_S:
        return False
    stood_s = state.ran_s - one.ran_s
    later_s = sum(other.off_s for other in places.restarts[n + 1 :] if other.off_s <= DAY_S)
    is_proven = state.n_right >= PROVEN_NIGHTS and stood_s >= PROVEN_S
    return is_proven or stood_s + later_s >= STOOD_CALENDAR_S


def _judged(state: Believed, places: Places) -> Believed:
    """Note whether the chip was right through the restarts that have stood for a day, and forget what is settled."""
    n_right, restarts = state.n_right, list(places.restarts)
    for n, one in enumerate(restarts):
        if not one.is_judged and state.ran_s - one.ran_s >= PUT_RIGHT_S:
            is_right = one.off_s > 0 and one.counted_s >= one.off_s - TOLERANCE_S
            n_right = n_right + 1 if is_right else 0
            restarts[n] = msgspec.structs.replace(one, is_judged=True)
    state = msgspec.structs.replace(state, n_right=n_right)
    places = msgspec.structs.replace(places, restarts=tuple(restarts))
    return msgspec.structs.replace(
        state, places=pruned(places, state.calendar_s - state.ran_s, state.start, state.ran_s)
    )
