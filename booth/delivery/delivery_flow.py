"""What the guest does with a kept portrait: print, e-mail, erase. Holds the address while it is typed, then drops it.

Used on the engine's thread only; whatever is slow happens behind `DeliveryService`.
"""

from __future__ import annotations

from typing import Literal

from booth.config.params.deliver import DeliverParams
from booth.delivery.delivery_service import DeliveredPortrait, DeliveryService, most_copies
from booth.delivery.mail import ADDRESS_SIGNS
from booth.draw.scene import Signal
from booth.session.state_machine import Event, State
from booth.session.view import ShareFacts

LOOK_S = 0.25  # how often it is asked how the deliveries go
Outcome = Literal["kept", "deleted", "nothing"]


class DeliveryFlow:
    """The delivery of one guest's portrait, from keeping it until the page is left."""

    def __init__(self, service: DeliveryService, params: DeliverParams) -> None:
        self._delivery_service, self._params = service, params
        self.reset()

    def reset(self) -> None:
        """Release the portrait and the typed address."""
        self._delivery_service.release_sticks()
        self._kept: DeliveredPortrait | None = None
        self._page: Literal["main", "mail", "erase"] = "main"
        self._typed = ""
        self._copies = 1
        self._said: str | None = None  # answers a touch until the delivery itself has a status
        self._status: tuple[str, ...] = ()
        self._open: frozenset[str] = frozenset()
        self._looked_s = -LOOK_S
        self.outcome: Outcome = "nothing"
        self.touched_s = -1e9  # when the guest last did something here

    @property
    def kept(self) -> DeliveredPortrait | None:
        """The portrait that is handed over; None while there is none."""
        return self._kept

    def begin(self, kept: DeliveredPortrait) -> None:
        """Hand this portrait over from now on."""
        self.reset()
        self._kept, self.outcome = kept, "kept"
        self._delivery_service.offer_to_sticks(kept)

    def handle(self, signal: Signal, state: State, now_s: float) -> Event | None:
        """Do what the guest asked; returns the event that follows from it. Fault when the store cannot take it."""
        self.touched_s = now_s
        if self._kept is None or state not in (State.SHARE, State.GOODBYE):
            return None
        if signal.kind == "key":
            self._type(str(signal.value))
            return None
        return self._ask(str(signal.value), state)

    def _ask(self, what: str, state: State) -> Event | None:
        assert self._kept is not None
        if what == "print":
            copies = {} if self._copies == 1 else {"copies": self._copies}
            self._said = self._delivery_service.print(self._kept, **copies)
        elif what == "copies":
            self._copies = self._copies % most_copies(self._params.print, self._kept) + 1
        elif what == "send":
            self._send()
        elif what == "erase_yes":
            return self._erase(state)
        elif what in ("main", "mail", "erase"):
            self._page = what  # type: ignore[assignment]
            self._said = None
            self._typed = self._typed if what == "mail" else ""
        self._looked_s = -LOOK_S
        return None

    def _type(self, sign: str) -> None:
        if self._page != "mail":
            return
        self._typed = self._typed[:-1] if sign == "erase" else (self._typed + sign)[:ADDRESS_SIGNS]
        self._said = None

    def _send(self) -> None:
        assert self._kept is not None
        self._said = self._delivery_service.mail(self._kept, self._typed)
        if self._said != "share.mail_wrong":
            self._typed, self._page = "", "main"

    def _erase(self, state: State) -> Event | None:
        assert self._kept is not None
        self._delivery_service.erase(self._kept)
        self._gone()
        return Event.DELIVERED if state is State.SHARE else None

    def _gone(self) -> None:
        self.reset()
        self.outcome = "deleted"

    def poll(self, state: State, now_s: float) -> Event | None:
        """See how the deliveries go; a portrait that was erased from the phone ends the page."""
        if self._kept is None or now_s - self._looked_s < LOOK_S:
            return None
        self._looked_s = now_s
        if not self._delivery_service.is_kept(self._kept):
            self._gone()
            return Event.DELIVERED if state is State.SHARE else None
        self._status = self._delivery_service.status(self._kept)
        self._open = self._delivery_service.open_ways(self._kept)
        if self._said is not None and self._said in self._status:
            self._said = None
        return None

    def facts(self) -> ShareFacts:
        """What the page may know."""
        kept = self._kept
        if kept is None:
            return ShareFacts()
        own = (self._said,) if self._said is not None else ()
        status = (*own, *(key for key in self._status if key != "share.page_ready"))
        return ShareFacts(
            name=kept.path.name,
            where=self._params.folder,
            code=kept.code,
            receipt=kept.receipt_code,
            join_code=kept.join_code,
            join_name=self._params.page.wifi_name if kept.join_code is not None else "",
            status=status,
            ways=self._delivery_service.asked_ways,
            open_ways=self._open,
            copies=self._copies,
            copies_most=most_copies(self._params.print, kept),
            may_erase=True,
            page=self._page,
            typed=self._typed,
        )
