"""How much time has really passed, whatever the calendar clock says. Pure: readings in, seconds out.

Within one start of the machine its monotonic clock decides, and a jump of the calendar is only noticed. Across a
restart only the calendar knows how long the machine was off, and it may be wrong: what it claims is believed at once
when a time service vouches for it, soon when it is ordinary (at most a day, of a calendar that has not jumped lately),
else once it has stood for a day. A calendar that went back is never believed before that either.

How long the machine was off is what its clock chip shows across the restart: by how much the calendar moved from the
last reading before to the first one after. Whatever the calendar does later, while the machine runs, can lower that
(somebody corrects a wrong start) and never raise it. Where the chip stood still or fell back, the calendar decides that
is put right afterwards.
"""

from __future__ import annotations

import msgspec

DAY_S = 86_400.0
TOLERANCE_S = 10.0  # a time service slews this much between two looks without it being a jump
SLEW = 6e-4  # and this much a second: the kernel's limit is 5e-4
ORDINARY_OFF_S = DAY_S  # a booth that is switched off for the night
SETTLE_S = 900.0  # a time service corrects a wrong calendar within minutes of a start
STOOD_STILL_S = 10.0  # no machine restarts within this time: its clock chip did not run meanwhile, or there is none
TRUSTED_AFTER_S = 7 * DAY_S  # running time without a jump
CLAIMS = 32  # older ones are merged into the newest


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


class Claim(msgspec.Struct, frozen=True):
    """An absence that the calendar claims, all lower ones included, and for how long it has done so."""

    off_s: float
    before_s: float
    stood_s: float = 0.0  # of running time and ordinary absences; none while the calendar shows what cannot be


class Line(msgspec.Struct, frozen=True):
    """Where the calendar stood before it jumped, against where it stands, and the running time of that jump."""

    ahead_s: float
    left_s: float


class Believed(msgspec.Struct, frozen=True):
    """What is remembered between two readings."""

    boot: str
    up_s: float
    calendar_s: float  # as it was read last
    line_s: float  # what the calendar should show if nothing but counted time had passed
    time_s: float  # the store's own time: starts as the calendar, then only ever counts
    ran_s: float = 0.0  # running time counted so far
    boot_ran_s: float = 0.0  # of it since this start of the machine
    boot_time_s: float = 0.0  # the store's time at the first reading of this start
    open_time_s: float = 0.0  # and at that of the start since which an absence is open
    is_open: bool = False  # the machine was off and it is not settled for how long
    shown: tuple[Absence, ...] = ()  # what the clock chip showed at each restart and is not believed yet, oldest first
    most_s: float = 0.0  # what the calendar can claim of it at any place where it has not been before
    claims: tuple[Claim, ...] = ()  # growing
    lines: tuple[Line, ...] = ()  # that the calendar left within the last day: it may go back to any of them
    back_since_s: float = -1.0  # running time since which the calendar stands behind the line; -1: it does not
    jumped_ran_s: float = -TRUSTED_AFTER_S  # running time of the last jump
    absences: tuple[Absence, ...] = ()  # the latest that were believed


class Passed(msgspec.Struct, frozen=True):
    """The outcome of one reading: the running time, which counts for everything, and absences, which do for some."""

    state: Believed
    ran_s: float
    absences: tuple[Absence, ...] = ()
    jump_s: float = 0.0  # by how much the calendar jumped just now; 0: it did not


def first(reading: Reading) -> Believed:
    """Begin: the calendar is all there is to begin with."""
    now_s = reading.calendar_s
    return Believed(reading.boot, reading.up_s, now_s, now_s, now_s)


def advance(state: Believed, reading: Reading) -> Passed:
    """Count the time since the last reading."""
    is_same = reading.boot == state.boot and reading.up_s >= state.up_s
    ran_s = reading.up_s - state.up_s if is_same else max(reading.up_s, 0.0)
    before_s = _gap_s(state)
    state = _run_on(state, reading, ran_s, is_same=is_same)
    moved_s = _gap_s(state) - before_s
    is_jump = abs(moved_s) > TOLERANCE_S + SLEW * ran_s and (is_same or moved_s < 0)
    if is_jump:
        state = msgspec.structs.replace(state, jumped_ran_s=state.ran_s)
    if not state.is_open:  # no absence is open: the calendar alone has moved
        return Passed(_followed(state, is_jump=is_jump), ran_s, (), moved_s if is_jump else 0.0)
    if not is_same:
        state = _chip_read(_corrected(state, moved_s), moved_s)
    elif is_jump and moved_s > 0:
        state = _chip_replaced(state)
    state, absences = _claimed(state, reading, ran_s, is_new=not is_same)
    state = msgspec.structs.replace(
        state, time_s=state.time_s + sum(absence.off_s for absence in absences),
        absences=(*state.absences, *absences)[-CLAIMS:],
    )  # fmt: skip
    return Passed(state, ran_s, absences, moved_s if is_jump else 0.0)


def age_s(state: Believed, made_s: float) -> float:
    """Return how long ago something was made at `made_s` on the store's time; absences before that do not count."""
    return max(0.0, state.time_s - made_s - sum(a.off_s for a in state.absences if made_s >= a.before_s))


