"""The composition root: builds all parts, starts and stops the threads, holds the one loop.

All mutable state belongs to this loop. What a page shows is decided in `booth.kiosk`; what entering one does, here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from booth.account import coded
from booth.advise.counts import count_kept
from booth.capture.source import Source
from booth.clock import stopwatch_ms
from booth.cores import one_core_each
from booth.faults import Fault
from booth.kiosk.machine import HOLDS_PIXELS, Event, State, limit_s, step
from booth.kiosk.session import Session, sweep
from booth.kiosk.window import Signal, Window
from booth.looks.look import Look
from booth.loop.furnishing import MEASURES, Furnishing
from booth.loop.governor import busiest_ms
from booth.loop.premises import private_folder
from booth.loop.side_rooms import SIDE_ROOMS
from booth.office.people import Person
from booth.params import Params
from booth.types import Guidance, Shot, Sight

log = logging.getLogger(__name__)

FRAME_WAIT_S = 1 / 30  # without a new Sight the page is drawn again after this, so that motion goes on
TOUCH_S = 1.0  # a touch makes the operator's page this old: its limit starts anew, its pause against double taps not
SELF_TIMER_S = 3.0  # of the guest who wants just the camera
AS_YOU_ARE = "as-you-are"


class Booth(Furnishing):
    """The running booth. `run` returns when the window is closed, or when `wants_restart` with what was changed."""

    def __init__(
        self, params: Params, look: Look, window: Window, source: Source, *, stands_in: bool = False,
        people: tuple[Person, ...] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(params, look, window, source, stands_in=stands_in, people=people)
        self._obeys: dict[str, Callable[[Signal], None]] = {
            "event": lambda signal: self._obey_event(Event(str(signal.value))),
            "look": self._obey_wear,
            "light": self._obey_wear,
            "strength": self._obey_wear,
            "sun": self._obey_wear,
            "thumb": lambda signal: self._review.choose(int(signal.value)),
            "locale": self._obey_locale,
            "mode": lambda signal: self.shown.turn(str(signal.value)),
            "pair": lambda signal: self._wall.show_pair(str(signal.value), self._mirror.look.name),
            "page": lambda signal: self._wall.show_page(int(signal.value)),
            "digit": self._obey_operator,
            "staff": self._obey_operator,
            "ask": self._obey_at_hand_over,
            "key": self._obey_at_hand_over,
            "quit": self._obey_quit,
            "person": self._obey_reception,
            "letter": self._obey_reception,
            "wear": lambda signal: self._wardrobe.obey(str(signal.value)),
        }
        self._enter: dict[State, Callable[[], None]] = {
            State.TRY: self._open_session,
            State.PRACTICE: self._side_rooms.begin_practice,
            State.COACH: self._begin_coaching,
            State.CALIBRATE: self._relief.ask,
            State.SHARE: self._keep,
            State.GOODBYE: self._say_goodbye,
            State.WIPE: self._wipe,
            State.STAFF: self._end_session,
        }

    # -- the loop ---------------------------------------------------------------------------------------------------

    def run(self, until: Callable[[Booth], bool] = lambda booth: False) -> None:
        """Run until the window is closed or `until(booth)` says so after a drawn frame; raises what stops it."""
        one_core_each()
        sweep(private_folder())
        self._capture.start()
        self._perceive.start()
        with self._standing.watchdog:
            try:
                self._mirror.warm(self._window.size)  # while the other threads load their models
                while not (self._quit or self._standing.has_ended):
                    self.turn()
                    if until(self):
                        return
            finally:
                self._standing.watchdog.starts_anew = self.wants_restart
                self.close()
        if self._standing.failed is not None:
            raise self._standing.failed

    def leave(self) -> None:
        """Wipe and close after this turn; may be called from a signal."""
        self._quit = True

    def turn(self) -> None:
        """Go once round: input, the newest Sight, time, and one drawn page."""
        for signal in self._window.poll():
            self._obey(signal)
        item = self._perceive.slot.take(FRAME_WAIT_S)
        start_s = self._clock.now_s()
        if isinstance(item, Fault):
            self._meet(item)
        elif item is not None:
            self._see(item)
        self._let_time_pass()
        self._draw(item if isinstance(item, Sight) else None)
        if isinstance(item, Sight):
            self._govern(item, stopwatch_ms(start_s))

    def _govern(self, sight: Sight, loop_ms: float) -> None:
        """Give up or take back effect quality by what the busier thread worked for this frame."""
        if self.state not in (State.COACH, State.HOLD):
            return
        if self._governor.note(busiest_ms(loop_ms, sight.took_ms), self._clock.now_s()):
            quality = self._governor.quality
            log.info("quality: %s", quality.name)
            self._mirror.spend(quality)
            self._perceive.outline_every = quality.outline_every

    def close(self) -> None:
        """Wipe, stop every thread, close the window; safe to call twice."""
        try:
            self._end_session()
        finally:
            self._perceive.stop()
            self._capture.stop()
            self._health.close()
            self._review.close()
            self._wardrobe.close()
            self._handover.close()
            self._hooks.close()
            self._window.close()

    # -- what happens -----------------------------------------------------------------------------------------------

    def happen(self, event: Event) -> None:
        """Let the state table answer an event, and enter the state it names."""
        before = self.state
        after = step(before, event, self._fault_in if self._session is not None else None)
        if event is Event.CAMERA_ONLY:
            self._measures = False
        if event is Event.TIMEOUT and before is State.REVIEW and self.params.review.on_timeout == "keep":
            self._keep()
        if event is Event.RETAKE and before is State.REVIEW:
            if self._retakes_left <= 0:
                return
            self._retakes_left -= 1
        if event is Event.FAULT and after is State.FAULT and before is not State.FAULT:
            self._fault_in = before if before in HOLDS_PIXELS else None
        if after is before:
            return
        if after is State.COACH:
            self._pressed_s = None
        self._keep_asked = self._keep_asked and after is State.REVIEW
        self.state, self._entered_s = after, self._clock.now_s()
        self._perceive.gaze = self._gaze(after)
        log.info("%s -> %s on %s", before.value, after.value, event.value)
        try:
            self._go_in(after, before)
        except Fault as fault:
            self.state = before
            self._meet(fault)

    def _go_in(self, state: State, before: State) -> None:
        """Enter a state and tell the hooks, at the goodbye with what became of the portrait."""
        if state is not State.GOODBYE:
            self._hooks.note(state, before)
        self._enter.get(state, lambda: None)()
        if state is State.GOODBYE:
            self._hooks.note(state, before, self.shown.outcome)

    def _obey(self, signal: Signal) -> None:
        """One row of `_obeys` for each kind of signal; an unknown kind is nobody's."""
        obey = self._obeys.get(signal.kind)
        if obey is not None:
            obey(signal)

    def _obey_reception(self, signal: Signal) -> None:
        if self._reception is not None:
            self._reception.obey(signal)
            self._wardrobe.name(self._reception.name)

    def _obey_wear(self, signal: Signal) -> None:
        if self._reception is not None and self._reception.is_one_look:
            return
        self._wear(self._asked(signal))

    def _obey_locale(self, signal: Signal) -> None:
        self.shown.locale = str(signal.value)

    def _obey_quit(self, signal: Signal) -> None:
        self._quit = True

    def _obey_operator(self, signal: Signal) -> None:
        if self.state is not State.STAFF:
            return
        now_s = self._clock.now_s()
        self._entered_s = max(self._entered_s, now_s - TOUCH_S)
        if signal.kind == "digit":
            self.desk.press(str(signal.value), now_s)
            return
        wish = self.desk.obey(str(signal.value), now_s)
        self._perceive.gaze = self._gaze(self.state)
        if wish is not None:
            self.happen(Event.STAFF_OUT)
            self._quit = self._quit or wish != "leave"
            self.wants_restart = self._quit and wish != "quit"

    def _obey_at_hand_over(self, signal: Signal) -> None:
        try:
            self._follow(self._home.obey(signal, self.state, self._clock.now_s()))
        except Fault as fault:
            self._meet(fault)

    def _follow(self, event: Event | None) -> None:
        """Take over what became of the kept portrait."""
        if self._home.outcome == "deleted":
            self.shown.outcome = "deleted"
        if event is not None:
            self.happen(event)

    def _obey_event(self, event: Event) -> None:
        if self._reception is not None:
            event = self._reception.asks_first(self.state, event)
        if self.state is State.CALIBRATE:
            self._relief.answer(event, self._clock.now_s())
        if event is Event.MANUAL and self.state in (State.COACH, State.HOLD):
            self._pressed_s = self._clock.now_s()
            self._studio.press(self._pressed_s)
        if event is Event.CHOSEN and self.state is State.TRY:
            self._studio.fresh(self._mirror.look)
        if event is Event.KEEP and self.state is State.REVIEW and self._review.is_busy:
            self._keep_asked = True  # the mirror's picture is still standing in: kept as soon as it is developed
            return
        self.happen(event)

    def _wear(self, look: Look) -> None:
        is_other = look.name != self._mirror.look.name  # another light asks nothing new of the sitter
        self._mirror.wear(look)
        if self.state in (State.REVIEW, State.DEVELOP):
            self._review.wear(look)
        elif is_other and self.state in (State.COACH, State.TRY):
            self._studio.fresh(look)

    def _meet(self, fault: Fault) -> None:
        """Show a fault, or end with it, as its row says."""
        if self._standing.meet(fault, self.state, self._clock.now_s()):
            self.shown.fault = fault
            self.happen(Event.FAULT)

    def _keep_vigil(self, now_s: float) -> None:
        """Meet what is wrong beside the guest; who slept with the machine has left it."""
        trouble = self._standing.step(self.state, now_s)
        if trouble is not None:
            self._meet(trouble)
        if self._standing.vigil.has_slept and self._session is not None:
            self.happen(Event.LEAVE)
        self.shown.notes = tuple(self._standing.vigil.notes)
        self._health.step(lambda: self._vitals(now_s))

    def _see(self, sight: Sight) -> None:
        now_s = self._clock.now_s()
        if self.state is State.FAULT and self._standing.may_recover(now_s):
            self.happen(Event.RECOVERED)
        if sight.is_occupied or not self._measures:
            self._last_face_s = now_s
        due = self.desk.see(sight, now_s) if self.state is State.STAFF else None
        if due is not None:
            self._review.begin(Shot(due, 0.0, self._mirror.look.name, ()), self._mirror.look, self._mirror)
        guidance = self._judge(sight)
        self.shown.note(sight, guidance, now_s)

    def _judge(self, sight: Sight) -> Guidance | None:
        """Before a yes nothing is measured but presence; during a session the studio has every Sight."""
        if self._session is None or self.state not in MEASURES:
            return None
        if not self._measures:
            self._camera_only(sight)
            return None
        if self.state in (State.TRY, State.CALIBRATE) or self.state in SIDE_ROOMS:
            self._relief.see(sight)
            guidance = self._studio.watch(sight)
            if self.state is State.PRACTICE and self._side_rooms.see(sight, guidance):
                self.happen(Event.BACK)
            return guidance
        moment = self._studio.step(sight)
        self._exposure.note(moment.guidance)
        for event in moment.events:
            self.happen(event)
        if moment.shot is not None:
            self._take(moment.shot)
        return moment.guidance

    def _take(self, shot: Shot) -> None:
        assert self._session is not None
        self._session.keep(shot)
        self.shown.apology = None
        self._review.begin(shot, self._mirror.look, self._mirror, self._wardrobe.included)

    def _camera_only(self, sight: Sight) -> None:
        """Just the camera: nothing is measured, and the picture is taken a while after the press."""
        if self._pressed_s is not None and self._clock.now_s() - self._pressed_s >= SELF_TIMER_S:
            self._pressed_s = None
            self.happen(Event.SHOT)
            self._take(Shot(sight, 0.0, AS_YOU_ARE, ("reason.by_hand",)))

    def _let_time_pass(self) -> None:
        now_s = self._clock.now_s()
        self._keep_vigil(now_s)
        if self.state in (State.DEVELOP, State.REVIEW, State.STAFF):
            self._take_over_portrait()
        if self._session is not None and now_s - self._session_s > self.params.kiosk.session_limit_s:
            self.happen(Event.LEAVE)
        if now_s - self._last_face_s > self.params.kiosk.idle_s:
            self.happen(Event.ABSENCE)
            self._last_face_s = now_s
            if self.state is State.ATTRACT:
                self.shown.begin_anew()
        if self.state is State.CALIBRATE and self._relief.is_over(now_s):
            self.shown.apology = self._relief.finish(self._window.size)
            self.happen(Event.CALIBRATED)
        if self.state in (State.SHARE, State.GOODBYE):
            self._follow(self._home.look(self.state, now_s))
        if now_s - max(self._entered_s, self._home.touched_s) > limit_s(self.state, self.params):
            self._entered_s = now_s
            self.happen(Event.TIMEOUT)

    def _take_over_portrait(self) -> None:
        try:
            if self._review.poll():
                self._developed()
        except Exception:
            log.exception("develop failed")
            self._standing.counts["develop.failed"] += 1
            self.shown.apology = "fault_text.develop"
            self._keep_asked = False
            self.happen(Event.DEVELOP_FAILED)
        if self._keep_asked and not self._review.is_busy:
            self._keep_asked = False
            self.happen(Event.KEEP)

    def _developed(self) -> None:
        is_whole = self._reception is not None and not self._review.is_busy  # not the mirror's picture standing in
        if self._reception is not None and is_whole and self._reception.refuses(self._review.portrait()):
            self.shown.apology, self._keep_asked = "office.brand", False
            self.happen(Event.DEVELOP_FAILED)
        else:
            self.happen(Event.DEVELOPED)

    # -- entering a state -------------------------------------------------------------------------------------------

    def _open_session(self) -> None:
        if self._session is None:
            self._delivery.check()
            self._session = Session.open(self._consent(), private_folder())
            self._session_s = self._clock.now_s()
            self._n_sessions += 1
            self._studio.fresh(self._mirror.look)
        if self.state is State.TRY and self._reception is not None and self._reception.is_one_look:
            self.happen(Event.CHOSEN)

    def _begin_coaching(self) -> None:
        self._open_session()
        if not self._studio.holding:
            self._studio.again()

    def _keep(self) -> None:
        """Hand the portrait on view over; a Fault leaves everything as it was, to be tried again."""
        assert self._session is not None
        portrait = self._review.portrait()
        keep = self._handover.keep_developed if self._reception is None else self._reception.keep
        kept = keep(portrait, tuple(coded(change) for change in self._review.changed), self._session.consent)
        self._home.begin(kept)
        self.shown.outcome = "kept"
        self._n_kept += 1
        count_kept(self.params, self._mirror.look.name)
        log.info("kept a portrait")

    def _say_goodbye(self) -> None:
        if self.shown.outcome != "kept":
            self.shown.outcome = "deleted" if self._session is not None else "nothing"
        self._end_session()

    def _end_session(self) -> None:
        self._relief.end()
        self._review.rest()
        self._studio.fresh(self._first_look)
        if self._session is not None:
            self._session.wipe()
            self._session = None

    def _wipe(self) -> None:
        self._end_session()
        self._perceive.forget()
        self._exposure.release()
        self._mirror.forget()
        self._wall.forget()
        self._advisor.forget()
        self._side_rooms.forget()
        self._wardrobe.forget()
        if self._reception is not None:
            self._reception.forget()
        self._mirror.wear(self._first_look)
        if self.desk.leave():
            self._quit = self.wants_restart = True
        self._measures, self._retakes_left, self._fault_in = True, self.params.kiosk.retakes, None
        self._home.forget()
        self.shown.forget()
        self.happen(Event.WIPED)

    # -- drawing ----------------------------------------------------------------------------------------------------

    def _draw(self, sight: Sight | None) -> None:
        now_s = self._clock.now_s()
        if sight is not None and self.state in self.shown.MIRRORED:
            self.shown.picture = self._seen(sight)
        if sight is not None and self.state is State.TRY:
            self._wall.show(sight)
            if (order := self._advisor.see(sight)) is not None:
                self._wall.rank(order, self._mirror.look.name)
        moment = self._moment(sight, now_s)
        view = self.shown.view(self.state, now_s, moment)
        self._window.draw(view)
        self.shown.drawn(self._clock.now_s())
        if sight is not None and not self._has_shown:
            self._has_shown = True
            log.info("first picture")
