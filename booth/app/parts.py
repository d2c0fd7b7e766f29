"""What a booth is made of: every part built and none of it running, and what can be asked of them all together."""

from __future__ import annotations

import numpy as np

from booth.app.fault_state import FaultState
from booth.app.health import HealthEndpoint, Vitals
from booth.app.health_monitor import HealthMonitor, Machine
from booth.app.hooks import Hooks
from booth.app.look_catalog import LookCatalog
from booth.app.look_grid import LookGrid
from booth.app.operator.camera_choice import CameraShelf
from booth.app.operator.operator_desk import Live, OperatorDesk
from booth.app.operator.pin import PinPad
from booth.app.operator.profile_file import ProfileFile
from booth.app.operator.settings import SettingsScope, brand_folders
from booth.app.plugins import hook_acts, look_folders
from booth.app.practice import PRACTICE_STATES, Practice
from booth.app.review import Review
from booth.app.try_on import TryOn
from booth.app.view_builder import ViewBuilder, ViewInputs
from booth.app.watchdog import Watchdog
from booth.capture.capture_thread import CaptureThread
from booth.capture.reopen import Reopener
from booth.capture.source import Source
from booth.config.params import Params
from booth.core.clock import WallClock, asleep_s
from booth.core.types import FrameAnalysis
from booth.delivery.delivery_flow import DeliveryFlow
from booth.delivery.delivery_service import DeliveryService
from booth.delivery.portrait_folder import LOW_BYTES, PortraitFolder, data_folder
from booth.looks.light_aim import aimed, dimmed
from booth.looks.look import Look
from booth.looks.preview import PreviewRenderer
from booth.looks.quality import QualityController
from booth.looks.recommend.advisor import Advisor
from booth.looks.recommend.kept_counts import kept_counts
from booth.office.people_list import Person
from booth.office.reception import Reception
from booth.perception.frame_analyzer import FrameAnalyzer
from booth.perception.perception_thread import PerceptionMode, PerceptionThread
from booth.session.capture_controller import CaptureController
from booth.session.exposure_lock import ExposureLock
from booth.session.flash_calibration import FlashCalibration
from booth.session.premises import consent_record, counters, free_bytes, resident_bytes
from booth.session.session import ConsentRecord, Session
from booth.session.state_machine import State
from booth.session.view import OfficeFacts, OperatorFacts
from booth.still.developer import config_folder
from booth.ui.hands_free import POINTED
from booth.ui.window import Signal, Window

MEASURES = {State.TRY, State.COACH, State.CALIBRATE, State.HOLD, *PRACTICE_STATES}


