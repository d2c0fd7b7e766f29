"""The operator's page behind a PIN: how the booth is, what may be set, what is kept, and how to end it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

from booth.draw.scene import Rect, Scene, Signal
from booth.draw.theme import LARGE_TEXT
from booth.session.view import OperatorTab, View
from booth.ui.page_builder import Dress, Page, Style
from booth.ui.screens.operator_home import put_home, put_kept
from booth.ui.screens.operator_mail import put_mail_keys
from booth.ui.screens.operator_tabs import TabArea, put_camera, put_looks, put_settings, put_shot
from booth.ui.view_state import ViewState

PIN_DIGITS = 6
TAB_UNITS = 22  # hundredths of the short side: narrower tabs have no room for their words, and stand in two rows
_KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "erase", "0", "enter")


def compose_operator(page: Page, view: View, ui: ViewState) -> Scene:
    """Compose the PIN pad, or what is behind it."""
    grid, body = page.grid, page.body
    leave = page.leave()
    mail = view.operator.mail
    if view.operator.is_unlocked and mail is not None and mail.field:
        put_mail_keys(page, mail, leave)
        return page.scene()
    right = body.right if grid.params.low_controls else leave.x - grid.gap
    title = Rect(body.x, body.y, right - body.x, leave.h)
    page.text("title", title, page.say("staff.title"), Style("title", bold=True))
    below = body.below(title.h + grid.gap)
    if view.operator.is_unlocked:
        area = _tabs(page, view, below, leave)
        TABS[view.operator.tab](page, view, area)
    else:
        _pad(page, view, below.below(grid.gap), leave)
    return page.scene()


def _tabs(page: Page, view: View, body: Rect, leave: Rect) -> TabArea:
    """Put the tabs at the foot; returns the room above them, and a line in between for what was said."""
    grid = page.grid
    h, gap = grid.button_h, grid.gap // 2
    width = body.w - (leave.w + grid.gap if grid.params.low_controls else 0)
    tab_w = grid.unit * TAB_UNITS * (LARGE_TEXT if grid.params.large_text else 1)
    n_rows = max(2 if grid.is_portrait else 1, math.ceil(tab_w * len(TABS) / width))
    foot = Rect(page.foot_x, body.bottom - n_rows * h - (n_rows - 1) * gap, width, n_rows * h + (n_rows - 1) * gap)
    cells = [cell for row in foot.rows(n_rows, gap) for cell in row.columns(-(-len(TABS) // n_rows), gap)]
    for tab, cell in zip(TABS, cells, strict=False):
        dress = Dress("chip", size="body", is_on=tab == view.operator.tab)
        page.button(f"tab.{tab}", cell, page.say(f"staff.tab_{tab}"), (Signal("staff", f"tab:{tab}"),), dress)
    line = Rect(body.x, foot.y - grid.gap - h, body.w, h)
    return TabArea(Rect(body.x, body.y, body.w, line.y - grid.gap - body.y), line)


def _pad(page: Page, view: View, area: Rect, leave: Rect) -> None:
    grid, facts = page.grid, view.operator
    words = page.say("staff.new_pin" if facts.wants_new_pin else "staff.pin")
    if facts.is_again:
        words = page.say("staff.pin_again")
    if facts.wait_s > 0:
        words = page.say("staff.wait", seconds=round(facts.wait_s + 0.5))
    if facts.said:
        words = page.words(facts.said)
    head = page.height_of(words, area.w, "lead")
    page.text("pin", area.top(head), words, Style("lead"))
    dots = Rect(area.x, area.y + head + grid.gap, area.w, page.line_h("lead"))
    shown = "• " * facts.digits + "– " * max(0, PIN_DIGITS - facts.digits)
    page.text("dots", dots, shown.strip(), Style("lead", bold=True))
    below = area.below(head + dots.h + 2 * grid.gap)
    if grid.params.low_controls:
        top = max(below.y, grid.h // 2)
        below = Rect(page.foot_x, top, below.right - page.foot_x, below.bottom - top)
    pad = Rect(below.x, below.y, min(below.w, grid.px(90)), min(below.h, grid.px(80)))
    way = -1 if grid.is_rtl else 1  # digits stand as on every telephone, also where the page is turned round
    cells = [cell for row in pad.rows(4, grid.gap) for cell in row.columns(3, grid.gap)[::way]]
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


def _advice(page: Page, view: View, area: Rect) -> Rect:
    """Put what would make better pictures above the counters; returns the room that is left."""
    words = view.operator.advice
    if not words:
        return area
    high = page.height_of(words, area.w, "body", bold=True)
    page.text("advice", area.top(high), words, Style("body", bold=True, colour="accent"))
    return area.below(high + page.grid.gap)


def _state(page: Page, view: View, area: TabArea) -> None:
    """Put the counters, and the ways to end."""
    close, restart, leave_all = area.line.columns(3, page.grid.gap)
    dress = Dress("primary", icon="check", is_next=True)
    page.button("close", close, page.say("staff.close"), (Signal("staff", "leave"),), dress)
    page.button("restart", restart, page.say("staff.restart"), (Signal("staff", "restart"),), Dress(icon="again"))
    quit_dress = Dress("danger", icon="close")
    page.button("quit", leave_all, page.say("staff.quit"), (Signal("staff", "quit"),), quit_dress)
    table = _advice(page, view, area.show)
    line = page.line_h("body")
    n = max(1, table.h // line)
    columns = table.columns(2, 2 * page.grid.gap) if not page.grid.is_portrait else (table,)
    for i, (name, value) in enumerate(view.operator.rows[: n * len(columns)]):
        column = columns[i // n]
        row = Rect(column.x, column.y + (i % n) * line, column.w, line)
        left = Rect(row.x, row.y, round(row.w * 0.4), row.h)
        right = Rect(left.right + page.grid.gap, row.y, row.right - left.right - page.grid.gap, row.h)
        page.text(f"row{i}.name", left, page.words(name), Style("body", colour="muted"))
        page.text(f"row{i}.value", right, page.words(value), Style("body", align="end"))


TABS: Mapping[OperatorTab, Callable[[Page, View, TabArea], None]] = MappingProxyType(
    {
        "state": _state, "camera": put_camera, "shot": put_shot, "looks": put_looks, "settings": put_settings,
        "home": put_home, "kept": put_kept,
    }
)  # fmt: skip
"""In the order of the page."""
