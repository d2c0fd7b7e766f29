"""The window's first seconds: name, mark and, once in a machine's life, how far its preparation is.

Opened before anything heavy is loaded, which happens on a thread while the mark goes round here.
"""

from __future__ import annotations

import logging
import math
import os
import threading
from collections.abc import Callable, Sequence
from importlib import import_module

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import pygame

from booth.app.operator.profile_file import profile_to_run
from booth.app.preparing import Preparation
from booth.app.shutdown import LEAVING
from booth.config.params import load_params
from booth.config.params.kiosk import ScreenParams
from booth.core.clock import WallClock
from booth.core.faults import Fault
from booth.core.kernel_cache import is_prepared
from booth.ui.window_size import DEFAULT_SIZE, windowed

log = logging.getLogger(__name__)

NAME = "booth"
FIRST_PAGE = ("cv2", "typer", "booth.cli.run", "booth.app.opening_page", "booth.ui.window")  # what the first page needs
FRAME_S = 1 / 20  # showing a frame can cost 14 ms, and loading wants them
TURN_S = 1.6  # the mark's dot goes round once in this time
INK, TEXT, MUTED, ACCENT = (22, 20, 19), (250, 246, 240), (190, 181, 172), (242, 166, 90)  # the packaged palette's
ICON_PX = 64


def option(words: Sequence[str], name: str) -> str | None:
    """Return the value of an option of the command line, before it is parsed in earnest."""
    for word, after in zip(words, [*words[1:], ""], strict=True):
        if word == name:
            return after
        if word.startswith(f"{name}="):
            return word.partition("=")[2]
    return None


def size_of(words: Sequence[str]) -> tuple[int, int] | None:
    """Return the window's size that the command line asks for; None where it names none that can be read."""
    try:
        width, height = (int(part) for part in (option(words, "--window") or "").lower().split("x"))
    except ValueError:
        return None
    return (width, height) if min(width, height) > 0 else None


def screen_of(words: Sequence[str]) -> ScreenParams:
    """Return the screen's settings in the profile the booth will start with; the packaged ones where it is broken."""
    try:
        return load_params(profile_to_run(option(words, "--profile"))).screen
    except (Fault, OSError):
        return ScreenParams()  # what is wrong with the profile is said when the command reads it


def draw_mark(surface: pygame.Surface, centre: tuple[float, float], radius: float, turn: float) -> None:
    """Draw a lens with a dot on its way round it; `turn` counts whole rounds."""
    pygame.draw.circle(surface, TEXT, centre, radius, max(2, round(radius * 0.12)))
    pygame.draw.circle(surface, MUTED, centre, radius * 0.5, max(1, round(radius * 0.06)))
    angle = 2 * math.pi * turn
    dot = centre[0] + radius * math.sin(angle), centre[1] - radius * math.cos(angle)
    pygame.draw.circle(surface, ACCENT, dot, max(3, radius * 0.2))


def icon() -> pygame.Surface:
    """Return the window's icon."""
    surface = pygame.Surface((ICON_PX, ICON_PX), pygame.SRCALPHA)
    draw_mark(surface, (ICON_PX / 2, ICON_PX / 2), ICON_PX * 0.38, 0.125)
    return surface


class Opening:
    """The window while there is nothing to show in it yet."""

    def __init__(self, size: tuple[int, int], *, fullscreen: bool) -> None:
        """Raise pygame.error where there is no screen."""
        pygame.display.init()
        if pygame.display.get_driver() in ("offscreen", "dummy") and not os.environ.get("SDL_VIDEODRIVER"):
            pygame.display.quit()
            raise pygame.error("no screen")
        pygame.font.init()
        self._clock = WallClock()
        self._began_s = self._clock.now_s()
        self.locale = "en"
        pygame.display.set_icon(icon())
        pygame.display.set_caption(NAME)
        size, flags = ((0, 0), pygame.FULLSCREEN | pygame.SCALED) if fullscreen else windowed(size)
        self._surface = pygame.display.set_mode(size, flags)
        pygame.mouse.set_visible(not fullscreen)
        self.draw()

    @property
    def age_s(self) -> float:
        """Seconds since it opened."""
        return self._clock.now_s() - self._began_s

    def is_closed(self) -> bool:
        """True once the window was asked to close, by its corner or by Ctrl+Q."""
        return any(
            event.type == pygame.QUIT
            or (event.type == pygame.KEYDOWN and event.key == pygame.K_q and event.mod & pygame.KMOD_CTRL)
            for event in pygame.event.get()
        )

    def draw(self, done: int | None = None, total: int = 0) -> None:
        """Draw once; `done` of `total` where the machine is being prepared."""
        width, height = self._surface.get_size()
        short = min(width, height)
        self._surface.fill(INK)
        draw_mark(self._surface, (width / 2, height * 0.4), short * 0.08, self.age_s / TURN_S)
        self._write(NAME, short // 16, height * 0.58, TEXT)
        if done is not None:
            from booth.config.words import say  # late: the first frame needs no sentence

            self._write(say("opening.preparing", self.locale, done=done, whole=total or "…"), short // 30,
                        height * 0.7, MUTED)  # fmt: skip
            self._bar(done / max(1, total), height * 0.78)
        pygame.display.flip()

    def _write(self, line: str, px: int, middle_y: float, colour: tuple[int, int, int]) -> None:
        from booth.draw.typeface import render

        drawn = render(line, max(12, px), False, colour, self.locale)
        self._surface.blit(drawn, drawn.get_rect(center=(self._surface.get_width() / 2, middle_y)))

    def _bar(self, share: float, y: float) -> None:
        width, height = self._surface.get_size()
        frame = pygame.Rect(round(width * 0.3), round(y), round(width * 0.4), max(6, height // 80))
        pygame.draw.rect(self._surface, MUTED, frame, 1, border_radius=frame.height // 2)
        frame.width = round(frame.width * share)
        if frame.width > frame.height:
            pygame.draw.rect(self._surface, ACCENT, frame, border_radius=frame.height // 2)


def _load() -> None:
    for name in FIRST_PAGE:
        import_module(name)


def open_while_loading(opening: Opening, load: Callable[[], None] = _load) -> bool:
    """Turn the mark until everything is loaded and prepared; False where the window was closed meanwhile."""
    loader = threading.Thread(target=load, daemon=True, name="loading")
    loader.start()
    pause = threading.Event()
    while loader.is_alive():
        if opening.is_closed():
            return False
        opening.draw()
        pause.wait(FRAME_S)
    if is_prepared():
        return True
    log.info("preparing")
    with Preparation() as preparation:
        while not preparation.is_over:
            if opening.is_closed():
                return False
            opening.draw(preparation.done, preparation.total)
            pause.wait(FRAME_S)
    return True


def first_seconds(words: Sequence[str]) -> bool:
    """Open the window and come back when everything is loaded; False where it was closed meanwhile.

    Without a screen nothing is opened, and the command says so itself. The window stays for `booth.ui.window`.
    """
    LEAVING.install()
    size, screen = size_of(words), screen_of(words)
    try:
        opening = Opening(
            size or DEFAULT_SIZE, fullscreen="--fullscreen" in words or (screen.fullscreen and size is None)
        )
    except pygame.error:
        return True
    log.info("window open")
    opening.locale = option(words, "--locale") or screen.locale
    if open_while_loading(opening):
        return True
    LEAVING.begin()
    pygame.display.quit()
    return False
