"""What a booth is made of: every part built and none of it running, and what can be asked of them all together."""

from __future__ import annotations

import numpy as np

from booth.advise.advisor import Advisor
from booth.advise.counts import kept_counts
from booth.capture.pump import CapturePump
from booth.capture.reopen import Reopener
from booth.capture.source import Source
from booth.clock import WallClock, asleep_s
from booth.desk.cameras import CameraShelf
from booth.desk.desk import Desk, Live
from booth.desk.profile_file import ProfileFile
from booth.desk.settings import Place, brand_folders
from booth.developing import config_folder
from booth.hooks import Hooks
from booth.kiosk.hands import POINTED
from booth.kiosk.machine import State
from booth.kiosk.pin import PinPad
from booth.kiosk.session import ConsentRecord, Session
from booth.kiosk.view import OfficeFacts, StaffFacts
from booth.kiosk.window import Signal, Window
from booth.looks.aim import aimed, dimmed
from booth.looks.look import Look
from booth.loop.delivery import LOW_BYTES, Delivery, data_folder
from booth.loop.exposure import ExposureLock
from booth.loop.governor import Governor
from booth.loop.handover import Handover
from booth.loop.mirror import Mirror
from booth.loop.premises import consent_record, counters, free_bytes, resident_bytes
from booth.loop.relief import Relief
from booth.loop.review import Review
from booth.loop.showing import PageMoment, Showing
from booth.loop.side_rooms import SIDE_ROOMS, SideRooms
from booth.loop.standing import Standing
from booth.loop.studio import Studio
from booth.loop.taking_home import TakingHome
from booth.loop.vigil import Machine, Vigil
from booth.loop.wall import Wall
from booth.loop.wardrobe import Wardrobe
from booth.office.people import Person
from booth.office.reception import Reception
from booth.params import Params
from booth.perception.eye import Eye
from booth.perception.pump import Gaze, PerceivePump
from booth.plugins import hook_acts, look_folders
from booth.shelf import LookShelf
from booth.types import Sight
from booth.upkeep.health import Health, Vitals
from booth.upkeep.watchdog import Watchdog

MEASURES = {State.TRY, State.COACH, State.CALIBRATE, State.HOLD, *SIDE_ROOMS}


