"""The one window: opens the screen, turns keys, mouse and touch into signals, shows what the compositor drew."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from types import MappingProxyType

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
os.environ.setdefault("SDL_VIDEO_MINIMIZE_ON_FOCUS_LOSS", "0")  # a touch on a second screen must not hide the booth

import numpy as np
import pygame

from booth.config.params.kiosk import ScreenParams
from booth.config.words import say_to
from booth.core.faults import Fault
from booth.draw.painter import clear_surfaces
from booth.draw.scene import Button, Signal, Slider, Sun
from booth.draw.theme import RTL_LOCALES, palette_of
from booth.draw.typeface import close_fonts
from booth.session.state_machine import Event, State
from booth.session.view import View
from booth.ui.brand_pictures import load_background, load_logo
from booth.ui.compositor import Compositor, pixels_of
from booth.ui.drag import grabbed, nudged, pulled, stronger
from booth.ui.hands_free import Hands
from booth.ui.second_screen import SecondScreen
from booth.ui.sounds import SoundPlayer
from booth.ui.speech import SpeechOutput, SteadyText
from booth.ui.touch import SETTLE_S, Standing, Touch, button_at, released, swiped
from booth.ui.view_state import ViewState
from booth.ui.window_size import DEFAULT_SIZE, UNSEEN, windowed

__all__ = ["Signal", "Window"]

_MAX_PX = 2_400_000  # a larger screen gets pictures of half its size, enlarged by the graphics card
OPERATOR_HOLD_S = 5.0
_CORNER_FRAC = 0.12  # of the short side

_STATE_KEYS: Mapping[tuple[State, int], Event] = MappingProxyType(
    {
        (State.CONSENT, pygame.K_y): Event.AGREE,
        (State.CONSENT, pygame.K_n): Event.DECLINE,
        (State.CONSENT, pygame.K_c): Event.CAMERA_ONLY,
        (State.COACH, pygame.K_m): Event.MANUAL,
        (State.HOLD, pygame.K_m): Event.MANUAL,
        (State.COACH, pygame.K_BACKSPACE): Event.BACK,
        (State.DRESS, pygame.K_BACKSPACE): Event.BACK,
        (State.PRACTICE, pygame.K_BACKSPACE): Event.BACK,
        (State.REVIEW, pygame.K_k): Event.KEEP,
        (State.REVIEW, pygame.K_r): Event.RETAKE,
        (State.REVIEW, pygame.K_d): Event.DELETE,
    }
)
_ARROWS = {pygame.K_LEFT: (-1, 0), pygame.K_RIGHT: (1, 0), pygame.K_UP: (0, -1), pygame.K_DOWN: (0, 1)}
_NUMBER_PAD = tuple(getattr(pygame, f"K_KP{digit}") for digit in range(10))  # digits of a PIN
_ALIKE = {pygame.K_RETURN, pygame.K_KP_ENTER, pygame.K_SPACE}
_TOUCHES = frozenset({pygame.FINGERDOWN, pygame.MOUSEBUTTONDOWN, pygame.MOUSEWHEEL, pygame.KEYDOWN})
_CHOOSES = frozenset({State.TRY, State.COACH, State.REVIEW})


class Window:
    """The only owner of a pygame window; Fault `screen.missing` where there is no screen."""

    is_drawn = True

    def __init__(
        self,
        params: ScreenParams | None = None,
        size: tuple[int, int] | None = None,
        *,
        fullscreen: bool | None = None,
        is_locked: Callable[[], bool] = lambda: False,
        title: str = "booth",
        sounds: Mapping[State, Path] | None = None,
    ) -> None:
        self._params = params or ScreenParams()
        self._title = title
        self._is_locked = is_locked  # the screen's size is the operator's business
        self._is_full = self._params.fullscreen if fullscreen is None else fullscreen
        self._windowed_size = size or DEFAULT_SIZE
        self._view: View | None = None
        self._touch: Touch | None = None
        self._standing = Standing()
        self._hands = Hands()
        self._corner_s: float | None = None
        self._held: Sun | Slider | None = None
        self._own: list[Signal] = []
        self._was_touched = False
        palette = palette_of(self._params)
        self._dress = ViewState(
            logo=load_logo(self._params.logo, palette), background=load_background(self._params.background, palette)
        )
        _open_display()
        self._show()
        self._bystanders = SecondScreen(is_on=self._params.bystanders)
        self._chime = SoundPlayer(self._params.sound, sounds)
        self._speech = SpeechOutput(self._params.spoken)
        self._to_say = SteadyText()

    def _show(self) -> None:
        full = _full_size(), pygame.FULLSCREEN | pygame.SCALED
        size, flags = full if self._is_full else windowed(self._windowed_size)
        try:
            self._surface = pygame.display.set_mode(size, flags)
        except pygame.error as error:
            raise _no_screen() from error
        pygame.display.set_caption(self._title)
        pygame.mouse.set_visible(not self._is_full)
        self._compositor = Compositor(self._surface.get_size(), self._dress)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the drawn page in pixels."""
        return self._compositor.size

    @property
    def wall_page(self) -> int:
        """Which six looks the wall shows, counted from 0: what the app renders into `View.wall`."""
        return self._compositor.ui.wall_page

    def draw(self, view: View) -> None:
        """Draw a view and show it; a state that has just begun is also heard."""
        if self._view is not None and view.state is not self._view.state:
            self._chime.enter(view.state)
        self._speech.say(self._to_say.step(self._spoken(view), view.now_s), view.locale)
        self._bystanders.draw(view)
        self._view = view
        self._watch_corner(view)
        self._watch_hands(view)
        self._compositor.marks = self._hands.marks(view, self._compositor.scene.buttons, self.size)
        self._compositor.draw(view, self._surface)
        self._standing = self._standing.step(self._compositor.scene.buttons, view.state, view.now_s, view.in_state_s)
        pygame.display.flip()

    @staticmethod
    def _spoken(view: View) -> str:
        """What is to be said aloud now: the coach's sentence, word for word as it stands on the screen."""
        advice = view.guidance.advice if view.guidance is not None and view.session.measures else None
        place = view.guidance.place if view.guidance is not None else ""
        return say_to(advice, place, view.locale) if view.state in (State.COACH, State.HOLD) and advice else ""

    def snapshot(self) -> np.ndarray:
        """Return what is on the screen as (H, W, 3) uint8 RGB."""
        return pixels_of(self._surface)

    def poll(self) -> tuple[Signal, ...]:
        """Return what the guest did since the last call, oldest first; never waits."""
        own, self._own = self._own, []
        events = [event for event in pygame.event.get() if not self._bystanders.owns(event)]
        self._was_touched = any(event.type in _TOUCHES for event in events) or bool(own)
        done = (*own, *(signal for event in events for signal in self._signals_of(event)))
        return tuple(s for s, after in zip_longest(done, done[1:]) if not _is_outrun(s, after))

    def put_back(self, signals: tuple[Signal, ...]) -> None:
        """Give signals out again at the next `poll`, before all others: whoever polled could not do them yet."""
        self._own[:0] = signals

    def was_touched(self) -> bool:
        """True where a finger, the mouse, a key, the nose or a thumb did something in the last `poll`."""
        return self._was_touched

    def close(self) -> None:
        """Close the window and release the screen."""
        self._chime.close()
        self._speech.close()
        self._bystanders.close()
        clear_surfaces()
        close_fonts()
        pygame.display.quit()
        pygame.font.quit()

    def __enter__(self) -> Window:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _signals_of(self, event: pygame.event.Event) -> tuple[Signal, ...]:
        if event.type == pygame.QUIT:
            return (Signal("quit"),)
        if event.type == pygame.KEYDOWN and self._view is not None and self._view.state is State.PEOPLE:
            return self._letter(event)
        if event.type == pygame.KEYDOWN:
            if self._view is not None and self._view.state is State.SHARE and self._view.share.page == "mail":
                return self._typed(event)
            if self._view is not None and self._view.operator.mail is not None and self._view.operator.mail.field:
                return self._written(event)
            return self._key(event.key, event.mod)
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1 and not getattr(event, "touch", False):
            return self._tap(*event.pos)
        if event.type == pygame.MOUSEWHEEL:
            return self._turn("previous" if event.y - event.x > 0 else "next")
        if event.type == pygame.FINGERDOWN:
            return self._tap(event.x * self.size[0], event.y * self.size[1])
        if event.type in (pygame.FINGERMOTION, pygame.MOUSEMOTION):
            return self._drag(event)
        return self._lift(event) if event.type in (pygame.FINGERUP, pygame.MOUSEBUTTONUP) else ()

    def _letter(self, event: pygame.event.Event) -> tuple[Signal, ...]:
        """Take a key while a name is being looked for; keys that are no letters do what they do everywhere."""
        if event.key == pygame.K_BACKSPACE:
            return (Signal("letter", "erase"),)
        sign = event.unicode
        if len(sign) == 1 and sign.isprintable() and not event.mod & pygame.KMOD_CTRL:
            return (Signal("letter", sign),)
        return self._key(event.key, event.mod)

    def _watch_corner(self, view: View) -> None:
        """Let the operator in once the corner opposite the way out has been held long enough."""
        if self._corner_s is not None and view.now_s - self._corner_s >= OPERATOR_HOLD_S:
            self._corner_s = None
            self._own.append(Signal("event", Event.OPERATOR_IN))

    def _tap(self, x: float, y: float) -> tuple[Signal, ...]:
        view = self._view
        if view is None or view.in_state_s < SETTLE_S:
            return ()
        corner_x = self.size[0] - x if view.locale in RTL_LOCALES else x
        if max(corner_x, y) < _CORNER_FRAC * min(self.size):
            self._corner_s = view.now_s
        self._held = grabbed(self._compositor.scene, x, y)
        if isinstance(self._held, Slider):
            return (pulled(self._held, x, y, is_rtl=view.locale in RTL_LOCALES),)
        if self._held is None:
            hit = button_at(self._compositor.scene.buttons, x, y)
            is_meant = hit is not None and self._standing.may_press(hit)
            self._touch = Touch(x, y, view.state, hit.name if hit is not None and is_meant else None)
        return ()

    def _drag(self, event: pygame.event.Event) -> tuple[Signal, ...]:
        """Move what is held after the finger; a touch is also reported as a mouse event."""
        held = self._held
        if held is None or self._view is None or getattr(event, "touch", False):
            return ()
        is_finger = event.type == pygame.FINGERMOTION
        x, y = (event.x * self.size[0], event.y * self.size[1]) if is_finger else event.pos
        return (pulled(held, x, y, is_rtl=self._view.locale in RTL_LOCALES),)

    def _lift(self, event: pygame.event.Event) -> tuple[Signal, ...]:
        """Press what was touched, or turn to the next or previous choice where the finger went across."""
        if getattr(event, "touch", False) or getattr(event, "button", 1) != 1:
            return ()  # a touch is also reported as a mouse event
        touch, view = self._touch, self._view
        self._corner_s = self._held = self._touch = None
        if touch is None or view is None:
            return ()
        is_finger = event.type == pygame.FINGERUP
        x, y = (event.x * self.size[0], event.y * self.size[1]) if is_finger else event.pos
        way = swiped(touch, x, y, self.size[0]) if touch.state is view.state else ""
        if way and view.state in _CHOOSES:
            return self._turn(way)
        hit = released(touch, x, y, view.state, self._compositor.scene.buttons)
        return self._press(hit) if hit is not None else ()

    def _turn(self, way: str) -> tuple[Signal, ...]:
        """Go on to the next or previous six looks on the wall, or to the next or previous look elsewhere."""
        view = self._view
        if view is None or view.state not in _CHOOSES:
            return ()
        if view.state is not State.TRY:
            return self._choose(view, f"look.{way}")
        hit = next((b for b in self._compositor.scene.buttons if b.name == f"page.{way}"), None)
        return self._press(hit) if hit is not None else ()

    def _watch_hands(self, view: View) -> None:
        """Let the nose and a raised thumb press."""
        if view.in_state_s < SETTLE_S:
            return
        pressed = self._hands.pressed_button(view, self._compositor.scene.buttons, self.size)
        if pressed is not None:
            self._own += self._press(pressed)

    def _press(self, button: Button) -> tuple[Signal, ...]:
        """Do what a button does; signals that only change the UI state are not passed on."""
        passed_on: list[Signal] = []
        for signal in button.signals:
            if signal.kind == "compare":
                self._compositor.ui = replace(self._compositor.ui, shown=signal.value)  # type: ignore[arg-type]
            elif signal.kind == "account":
                self._compositor.ui = replace(self._compositor.ui, account_page=int(signal.value))
            elif signal.kind == "about":
                self._compositor.ui = replace(self._compositor.ui, shows_about=bool(signal.value))
            elif signal.kind == "page":
                self._compositor.ui = replace(self._compositor.ui, wall_page=int(signal.value))
                passed_on.append(signal)
            else:
                passed_on.append(signal)
        return tuple(passed_on)

    def _key(self, key: int, mod: int) -> tuple[Signal, ...]:
        ui = self._compositor.ui
        if key == pygame.K_q and mod & pygame.KMOD_CTRL:
            return (Signal("quit"),)
        if key == pygame.K_F2:
            self._compositor.ui = replace(ui, shows_timings=not ui.shows_timings)
        elif key == pygame.K_F3:
            self._compositor.ui = replace(ui, shows_mesh=not ui.shows_mesh)
        elif key == pygame.K_F11 and not self._is_locked():
            self._is_full = not self._is_full
            self._show()
        elif key == pygame.K_F10:
            return (Signal("event", Event.OPERATOR_IN),)
        elif key == pygame.K_ESCAPE:
            return (Signal("event", Event.WITHDRAW),)
        elif key == pygame.K_TAB:
            self._hands.tab(self._compositor.scene.buttons, -1 if mod & pygame.KMOD_SHIFT else 1)
        elif key in _ALIKE:
            return self._next()
        elif self._view is not None:
            return self._light_key(self._view, key, mod) or self._state_key(self._view, key)
        return ()

    def _light_key(self, view: View, key: int, mod: int) -> tuple[Signal, ...]:
        """Up and down are the light's strength, with Shift all arrows move the sun as it is seen on the screen."""
        way = _ARROWS.get(key)
        if way is None or view.aim is None or view.state not in _CHOOSES:
            return ()
        if mod & pygame.KMOD_SHIFT:
            return (nudged(view.aim.az_deg, view.aim.el_deg, *way),)
        return (stronger(view.aim.strength, -way[1]),) if way[1] else ()

    def _next(self) -> tuple[Signal, ...]:
        """Do the obvious next thing: Space, Enter, a foot pedal or one big button."""
        buttons = self._compositor.scene.buttons
        focus = self._hands.focused(self._view, buttons) if self._view is not None else None
        hit = focus or next((b for b in buttons if b.is_next and b.is_enabled), None)
        return self._press(hit) if hit is not None and self._standing.may_press(hit) else ()

    def _typed(self, event: pygame.event.Event) -> tuple[Signal, ...]:
        """Take a key of a real keyboard while an address is being typed."""
        if event.key == pygame.K_ESCAPE:
            return (Signal("ask", "main"),)
        if event.key == pygame.K_BACKSPACE:
            return (Signal("key", "erase"),)
        if event.key in (pygame.K_RETURN, pygame.K_KP_ENTER):
            return self._next()
        sign = event.unicode
        return (Signal("key", sign),) if len(sign) == 1 and "!" <= sign <= "~" else ()

    def _written(self, event: pygame.event.Event) -> tuple[Signal, ...]:
        """Take a key of a real keyboard while the operator writes a field of the mail server."""
        if event.key == pygame.K_ESCAPE:
            return (Signal("staff", "mail:cancel"),)
        if event.key == pygame.K_BACKSPACE:
            return (Signal("staff", "mail:erase"),)
        if event.key in (pygame.K_RETURN, pygame.K_KP_ENTER):
            return (Signal("staff", "mail:done"),)
        sign = event.unicode
        return (Signal("staff", f"mail:sign:{sign}"),) if len(sign) == 1 and " " <= sign <= "~" else ()

    def _state_key(self, view: View, key: int) -> tuple[Signal, ...]:
        if self._compositor.ui.shows_about:
            return ()
        event = _STATE_KEYS.get((view.state, key))
        if event is Event.RETAKE and view.session.retakes_left <= 0:
            return ()
        if event is not None:
            return (Signal("event", event),)
        if view.state is State.OPERATOR:
            return _digit(key)
        if view.state not in _CHOOSES:
            return ()
        names = {
            pygame.K_LEFT: "look.previous",
            pygame.K_RIGHT: "look.next",
            pygame.K_l: "light.next",
        }
        return self._choose(view, names.get(key, ""))

    def _choose(self, view: View, name: str) -> tuple[Signal, ...]:
        kind, _, way = name.partition(".")
        choices = [c.name for c in (view.looks if kind == "look" else view.lights)]
        now = view.look.name if kind == "look" else view.light.name
        if not way or not choices or not view.session.measures:
            return ()
        at = choices.index(now) if now in choices else 0
        chosen = choices[(at + (1 if way == "next" else -1)) % len(choices)]
        return (Signal("look" if kind == "look" else "light", chosen),)


