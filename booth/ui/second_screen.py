"""A second screen for those who stand by: the mirror of a guest who was informed, and otherwise what the booth is.

Off unless the operator turned it on; the consent page then says so. Before a yes, at review and after it shows nobody.
"""

from __future__ import annotations

import logging

import cv2
import numpy as np
import pygame

from booth.draw.painter import Painter, fit_picture
from booth.draw.scene import Emblem, Rect
from booth.draw.theme import LayoutGrid
from booth.session.state_machine import State
from booth.session.view import View
from booth.ui.page_builder import Page, Style

log = logging.getLogger(__name__)

SHOWS = frozenset({State.COACH, State.HOLD})  # after the yes, while the picture is being taken
EVERY = 3  # one drawn page of three: ten pictures a second are enough to look on
_TOUCHES = frozenset({pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP, pygame.MOUSEMOTION, pygame.MOUSEWHEEL,
                      pygame.FINGERDOWN, pygame.FINGERUP, pygame.FINGERMOTION})  # fmt: skip
_ROUND_S = 9.0  # the sign's accent goes round once


def picture_for(view: View) -> np.ndarray | None:
    """Return the mirror's (h, w, 3) uint8 picture where bystanders may see it, None where they may not."""
    return view.picture if view.params.bystanders and view.state in SHOWS else None


class SecondScreen:
    """The window on the second screen; none where there is only one."""

    def __init__(self, *, is_on: bool, desktops: list[tuple[int, int]] | None = None) -> None:
        self._window: pygame.Window | None = None
        self._n = 0
        sizes = desktops if desktops is not None else (pygame.display.get_desktop_sizes() if is_on else [])
        if not is_on or len(sizes) < 2:
            if is_on:
                log.warning("there is no second screen")
            return
        # Screens stand side by side, the second to the right of the first: the system's own default.
        place = (sizes[0][0], 0)
        self._window = pygame.Window("booth, second screen", sizes[1], place, borderless=True)

    def owns(self, event: pygame.event.Event) -> bool:
        """True for a touch on the second screen: nobody operates the booth from there."""
        is_touch = event.type in _TOUCHES
        return is_touch and self._window is not None and getattr(event, "window", None) is self._window

    def draw(self, view: View) -> None:
        """Show what bystanders may see of a view, on every third call."""
        self._n += 1
        if self._window is None or self._n % EVERY:
            return
        paint_bystanders(view, self._window.get_surface())
        self._window.flip()

    def close(self) -> None:
        """Close the window."""
        if self._window is not None:
            self._window.destroy()
            self._window = None


def paint_bystanders(view: View, onto: pygame.Surface) -> None:
    """Paint what bystanders may see onto a surface of any size; nothing of it is kept."""
    size = onto.get_size()
    picture = picture_for(view)
    if picture is not None:
        mirrored = np.ascontiguousarray(cv2.flip(fit_picture(picture, size), 1))
        onto.blit(pygame.image.frombuffer(mirrored.data, size, "RGB"), (0, 0))
        return
    page = Page(LayoutGrid(*size, view.params, view.locale))
    onto.fill(page.palette.ink)
    _welcome(page, view)
    Painter(page.palette, view.locale, page.grid.is_rtl).paint(page.scene(), onto)


def _welcome(page: Page, view: View) -> None:
    """Put the sign and what the booth is in the middle."""
    body, grid = page.body, page.grid
    side = round(min(body.w, body.h) * 0.5)
    turn = 0.72 if grid.params.reduced_motion else (view.now_s / _ROUND_S) % 1.0
    page.items.append(Emblem(Rect((grid.w - side) // 2, body.y, side, side), turn))
    words = body.below(side + grid.gap)
    title = page.say("attract.title").replace("\n", " ")
    high = min(words.h, page.height_of(title, words.w, "title", bold=True))
    page.text("title", words.top(high), title, Style("title", bold=True, align="centre"))
    rest = words.below(high + grid.gap)
    text = page.say("attract.text")
    page.text("text", rest.top(page.height_of(text, rest.w, "lead")), text, Style("lead", align="centre"))