class Furnishing:
    """The parts of one booth. Belongs to the loop that `booth.app.Booth` adds; changes nothing by itself."""

    def __init__(
        self, params: Params, look: Look, window: Window, source: Source, *, stands_in: bool = False,
        people: tuple[Person, ...] | None = None,
    ) -> None:  # fmt: skip
        self.params = params
        self._window, self._clock = window, WallClock()
        self._capture = CapturePump(source, Reopener(params.capture, source), params.capture, paced=True)
        self._perceive = PerceivePump(self._capture.slot, lambda: Eye(params), Gaze.PRESENCE)
        self._mirror = Mirror(look)
        self._governor = Governor(params.capture.fps)
        self._review = Review(params)
        self._delivery = Delivery(params.deliver)
        self._handover = Handover(params.deliver, data_folder(), review=params.review)
        self._home = TakingHome(self._handover, params.deliver)
        self._reception = None if people is None else Reception(params, look, people, self._handover)
        self._studio = Studio(params.guidance, look, self._reception.gate if self._reception else None)
        self._side_rooms, self._wardrobe = SideRooms(), Wardrobe(params.screen.accent)
        self._shelf = LookShelf(params, look_folders(params))
        self._hooks = Hooks(params.hooks, hook_acts(params))
        looks = self._shelf.offered
        self._wall, self._advisor = Wall(looks, look), Advisor(looks, kept_counts(params))
        self._first_look = look
        self._session: Session | None = None
        self._measures = True
        self._retakes_left = params.kiosk.retakes
        self._last_face_s = self._session_s = self._entered_s = self._clock.now_s()
        self.state = State.ATTRACT
        self._fault_in: State | None = None
        self._quit = False
        place = Place(params, looks=self._shelf.every, size_px=window.size, brands=brand_folders())
        pin = PinPad(config_folder() / "operator-pin.json")
        self.desk = Desk(pin, ProfileFile.of(None), place, CameraShelf(self._capture, params.capture))
        self.wants_restart = False
        self._n_sessions = self._n_kept = 0
        self._has_shown = False
        self._exposure = ExposureLock(params.capture, self._capture.ask)
        self._relief = Relief(params.screen, self._mirror, self._exposure.hold)
        self._pressed_s: float | None = None
        self._keep_asked = False
        machine = Machine(lambda: free_bytes(self._delivery.folder), asleep_s, LOW_BYTES, self._handover.make_room)
        self._standing = Standing(Vigil(self._capture, self._perceive, machine), Watchdog())
        self._health, self._began_s = Health(params.health, self._clock.now_s), self._clock.now_s()
        self.shown = Showing(params, stands_in=stands_in, camera_fps=source.fps if source.is_live else None)
        self.shown.offer(self._shelf.offered)

    def _gaze(self, state: State) -> Gaze:
        """How much may be looked at: everything only while a consenting guest is coached."""
        if state is State.STAFF:
            return Gaze.ALL if self.desk.looks else Gaze.NOTHING
        if not self._measures:
            return Gaze.NOTHING
        screen = self.params.screen
        points = self._session is not None and state in POINTED and (screen.dwell_s > 0 or screen.hand_model != "")
        return Gaze.ALL if state in MEASURES or points else Gaze.PRESENCE

    def _asked(self, signal: Signal) -> Look:
        """The look a guest's choice of look, light or strength comes to."""
        worn = self._mirror.look
        if signal.kind == "look":
            return self._advisor.aimed(self._shelf.find(str(signal.value)))
        if signal.kind == "light":
            return worn.with_light(str(signal.value))
        if signal.aim is not None:
            return aimed(worn, *signal.aim, face=self.shown.sight.sitter if self.shown.sight else None)
        return dimmed(worn, float(signal.value))

    def _vitals(self, now_s: float) -> Vitals:
        """Counts and codes for those who watch many booths."""
        return Vitals(
            now_s, self.state.value, self._standing.code(self.state), self.shown.notes, dict(self._standing.counts),
            now_s - self._began_s, self.shown.fps, self._capture.rate, self._capture.n_reopened,
            self._capture.slot.dropped, self._n_sessions, self._n_kept, free_bytes(self._delivery.folder),
            resident_bytes(),
        )  # fmt: skip

    def _consent(self) -> ConsentRecord:
        return consent_record(self.params, self.shown.consent, self.shown.locale, measure=self._measures)

    def _staff(self, now_s: float) -> StaffFacts:
        if self.state is not State.STAFF:
            return StaffFacts()
        counts = counters(self.params, self._capture.source, self._delivery.folder, self._n_sessions, self._n_kept)
        portrait = self._review.facts
        return self.desk.facts(now_s, Live(counts, portrait.after if portrait else None, self._review.is_busy))

    def _seen(self, sight: Sight) -> np.ndarray | None:
        """What the mirror shows: nobody's picture when nobody is there, the plain camera where nothing is measured."""
        if sight.someone is False:
            return None
        if sight.matte is None:
            return sight.frame.small
        shown = self._mirror.show(sight)
        return self._side_rooms.picture(self.state, sight, self._wardrobe.dress(sight, shown))

    def _moment(self, sight: Sight | None, now_s: float) -> PageMoment:
        """What the page may want to know of this moment."""
        return PageMoment(
            in_state_s=now_s - self._entered_s,
            look=self._mirror.look,
            wall=self._wall.tiles,
            suits=self._advisor.words(self._mirror.look.name),
            is_pair=self._wall.is_pair,
            hold_frac=self._studio.hold_frac(sight.frame.t_s) if sight else None,
            review=self._review,
            retakes_left=self._retakes_left,
            measures=self._measures,
            mirror_ms=self._mirror.took_ms,
            quality=self._governor.quality.name,
            share=self._home.facts(),
            office=self._reception.facts if self._reception and self.state is State.PEOPLE else OfficeFacts(),
            practice=self._side_rooms.facts,
            dress=self._wardrobe.facts,
            flash=self._relief.facts(now_s),
            staff=self._staff(now_s),
        )
