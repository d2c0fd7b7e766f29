"""The one loop: input, the newest analysis, time, one drawn page. The window, a replay and the bench all drive it.

All mutable state belongs to it. What a page shows is decided in `booth.session` and `booth.ui`; what entering one does,
here. Source, clock and screen come with `EngineSetup`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from booth.app.guest_data import GuestData, Holder
from booth.app.page_drawer import PageDrawer
from booth.app.parts import EngineSetup, mirror_parts, portrait_parts, upkeep_parts
from booth.app.practice import PRACTICE_STATES
from booth.app.screen import ScriptedScreen
from booth.app.signals import SignalHandlers
from booth.app.view_builder import ViewBuilder
from booth.app.visit import Visit
from booth.app.vitals import Vitals
from booth.config.params import Params
from booth.core.clock import stopwatch_ms
from booth.core.cores import one_core_each
from booth.core.fault_table import fault
from booth.core.faults import Fault
from booth.core.types import FrameAnalysis, Guidance, Shot
from booth.delivery.change_list import coded
from booth.looks.look import Look
from booth.looks.quality import busiest_ms
from booth.looks.recommend.kept_counts import count_kept
from booth.perception.perception_thread import PerceptionMode
from booth.session.capture_controller import CaptureStep
from booth.session.premises import consent_record, free_bytes, resident_bytes
from booth.session.session import ConsentRecord, Session, sweep
from booth.session.state_machine import HOLDS_PIXELS, Event, State, limit_s, step
from booth.ui.hands_free import POINTED

log = logging.getLogger(__name__)

FRAME_WAIT_S = 1 / 30  # without a new analysis the page is drawn again after this, so that motion goes on
SELF_TIMER_S = 3.0  # of the guest who wants just the camera
MAX_SIGNALS = 64  # one turn takes so many: a script that never waits must not hold the loop
AS_YOU_ARE = "as-you-are"
KEEP_WAIT_S = 30.0  # a portrait asked for waits so long for its develop: ten times what two cores take
MEASURES = frozenset({State.TRY, State.COACH, State.CALIBRATE, State.HOLD, *PRACTICE_STATES})


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One analysis and what it led to."""

    analysis: FrameAnalysis
    guidance: Guidance | None  # None where nothing was measured
    state: State  # the page once the analysis was judged
    shot: Shot | None = None
    took_ms: tuple[tuple[str, float], ...] = ()  # coach, look, screen


