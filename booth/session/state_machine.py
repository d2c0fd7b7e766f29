"""The state machine of a session as a table: transitions, time limits, and WIPE as the only way back to attract.

Pure functions, no I/O or clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from booth.config.params import Params


class State(StrEnum):
    """A page of the booth."""

    ATTRACT = "attract"
    PEOPLE = "people"  # an office run: who is it?
    CONSENT = "consent"
    TRY = "try"  # the look grid
    DRESS = "dress"  # clothes, spectacles and a badge to try on
    PRACTICE = "practice"
    COACH = "coach"
    CALIBRATE = "calibrate"  # the warning before the screen flashes, and the flashes
    HOLD = "hold"
    DEVELOP = "develop"
    REVIEW = "review"
    UNDO = "undo"  # deleted or left: nothing is shown, and for a few seconds it can be taken back
    SHARE = "share"
    GOODBYE = "goodbye"
    WIPE = "wipe"
    FAULT = "fault"
    OPERATOR = "staff"


class Event(StrEnum):
    """Something that happened: the guest, the clock, the coach or the machine."""

    ABSENCE = "absence"  # nobody there for idle_s
    PICK = "pick"  # an office run asks for a name first
    START = "start"
    TOGETHER = "together"  # as START, for several people in one picture
    AGREE = "agree"
    CAMERA_ONLY = "camera_only"  # a yes to the picture, a no to measuring
    DECLINE = "decline"
    CHOSEN = "chosen"
    DRESS_UP = "dress_up"
    PRACTISE = "practise"
    BACK = "back"
    CALIBRATE = "calibrate"
    CALIBRATED = "calibrated"  # or given up
    HOLD_BEGUN = "hold_begun"
    HOLD_LOST = "hold_lost"
    SHOT = "shot"
    NO_SHOT = "no_shot"
    MANUAL = "manual"
    DEVELOPED = "developed"
    DEVELOP_FAILED = "develop_failed"
    KEEP = "keep"
    DELETE = "delete"
    RETAKE = "retake"
    DELIVERED = "delivered"
    LEAVE = "leave"  # at once: the machine's own
    WITHDRAW = "withdraw"  # the guest wants to leave: what a session holds can still be taken back
    UNDO = "undo"
    TIMEOUT = "timeout"
    WIPED = "wiped"
    FAULT = "fault"
    RECOVERED = "recovered"
    OPERATOR_IN = "staff_in"
    OPERATOR_OUT = "staff_out"


S, E = State, Event

HOLDS_PIXELS: frozenset[State] = frozenset(
    {S.TRY, S.DRESS, S.PRACTICE, S.COACH, S.CALIBRATE, S.HOLD, S.DEVELOP, S.REVIEW, S.UNDO, S.SHARE, S.GOODBYE}
)
"""States in which a session may hold pictures of a guest. FAULT and OPERATOR may keep one that was open before them."""

UNDOES: frozenset[State] = (HOLDS_PIXELS | {S.FAULT}) - {S.UNDO, S.SHARE, S.GOODBYE}
"""States in which the guest's own leaving would destroy a session; in SHARE the portrait has been kept."""

_OPEN = HOLDS_PIXELS | {S.PEOPLE, S.CONSENT, S.FAULT, S.OPERATOR}  # all but ATTRACT and WIPE: leaving works here

_STEPS: dict[tuple[State, Event], State] = {
    (S.ATTRACT, E.START): S.CONSENT,
    (S.ATTRACT, E.TOGETHER): S.CONSENT,
    (S.ATTRACT, E.PICK): S.PEOPLE,
    (S.PEOPLE, E.START): S.CONSENT,
    (S.CONSENT, E.AGREE): S.TRY,
    (S.CONSENT, E.CAMERA_ONLY): S.COACH,  # looks need measuring, so there is no wall to choose from
    (S.CONSENT, E.DECLINE): S.GOODBYE,
    (S.TRY, E.CHOSEN): S.COACH,
    (S.TRY, E.DRESS_UP): S.DRESS,
    (S.TRY, E.PRACTISE): S.PRACTICE,
    (S.DRESS, E.BACK): S.TRY,
    (S.DRESS, E.CHOSEN): S.COACH,
    (S.PRACTICE, E.BACK): S.TRY,
    (S.PRACTICE, E.CHOSEN): S.COACH,
    (S.COACH, E.BACK): S.TRY,
    (S.COACH, E.HOLD_BEGUN): S.HOLD,
    (S.COACH, E.CALIBRATE): S.CALIBRATE,
    (S.CALIBRATE, E.DECLINE): S.COACH,
    (S.CALIBRATE, E.CALIBRATED): S.COACH,
    (S.COACH, E.MANUAL): S.HOLD,
    (S.COACH, E.SHOT): S.DEVELOP,
    (S.HOLD, E.HOLD_LOST): S.COACH,
    (S.HOLD, E.NO_SHOT): S.COACH,
    (S.HOLD, E.MANUAL): S.HOLD,
    (S.HOLD, E.SHOT): S.DEVELOP,
    (S.DEVELOP, E.DEVELOPED): S.REVIEW,
    (S.DEVELOP, E.DEVELOP_FAILED): S.COACH,
    (S.REVIEW, E.DEVELOP_FAILED): S.COACH,  # the review shows the mirror's picture while the develop is under way
    (S.REVIEW, E.KEEP): S.SHARE,
    (S.REVIEW, E.RETAKE): S.COACH,
    (S.REVIEW, E.DELETE): S.UNDO,
    (S.UNDO, E.UNDO): S.WIPE,  # or the page it was left from, see `step`
    (S.SHARE, E.DELIVERED): S.GOODBYE,
    (S.WIPE, E.WIPED): S.ATTRACT,
    (S.OPERATOR, E.OPERATOR_OUT): S.WIPE,
}