def is_doubted(state: Believed) -> bool:
    """Return whether the calendar claims something that is not believed yet."""
    return state.is_open and (state.back_since_s >= 0 or any(claim.off_s > TOLERANCE_S for claim in state.claims))


def _run_on(state: Believed, reading: Reading, ran_s: float, *, is_same: bool) -> Believed:
    time_s = state.time_s + ran_s
    return msgspec.structs.replace(
        state, boot=reading.boot, up_s=reading.up_s, calendar_s=reading.calendar_s, line_s=state.line_s + ran_s,
        time_s=time_s, ran_s=state.ran_s + ran_s, boot_ran_s=state.boot_ran_s + ran_s if is_same else ran_s,
        boot_time_s=state.boot_time_s if is_same else time_s,
        open_time_s=state.open_time_s if is_same or state.is_open else time_s, is_open=state.is_open or not is_same,
    )  # fmt: skip


def _gap_s(state: Believed) -> float:
    return state.calendar_s - state.line_s


def _shown_s(state: Believed) -> float:
    return sum(absence.off_s for absence in state.shown)


def _chip_read(state: Believed, moved_s: float) -> Believed:
    """Note what the clock chip showed across a restart: nothing where it stood still or fell back."""
    off_s = moved_s if moved_s >= STOOD_STILL_S else 0.0
    shown = (*state.shown, Absence(off_s, state.boot_time_s))
    if len(shown) > CLAIMS:  # as if the second had been at the time of the first
        shown = (Absence(shown[0].off_s + shown[1].off_s, shown[0].before_s), *shown[2:])
    return msgspec.structs.replace(state, shown=shown, most_s=state.most_s + off_s)


def _corrected(state: Believed, moved_s: float = 0.0) -> Believed:
    """Take the calendar's place before it moved by `moved_s` as its own; set back, it lowers what the chip showed."""
    shown_s = _shown_s(state)
    claimed_s = _absence_s(msgspec.structs.replace(state, calendar_s=state.calendar_s - moved_s))
    if claimed_s < 0:
        return state
    less_s, place_s = shown_s - claimed_s, _gap_s(state) - moved_s - claimed_s
    lines = tuple(Line(line.ahead_s + less_s - place_s, line.left_s) for line in state.lines)
    if abs(place_s) > TOLERANCE_S:
        lines = (*lines, Line(-place_s, state.ran_s))[-CLAIMS:]
    shown = _without(state.shown[::-1], less_s)[::-1]
    return msgspec.structs.replace(state, line_s=state.line_s + place_s, shown=shown, lines=lines)


def _chip_replaced(state: Believed) -> Believed:
    """Take a calendar that was put on for the chip that showed nothing: for the first time that it did."""
    lost = next((n for n, absence in enumerate(state.shown) if absence.off_s == 0), None)
    more_s = _shortest_s(state) - _shown_s(state)
    if lost is None or more_s < TOLERANCE_S:
        return state
    later = (absence for absence in state.shown[lost + 1 :] if absence.off_s > 0)
    shown = (*state.shown[:lost], Absence(more_s, state.shown[lost].before_s), *later)
    return msgspec.structs.replace(state, shown=shown, most_s=state.most_s + more_s)


def _settled(state: Believed) -> Believed:
    """Take the calendar as it is from now on."""
    return msgspec.structs.replace(
        state, line_s=state.calendar_s, is_open=False, shown=(), most_s=0.0, claims=(), lines=(), back_since_s=-1.0
    )


def _followed(state: Believed, *, is_jump: bool) -> Believed:
    """Follow a calendar that moves while the machine runs; for a day it is remembered where it was."""
    move_s = _gap_s(state)
    left = tuple(line for line in state.lines if state.ran_s - line.left_s < DAY_S)
    if is_jump:
        left = (*left, Line(0.0, state.ran_s))[-CLAIMS:]
    lines = tuple(Line(line.ahead_s - move_s, line.left_s) for line in left)
    return msgspec.structs.replace(state, line_s=state.calendar_s, lines=lines)


def _shortest_s(state: Believed) -> float:
    """Return the shortest absence that explains the calendar from any place where it stood lately; negative: none."""
    gap_s = _gap_s(state)
    gaps = [gap_s, *(gap_s - line.ahead_s for line in state.lines)]
    return min((gap for gap in gaps if gap >= -TOLERANCE_S), default=max(gaps))


def _absence_s(state: Believed) -> float:
    """Return the absence that clock chip and calendar together claim; negative: the calendar shows what cannot be."""
    shown_s = _shown_s(state)
    moved_s = _gap_s(state) - shown_s  # since the absence opened, beside what the chip showed
    is_known = any(abs(moved_s - ahead_s) <= TOLERANCE_S for ahead_s in (0.0, *(ln.ahead_s for ln in state.lines)))
    return shown_s if is_known else min(state.most_s, shown_s, _shortest_s(state))


