"""The operator's page behind a PIN: how the booth is, and how to end it. Nothing of any guest."""

from __future__ import annotations

from booth.kiosk.machine import Event
from booth.kiosk.page import Dress, Page, Style, event
from booth.kiosk.ui import Ui
from booth.kiosk.view import View
from booth.overlays.scene import Rect, Scene, Signal

PIN_DIGITS = 6
_KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "erase", "0", "enter")


def compose_staff(page: Page, view: View, ui: Ui) -> Scene:
    """Compose the PIN pad, or what is behind it."""
    grid, body = page.grid, page.body
    leave = page.leave()
    right = body.right if grid.params.low_controls else leave.x - grid.gap
    title = Rect(body.x, body.y, right - body.x, leave.h)
    page.text("title", title, page.say("staff.title"), Style("title", bold=True))
    room = body.below(title.h + 2 * grid.gap)
    if view.staff.is_unlocked:
        _rows(page, view, room, leave)
    else:
        _pad(page, view, room, leave)
    return page.scene()


def _pad(page: Page, view: View, room: Rect, leave: Rect) -> None:
    grid, facts = page.grid, view.staff
    words = page.say("staff.new_pin" if facts.wants_new_pin else "staff.pin")
    if facts.wait_s > 0:
        words = page.say("staff.wait", seconds=round(facts.wait_s + 0.5))
    head = page.height_of(words, room.w, "lead")
    page.text("pin", room.top(head), words, Style("lead"))
    dots = Rect(room.x, room.y + head + grid.gap, room.w, page.line_h("lead"))
    shown = "• " * facts.digits + "– " * max(0, PIN_DIGITS - facts.digits)
    page.text("dots", dots, shown.strip(), Style("lead", bold=True))
    below = room.below(head + dots.h + 2 * grid.gap)
    if grid.params.low_controls:
        top = max(below.y, grid.h // 2)
        below = Rect(below.x, top, below.w - leave.w - grid.gap, below.bottom - top)
    pad = Rect(below.x, below.y, min(below.w, grid.px(90)), below.h)
    cells = [cell for row in pad.rows(4, grid.gap) for cell in row.columns(3, grid.gap)]
    for key, cell in zip(_KEYS, cells, strict=True):
        icon = {"erase": "erase", "enter": "check"}.get(key)
        label = "" if icon else key
        page.button(
            f"digit.{key}",
            cell,
            label,
            (Signal("digit", key),),
            Dress(icon=icon, size="lead", is_enabled=facts.wait_s <= 0),
        )


def _advice(page: Page, view: View, room: Rect) -> Rect:
    """Put what would make better pictures above the counters; returns the room that is left."""
    words = view.staff.advice
    if not words:
        return room
    high = page.height_of(words, room.w, "body", bold=True)
    page.text("advice", room.top(high), words, Style("body", bold=True, colour="accent"))
    return room.below(high + page.grid.gap)


def _rows(page: Page, view: View, room: Rect, leave: Rect) -> None:
    grid = page.grid
    h = grid.button_h
    width = room.w - (leave.w + grid.gap if grid.params.low_controls else 0)
    foot = Rect(room.x, room.bottom - h, width, h)
    close, restart, leave_all = foot.columns(3, grid.gap)
    page.button(
        "close", close, page.say("staff.close"), event(Event.STAFF_OUT), Dress("primary", icon="check", is_next=True)
    )
    page.button("restart", restart, page.say("staff.restart"), (Signal("staff", "restart"),), Dress(icon="again"))
    page.button("quit", leave_all, page.say("staff.quit"), (Signal("quit"),), Dress("danger", icon="close"))
    table = _advice(page, view, Rect(room.x, room.y, room.w, foot.y - grid.gap - room.y))
    line = page.line_h("body")
    n = max(1, table.h // line)
    columns = table.columns(2, 2 * grid.gap) if not grid.is_portrait else (table,)
    for i, (name, value) in enumerate(view.staff.rows[: n * len(columns)]):
        column = columns[i // n]
        row = Rect(column.x, column.y + (i % n) * line, column.w, line)
        left, right = row.columns(2, grid.gap)
        page.text(f"row{i}.name", left, page.words(name), Style("body", colour="muted"))
        page.text(f"row{i}.value", right, value, Style("body", align="end"))
