"""Keeps the portrait of a visit: waits for its develop, tries again where the store refuses, falls back to the mirror.

Time limits never end a session before what was asked for, or promised at consent, is kept.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from booth.core.faults import Fault
from booth.delivery.change_list import coded
from booth.looks.recommend.kept_counts import count_kept
from booth.session.state_machine import Event, State

if TYPE_CHECKING:
    from booth.app.engine import Engine

log = logging.getLogger(__name__)

KEEP_WAIT_S = 30.0  # a portrait asked for waits so long for its develop: ten times what two cores take


class KeepFlow:
    """Part of the engine, on its thread: decides when the portrait under review is kept."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self) -> None:
        """Keep the portrait on view through the delivery service; a Fault changes nothing, so it can be retried."""
        engine = self._engine
        assert engine.visit.session is not None
        portrait, reception = engine.review.portrait(), engine.portrait.reception
        changed, consent = tuple(coded(change) for change in engine.review.changed), engine.visit.session.consent
        if reception is None:
            service = engine.portrait.service
            wide = engine.review.develop_wide() if service.has_page else None
            kept = service.keep_developed(portrait, changed, consent, wide)
        else:
            kept = reception.keep(portrait, changed, consent)
        engine.portrait.flow.begin(replace(kept, people=engine.review.people))
        engine.shown.outcome = "kept"
        engine.n_kept += 1
        count_kept(engine.params, engine.mirror.preview.look.name)
        log.info("kept a portrait")

    def ask_to_keep(self) -> None:
        """Keep the portrait as soon as it is developed: until then the mirror's picture is shown."""
        engine = self._engine
        if engine.visit.keep_asked_s is None:
            engine.visit.keep_asked_s = engine.clock.now_s()

    def waits_at_timeout(self, before: State) -> bool:
        """The page's time is up: True while what is to be kept is not kept yet, so that the page stays.

        A develop under way is waited for. Where the store refuses, the portrait stays and it is tried again.
        """
        engine = self._engine
        visit = engine.visit
        if before is not State.REVIEW:
            return before is State.FAULT and visit.owes_keep
        if engine.params.review.on_timeout == "keep" and visit.keep_asked_s is None:
            if engine.review.is_busy:
                self.ask_to_keep()
                return True
            try:
                self.keep()
            except Fault as trouble:
                visit.owes_keep = True
                engine.handle_fault(trouble)
                return True
            visit.owes_keep = False
        return visit.keep_asked_s is not None

    def limit_session(self, now_s: float) -> None:
        """End a session that has lasted too long, but never before what was asked for or promised is kept."""
        engine = self._engine
        visit = engine.visit
        is_over = visit.session_left_s(now_s, engine.params.kiosk.session_limit_s) < 0
        if visit.keep_asked_s is not None and (is_over or now_s - visit.keep_asked_s > KEEP_WAIT_S):
            self._keep_as_in_mirror()
        if is_over and not visit.owes_keep:
            engine.dispatch(Event.LEAVE)

    def poll_develop(self) -> None:
        """Take over a finished or failed develop, and keep the portrait once it was asked for."""
        engine = self._engine
        visit = engine.visit
        try:
            if engine.review.poll():
                self._developed()
        except Exception:
            log.exception("develop failed")
            engine.upkeep.fault_state.counts["develop.failed"] += 1
            if visit.keep_asked_s is not None:
                self._keep_as_in_mirror()
                return
            engine.shown.apology = "fault_text.develop"
            engine.dispatch(Event.DEVELOP_FAILED)
        if visit.keep_asked_s is not None and not engine.review.is_busy:
            visit.keep_asked_s = None
            engine.dispatch(Event.KEEP)

    def _developed(self) -> None:
        engine = self._engine
        reception = engine.portrait.reception
        is_whole = reception is not None and not engine.review.is_busy  # not the mirror's picture standing in
        if reception is not None and is_whole and reception.refuses(engine.review.portrait()):
            engine.shown.apology, engine.visit.keep_asked_s = "office.brand", None
            engine.dispatch(Event.DEVELOP_FAILED)
        else:
            engine.dispatch(Event.DEVELOPED)

    def _keep_as_in_mirror(self) -> None:
        """Keep the mirror's picture at full size: its guest asked for it, and the develop failed or takes too long."""
        engine = self._engine
        engine.visit.keep_asked_s = None
        engine.review.use_mirror_picture()
        engine.dispatch(Event.KEEP)
        if engine.state is State.SHARE:
            engine.shown.apology = "notice.stand_in"