def _claimed(state: Believed, reading: Reading, ran_s: float, *, is_new: bool) -> tuple[Believed, tuple[Absence, ...]]:
    """Weigh the absence that is claimed now; returns what of it is believed."""
    replace = msgspec.structs.replace
    is_vouched = reading.vouched_s is not None and abs(reading.vouched_s - reading.calendar_s) <= TOLERANCE_S
    off_s = _shortest_s(state) if is_vouched else _absence_s(state)
    if off_s < -TOLERANCE_S:  # says nothing for the claims there were, nor against them
        since_s = state.back_since_s if state.back_since_s >= 0 else state.ran_s
        if is_vouched or state.ran_s - since_s >= DAY_S:
            return _settled(state), ()
        return replace(state, back_since_s=since_s), ()
    claims = _grown(state, max(off_s, 0.0), ran_s, is_new=is_new)
    state = replace(state, claims=claims, most_s=off_s, back_since_s=-1.0)
    is_trusted = state.ran_s - state.jumped_ran_s >= TRUSTED_AFTER_S and state.boot_ran_s >= SETTLE_S
    is_lost = any(absence.off_s == 0 for absence in state.shown)
    if is_vouched or (is_trusted and off_s <= ORDINARY_OFF_S and not is_lost):
        return _settled(state), _absences(state.shown, claims)
    if is_trusted and state.shown and 0 < state.shown[-1].off_s <= ORDINARY_OFF_S:
        return _ordinary(state)
    return _stood(state)


def _ordinary(state: Believed) -> tuple[Believed, tuple[Absence, ...]]:
    """Believe the last absence and leave earlier ones open, which stood through it."""
    replace, (*earlier, last) = msgspec.structs.replace, state.shown
    off_s, earlier_s = last.off_s, _shown_s(state) - last.off_s
    left = tuple(replace(c, stood_s=c.stood_s + off_s) for c in state.claims if c.off_s <= earlier_s + TOLERANCE_S)
    return replace(state, line_s=state.line_s + off_s, shown=tuple(earlier), most_s=earlier_s, claims=left), (last,)


def _stood(state: Believed) -> tuple[Believed, tuple[Absence, ...]]:
    """Believe what has been claimed for a day."""
    claims, replace = state.claims, msgspec.structs.replace
    old = tuple(claim for claim in claims if claim.stood_s >= DAY_S)
    if not old:
        return state, ()
    state = _corrected(state)
    off_s, absences = old[-1].off_s, _absences(state.shown, old)
    left = tuple(replace(c, off_s=c.off_s - off_s) for c in claims[len(old) :] if c.off_s - off_s > TOLERANCE_S)
    state = replace(
        state, line_s=state.line_s + off_s, shown=_without(state.shown, off_s),
        most_s=max(state.most_s - off_s, 0.0), claims=left,
    )  # fmt: skip
    if left:
        return state, absences
    is_elsewhere = abs(_gap_s(state)) > TOLERANCE_S  # the calendar has jumped since: it may go back to where it was
    return replace(_settled(state), lines=_followed(state, is_jump=is_elsewhere).lines), absences


def _without(shown: tuple[Absence, ...], off_s: float) -> tuple[Absence, ...]:
    """Take a total off what the chip showed, the oldest first."""
    left: list[Absence] = []
    for absence in shown:
        part_s = min(absence.off_s, off_s)
        off_s -= part_s
        if absence.off_s > part_s:
            left.append(Absence(absence.off_s - part_s, absence.before_s))
    return tuple(left)


def _grown(state: Believed, off_s: float, ran_s: float, *, is_new: bool) -> tuple[Claim, ...]:
    """Add a claim: what was claimed of it before has stood since then, and what was claimed beyond it no longer."""
    longer = tuple(msgspec.structs.replace(claim, stood_s=claim.stood_s + ran_s) for claim in state.claims)
    lower = tuple(claim for claim in longer if claim.off_s < off_s - TOLERANCE_S)
    beyond = longer[len(lower) :]
    stood_s = max((claim.stood_s for claim in beyond), default=0.0)
    fresh_s = state.boot_time_s if is_new else state.open_time_s
    before_s = min((claim.before_s for claim in beyond), default=fresh_s)
    grown = (*lower, Claim(off_s, before_s, stood_s))
    if len(grown) > CLAIMS:
        last, middle = grown[-1], grown[-2]
        merged = Claim(middle.off_s, min(middle.before_s, grown[-3].before_s), last.stood_s)
        grown = (*grown[: CLAIMS - 2], merged, last)
    return grown


def _absences(shown: tuple[Absence, ...], claims: tuple[Claim, ...]) -> tuple[Absence, ...]:
    """Share what is claimed out to the restarts that the chip showed, the oldest first; the rest as it was claimed."""
    off_s = claims[-1].off_s
    more_s = sum(absence.off_s for absence in shown) - off_s
    if more_s > 0:  # set back since the last restart
        return _without(shown[::-1], more_s)[::-1]
    lower_s, found = off_s + more_s, list(shown)
    for claim in claims:
        part_s = max(claim.off_s - lower_s, 0.0)
        lower_s += part_s
        found.append(Absence(part_s, claim.before_s))
    return tuple(absence for absence in found if absence.off_s > 0)
