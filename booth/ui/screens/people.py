"""An office run's first page: who has a portrait, and who is to have one now."""

from __future__ import annotations

from booth.draw.scene import Meter, Rect, Scene, Signal
from booth.session.state_machine import Event
from booth.session.view import View
from booth.ui.page_builder import Dress, Page, Style, event
from booth.ui.screens.name_keyboard import put_name_keyboard
from booth.ui.view_state import ViewState

KEYS_FROM = 0.42  # of the page's height: above the keys there is room for the field and who matches


def compose_people(page: Page, view: View, ui: ViewState) -> Scene:
    """Compose the list to pick from, how far the run is, and the way on."""
    if view.office.is_typing:
        return _typing(page, view, ui)
    grid, body = page.grid, page.body
    leave = page.leave()
    low = grid.params.low_controls
    head = Rect(body.x, body.y, body.w if low else leave.x - grid.gap - body.x, leave.h)
    page.text("title", head, page.heading("office.title"), Style("title", bold=True))
    foot_w = body.w - (leave.w + grid.gap if low else 0)
    h = max(grid.button_h, grid.px(10))
    foot = Rect(page.foot_x, body.bottom - h, foot_w, h)
    search_y = max(head.bottom + grid.gap, grid.h // 2 if low else 0)
    _search(page, view, Rect(body.x, search_y, body.w, grid.button_h))
    top = search_y + grid.gap + grid.button_h
    _rows(page, view, ui, Rect(body.x, top, body.w, foot.y - grid.gap - top))
    _foot(page, view, ui, foot)
    return page.scene()


def _typing(page: Page, view: View, ui: ViewState) -> Scene:
    """Compose the page while a name is typed: the field, who matches, and the keyboard."""
    grid, body = page.grid, page.body
    leave = page.leave()
    low = grid.params.low_controls
    field = Rect(body.x, body.y, body.w if low else leave.x - grid.gap - body.x, leave.h)
    _field(page, view, field)
    top = max(body.y + round(body.h * KEYS_FROM), grid.h // 2 if low else 0)
    top = max(top, body.bottom - 5 * grid.px(14)) if grid.is_portrait else top
    put_name_keyboard(page, Rect(body.x, top, body.w, body.bottom - top), view.office.typed, leave if low else None)
    if not low:  # what is low enough to be touched is full of keys
        area = Rect(body.x, field.bottom + grid.gap, body.w, top - field.bottom - 2 * grid.gap)
        _rows(page, view, ui, area)
    return page.scene()


def _field(page: Page, view: View, rect: Rect) -> None:
    """Put what is typed, with a mark where the next letter goes."""
    page.panel(rect, outline=True)
    words = f"{view.office.typed}_" if view.office.typed else page.say("office.typed")
    colour = "text" if view.office.typed else "muted"
    page.text("typed", rect.inset(page.grid.px(2), 0), words, Style("lead", colour=colour))


def _search(page: Page, view: View, rect: Rect) -> None:
    """Put what is typed, and how far the run is, into one line."""
    grid, office = page.grid, view.office
    typed, progress = rect.columns(2, grid.gap)
    words = office.typed or page.say("office.typed")
    page.button("typed", typed, words, (Signal("letter", "open"),), Dress("chip", icon="letter", size="body"))
    line = progress.top(round(rect.h * 0.6))
    page.text("progress", line, page.say("office.progress", done=office.done, of=office.of), Style("body"))
    bar = Rect(progress.x, line.bottom + grid.gap // 4, progress.w, max(2, grid.px(1)))
    page.items.append(Meter(bar, office.done / max(1, office.of)))


def _rows(page: Page, view: View, ui: ViewState, rect: Rect) -> None:
    """Put a page of people into the room there is, two or one beside each other."""
    grid, office = page.grid, view.office
    columns = 1 if grid.is_portrait else 2
    lines = max(1, (rect.h + grid.gap // 2) // (grid.button_h + grid.gap // 2))
    area = lines * columns
    pages = max(1, -(-len(office.rows) // area))
    first = ui.wall_page % pages * area
    cells = [cell for row in rect.rows(lines, grid.gap // 2) for cell in row.columns(columns, grid.gap // 2)]
    for (key, name, is_done), cell in zip(office.rows[first : first + area], cells, strict=False):
        dress = Dress("chip", icon="check" if is_done else "person", size="body", is_on=key == office.chosen)
        page.button(f"person.{key}", cell, name, (Signal("person", key),), dress)


def _foot(page: Page, view: View, ui: ViewState, foot: Rect) -> None:
    grid, office = page.grid, view.office
    side = max(grid.target_px, foot.h)
    back, on = (Signal("page", max(0, ui.wall_page + step)) for step in (-1, 1))
    page.button("page.previous", Rect(foot.x, foot.y, side, foot.h), "", (back,), Dress("icon", icon="previous"))
    after = Rect(foot.x + side + grid.gap, foot.y, side, foot.h)
    page.button("page.next", after, "", (on,), Dress("icon", icon="next"))
    go = Rect(after.right + grid.gap, foot.y, foot.right - after.right - grid.gap, foot.h)
    chosen = next((row for row in office.rows if row[0] == office.chosen), None)
    if chosen is None and office.typed:
        add = Dress("primary", icon="person", size="lead", is_next=True)
        page.button("add", go, page.say("office.add", name=office.typed), (Signal("person", ""),), add)
        return
    label = page.say("office.again" if chosen is not None and chosen[2] else "office.confirm")
    dress = Dress("primary", icon="check", size="lead", is_enabled=chosen is not None, is_next=chosen is not None)
    page.button("go", go, label, event(Event.START), dress)
