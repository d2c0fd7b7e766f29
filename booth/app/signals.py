"""What the guest and the operator ask for, one row for each kind of signal; an unknown kind is ignored."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from booth.core.faults import Fault
from booth.draw.scene import Signal
from booth.looks.light_aim import aimed, dimmed
from booth.looks.look import Look
from booth.looks.pose_library import POSE_KIND
from booth.looks.tryon.outfit import NONE
from booth.session.state_machine import Event, State

if TYPE_CHECKING:
    from booth.app.engine import Engine

TOUCH_S = 1.0  # a touch makes the operator's page this old: its limit starts anew, its pause against double taps not


class SignalHandlers:
    """Turns signals into what the engine and its parts do."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._rows: dict[str, Callable[[Signal], None]] = {
            "event": lambda signal: self.handle_event(Event(str(signal.value))),
            "look": self._set_look,
            "pick": self._pick,
            "light": self._set_look,
            "strength": self._set_look,
            "sun": self._set_look,
            "thumb": lambda signal: engine.review.choose(int(signal.value)),
            "locale": self._speak,
            "mode": lambda signal: engine.shown.turn(str(signal.value)),
            "pair": lambda signal: engine.mirror.look_grid.show_pair(
                str(signal.value), engine.mirror.preview.look.name
            ),
            "page": lambda signal: engine.mirror.look_grid.show_page(int(signal.value)),
            "digit": self._operate,
            "staff": self._operate,
            "ask": self._deliver,
            "key": self._deliver,
            "quit": self._quit,
            "person": self._receive,
            "letter": self._receive,
            "wear": self._wear,
        }

    def handle(self, signal: Signal) -> None:
        """Do what a signal asks."""
        row = self._rows.get(signal.kind)
        if row is not None:
            row(signal)

    def handle_event(self, event: Event) -> None:
        """Do what has to come before an event of the guest, then let it happen."""
        engine, reception = self._engine, self._engine.portrait.reception
        now_s = engine.clock.now_s()
        if reception is not None:
            event = reception.asks_first(engine.state, event)
        if engine.state is State.CALIBRATE:
            engine.mirror.flash_calibration.answer(event, now_s)
        if engine.state is State.ATTRACT:
            engine.invite(is_together=event is Event.TOGETHER)
        if event is Event.MANUAL and engine.state in (State.COACH, State.HOLD):
            engine.visit.pressed_s = now_s
            engine.portrait.capture_controller.press(now_s)
        if event is Event.CHOSEN and engine.state is State.TRY:
            engine.portrait.capture_controller.fresh(engine.mirror.preview.look)
        if event is Event.KEEP and engine.state is State.REVIEW and engine.review.is_busy:
            engine.keep_flow.ask_to_keep()
            return
        engine.dispatch(event)

    def _wear(self, signal: Signal) -> None:
        """Take a choice of the page of clothes: one to put on, or a pose to be guided to."""
        engine = self._engine
        kind, _, name = str(signal.value).partition(".")
        if kind == POSE_KIND:
            engine.portrait.capture_controller.ask_pose("" if name == NONE else name)
        else:
            engine.mirror.try_on.handle(str(signal.value))

    def _quit(self, signal: Signal) -> None:
        """Close the booth; one that is locked asks for the operator's PIN first."""
        engine, page = self._engine, self._engine.operator_page
        is_locked = engine.params.kiosk.locked and page.has_pin  # without a PIN a guest would choose it
        if is_locked and not (engine.state is State.OPERATOR and page.is_open):
            engine.dispatch(Event.OPERATOR_IN)
            return
        engine.leave()

    def _speak(self, signal: Signal) -> None:
        self._engine.shown.locale = str(signal.value)

    def _receive(self, signal: Signal) -> None:
        reception = self._engine.portrait.reception
        if reception is not None:
            reception.handle(signal)
            self._engine.mirror.try_on.name(reception.name)

    def _set_look(self, signal: Signal) -> None:
        reception = self._engine.portrait.reception
        if reception is None or not reception.is_one_look:
            self._engine.set_look(self._asked(signal))

    def _pick(self, signal: Signal) -> None:
        """A tap on a look of the wall: the first puts it on, the second on the same one goes on with it."""
        visit, name = self._engine.visit, str(signal.value)
        if self._engine.state is State.TRY and visit.picked == name == self._engine.mirror.preview.look.name:
            self.handle_event(Event.CHOSEN)
            return
        visit.picked = name
        self._set_look(Signal("look", name))

    def _asked(self, signal: Signal) -> Look:
        """The look a guest's choice of look, light or strength comes to."""
        mirror, analysis = self._engine.mirror, self._engine.shown.analysis
        worn = mirror.preview.look
        if signal.kind == "look":
            return mirror.advisor.aimed(mirror.catalog.find(str(signal.value)))
        if signal.kind == "light":
            return worn.with_light(str(signal.value))
        if signal.aim is not None:
            return aimed(worn, *signal.aim, face=analysis.sitter if analysis else None)
        return dimmed(worn, float(signal.value))

    def _operate(self, signal: Signal) -> None:
        engine = self._engine
        if engine.state is not State.OPERATOR:
            return
        now_s = engine.clock.now_s()
        engine.visit.entered_s = max(engine.visit.entered_s, now_s - TOUCH_S)
        if signal.kind == "digit":
            engine.operator_page.press(str(signal.value), now_s)
            return
        asked = engine.operator_page.handle(str(signal.value), now_s)
        engine.feed.mode = engine.perception_mode(engine.state)
        if asked is not None:
            engine.dispatch(Event.OPERATOR_OUT)
            engine.has_quit = engine.has_quit or asked != "leave"
            engine.wants_restart = engine.has_quit and asked != "quit"

    def _deliver(self, signal: Signal) -> None:
        engine = self._engine
        if signal.kind == "ask" and engine.strip.handle(str(signal.value), engine.clock.now_s()):
            return
        try:
            engine.follow(engine.portrait.flow.handle(signal, engine.state, engine.clock.now_s()))
        except Fault as fault:
            engine.handle_fault(fault)