_TIMEOUTS: dict[tuple[State, Event], State] = {
    (S.ATTRACT, E.TIMEOUT): S.ATTRACT,
    (S.PEOPLE, E.TIMEOUT): S.WIPE,
    (S.CONSENT, E.TIMEOUT): S.WIPE,
    (S.TRY, E.TIMEOUT): S.WIPE,
    (S.DRESS, E.TIMEOUT): S.TRY,
    (S.PRACTICE, E.TIMEOUT): S.TRY,
    (S.COACH, E.TIMEOUT): S.WIPE,
    (S.HOLD, E.TIMEOUT): S.COACH,
    (S.CALIBRATE, E.TIMEOUT): S.COACH,
    (S.DEVELOP, E.TIMEOUT): S.COACH,
    (S.REVIEW, E.TIMEOUT): S.GOODBYE,  # kept or deleted as the profile says and the consent page stated
    (S.UNDO, E.TIMEOUT): S.GOODBYE,  # now it is erased
    (S.SHARE, E.TIMEOUT): S.GOODBYE,
    (S.GOODBYE, E.TIMEOUT): S.WIPE,
    (S.WIPE, E.TIMEOUT): S.FAULT,  # what could not be erased must not meet the next guest
    (S.FAULT, E.TIMEOUT): S.WIPE,
    (S.OPERATOR, E.TIMEOUT): S.WIPE,
}

_ABSENT = {
    S.PEOPLE,
    S.CONSENT,
    S.TRY,
    S.DRESS,
    S.PRACTICE,
    S.COACH,
    S.CALIBRATE,
    S.HOLD,
}  # later pages run out by their own limits: a shot is waiting there
TOUCHED: frozenset[State] = frozenset(
    {S.PEOPLE, S.CONSENT, S.TRY, S.DRESS, S.PRACTICE, S.COACH, S.REVIEW, S.SHARE, S.OPERATOR}
)
"""Pages whose time starts anew with any touch or key: nothing runs out under a guest who is busy with it."""

_MAY_FAIL = frozenset(State) - {S.FAULT, S.WIPE, S.OPERATOR}
_OPERATOR_FROM = {S.ATTRACT, S.CONSENT, S.GOODBYE, S.FAULT}

NEXT: Mapping[tuple[State, Event], State] = MappingProxyType(
    {(state, E.LEAVE): S.WIPE for state in _OPEN}
    | {(state, E.WITHDRAW): S.WIPE for state in _OPEN - UNDOES - {S.UNDO}}
    | {(state, E.WITHDRAW): S.UNDO for state in UNDOES}
    | {(state, E.ABSENCE): S.WIPE for state in _ABSENT}
    | {(state, E.FAULT): S.FAULT for state in _MAY_FAIL}
    | {(state, E.OPERATOR_IN): S.OPERATOR for state in _OPERATOR_FROM}
    | {(S.FAULT, E.RECOVERED): S.WIPE, (S.GOODBYE, E.START): S.WIPE}
    | _TIMEOUTS
    | _STEPS
)
"""Every step there is; an event that is not here changes nothing."""

_RESUMES: Mapping[State, State] = MappingProxyType(
    {
        S.CONSENT: S.CONSENT,
        S.TRY: S.TRY,
        S.DRESS: S.DRESS,
        S.PRACTICE: S.PRACTICE,
        S.COACH: S.COACH,
        S.HOLD: S.COACH,
        S.CALIBRATE: S.COACH,
        S.DEVELOP: S.COACH,
        S.REVIEW: S.REVIEW,
        S.SHARE: S.SHARE,
    }
)

_RETURNS: Mapping[State, State] = MappingProxyType({**_RESUMES, S.DEVELOP: S.DEVELOP, S.FAULT: S.FAULT})
"""Where UNDO leads: a develop under way has gone on meanwhile."""

_LIMIT_OF: Mapping[State, str] = MappingProxyType(
    {state: f"{state.value}_s" for state in State if state is not S.REVIEW}
)


def step(state: State, event: Event, fault_in: State | None = None, left_in: State | None = None) -> State:
    """Return the next state; the same one where the event means nothing.

    `fault_in` is the state in which a fault struck while the same session is still whole: RECOVERED then goes on
    there. Without it a recovered booth starts over, through WIPE. `left_in` is the state that the guest deleted or left
    in while the session is still whole: UNDO goes back there.
    """
    if (state, event) == (S.UNDO, E.UNDO) and left_in is not None:
        return _RETURNS.get(left_in, S.WIPE)
    if (state, event) == (S.FAULT, E.RECOVERED) and fault_in is not None:
        return _RESUMES.get(fault_in, S.WIPE)
    return NEXT.get((state, event), state)


def limit_s(state: State, params: Params) -> float:
    """Seconds after which `state` gets TIMEOUT; every state has such a limit."""
    if state is S.REVIEW:
        return params.review.limit_s
    return float(getattr(params.kiosk, _LIMIT_OF[state]))


def mermaid() -> str:
    """Return the table as a Mermaid state diagram, LEAVE and FAULT folded into one line each."""
    folded = {E.LEAVE, E.WITHDRAW, E.FAULT}
    arrows = [f"    {a} --> {b}: {event}" for (a, event), b in sorted(NEXT.items()) if event not in folded and a != b]
    notes = [
        f"    any --> {S.WIPE}: {E.LEAVE}",
        f"    any --> {S.UNDO}: {E.WITHDRAW}",
        f"    any --> {S.FAULT}: {E.FAULT}",
    ]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {S.ATTRACT}", *arrows, *notes]) + "\n"
