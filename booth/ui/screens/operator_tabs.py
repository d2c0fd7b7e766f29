"""The leaves of the operator's page on which something is set or tried: camera, test shot, looks, settings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from booth.draw.scene import Image, Panel, Rect, Signal
from booth.draw.theme import LARGE_TEXT
from booth.session.view import OperatorChoice, OperatorSetting, View
from booth.ui.page_builder import Dress, Page, Style

TILE_UNITS = 22  # least width and height of a tile, hundredths of the short side
_PICTURE_PART = 0.5  # of the width, beside the controls


@dataclass(frozen=True, slots=True)
class TabArea:
    """Where a leaf may put things: its room, and the line below it for what was said and for turning pages."""

    show: Rect
    line: Rect


def put_camera(page: Page, view: View, area: TabArea) -> None:
    """Put the live picture with the line the eyes should be on, the cameras, and where the lens sits."""
    facts = view.operator
    show, controls = split(page, area)
    words = page.say(facts.hint) if facts.hint else ""
    high = page.line_h("body", 2)
    frame = Rect(show.x, show.y, show.w, show.h - high - page.grid.gap)
    page.text("hint", Rect(show.x, frame.bottom + page.grid.gap, show.w, high), words, Style("body", bold=True))
    _picture(page, "live", facts.live, frame, (view.eye_line, facts.eyes_frac))
    rows = [_Row(setting=setting) for setting in facts.settings]
    rows += [_Row(choice=choice, verb="camera") for choice in facts.choices]
    _list(page, view, controls, area.line, rows)


def put_shot(page: Page, view: View, area: TabArea) -> None:
    """Put the test shot, or the live picture until there is one, and the button that takes it."""
    facts = view.operator
    show, controls = split(page, area)
    if facts.shot is not None and facts.shot_in_s is None:
        page.image(Image("shot", show, facts.shot, radius=page.grid.px(1.5), contain=True))
    else:
        _picture(page, "live", facts.live, show, (view.eye_line, None))
    h = max(page.grid.button_h, page.grid.px(12))
    take = Rect(controls.x, controls.y, controls.w, min(h, controls.h))
    left_s = facts.shot_in_s
    label = page.say("staff.shot_take") if left_s is None else str(max(1, round(left_s + 0.5)))
    dress = Dress("primary", icon="camera" if left_s is None else None, size="lead", is_next=True)
    page.button("shot", take, label, (Signal("staff", "shot"),), dress)
    below = controls.below(take.h + page.grid.gap)
    words = page.say("staff.shot_busy" if facts.is_developing else "staff.shot_text")
    high = page.height_of(words, below.w, "body")
    if high <= below.h:
        page.text("shot.text", below.top(high), words, Style("body", colour="muted"))
    elif not facts.said:  # no room beside the picture: in the line of what is said
        page.text("shot.text", area.line, words, Style("body", colour="muted"))
    said(page, view, area.line)


def put_looks(page: Page, view: View, area: TabArea) -> None:
    """Put every look with its picture, to be turned off and on."""
    put_tiles(page, view, area, "look")


def put_tiles(page: Page, view: View, area: TabArea, verb: str) -> None:
    """Put choices as pictures with their titles, as many as there is room for, and what turns the page."""
    grid = page.grid
    rect = touchable(page, area.show)
    caption = page.line_h("small", 2)
    wide = grid.px(TILE_UNITS * (LARGE_TEXT if grid.params.large_text else 1))
    least_w, least_h = max(wide, grid.target_px), max(grid.px(TILE_UNITS), grid.target_px + caption)
    n_columns = max(1, (rect.w + grid.gap) // (least_w + grid.gap))
    n_lines = max(1, (rect.h + grid.gap) // (least_h + grid.gap))
    choices, per_page = view.operator.choices, n_columns * n_lines
    n_pages = max(1, -(-len(choices) // per_page))
    at = view.operator.page % n_pages
    cells = [cell for row in rect.rows(n_lines, grid.gap) for cell in row.columns(n_columns, grid.gap)]
    for choice, cell in zip(choices[at * per_page : (at + 1) * per_page], cells, strict=False):
        _tile(page, choice, verb, cell, caption)
    put_pager(page, view, area.line, at, n_pages)


def _tile(page: Page, choice: OperatorChoice, verb: str, cell: Rect, caption: int) -> None:
    """Put one picture over its title; the button is all of it."""
    title = page.words(choice.title)
    signals = (Signal("staff", f"{verb}:{choice.key}"),)
    dress = Dress("tile", is_on=choice.is_on, is_enabled=not choice.is_fixed)
    page.button(f"{verb}.{choice.key}", cell, "", signals, dress)
    inside = cell.inset(page.grid.gap // 2)
    frame = Rect(inside.x, inside.y, inside.w, max(1, inside.h - caption))
    if choice.picture is not None:
        page.image(Image(f"{verb}.{choice.key}.picture", frame, choice.picture, contain=True))
    line = Rect(inside.x, inside.bottom - caption, inside.w, caption)
    if choice.is_on:
        mark = page.grid.px(5)
        page.icon("check", Rect(inside.right - mark, inside.y, mark, mark), "accent")
    style = Style("small", bold=choice.is_on, align="centre", over=True)
    page.text(f"{verb}.{choice.key}.title", line, title, style)


def put_pager(page: Page, view: View, line: Rect, at: int, n_pages: int) -> None:
    """Put what turns the pages of a list into its line, where there is more than one, and what was said."""
    if n_pages == 1:
        said(page, view, line)
        return
    width = min(line.w // 2, page.grid.px(44))
    pager = Rect(line.right - width, line.y, width, line.h)
    stepper(page, "leaf", pager, ("page:-1", "page:1"), f"{at + 1} / {n_pages}")
    said(page, view, Rect(line.x, line.y, line.w - width - page.grid.gap, line.h))


def put_settings(page: Page, view: View, area: TabArea) -> None:
    """Put every setting with its value, to be stepped on and back."""
    rows = [_Row(setting=setting) for setting in view.operator.settings]
    _list(page, view, touchable(page, area.show), area.line, rows, n_columns=1 if page.grid.is_portrait else 2)


@dataclass(frozen=True, slots=True)
class _Row:
    """One thing of a list: a setting with its steps, or a choice with the verb its touch sends."""

    setting: OperatorSetting | None = None
    choice: OperatorChoice | None = None
    verb: str = ""


def split(page: Page, area: TabArea) -> tuple[Rect, Rect]:
    """Return a box to look at and one to touch: side by side, or one above the other."""
    grid, show = page.grid, area.show
    if grid.is_portrait or grid.params.low_controls:
        middle = max(show.y, grid.h // 2)
        return Rect(show.x, show.y, show.w, middle - grid.gap - show.y), touchable(page, show, middle)
    width = round(show.w * _PICTURE_PART)
    return Rect(show.x, show.y, width, show.h), Rect(
        show.x + width + 2 * grid.gap, show.y, show.w - width - 2 * grid.gap, show.h
    )


def touchable(page: Page, show: Rect, top: int | None = None) -> Rect:
    """Return the part of a box that can be reached: all of it, or its lower part where controls have to be low."""
    if top is None and not page.grid.params.low_controls:
        return show
    y = max(show.y, page.grid.h // 2) if top is None else top
    return Rect(show.x, y, show.w, show.bottom - y)


def _list(page: Page, view: View, rect: Rect, line: Rect, rows: list[_Row], n_columns: int = 1) -> None:
    """Put as many rows as there is room for, and what turns the page where there are more."""
    grid = page.grid
    h = grid.button_h
    n_lines = max(1, (rect.h + grid.gap) // (h + grid.gap))
    per_page = n_lines * n_columns
    n_pages = max(1, -(-len(rows) // per_page))
    at = view.operator.page % n_pages
    cells = [
        cell
        for i in range(n_lines)
        for cell in Rect(rect.x, rect.y + i * (h + grid.gap), rect.w, h).columns(n_columns, grid.gap)
    ]
    for row, cell in zip(rows[at * per_page : (at + 1) * per_page], cells, strict=False):
        if row.setting is not None:
            _setting(page, row.setting, cell)
        elif row.choice is not None:
            _choice(page, row.choice, row.verb, cell)
    put_pager(page, view, line, at, n_pages)


def _setting(page: Page, setting: OperatorSetting, cell: Rect) -> None:
    middle = stepper(page, f"set.{setting.name}", cell, (f"set:{setting.name}:-1", f"set:{setting.name}:1"), None)
    caption = round(middle.h * 0.44)
    name = page.say(f"staff.set_{setting.name}")
    page.text(f"set.{setting.name}.name", middle.top(caption), name, Style("small", colour="muted", align="centre"))
    value = page.words(setting.value)
    page.text(f"set.{setting.name}.value", middle.below(caption), value, Style("body", bold=True, align="centre"))


def _choice(page: Page, choice: OperatorChoice, verb: str, cell: Rect) -> None:
    dress = Dress("chip", "check" if choice.is_on else None, "body", is_on=choice.is_on, is_enabled=not choice.is_fixed)
    signals = (Signal("staff", f"{verb}:{choice.key}"),)
    page.button(f"{verb}.{choice.key}", cell, page.words(choice.title), signals, dress)


def stepper(page: Page, name: str, rect: Rect, asks: tuple[str, str], words: str | None) -> Rect:
    """Put a way back, words and a way on side by side; returns the box of the words."""
    side = max(page.grid.target_px, min(rect.h, rect.w // 4))
    page.panel(rect)
    back, on = (Signal("staff", ask) for ask in asks)
    page.button(f"{name}.back", Rect(rect.x, rect.y, side, rect.h), "", (back,), Dress("tile", icon="previous"))
    page.button(f"{name}.on", Rect(rect.right - side, rect.y, side, rect.h), "", (on,), Dress("tile", icon="next"))
    middle = Rect(rect.x + side, rect.y, rect.w - 2 * side, rect.h)
    if words is not None:
        page.text(name, middle, words, Style("body", align="centre"))
    return middle


def said(page: Page, view: View, rect: Rect) -> None:
    """Put what became of the last touch."""
    facts = view.operator
    if facts.said:
        colour = "danger" if facts.is_fault else "accent"
        page.text("said", rect, page.words(facts.said), Style("body", bold=not facts.is_fault, colour=colour))


def _picture(
    page: Page, name: str, rgb: np.ndarray | None, area: Rect, lines: tuple[float | None, float | None]
) -> None:
    """Put the picture as a mirror; `lines` are where the eyes should be and where they are, 0..1 of its height."""
    if rgb is None or area.h <= 0:
        page.panel(area, outline=True)
        return
    scale = min(area.w / rgb.shape[1], area.h / rgb.shape[0])
    w, h = max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale))
    frame = Rect(area.x + (area.w - w) // 2, area.y + (area.h - h) // 2, w, h)
    page.image(Image(name, frame, rgb, mirrored=True, radius=page.grid.px(1)))
    thick = max(2, page.grid.px(0.5))
    for frac, colour in zip(lines, ("accent", "text"), strict=True):
        if frac is not None and 0 <= frac <= 1:
            wide = frame if colour == "accent" else frame.inset(frame.w // 3, 0)
            page.items.append(Panel(Rect(wide.x, frame.y + round(frac * (h - thick)), wide.w, thick), colour))
