"""The main loop: input, the newest analysis, timers, one drawn page. The window, a replay and the bench all drive it.

Owns all mutable state. `booth.session` and `booth.ui` decide what a page shows; actions on entering a state are here.
Source, clock and screen come with `EngineSetup`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

from booth.app.analysis_handler import MEASURES, AnalysisHandler, Step
from booth.app.feed import ThreadedFeed
from booth.app.guest_data import GuestData, Holder
from booth.app.keep_flow import KeepFlow
from booth.app.page_drawer import PageDrawer
from booth.app.parts import EngineSetup, mirror_parts, portrait_parts, upkeep_parts
from booth.app.screen import ScriptedScreen
from booth.app.signals import SignalHandlers
from booth.app.strip_flow import StripFlow
from booth.app.view_builder import ViewBuilder
from booth.app.visit import Visit
from booth.app.vitals import Vitals
from booth.config.params import Params
from booth.core.clock import stopwatch_ms
from booth.core.cores import one_core_each
from booth.core.fault_table import fault
from booth.core.faults import Fault
from booth.core.types import FrameAnalysis
from booth.looks.look import Look
from booth.looks.quality import busiest_ms
from booth.perception.perception_thread import PerceptionMode
from booth.session.capture_controller import party_of
from booth.session.runtime_facts import consent_record, free_bytes, resident_bytes
from booth.session.session import ConsentRecord, Session, sweep
from booth.session.state_machine import HOLDS_PIXELS, TOUCHED, Event, State, limit_s
from booth.ui.hands_free import POINTED

log = logging.getLogger(__name__)

FRAME_WAIT_S = 1 / 30  # without a new analysis the page is drawn again after this, so that motion goes on
LATE_WAIT_S = 1 / 10  # the same on a machine too slow for the camera: a page drawn twice would cost the next frame
MAX_ACTS = 64  # of a script in one turn: one that never waits must not hold the loop


class Engine:
    """The running booth: `run` in real time, `steps` for a caller that wants to know what each analysis led to.

    `wants_restart` is True after `run` where the operator changed what a fresh start has to take over.
    """

    def __init__(self, params: Params, look: Look, setup: EngineSetup) -> None:
        self.params, self.setup, self._first_look = params, setup, look
        self.feed, self.screen, self.clock = setup.feed, setup.screen, setup.clock
        portrait = self.portrait = portrait_parts(params, look, setup)
        is_threaded = isinstance(self.feed, ThreadedFeed)
        mirror = self.mirror = mirror_parts(params, look, portrait.exposure, is_threaded=is_threaded)
        upkeep = self.upkeep = upkeep_parts(params, setup, mirror, portrait)
        self.operator_page, self.review = upkeep.operator_page, portrait.review
        source = self.feed.source
        self.shown = ViewBuilder(params, stands_in=setup.stands_in, camera_fps=source.fps if source.is_live else None)
        self.shown.offer(mirror.catalog.offered)
        self.shown.is_named = setup.people is not None
        now_s = self.clock.now_s()
        self.visit = Visit(params.kiosk.retakes, entered_s=now_s, last_face_s=now_s)
        self._began_s = now_s
        self.n_sessions = self.n_kept = 0
        self.wants_restart = self.has_quit = False
        self.handler, self.keep_flow, self.strip = AnalysisHandler(self), KeepFlow(self), StripFlow(self)
        self.signals, self._page = SignalHandlers(self), PageDrawer(self)
        self.on_close: Callable[[], object] = lambda: None  # called first when the booth closes, for whatever reason
        self._closing: list[Step] = []
        self.session_data = GuestData(self._session_holders())
        self.guest_data = GuestData((*self._session_holders(), *self._visit_holders()))
        self._enter: dict[State, Callable[[], None]] = {
            State.CONSENT: self._note_printer,
            State.TRY: self._open_session,
            State.PRACTICE: mirror.practice.begin_practice,
            State.COACH: self._begin_coaching,
            State.CALIBRATE: mirror.flash_calibration.ask,
            State.SHARE: lambda: self.keep_flow.keep(),
            State.GOODBYE: self._say_goodbye,
            State.WIPE: self._wipe,
            State.OPERATOR: self._end_session,
        }
        if isinstance(self.screen, ScriptedScreen):
            self.screen.at = lambda: (self.state, self.clock.now_s() - self.visit.entered_s, self.clock.now_s())

    def _session_holders(self) -> tuple[Holder, ...]:
        """Holders of pixels of the guest's shots, reset when the session ends."""
        return (
            Holder("flashes", self.mirror.flash_calibration.end),
            Holder("strip", lambda: self.strip.reset()),
            Holder("review", self.review.rest),
            Holder("capture controller", lambda: self.portrait.capture_controller.fresh(self._first_look)),
            Holder("session", self._close_session),
        )

    def _visit_holders(self) -> tuple[Holder, ...]:
        """Holders of all other data of the guest, reset before the next one."""
        mirror, portrait = self.mirror, self.portrait
        reception = (Holder("reception", portrait.reception.reset),) if portrait.reception else ()
        return (
            Holder("tracker", self.feed.reset),
            Holder("exposure", portrait.exposure.release),
            Holder("mirror", mirror.preview.reset),
            Holder("look grid", mirror.look_grid.reset),
            Holder("recommendation", mirror.advisor.reset),
            Holder("practice", mirror.practice.reset),
            Holder("try-on", mirror.try_on.reset),
            *reception,
            Holder("look", lambda: mirror.preview.set_look(self._first_look)),
            Holder("delivery", portrait.flow.reset),
            Holder("page", self.shown.reset),
        )

    @property
    def state(self) -> State:
        """The page the booth is on."""
        return self.visit.state

    @state.setter
    def state(self, state: State) -> None:
        self.visit.state = state

    # -- the loop ---------------------------------------------------------------------------------------------------

    def run(self, until: Callable[[Engine], bool] = lambda engine: False) -> None:
        """Run until the window is closed or `until(engine)` says so after a drawn page; raises what stops it."""
        one_core_each()
        sweep(self.setup.folders.sessions)
        self.feed.start()
        fault_state = self.upkeep.fault_state
        with fault_state.watchdog:
            try:
                self.step()  # first, so that something is on the screen
                self.mirror.preview.warm(self.screen.size)  # while the other threads load their models
                while not self.is_over:
                    self.step()
                    if until(self):
                        return
            finally:
                fault_state.watchdog.starts_anew = self.wants_restart
                self.close()
        if fault_state.failed is not None:
            raise fault_state.failed

    def steps(self) -> Iterator[Step]:
        """Yield what each analysis led to until the source ends; `close` is the caller's."""
        while not self.is_over:
            done = self.step()
            closing, self._closing = self._closing, []
            yield from closing
            if done is not None:
                yield done

    @property
    def is_over(self) -> bool:
        """True once the window was closed, the source has ended or the program has to."""
        return self.has_quit or self.upkeep.fault_state.has_ended

    def leave(self) -> None:
        """Wipe and close after this turn; safe in a signal handler."""
        self.has_quit = True

    def step(self) -> Step | None:
        """Run one turn: input, the newest analysis, time, and one drawn page."""
        for signal in self.screen.poll():  # once: what is pressed was seen on the page that was drawn last
            self.signals.handle(signal)
        if self.screen.was_touched():
            self.visit.touched_s = self.clock.now_s()
        item = self.feed.take(LATE_WAIT_S if self.upkeep.quality.rung else FRAME_WAIT_S)
        self._follow_script()  # at the frame's own time
        start_s = self.clock.now_s()
        done: Step | None = None
        if isinstance(item, Fault):
            self.handle_fault(item)
        elif item is not None:
            done = self.handler.process(item)
        self._run_timers()
        spent_ms = self._page.draw(item if isinstance(item, FrameAnalysis) else None)
        if isinstance(item, FrameAnalysis) and done is not None:
            self._control_quality(item, stopwatch_ms(start_s))
            done = Step(done.analysis, done.guidance, done.state, done.shot, (*done.took_ms, *spent_ms))
        return done

    def _follow_script(self) -> None:
        """Do all that a script has due by now; it needs no page drawn in between."""
        if not isinstance(self.screen, ScriptedScreen):
            return
        for _ in range(MAX_ACTS):
            act = self.screen.act()
            if act is None:
                return
            self.signals.handle(act)

    def _control_quality(self, analysis: FrameAnalysis, loop_ms: float) -> None:
        """Lower or raise effect quality by the busier thread's time for this frame."""
        if not self.setup.controls_quality or self.state not in (State.COACH, State.HOLD):
            return
        now_s = self.clock.now_s()
        age_ms = (now_s - analysis.frame.t_s) * 1e3
        if self.upkeep.quality.record(busiest_ms(loop_ms, analysis.took_ms), now_s, age_ms):
            quality = self.upkeep.quality.quality
            log.info("quality: %s", quality.name)
            self.mirror.preview.set_quality(quality)
            self.feed.segment_every_n, self.feed.track_every_n = quality.segment_every_n, quality.track_every_n
            self.feed.mirror_scale, self.feed.tracks_ahead = quality.mirror_scale, quality.tracks_ahead

    def wipe_disk(self) -> None:
        """Erase the session's folder; for the moment in which the process ends and takes its memory along."""
        sweep(self.setup.folders.sessions)

    def close(self) -> None:
        """Wipe, stop every thread, close the window; safe to call twice and before `run`."""
        self.on_close()
        try:
            self._end_session()
        finally:
            for part in (
                self.feed.stop, self.upkeep.health.close, self.review.close, self.mirror.preview.close,
                self.mirror.try_on.close, self.portrait.service.close, self.upkeep.hooks.close, self.screen.close,
            ):  # fmt: skip
                try:
                    part()
                except Exception:
                    log.exception("a part could not be closed")

    # -- events -----------------------------------------------------------------------------------------------------

    def dispatch(self, event: Event) -> None:
        """Apply an event to the state table and enter the next state."""
        visit, before = self.visit, self.state
        after = visit.after(event)
        if event is Event.CAMERA_ONLY:
            visit.measures = False
        if event is Event.TIMEOUT and self.keep_flow.waits_at_timeout(before):
            return
        if event is Event.RETAKE and before is State.REVIEW:
            if visit.retakes_left <= 0:
                return
            visit.retakes_left -= 1
        if event is Event.FAULT and after is State.FAULT and before is not State.FAULT:
            visit.fault_in = before if before in HOLDS_PIXELS else None
        if after is before:
            return
        visit.enter(after, self.clock.now_s())
        self.feed.mode = self.perception_mode(after)
        log.info("%s -> %s on %s", before.value, after.value, event.value)
        try:
            self._enter_state(after, before)
        except Fault as fault:
            self.state = before
            self.handle_fault(fault)

    def _enter_state(self, state: State, before: State) -> None:
        """Enter a state and notify the hooks, at the goodbye with the portrait's outcome."""
        if state is not State.GOODBYE:
            self.upkeep.hooks.record(state, before)
        if (before, state) != (State.HOLD, State.COACH):  # a lost hold goes on: its clock and its best frames stay
            self._enter.get(state, lambda: None)()
        if state is State.GOODBYE:
            self.upkeep.hooks.record(state, before, self.shown.outcome)

    def follow(self, event: Event | None) -> None:
        """Take over the outcome of the kept portrait."""
        if self.portrait.flow.outcome == "deleted":
            self.shown.outcome = "deleted"
        if event is not None:
            self.dispatch(event)

    def set_look(self, look: Look) -> None:
        """Put a look on mirror and portrait; another light asks nothing new of the sitter."""
        is_other = look.name != self.mirror.preview.look.name
        self.mirror.preview.set_look(look)
        if self.state in (State.REVIEW, State.DEVELOP):
            self.review.set_look(look)
        elif is_other and self.state in (State.COACH, State.TRY):
            self.portrait.capture_controller.fresh(look)

    def handle_fault(self, trouble: Fault) -> None:
        """Show a fault, or end with it, as its row says."""
        if self.upkeep.fault_state.handle_fault(trouble, self.state, self.clock.now_s()):
            self.shown.fault = trouble
            self.dispatch(Event.FAULT)

    def _monitor_health(self, now_s: float) -> None:
        """Handle faults that are not the guest's; after a suspend the guest counts as gone."""
        fault_state = self.upkeep.fault_state
        trouble = fault_state.step(self.state, now_s)
        if trouble is not None:
            self.handle_fault(trouble)
        if fault_state.health_monitor.has_slept and self.visit.session is not None:
            self.dispatch(Event.LEAVE)
        self.shown.notes = tuple(fault_state.health_monitor.notes)
        self.upkeep.health.step(lambda: self._vitals(now_s))

    def end_source(self, last: Step | None) -> None:
        """The source has ended: what an open hold gives comes as one more step."""
        if (closing := self.handler.finish_source(last)) is not None:
            self._closing.append(closing)

    def next_sitter(self, last: Step | None) -> None:
        """Somebody else stands there from the next frame on: close the visit, and let the script begin another."""
        self.end_source(last)
        self.dispatch(Event.LEAVE)

    # -- time -------------------------------------------------------------------------------------------------------

    def _run_timers(self) -> None:
        now_s, visit = self.clock.now_s(), self.visit
        self._monitor_health(now_s)
        if self.state in (State.DEVELOP, State.REVIEW, State.OPERATOR):
            self.keep_flow.poll_develop()
        self.keep_flow.limit_session(now_s)
        if now_s - visit.last_face_s > self.params.kiosk.idle_s and not visit.owes_keep:
            self.dispatch(Event.ABSENCE)
            visit.last_face_s = now_s
            if self.state is State.ATTRACT:
                self.shown.begin_anew()
        flashes = self.mirror.flash_calibration
        if self.state is State.CALIBRATE and flashes.is_over(now_s):
            self.shown.apology = flashes.finish(self.screen.size)
            self.dispatch(Event.CALIBRATED)
        if self.state in (State.SHARE, State.GOODBYE):
            self.strip.poll(now_s)
            self.follow(self.portrait.flow.poll(self.state, now_s))
        if self.idle_s(now_s) > limit_s(self.state, self.params):
            visit.entered_s = now_s
            self.dispatch(Event.TIMEOUT)

    # -- entering a state -------------------------------------------------------------------------------------------

    def invite(self, *, is_together: bool) -> None:
        """Make ready for one guest, or for as many as the profile and the guests want in one picture."""
        party = party_of(self.params, is_together=is_together, is_office=self.portrait.reception is not None)
        self.feed.people = self.shown.people = party.most
        self.portrait.capture_controller.invite(party)

    def _open_session(self) -> None:
        visit, reception = self.visit, self.portrait.reception
        if visit.session is None:
            self.portrait.folder.check()
            visit.session = Session.open(self._consent(), self.setup.folders.sessions)
            visit.session_s = self.clock.now_s()
            self.n_sessions += 1
            self.portrait.capture_controller.fresh(self.mirror.preview.look)
        if self.state is State.TRY and reception is not None and reception.is_one_look:
            self.dispatch(Event.CHOSEN)

    def _note_printer(self) -> None:
        """Tell at consent that prints come later where the printer is out; the words stay while they are read."""
        self.shown.prints_later = self.portrait.service.is_printer_out

    def _begin_coaching(self) -> None:
        self._open_session()
        if not self.portrait.capture_controller.holding:
            self.portrait.capture_controller.again()

    def _say_goodbye(self) -> None:
        if self.shown.outcome != "kept":
            self.shown.outcome = "deleted" if self.visit.session is not None else "nothing"
        self._end_session()

    def _close_session(self) -> None:
        if self.visit.session is not None:
            self.visit.session.wipe()
            self.visit.session = None

    def _end_session(self) -> None:
        self.visit.owes_keep = False
        self._wiped(self.session_data)

    def _wiped(self, data: GuestData) -> None:
        failed = data.wipe()
        if failed:
            trouble = fault("session.wipe", folder=self.setup.folders.sessions)
            trouble.add_note(f"not wiped: {', '.join(failed)}")
            raise trouble

    def _wipe(self) -> None:
        self._wiped(self.guest_data)
        if self.operator_page.leave():
            self.has_quit = self.wants_restart = True
        self.visit.begin_anew(self.params.kiosk.retakes)
        self.dispatch(Event.WIPED)

    # -- queries ----------------------------------------------------------------------------------------------------

    def idle_s(self, now_s: float) -> float:
        """Seconds that count toward the limit of this page: since it was entered or, where a touch counts, touched."""
        visit = self.visit
        since_s = max(visit.entered_s, self.portrait.flow.touched_s)
        return now_s - (max(since_s, visit.touched_s) if self.state in TOUCHED else since_s)

    def perception_mode(self, state: State) -> PerceptionMode:
        """How much may be analyzed: everything only while a consenting guest is coached."""
        if state is State.OPERATOR:
            return PerceptionMode.ALL if self.operator_page.looks else PerceptionMode.NOTHING
        if not self.visit.measures:
            return PerceptionMode.NOTHING
        screen = self.params.screen
        has_session = self.visit.session is not None
        points = has_session and state in POINTED and (screen.dwell_s > 0 or screen.hand_model != "")
        return PerceptionMode.ALL if state in MEASURES or points else PerceptionMode.PRESENCE

    def _vitals(self, now_s: float) -> Vitals:
        """Counts and codes for monitoring."""
        fault_state = self.upkeep.fault_state
        return Vitals(
            now_s, self.state.value, fault_state.code(self.state), self.shown.notes, dict(fault_state.counts),
            now_s - self._began_s, self.shown.fps, self.feed.rate, self.feed.n_reopened, self.feed.dropped,
            self.n_sessions, self.n_kept, free_bytes(self.portrait.folder.folder), resident_bytes(),
        )  # fmt: skip

    def _consent(self) -> ConsentRecord:
        return consent_record(self.params, self.shown.consent, self.shown.locale, measure=self.visit.measures)
