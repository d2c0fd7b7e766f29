"""The attract page: what this is, one button, ten languages. The live mirror only once someone is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import msgspec
import numpy as np

from booth.config.params.kiosk import ScreenParams
from booth.draw.scene import Button, Emblem, Image, Rect, Scene, Side, Signal
from booth.session.state_machine import Event
from booth.session.view import View
from booth.ui.page_builder import Dress, Page, Style, event
from booth.ui.screens.coach import whole_height
from booth.ui.view_state import ViewState

_ROUND_S = 9.0  # the sign's accent goes round once
_MIRROR_PART = 0.66  # of the screen's long side
MODES: Mapping[str, str] = MappingProxyType(
    {"large_text": "letter", "high_contrast": "contrast", "low_controls": "lower"}
)
LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "ar", "hi", "zh", "ja")


def turned(screen: ScreenParams, mode: str) -> ScreenParams:
    """Return the settings with one of `MODES` turned on, or off where it was on; any other name changes nothing."""
    if mode not in MODES:
        return screen
    return msgspec.structs.replace(screen, **{mode: not getattr(screen, mode)})


def compose_attract(page: Page, view: View, ui: ViewState) -> Scene:
    """Compose the page that stands while nobody has begun."""
    grid, body = page.grid, page.body
    if ui.background is not None and view.picture is None and not grid.params.high_contrast:
        page.image(Image("background", page.whole, ui.background))
    languages = _languages_foot(page, body)
    is_beside = grid.params.low_controls and not grid.is_portrait  # so that all of it stands low enough
    floor = languages.y if is_beside else _modes_row(page, languages).y
    area = Rect(body.x, body.y, body.w, floor - 2 * grid.gap - body.y)
    column = area if grid.is_portrait else Rect(area.x, area.y, round(area.w * 0.56), area.h)
    words = _greeting(page, column, may_come_together=view.may_come_together)
    start = next(item.rect for item in page.items if isinstance(item, Button))
    x = start.right + 2 * grid.gap
    _modes(page, Rect(x, start.y, body.right - x, start.h) if is_beside else _modes_row(page, languages))
    _languages(page, body)
    if view.picture is not None:
        return _with_mirror(page, view)
    above = Rect(area.x, area.y, area.w, words.y - grid.gap - area.y)
    if ui.logo is not None:
        _logo(page, ui.logo, above, on_plate=ui.background is not None)
    beside_h = grid.h // 2 - area.y - grid.gap if is_beside else area.h
    beside = Rect(body.x + round(area.w * 0.62), area.y, round(area.w * 0.38), beside_h)
    if not grid.is_portrait or ui.logo is None:
        _emblem(page, view, above if grid.is_portrait else beside)
    return page.scene()


def _with_mirror(page: Page, view: View) -> Scene:
    """Return the page with the mirror beside the words, or above them, fading into the page toward them."""
    grid = page.grid
    part = round(grid.w * _MIRROR_PART)
    box: Rect
    side: Side
    if grid.is_portrait:
        box, side = Rect(0, 0, grid.w, round(grid.h * _MIRROR_PART)), "bottom"
    elif grid.is_rtl:
        box, side = Rect(0, 0, part, grid.h), "right"
    else:
        box, side = Rect(grid.w - part, 0, part, grid.h), "left"
    return replace(page.scene(whole_height(box, view), shade=1.0), shade_side=side)


def _greeting(page: Page, area: Rect, *, may_come_together: bool) -> Rect:
    """Put title, text, button and privacy terms into the area, low on an upright screen; returns their box."""
    grid = page.grid
    title, text, terms = (page.say(f"attract.{name}") for name in ("title", "text", "presence"))
    heights = [
        page.height_of(title, area.w, "hero", bold=True),
        page.height_of(text, area.w, "lead"),
        max(grid.button_h, grid.px(12)),
        *([grid.button_h] if may_come_together else []),
        page.height_of(terms, area.w, "small"),
    ]
    spare = area.h - sum(heights) - (len(heights) - 1) * grid.gap
    size = "lead"
    if spare < 0 and may_come_together:  # the second button takes its room from the text, not from the title
        size, heights[1] = "body", page.height_of(text, area.w, "body")
        spare = area.h - sum(heights) - (len(heights) - 1) * grid.gap
    heights[0] += min(0, spare)  # a title of several lines is the first to be set smaller
    is_low = grid.is_portrait or (may_come_together and grid.params.low_controls)
    y = area.y + (max(0, spare) if is_low else max(0, spare) // 2)
    if grid.params.low_controls:
        y = max(y, grid.h // 2 - heights[0] - heights[1] - 2 * grid.gap)
    boxes = []
    for h in heights:
        boxes.append(Rect(area.x, y, area.w, max(1, h)))
        y += h + grid.gap
    boxes[-1] = boxes[-1].top(max(1, area.bottom + grid.gap - boxes[-1].y))
    page.text("title", boxes[0], title, Style("hero", bold=True))
    page.text("text", boxes[1], text, Style(size))
    start = Rect(area.x, boxes[2].y, min(area.w, grid.px(52)), heights[2])
    dress = Dress("primary", icon="camera", size="lead", is_next=True)
    page.button("start", start, page.say("attract.start"), event(Event.START), dress)
    if may_come_together:
        together = Rect(area.x, boxes[3].y, start.w, boxes[3].h)
        page.button("together", together, page.say("attract.together"), event(Event.TOGETHER), Dress(icon="people"))
    page.text("presence", boxes[-1], terms, Style("small", colour="muted"))
    return Rect(area.x, boxes[0].y, area.w, boxes[-1].bottom - boxes[0].y)


def _modes_row(page: Page, languages: Rect) -> Rect:
    """Return the row above the languages."""
    grid = page.grid
    h = max(grid.px(6.4), grid.target_px)
    width = languages.w if grid.is_portrait else round(languages.w * 0.72)
    return Rect(languages.x, languages.y - grid.gap // 2 - h, width, h)


def _modes(page: Page, row: Rect) -> None:
    """Put what helps to see and to reach into a row: larger text, high contrast, everything low, for one guest."""
    for (mode, icon), cell in zip(MODES.items(), row.columns(len(MODES), page.grid.gap // 2), strict=True):
        dress = Dress("chip", icon=icon, size="small", is_on=bool(getattr(page.grid.params, mode)))
        page.button(f"mode.{mode}", cell, page.say(f"mode.{mode}"), (Signal("mode", mode),), dress)


def _logo(page: Page, rgb: np.ndarray, area: Rect, *, on_plate: bool) -> None:
    """Put the operator's logo above the title, as large as there is room, on the page's own colour."""
    h = min(area.h, page.grid.px(14))
    w = min(area.w // 2, round(h * rgb.shape[1] / rgb.shape[0]))
    if h < page.grid.px(4):
        return
    if on_plate:
        page.panel(Rect(area.x, area.y, w, h), colour="ink")
        pad = h // 8
        page.image(Image("logo", Rect(area.x, area.y, w, h).inset(pad), rgb, contain=True))
    else:
        page.image(Image("logo", Rect(area.x, area.y, w, h), rgb, contain=True))


def _emblem(page: Page, view: View, area: Rect) -> None:
    """Put the sign where nobody is there to be mirrored."""
    side = round(min(area.w, area.h) * 0.86)
    x, y = area.centre
    turn = 0.72 if page.grid.params.reduced_motion else (view.now_s / _ROUND_S) % 1.0
    if side > page.grid.px(16):
        page.items.append(Emblem(Rect(x - side // 2, y - side // 2, side, side), turn))


def _languages_foot(page: Page, body: Rect) -> Rect:
    """Return the box of the languages at the foot: one row, or two."""
    grid = page.grid
    rows = _language_rows(page)
    h = max(grid.px(6.4), grid.target_px)
    high = rows * h + (rows - 1) * grid.gap // 2
    return Rect(body.x, body.bottom - high, body.w, high)


def _language_rows(page: Page) -> int:
    return 2 if page.grid.is_portrait or page.grid.params.large_text else 1


def _languages(page: Page, body: Rect) -> None:
    """Put the languages at the foot; each is named in itself."""
    grid, rows = page.grid, _language_rows(page)
    lines = _languages_foot(page, body).rows(rows, grid.gap // 2)
    cells = [cell for line in lines for cell in line.columns(len(LANGUAGES) // rows, grid.gap // 2)]
    for code, cell in zip(LANGUAGES, cells, strict=True):
        dress = Dress("chip", size="small", is_on=code == grid.locale)
        page.button(f"language.{code}", cell, page.say(f"language.{code}"), (Signal("locale", code),), dress)