class Engine:
    """The running booth: `run` in real time, `steps` for a caller that wants to know what each analysis led to.

    `wants_restart` is True after `run` where the operator changed what a fresh start has to take over.
    """

    def __init__(self, params: Params, look: Look, setup: EngineSetup) -> None:
        self.params, self.setup, self._first_look = params, setup, look
        self.feed, self.screen, self.clock = setup.feed, setup.screen, setup.clock
        portrait = self.portrait = portrait_parts(params, look, setup)
        mirror = self.mirror = mirror_parts(params, look, portrait.exposure)
        upkeep = self.upkeep = upkeep_parts(params, setup, mirror, portrait)
        self.desk, self.review = upkeep.desk, portrait.review
        source = self.feed.source
        self.shown = ViewBuilder(params, stands_in=setup.stands_in, camera_fps=source.fps if source.is_live else None)
        self.shown.offer(mirror.catalog.offered)
        now_s = self.clock.now_s()
        self.visit = Visit(params.kiosk.retakes, entered_s=now_s, last_face_s=now_s)
        self._began_s = now_s
        self.n_sessions = self.n_kept = 0
        self.wants_restart = self.has_quit = False
        self.signals, self._page = SignalHandlers(self), PageDrawer(self)
        self.on_close: Callable[[], object] = lambda: None  # told first when the booth closes, for whatever reason
        self._closing: list[Step] = []
        self.session_data = GuestData(self._session_holders())
        self.guest_data = GuestData((*self._session_holders(), *self._visit_holders()))
        self._enter: dict[State, Callable[[], None]] = {
            State.TRY: self._open_session,
            State.PRACTICE: mirror.practice.begin_practice,
            State.COACH: self._begin_coaching,
            State.CALIBRATE: mirror.flash_calibration.ask,
            State.SHARE: self._keep,
            State.GOODBYE: self._say_goodbye,
            State.WIPE: self._wipe,
            State.OPERATOR: self._end_session,
        }
        if isinstance(self.screen, ScriptedScreen):
            self.screen.at = lambda: (self.state, self.clock.now_s() - self.visit.entered_s, self.clock.now_s())

    def _session_holders(self) -> tuple[Holder, ...]:
        """Who holds pixels of the guest's shots: all of it goes when the session ends."""
        return (
            Holder("flashes", self.mirror.flash_calibration.end),
            Holder("review", self.review.rest),
            Holder("capture controller", lambda: self.portrait.capture_controller.fresh(self._first_look)),
            Holder("session", self._close_session),
        )

    def _visit_holders(self) -> tuple[Holder, ...]:
        """Who holds anything else of the guest: it goes before the next one comes."""
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
        """Wipe and close after this turn; may be called from a signal."""
        self.has_quit = True

    def step(self) -> Step | None:
        """Go once round: input, the newest analysis, time, and one drawn page."""
        self._listen()
        item = self.feed.take(FRAME_WAIT_S)
        self._listen()  # a script acts at the frame's own time
        start_s = self.clock.now_s()
        done: Step | None = None
        if isinstance(item, Fault):
            self.meet(item)
        elif item is not None:
            done = self._process(item)
        self._let_time_pass()
        spent_ms = self._page.draw(item if isinstance(item, FrameAnalysis) else None)
        if isinstance(item, FrameAnalysis) and done is not None:
            self._control_quality(item, stopwatch_ms(start_s))
            done = Step(done.analysis, done.guidance, done.state, done.shot, (*done.took_ms, *spent_ms))
        return done

    def _listen(self) -> None:
        for _ in range(MAX_SIGNALS):
            signals = self.screen.poll()
            if not signals:
                return
            for signal in signals:
                self.signals.handle(signal)

    def _control_quality(self, analysis: FrameAnalysis, loop_ms: float) -> None:
        """Give up or take back effect quality by what the busier thread worked for this frame."""
        if not self.setup.controls_quality or self.state not in (State.COACH, State.HOLD):
            return
        if self.upkeep.quality.record(busiest_ms(loop_ms, analysis.took_ms), self.clock.now_s()):
            quality = self.upkeep.quality.quality
            log.info("quality: %s", quality.name)
            self.mirror.preview.set_quality(quality)
            self.feed.segment_every_n = quality.segment_every_n

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
                self.feed.stop, self.upkeep.health.close, self.review.close, self.mirror.try_on.close,
                self.portrait.service.close, self.upkeep.hooks.close, self.screen.close,
            ):  # fmt: skip
                try:
                    part()
                except Exception:
                    log.exception("a part could not be closed")

    # -- what happens -----------------------------------------------------------------------------------------------

    def happen(self, event: Event) -> None:
        """Let the state table answer an event, and enter the state it names."""
        visit, before = self.visit, self.state
        after = step(before, event, visit.fault_in if visit.session is not None else None)
        if event is Event.CAMERA_ONLY:
            visit.measures = False
        if event is Event.TIMEOUT and self._waits_for_portrait(before):
            return
        if event is Event.RETAKE and before is State.REVIEW:
            if visit.retakes_left <= 0:
                return
            visit.retakes_left -= 1
        if event is Event.FAULT and after is State.FAULT and before is not State.FAULT:
            visit.fault_in = before if before in HOLDS_PIXELS else None
        if after is before:
            return
        if after is State.COACH:
            visit.pressed_s = None
        if after is not State.REVIEW:
            visit.keep_asked_s = None
        self.state, visit.entered_s = after, self.clock.now_s()
        self.feed.mode = self.perception_mode(after)
        log.info("%s -> %s on %s", before.value, after.value, event.value)
        try:
            self._go_in(after, before)
        except Fault as fault:
            self.state = before
            self.meet(fault)

    def _go_in(self, state: State, before: State) -> None:
        """Enter a state and tell the hooks, at the goodbye with what became of the portrait."""
        if state is not State.GOODBYE:
            self.upkeep.hooks.record(state, before)
        if (before, state) != (State.HOLD, State.COACH):  # a lost hold goes on: its clock and its best frames stay
            self._enter.get(state, lambda: None)()
        if state is State.GOODBYE:
            self.upkeep.hooks.record(state, before, self.shown.outcome)

    def follow(self, event: Event | None) -> None:
        """Take over what became of the kept portrait."""
        if self.portrait.flow.outcome == "deleted":
            self.shown.outcome = "deleted"
        if event is not None:
            self.happen(event)

    def ask_to_keep(self) -> None:
        """Keep the portrait as soon as it is developed: the mirror's picture is still standing in."""
        if self.visit.keep_asked_s is None:
            self.visit.keep_asked_s = self.clock.now_s()

    def _waits_for_portrait(self, before: State) -> bool:
        """The page's time is up: True while what is to be kept is not kept yet, so that the page stays.

        A develop under way is waited for. Where the store refuses, the portrait stays and it is tried again.
        """
        visit = self.visit
        if before is not State.REVIEW:
            return before is State.FAULT and visit.owes_keep
        if self.params.review.on_timeout == "keep" and visit.keep_asked_s is None:
            if self.review.is_busy:
                self.ask_to_keep()
                return True
            try:
                self._keep()
            except Fault as trouble:
                visit.owes_keep = True
                self.meet(trouble)
                return True
            visit.owes_keep = False
        return visit.keep_asked_s is not None

    def _keep_as_in_mirror(self) -> None:
        """Keep the mirror's picture at full size: its guest asked for it, and the develop failed or takes too long."""
        self.visit.keep_asked_s = None
        self.review.settle_for_mirror()
        self.happen(Event.KEEP)
        if self.state is State.SHARE:
            self.shown.apology = "notice.stand_in"

    def wear(self, look: Look) -> None:
        """Put a look on mirror and portrait; another light asks nothing new of the sitter."""
        is_other = look.name != self.mirror.preview.look.name
        self.mirror.preview.set_look(look)
        if self.state in (State.REVIEW, State.DEVELOP):
            self.review.set_look(look)
        elif is_other and self.state in (State.COACH, State.TRY):
            self.portrait.capture_controller.fresh(look)

    def meet(self, trouble: Fault) -> None:
        """Show a fault, or end with it, as its row says."""
        if self.upkeep.fault_state.meet(trouble, self.state, self.clock.now_s()):
            self.shown.fault = trouble
            self.happen(Event.FAULT)

    def _monitor_health(self, now_s: float) -> None:
        """Meet what is wrong beside the guest; who slept with the machine has left it."""
        fault_state = self.upkeep.fault_state
        trouble = fault_state.step(self.state, now_s)
        if trouble is not None:
            self.meet(trouble)
        if fault_state.health_monitor.has_slept and self.visit.session is not None:
            self.happen(Event.LEAVE)
        self.shown.notes = tuple(fault_state.health_monitor.notes)
        self.upkeep.health.step(lambda: self._vitals(now_s))

    # -- one analysis -----------------------------------------------------------------------------------------------

    def _process(self, analysis: FrameAnalysis) -> Step:
        now_s, start_s = self.clock.now_s(), self.clock.now_s()
        if self.state is State.FAULT and self.upkeep.fault_state.may_recover(now_s):
            self.happen(Event.RECOVERED)
        if analysis.is_occupied or not self.visit.measures:
            self.visit.last_face_s = now_s
        due = self.desk.process(analysis, now_s) if self.state is State.OPERATOR else None
        if due is not None:
            look = self.mirror.preview.look
            self.review.begin(Shot(due, 0.0, look.name, ()), look, self.mirror.preview)
        guidance, shot, state = self._judge(analysis)
        self.shown.record(analysis, guidance, now_s)
        return Step(analysis, guidance, state, shot, (("coach", stopwatch_ms(start_s)),))

    def _judge(self, analysis: FrameAnalysis) -> tuple[Guidance | None, Shot | None, State]:
        """Before a yes nothing is measured but presence; during a session the coach has every analysis."""
        controller = self.portrait.capture_controller
        if self.visit.session is None or self.state not in MEASURES:
            watches = self.setup.judges_always and self.visit.session is not None
            return (controller.watch(analysis) if watches else None), None, self.state
        if not self.visit.measures:
            return None, self._camera_only(analysis), self.state
        if self.state in (State.TRY, State.CALIBRATE) or self.state in PRACTICE_STATES:
            self.mirror.flash_calibration.process(analysis)
            guidance = controller.watch(analysis)
            if self.state is State.PRACTICE and self.mirror.practice.process(analysis, guidance):
                self.happen(Event.BACK)
            return guidance, None, self.state
        return self._take_over(controller.step(analysis))

    def _take_over(self, taken: CaptureStep) -> tuple[Guidance, Shot | None, State]:
        self.portrait.exposure.record(taken.guidance)
        for event in taken.events:
            self.happen(event)
        state = self.state
        if taken.shot is not None:
            self._take(taken.shot)
        return taken.guidance, taken.shot, state

    def _take(self, shot: Shot) -> None:
        assert self.visit.session is not None
        exposure = self.feed.expose()  # first: the guest still stands as they were judged
        self.visit.session.keep(shot)
        self.shown.apology = None
        mirror = self.mirror
        self.review.begin(shot, mirror.preview.look, mirror.preview, mirror.try_on.included, exposure)

    def _camera_only(self, analysis: FrameAnalysis) -> Shot | None:
        """Just the camera: nothing is measured, and the picture is taken a while after the press."""
        pressed_s = self.visit.pressed_s
        if pressed_s is None or self.clock.now_s() - pressed_s < SELF_TIMER_S:
            return None
        self.visit.pressed_s = None
        self.happen(Event.SHOT)
        shot = Shot(analysis, 0.0, AS_YOU_ARE, ("reason.by_hand",))
        self._take(shot)
        return shot

    def finish_source(self, last: Step | None) -> Step | None:
        """The source has ended, or somebody else stands there next: an open hold gives what it has."""
        if last is None or last.guidance is None or self.state not in (State.COACH, State.HOLD):
            return None
        guidance, shot, state = self._take_over(self.portrait.capture_controller.finish(last.guidance))
        return Step(last.analysis, guidance, state, shot) if shot is not None else None

    def end_source(self, last: Step | None) -> None:
        """The source has ended: what an open hold gives comes as one more step."""
        if (closing := self.finish_source(last)) is not None:
            self._closing.append(closing)

    def next_sitter(self, last: Step | None) -> None:
        """Somebody else stands there from the next frame on: close the visit, and let the script begin another."""
        self.end_source(last)
        self.happen(Event.LEAVE)

    # -- time -------------------------------------------------------------------------------------------------------

    def _let_time_pass(self) -> None:
        now_s, visit = self.clock.now_s(), self.visit
        self._monitor_health(now_s)
        if self.state in (State.DEVELOP, State.REVIEW, State.OPERATOR):
            self._take_over_portrait()
        self._limit_session(now_s)
        if now_s - visit.last_face_s > self.params.kiosk.idle_s and not visit.owes_keep:
            self.happen(Event.ABSENCE)
            visit.last_face_s = now_s
            if self.state is State.ATTRACT:
                self.shown.begin_anew()
        flashes = self.mirror.flash_calibration
        if self.state is State.CALIBRATE and flashes.is_over(now_s):
            self.shown.apology = flashes.finish(self.screen.size)
            self.happen(Event.CALIBRATED)
        if self.state in (State.SHARE, State.GOODBYE):
            self.follow(self.portrait.flow.poll(self.state, now_s))
        if now_s - max(visit.entered_s, self.portrait.flow.touched_s) > limit_s(self.state, self.params):
            visit.entered_s = now_s
            self.happen(Event.TIMEOUT)

    def _limit_session(self, now_s: float) -> None:
        """End a session that has lasted too long, but never before what was asked for or promised is kept."""
        visit = self.visit
        is_over = visit.session is not None and now_s - visit.session_s > self.params.kiosk.session_limit_s
        if visit.keep_asked_s is not None and (is_over or now_s - visit.keep_asked_s > KEEP_WAIT_S):
            self._keep_as_in_mirror()
        if is_over and not visit.owes_keep:
            self.happen(Event.LEAVE)

    def _take_over_portrait(self) -> None:
        visit = self.visit
        try:
            if self.review.poll():
                self._developed()
        except Exception:
            log.exception("develop failed")
            self.upkeep.fault_state.counts["develop.failed"] += 1
            if visit.keep_asked_s is not None:
                self._keep_as_in_mirror()
                return
            self.shown.apology = "fault_text.develop"
            self.happen(Event.DEVELOP_FAILED)
        if visit.keep_asked_s is not None and not self.review.is_busy:
            visit.keep_asked_s = None
            self.happen(Event.KEEP)

    def _developed(self) -> None:
        reception = self.portrait.reception
        is_whole = reception is not None and not self.review.is_busy  # not the mirror's picture standing in
        if reception is not None and is_whole and reception.refuses(self.review.portrait()):
            self.shown.apology, self.visit.keep_asked_s = "office.brand", None
            self.happen(Event.DEVELOP_FAILED)
        else:
            self.happen(Event.DEVELOPED)

    # -- entering a state -------------------------------------------------------------------------------------------

    def _open_session(self) -> None:
        visit, reception = self.visit, self.portrait.reception
        if visit.session is None:
            self.portrait.folder.check()
            visit.session = Session.open(self._consent(), self.setup.folders.sessions)
            visit.session_s = self.clock.now_s()
            self.n_sessions += 1
            self.portrait.capture_controller.fresh(self.mirror.preview.look)
        if self.state is State.TRY and reception is not None and reception.is_one_look:
            self.happen(Event.CHOSEN)

    def _begin_coaching(self) -> None:
        self._open_session()
        if not self.portrait.capture_controller.holding:
            self.portrait.capture_controller.again()

    def _keep(self) -> None:
        """Hand the portrait on view over; a Fault leaves everything as it was, to be tried again."""
        assert self.visit.session is not None
        portrait, reception = self.review.portrait(), self.portrait.reception
        keep = self.portrait.service.keep_developed if reception is None else reception.keep
        kept = keep(portrait, tuple(coded(change) for change in self.review.changed), self.visit.session.consent)
        self.portrait.flow.begin(kept)
        self.shown.outcome = "kept"
        self.n_kept += 1
        count_kept(self.params, self.mirror.preview.look.name)
        log.info("kept a portrait")

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
        if self.desk.leave():
            self.has_quit = self.wants_restart = True
        self.visit.begin_anew(self.params.kiosk.retakes)
        self.happen(Event.WIPED)

    # -- what others ask --------------------------------------------------------------------------------------------

    def perception_mode(self, state: State) -> PerceptionMode:
        """How much may be looked at: everything only while a consenting guest is coached."""
        if state is State.OPERATOR:
            return PerceptionMode.ALL if self.desk.looks else PerceptionMode.NOTHING
        if not self.visit.measures:
            return PerceptionMode.NOTHING
        screen = self.params.screen
        has_session = self.visit.session is not None
        points = has_session and state in POINTED and (screen.dwell_s > 0 or screen.hand_model != "")
        return PerceptionMode.ALL if state in MEASURES or points else PerceptionMode.PRESENCE

    def _vitals(self, now_s: float) -> Vitals:
        """Counts and codes for those who watch many booths."""
        fault_state = self.upkeep.fault_state
        return Vitals(
            now_s, self.state.value, fault_state.code(self.state), self.shown.notes, dict(fault_state.counts),
            now_s - self._began_s, self.shown.fps, self.feed.rate, self.feed.n_reopened, self.feed.dropped,
            self.n_sessions, self.n_kept, free_bytes(self.portrait.folder.folder), resident_bytes(),
        )  # fmt: skip

    def _consent(self) -> ConsentRecord:
        return consent_record(self.params, self.shown.consent, self.shown.locale, measure=self.visit.measures)
