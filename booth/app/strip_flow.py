"""Several shots on one sheet: which of them the guest chooses, and keeping it. Holds pixels until `reset`."""

from __future__ import annotations

import logging
from concurrent.futures import Future
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from booth.delivery.change_list import changes_of, coded
from booth.delivery.delivery_service import DeliveredPortrait, FinishedPortrait
from booth.session.state_machine import State
from booth.session.view import ShareFacts
from booth.still.card import MAX_SHOTS, MIN_SHOTS, on_one_sheet
from booth.still.developer import Developed

if TYPE_CHECKING:
    from booth.app.engine import Engine


log = logging.getLogger(__name__)


class StripFlow:
    """Part of the engine, on its thread: at the delivery, once the portrait itself is kept."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._picked: tuple[int, ...] = ()  # numbers of the shot's frames, in the order of the touches
        self._pending: Future[tuple[Developed, ...]] | None = None
        self._sheet: np.ndarray | None = None
        self._first: DeliveredPortrait | None = None  # the portrait beside which the sheet is kept
        self._is_open = self._has_failed = False

    def reset(self) -> None:
        """Release the sheet; one that is being made is dropped when it is done."""
        if self._pending is not None:
            self._pending.cancel()
        self._picked, self._pending, self._sheet, self._first = (), None, None, None
        self._is_open = self._has_failed = False

    @property
    def is_offered(self) -> bool:
        """True where there are several shots to choose from, and no set that all have to look alike."""
        engine = self._engine
        return len(engine.review.thumbs) >= MIN_SHOTS and engine.setup.develops and engine.portrait.reception is None

    def handle(self, what: str, now_s: float) -> bool:
        """Do what a touch asks; False for what is none of this page's."""
        verb, _, number = what.partition(":")
        if verb == "erase_yes" and self._first is not None:  # the sheet goes by itself: the portrait goes with it
            self._engine.portrait.service.erase(self._first)
        if not verb.startswith("strip") or self._engine.state is not State.SHARE or not self.is_offered:
            return False
        self._engine.portrait.flow.touched_s = now_s
        if verb == "strip":
            self._is_open, self._picked = True, tuple(range(len(self._engine.review.thumbs)))[:MAX_SHOTS]
        elif verb == "strip_back":
            self._is_open = False
        elif verb == "strip_pick":
            self._pick(int(number))
        elif verb == "strip_make" and self._may_make:
            self._pending = self._engine.review.develop_several(self._picked)
        return True

    @property
    def _may_make(self) -> bool:
        return self._pending is None and MIN_SHOTS <= len(self._picked) <= MAX_SHOTS

    def _pick(self, number: int) -> None:
        """Take a shot onto the sheet, or off it again."""
        if number in self._picked:
            self._picked = tuple(n for n in self._picked if n != number)
        elif len(self._picked) < MAX_SHOTS and 0 <= number < len(self._engine.review.thumbs):
            self._picked = (*self._picked, number)

    def poll(self, now_s: float) -> None:
        """Keep a sheet that is done and hand it over from now on; the portrait stays kept beside it."""
        if self._pending is None:
            return
        self._engine.portrait.flow.touched_s = now_s  # whoever waits for it has not left
        if not self._pending.done():
            return
        pending, self._pending = self._pending, None
        engine = self._engine
        if pending.cancelled() or engine.visit.session is None:
            return
        try:
            sheet = on_one_sheet(pending.result())
            told = tuple(coded(change) for change in changes_of(sheet.record, ""))
            whole = FinishedPortrait(sheet.file_bytes(), changes=told)
            service = engine.portrait.service
            kept = service.keep_portrait(whole, engine.visit.session.consent, service.now())
        except Exception as error:  # the portrait is kept all the same: what failed is said on the page
            log.warning("sheet: %s", type(error).__name__)
            self._has_failed = True
            return
        self._first = engine.portrait.flow.kept
        engine.portrait.flow.begin(kept)
        engine.portrait.flow.touched_s = now_s
        engine.n_kept += 1
        self._sheet, self._is_open = sheet.after, False

    def facts(self, share: ShareFacts) -> ShareFacts:
        """Return what the delivery page shows, with the sheet."""
        if not share.name:
            return share
        return replace(
            share,
            page="strip" if self._is_open else share.page,
            picked=self._picked,
            is_making=self._pending is not None,
            may_make=self._may_make,
            may_strip=self.is_offered and self._sheet is None,
            sheet=self._sheet,
            status=("fault_text.develop", *share.status) if self._has_failed else share.status,
        )