def _is_outrun(signal: Signal, after: Signal | None) -> bool:
    """True for a place on a drag's way that it has left already."""
    return after is not None and signal.kind == after.kind and signal.kind in ("sun", "strength")


def _digit(key: int) -> tuple[Signal, ...]:
    if pygame.K_0 <= key <= pygame.K_9:
        return (Signal("digit", str(key - pygame.K_0)),)
    if key in _NUMBER_PAD:
        return (Signal("digit", str(_NUMBER_PAD.index(key))),)
    return (Signal("digit", "erase"),) if key == pygame.K_BACKSPACE else ()


def _open_display() -> None:
    try:
        pygame.display.init()
        pygame.font.init()
    except pygame.error as error:
        raise _no_screen() from error
    driver = pygame.display.get_driver()
    if driver in UNSEEN and os.environ.get("SDL_VIDEODRIVER", "") != driver:
        pygame.display.quit()
        raise _no_screen()


def _no_screen() -> Fault:
    return Fault(
        "screen.missing",
        "There is no screen to open a window on.",
        "Start it from a desktop session, or use `booth replay SRC`, which needs no window.",
    )


def _full_size() -> tuple[int, int]:
    """Return the size to draw at: the desktop's own, halved until two cores can keep up."""
    w, h = pygame.display.get_desktop_sizes()[0]
    while w * h > _MAX_PX:
        w, h = w // 2, h // 2
    return w, h
