"""The composition root: builds all parts, starts and stops the threads, holds the one loop.

All mutable state belongs to this loop. What a page shows is decided in `booth.ui`; what entering one does, here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from booth.app.parts import MEASURES, Furnishing
from booth.app.practice import PRACTICE_STATES
from booth.capture.source import Source
from booth.config.params import Params
from booth.core.clock import stopwatch_ms
from booth.core.cores import one_core_each
from booth.core.faults import Fault
from booth.core.types import FrameAnalysis, Guidance, Shot
from booth.delivery.change_list import coded
from booth.looks.look import Look
from booth.looks.quality import busiest_ms
from booth.looks.recommend.kept_counts import count_kept
from booth.office.people_list import Person
from booth.session.premises import private_folder
from booth.session.session import Session, sweep
from booth.session.state_machine import HOLDS_PIXELS, Event, State, limit_s, step
from booth.ui.window import Signal, Window

log = logging.getLogger(__name__)

FRAME_WAIT_S = 1 / 30  # without a new FrameAnalysis the page is drawn again after this, so that motion goes on
TOUCH_S = 1.0  # a touch makes the operator's page this old: its limit starts anew, its pause against double taps not
SELF_TIMER_S = 3.0  # of the guest who wants just the camera
AS_YOU_ARE = "as-you-are"


class Engine(Furnishing):
    """The running booth. `run` returns when the window is closed, or when `wants_restart` with what was changed."""

    def __init__(
        self, params: Params, look: Look, window: Window, source: Source, *, stands_in: bool = False,
        people: tuple[Person, ...] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(params, look, window, source, stands_in=stands_in, people=people)
        self._handlers: dict[str, Callable[[Signal], None]] = {
            "event": lambda signal: self._handle_event(Event(str(signal.value))),
            "look": self._handle_look,
            "light": self._handle_look,
            "strength": self._handle_look,
            "sun": self._handle_look,
            "thumb": lambda signal: self._review.choose(int(signal.value)),
            "locale": self._handle_locale,
            "mode": lambda signal: self.shown.turn(str(signal.value)),
            "pair": lambda signal: self._look_grid.show_pair(str(signal.value), self._mirror.look.name),
            "page": lambda signal: self._look_grid.show_page(int(signal.value)),
            "digit": self._handle_operator,
            "staff": self._handle_operator,
            "ask": self._handle_delivery,
            "key": self._handle_delivery,
            "quit": self._handle_quit,
            "person": self._handle_reception,
            "letter": self._handle_reception,
            "wear": lambda signal: self._try_on.handle(str(signal.value)),
        }
        self._enter: dict[State, Callable[[], None]] = {
            State.TRY: self._open_session,
            State.PRACTICE: self._practice.begin_practice,
            State.COACH: self._begin_coaching,
            State.CALIBRATE: self._flash_calibration.ask,
            State.SHARE: self._keep,
            State.GOODBYE: self._say_goodbye,
            State.WIPE: self._wipe,
            State.OPERATOR: self._end_session,
        }

    # -- the loop ---------------------------------------------------------------------------------------------------

    def run(self, until: Callable[[Engine], bool] = lambda booth: False) -> None:
        """Run until the window is closed or `until(booth)` says so after a drawn frame; raises what stops it."""
        one_core_each()
        sweep(private_folder())
        self._capture.start()
        self._perceive.start()
        with self._fault_state.watchdog:
            try:
                self._mirror.warm(self._window.size)  # while the other threads load their models
                while not (self._quit or self._fault_state.has_ended):
                    self.turn()
                    if until(self):
                        return
            finally:
                self._fault_state.watchdog.starts_anew = self.wants_restart
                self.close()
        if self._fault_state.failed is not None:
            raise self._fault_state.failed

    def leave(self) -> None:
        """Wipe and close after this turn; may be called from a signal."""
        self._quit = True

    def turn(self) -> None:
        """Go once round: input, the newest FrameAnalysis, time, and one drawn page."""
        for signal in self._window.poll():
            self._handle(signal)
        item = self._perceive.slot.take(FRAME_WAIT_S)
        start_s = self._clock.now_s()
        if isinstance(item, Fault):
            self._meet(item)
        elif item is not None:
            self._process(item)
        self._let_time_pass()
        self._draw(item if isinstance(item, FrameAnalysis) else None)
        if isinstance(item, FrameAnalysis):
            self._govern(item, stopwatch_ms(start_s))

    def _govern(self, analysis: FrameAnalysis, loop_ms: float) -> None:
        """Give up or take back effect quality by what the busier thread worked for this frame."""
        if self.state not in (State.COACH, State.HOLD):
            return
        if self._quality_controller.record(busiest_ms(loop_ms, analysis.took_ms), self._clock.now_s()):
            quality = self._quality_controller.quality
            log.info("quality: %s", quality.name)
            self._mirror.set_quality(quality)
            self._perceive.segment_every_n = quality.segment_every_n

    def close(self) -> None:
        """Wipe, stop every thread, close the window; safe to call twice."""
        try:
            self._end_session()
        finally:
            self._perceive.stop()
            self._capture.stop()
            self._health.close()
            self._review.close()
            self._try_on.close()
            self._delivery_service.close()
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
        self._perceive.mode = self._perception_mode(after)
        log.info("%s -> %s on %s", before.value, after.value, event.value)
        try:
            self._go_in(after, before)
        except Fault as fault:
            self.state = before
            self._meet(fault)

    def _go_in(self, state: State, before: State) -> None:
        """Enter a state and tell the hooks, at the goodbye with what became of the portrait."""
        if state is not State.GOODBYE:
            self._hooks.record(state, before)
        self._enter.get(state, lambda: None)()
        if state is State.GOODBYE:
            self._hooks.record(state, before, self.shown.outcome)

    def _handle(self, signal: Signal) -> None:
        """One row of `_obeys` for each kind of signal; an unknown kind is nobody's."""
        handle = self._handlers.get(signal.kind)
        if handle is not None:
            handle(signal)

    def _handle_reception(self, signal: Signal) -> None:
        if self._reception is not None:
            self._reception.handle(signal)
            self._try_on.name(self._reception.name)

    def _handle_look(self, signal: Signal) -> None:
        if self._reception is not None and self._reception.is_one_look:
            return
        self._set_look(self._asked(signal))

    def _handle_locale(self, signal: Signal) -> None:
        self.shown.locale = str(signal.value)

    def _handle_quit(self, signal: Signal) -> None:
        self._quit = True

    def _handle_operator(self, signal: Signal) -> None:
        if self.state is not State.OPERATOR:
            return
        now_s = self._clock.now_s()
        self._entered_s = max(self._entered_s, now_s - TOUCH_S)
        if signal.kind == "digit":
            self.desk.press(str(signal.value), now_s)
            return
        wish = self.desk.handle(str(signal.value), now_s)
        self._perceive.mode = self._perception_mode(self.state)
        if wish is not None:
            self.happen(Event.OPERATOR_OUT)
            self._quit = self._quit or wish != "leave"
            self.wants_restart = self._quit and wish != "quit"

    def _handle_delivery(self, signal: Signal) -> None:
        try:
            self._follow(self._delivery_flow.handle(signal, self.state, self._clock.now_s()))
        except Fault as fault:
            self._meet(fault)

    def _follow(self, event: Event | None) -> None:
        """Take over what became of the kept portrait."""
        if self._delivery_flow.outcome == "deleted":
            self.shown.outcome = "deleted"
        if event is not None:
            self.happen(event)

    def _handle_event(self, event: Event) -> None:
        if self._reception is not None:
            event = self._reception.asks_first(self.state, event)
        if self.state is State.CALIBRATE:
            self._flash_calibration.answer(event, self._clock.now_s())
        if event is Event.MANUAL and self.state in (State.COACH, State.HOLD):
            self._pressed_s = self._clock.now_s()
            self._capture_controller.press(self._pressed_s)
        if event is Event.CHOSEN and self.state is State.TRY:
            self._capture_controller.fresh(self._mirror.look)
        if event is Event.KEEP and self.state is State.REVIEW and self._review.is_busy:
            self._keep_asked = True  # the mirror's picture is still standing in: kept as soon as it is developed
            return
        self.happen(event)

    def _set_look(self, look: Look) -> None:
        is_other = look.name != self._mirror.look.name  # another light asks nothing new of the sitter
        self._mirror.set_look(look)
        if self.state in (State.REVIEW, State.DEVELOP):
            self._review.set_look(look)
        elif is_other and self.state in (State.COACH, State.TRY):
            self._capture_controller.fresh(look)

    def _meet(self, fault: Fault) -> None:
        """Show a fault, or end with it, as its row says."""
        if self._fault_state.meet(fault, self.state, self._clock.now_s()):
            self.shown.fault = fault
            self.happen(Event.FAULT)

    def _monitor_health(self, now_s: float) -> None:
        """Meet what is wrong beside the guest; who slept with the machine has left it."""
        trouble = self._fault_state.step(self.state, now_s)
        if trouble is not None:
            self._meet(trouble)
        if self._fault_state.health_monitor.has_slept and self._session is not None:
            self.happen(Event.LEAVE)
        self.shown.notes = tuple(self._fault_state.health_monitor.notes)
        self._health.step(lambda: self._vitals(now_s))

    def _process(self, analysis: FrameAnalysis) -> None:
        now_s = self._clock.now_s()
        if self.state is State.FAULT and self._fault_state.may_recover(now_s):
            self.happen(Event.RECOVERED)
        if analysis.is_occupied or not self._measures:
            self._last_face_s = now_s
        due = self.desk.process(analysis, now_s) if self.state is State.OPERATOR else None
        if due is not None:
            self._review.begin(Shot(due, 0.0, self._mirror.look.name, ()), self._mirror.look, self._mirror)
        guidance = self._judge(analysis)
        self.shown.record(analysis, guidance, now_s)

    def _judge(self, analysis: FrameAnalysis) -> Guidance | None:
        """Before a yes nothing is measured but presence; during a session the studio has every FrameAnalysis."""
        if self._session is None or self.state not in MEASURES:
            return None
        if not self._measures:
            self._camera_only(analysis)
            return None
        if self.state in (State.TRY, State.CALIBRATE) or self.state in PRACTICE_STATES:
            self._flash_calibration.process(analysis)
            guidance = self._capture_controller.watch(analysis)
            if self.state is State.PRACTICE and self._practice.process(analysis, guidance):
                self.happen(Event.BACK)
            return guidance
        moment = self._capture_controller.step(analysis)
        self._exposure.record(moment.guidance)
        for event in moment.events:
            self.happen(event)
        if moment.shot is not None:
            self._take(moment.shot)
        return moment.guidance

    def _take(self, shot: Shot) -> None:
        assert self._session is not None
        exposure = self._capture.expose()  # first: the guest still stands as they were judged
        self._session.keep(shot)
        self.shown.apology = None
        self._review.begin(shot, self._mirror.look, self._mirror, self._try_on.included, exposure)

    def _camera_only(self, analysis: FrameAnalysis) -> None:
        """Just the camera: nothing is measured, and the picture is taken a while after the press."""
        if self._pressed_s is not None and self._clock.now_s() - self._pressed_s >= SELF_TIMER_S:
            self._pressed_s = None
            self.happen(Event.SHOT)
            self._take(Shot(analysis, 0.0, AS_YOU_ARE, ("reason.by_hand",)))

    def _let_time_pass(self) -> None:
        now_s = self._clock.now_s()
        self._monitor_health(now_s)
        if self.state in (State.DEVELOP, State.REVIEW, State.OPERATOR):
            self._take_over_portrait()
        if self._session is not None and now_s - self._session_s > self.params.kiosk.session_limit_s:
            self.happen(Event.LEAVE)
        if now_s - self._last_face_s > self.params.kiosk.idle_s:
            self.happen(Event.ABSENCE)
            self._last_face_s = now_s
            if self.state is State.ATTRACT:
                self.shown.begin_anew()
        if self.state is State.CALIBRATE and self._flash_calibration.is_over(now_s):
            self.shown.apology = self._flash_calibration.finish(self._window.size)
            self.happen(Event.CALIBRATED)
        if self.state in (State.SHARE, State.GOODBYE):
            self._follow(self._delivery_flow.poll(self.state, now_s))
        if now_s - max(self._entered_s, self._delivery_flow.touched_s) > limit_s(self.state, self.params):
            self._entered_s = now_s
            self.happen(Event.TIMEOUT)

    def _take_over_portrait(self) -> None:
        try:
            if self._review.poll():
                self._developed()
        except Exception:
            log.exception("develop failed")
            self._fault_state.counts["develop.failed"] += 1
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
            self._portrait_folder.check()
            self._session = Session.open(self._consent(), private_folder())
            self._session_s = self._clock.now_s()
            self._n_sessions += 1
            self._capture_controller.fresh(self._mirror.look)
        if self.state is State.TRY and self._reception is not None and self._reception.is_one_look:
            self.happen(Event.CHOSEN)

    def _begin_coaching(self) -> None:
        self._open_session()
        if not self._capture_controller.holding:
            self._capture_controller.again()

    def _keep(self) -> None:
        """Hand the portrait on view over; a Fault leaves everything as it was, to be tried again."""
        assert self._session is not None
        portrait = self._review.portrait()
        keep = self._delivery_service.keep_developed if self._reception is None else self._reception.keep
        kept = keep(portrait, tuple(coded(change) for change in self._review.changed), self._session.consent)
        self._delivery_flow.begin(kept)
        self.shown.outcome = "kept"
        self._n_kept += 1
        count_kept(self.params, self._mirror.look.name)
        log.info("kept a portrait")

    def _say_goodbye(self) -> None:
        if self.shown.outcome != "kept":
            self.shown.outcome = "deleted" if self._session is not None else "nothing"
        self._end_session()

    def _end_session(self) -> None:
        self._flash_calibration.end()
        self._review.rest()
        self._capture_controller.fresh(self._first_look)
        if self._session is not None:
            self._session.wipe()
            self._session = None

    def _wipe(self) -> None:
        self._end_session()
        self._perceive.reset()
        self._exposure.release()
        self._mirror.reset()
        self._look_grid.reset()
        self._advisor.reset()
        self._practice.reset()
        self._try_on.reset()
        if self._reception is not None:
            self._reception.reset()
        self._mirror.set_look(self._first_look)
        if self.desk.leave():
            self._quit = self.wants_restart = True
        self._measures, self._retakes_left, self._fault_in = True, self.params.kiosk.retakes, None
        self._delivery_flow.reset()
        self.shown.reset()
        self.happen(Event.WIPED)

    # -- drawing ----------------------------------------------------------------------------------------------------

    def _draw(self, analysis: FrameAnalysis | None) -> None:
        now_s = self._clock.now_s()
        if analysis is not None and self.state in self.shown.MIRRORED:
            self.shown.picture = self._seen(analysis)
        if analysis is not None and self.state is State.TRY:
            self._look_grid.show(analysis)
            if (order := self._advisor.process(analysis)) is not None:
                self._look_grid.rank(order, self._mirror.look.name)
        moment = self._moment(analysis, now_s)
        view = self.shown.view(self.state, now_s, moment)
        self._window.draw(view)
        self.shown.drawn(self._clock.now_s())
        if analysis is not None and not self._has_shown:
            self._has_shown = True
            log.info("first picture")
