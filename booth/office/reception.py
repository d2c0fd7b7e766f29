"""An office run at the booth's own screen: picking a name, the brand check of a portrait, the drift."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from booth.config.params import Params
from booth.core.clock import utc_now
from booth.delivery.delivery_service import DeliveredPortrait, DeliveryService
from booth.draw.scene import Signal
from booth.looks.look import Look
from booth.office.office_session import OfficeSession
from booth.office.people_list import Person
from booth.session.session import ConsentRecord
from booth.session.state_machine import Event, State
from booth.session.view import BrandGauge, OfficeFacts
from booth.still.developer import Developed
from booth.still.drift import DriftReport

log = logging.getLogger(__name__)

MAX_TYPED = 60


class Reception:
    """What the engine calls during an office run. Used on the engine's thread only."""

    def __init__(self, params: Params, look: Look, people: Sequence[Person], service: DeliveryService) -> None:
        self._session = OfficeSession(params, look, people, service)
        self.gate = self._session.gate
        self.is_one_look = params.office.is_one_look
        self._typed = ""
        self._is_typing = False  # the keyboard is on the page
        self._facts: OfficeFacts | None = None

    def asks_first(self, state: State, event: Event) -> Event:
        """Return the event itself, or the one that asks for a name before anything else."""
        return Event.PICK if state is State.ATTRACT and event is Event.START else event

    def handle(self, signal: Signal) -> None:
        """Take a letter or a choice of the page; letters narrow the list down."""
        self._facts = None
        if signal.kind == "letter" and signal.value in ("open", "close"):
            self._is_typing = signal.value == "open"
        elif signal.kind == "letter":
            self._typed = self._typed[:-1] if signal.value == "erase" else (self._typed + str(signal.value))[:MAX_TYPED]
            self._session.clear()
        elif signal.value:
            self._session.seat(str(signal.value))
            self._is_typing = False
        elif self._typed.strip():
            self._session.seat_typed(self._typed)
            self._is_typing = False

    @property
    def facts(self) -> OfficeFacts:
        """What the page shows; worked out anew after a change only, since it reads the store."""
        if self._facts is None:
            board = sorted(self._session.board(), key=lambda place: place.is_done)  # who is still to come stands first
            wanted = self._typed.strip().casefold()
            rows = tuple((p.person.key, p.person.name, p.is_done) for p in board if wanted in p.person.name.casefold())
            chosen = self._session.sitter.key if self._session.sitter is not None else ""
            done = sum(place.is_done for place in board)
            self._facts = OfficeFacts(rows, done, len(board), self._typed, chosen, self._is_typing)
        return self._facts

    @property
    def ruler(self) -> tuple[BrandGauge, ...]:
        """How the newest frame stands to the brand's tolerances."""
        return self.gate.gauges

    @property
    def name(self) -> str:
        """Who sits there now; empty between two people."""
        return self._session.sitter.name if self._session.sitter is not None else ""

    def refuses(self, portrait: Developed) -> bool:
        """True for a portrait outside the brand's tolerances: it has to be taken again."""
        off = self._session.faults(portrait)
        for key, times in off.items():
            log.info("outside the brand: %s %.2f tolerances", key, times)
        return bool(off)

    def keep(self, portrait: Developed, changes: tuple[str, ...], consent: ConsentRecord) -> DeliveredPortrait:
        """Keep the portrait as the sitter's, instead of an earlier one; Fault `office.brand` and of keeping."""
        self._facts = None
        return self._session.keep(portrait, changes, consent, utc_now())

    def reset(self) -> None:
        """Clear the current sitter."""
        self._session.clear()
        self._typed, self._facts, self._is_typing = "", None, False
        self.gate.reset()

    def report(self) -> DriftReport:
        """How far each kept portrait is from the brand."""
        return self._session.report()