class Furnishing:
    """The parts of one booth. Belongs to the loop that `booth.app.engine.Booth` adds; changes nothing by itself."""

    def __init__(
        self, params: Params, look: Look, window: Window, source: Source, *, stands_in: bool = False,
        people: tuple[Person, ...] | None = None,
    ) -> None:  # fmt: skip
        self.params = params
        self._window, self._clock = window, WallClock()
        self._capture = CaptureThread(source, Reopener(params.capture, source), params.capture, paced=True)
        self._perceive = PerceptionThread(self._capture.slot, lambda: FrameAnalyzer(params), PerceptionMode.PRESENCE)
        self._mirror = PreviewRenderer(look)
        self._quality_controller = QualityController(params.capture.fps)
        self._review = Review(params, is_set=people is not None)
        self._portrait_folder = PortraitFolder(params.deliver)
        self._delivery_service = DeliveryService(params.deliver, data_folder(), review=params.review)
        self._delivery_flow = DeliveryFlow(self._delivery_service, params.deliver)
        self._reception = None if people is None else Reception(params, look, people, self._delivery_service)
        self._capture_controller = CaptureController(
            params.guidance, look, self._reception.gate if self._reception else None
        )
        self._practice, self._try_on = Practice(), TryOn(params.screen.accent)
        self._catalog = LookCatalog(params, look_folders(params))
        self._hooks = Hooks(params.hooks, hook_acts(params))
        looks = self._catalog.offered
        self._look_grid, self._advisor = LookGrid(looks, look), Advisor(looks, kept_counts(params))
        self._first_look = look
        self._session: Session | None = None
        self._measures = True
        self._retakes_left = params.kiosk.retakes
        self._last_face_s = self._session_s = self._entered_s = self._clock.now_s()
        self.state = State.ATTRACT
        self._fault_in: State | None = None
        self._quit = False
        place = SettingsScope(params, looks=self._catalog.every, size_px=window.size, brands=brand_folders())
        pin = PinPad(config_folder() / "operator-pin.json")
        self.desk = OperatorDesk(pin, ProfileFile.of(None), place, CameraShelf(self._capture, params.capture))
        self.wants_restart = False
        self._n_sessions = self._n_kept = 0
        self._has_shown = False
        self._exposure = ExposureLock(params.capture, self._capture.ask)
        self._flash_calibration = FlashCalibration(params.screen, self._mirror, self._exposure.hold)
        self._pressed_s: float | None = None
        self._keep_asked = False
        machine = Machine(
            lambda: free_bytes(self._portrait_folder.folder), asleep_s, LOW_BYTES, self._delivery_service.make_room
        )
        self._fault_state = FaultState(HealthMonitor(self._capture, self._perceive, machine), Watchdog())
        self._health, self._began_s = HealthEndpoint(params.health, self._clock.now_s), self._clock.now_s()
        self.shown = ViewBuilder(params, stands_in=stands_in, camera_fps=source.fps if source.is_live else None)
        self.shown.offer(self._catalog.offered)

    def _perception_mode(self, state: State) -> PerceptionMode:
        """How much may be looked at: everything only while a consenting guest is coached."""
        if state is State.OPERATOR:
            return PerceptionMode.ALL if self.desk.looks else PerceptionMode.NOTHING
        if not self._measures:
            return PerceptionMode.NOTHING
        screen = self.params.screen
        points = self._session is not None and state in POINTED and (screen.dwell_s > 0 or screen.hand_model != "")
        return PerceptionMode.ALL if state in MEASURES or points else PerceptionMode.PRESENCE

    def _asked(self, signal: Signal) -> Look:
        """The look a guest's choice of look, light or strength comes to."""
        worn = self._mirror.look
        if signal.kind == "look":
            return self._advisor.aimed(self._catalog.find(str(signal.value)))
        if signal.kind == "light":
            return worn.with_light(str(signal.value))
        if signal.aim is not None:
            return aimed(worn, *signal.aim, face=self.shown.analysis.sitter if self.shown.analysis else None)
        return dimmed(worn, float(signal.value))

    def _vitals(self, now_s: float) -> Vitals:
        """Counts and codes for those who watch many booths."""
        return Vitals(
            now_s, self.state.value, self._fault_state.code(self.state), self.shown.notes, dict(self._fault_state.counts),
            now_s - self._began_s, self.shown.fps, self._capture.rate, self._capture.n_reopened,
            self._capture.slot.dropped, self._n_sessions, self._n_kept, free_bytes(self._portrait_folder.folder),
            resident_bytes(),
        )  # fmt: skip

    def _consent(self) -> ConsentRecord:
        return consent_record(self.params, self.shown.consent, self.shown.locale, measure=self._measures)

    def _operator(self, now_s: float) -> OperatorFacts:
        if self.state is not State.OPERATOR:
            return OperatorFacts()
        counts = counters(
            self.params, self._capture.source, self._portrait_folder.folder, self._n_sessions, self._n_kept
        )
        portrait = self._review.facts
        return self.desk.facts(now_s, Live(counts, portrait.after if portrait else None, self._review.is_busy))

    def _seen(self, analysis: FrameAnalysis) -> np.ndarray | None:
        """What the mirror shows: nobody's picture when nobody is there, the plain camera where nothing is measured."""
        if analysis.someone is False:
            return None
        if analysis.matte is None:
            return analysis.frame.small
        shown = self._mirror.show(analysis)
        return self._practice.picture(self.state, analysis, self._try_on.dress(analysis, shown))

    def _moment(self, analysis: FrameAnalysis | None, now_s: float) -> ViewInputs:
        """What the page may want to know of this moment."""
        return ViewInputs(
            in_state_s=now_s - self._entered_s,
            look=self._mirror.look,
            wall=self._look_grid.tiles,
            suits=self._advisor.words(self._mirror.look.name),
            is_pair=self._look_grid.is_pair,
            hold_frac=self._capture_controller.hold_frac(analysis.frame.t_s) if analysis else None,
            review=self._review,
            retakes_left=self._retakes_left,
            measures=self._measures,
            mirror_ms=self._mirror.took_ms,
            quality=self._quality_controller.quality.name,
            share=self._delivery_flow.facts(),
            office=self._reception.facts if self._reception and self.state is State.PEOPLE else OfficeFacts(),
            practice=self._practice.facts,
            dress=self._try_on.facts,
            flash=self._flash_calibration.facts(now_s),
            operator=self._operator(now_s),
        )
