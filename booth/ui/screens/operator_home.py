"""The leaves of the operator's page about what guests take home: how portraits are handed over, and what is kept."""

from __future__ import annotations

from booth.draw.scene import Image, Rect, Signal
from booth.session.view import OperatorKept, OperatorSetting, View
from booth.ui.page_builder import Dress, Page, Style
from booth.ui.screens.operator_mail import put_mail
from booth.ui.screens.operator_tabs import TabArea, put_pager, put_tiles, said, split, stepper, touchable


def put_home(page: Page, view: View, area: TabArea) -> None:
    """Put each way of handing over with its value and what trying it has come to; one touch changes it.

    All of them stand on one page, but where controls are low or text is large on a small screen.
    """
    if view.operator.mail is not None:
        put_mail(page, view, view.operator.mail, area)
        return
    grid, settings = page.grid, view.operator.settings
    rect = touchable(page, area.show)
    n_columns = 1 if grid.is_portrait else 2
    least = max(grid.button_h, page.line_h("body") + 2 * page.line_h("small"))
    n_lines = max(1, min(-(-len(settings) // n_columns), (rect.h + grid.gap) // (least + grid.gap)))
    high = min((rect.h - (n_lines - 1) * grid.gap) // n_lines, 2 * grid.button_h)
    rows = Rect(rect.x, rect.y, rect.w, n_lines * high + (n_lines - 1) * grid.gap).rows(n_lines, grid.gap)
    cells = [cell for row in rows for cell in row.columns(n_columns, grid.gap)]
    n_pages = -(-len(settings) // len(cells))
    at = view.operator.page % n_pages
    for setting, cell in zip(settings[at * len(cells) :], cells, strict=False):
        _setting(page, setting, cell)
    put_pager(page, view, area.line, at, n_pages)


def _setting(page: Page, setting: OperatorSetting, cell: Rect) -> None:
    """Put a name, its value between a way back and a way on, and below it what trying it says."""
    asks = (f"set:{setting.name}:-1", f"set:{setting.name}:1")
    middle = stepper(page, f"set.{setting.name}", cell, asks, None)
    opens = bool(setting.opens)
    is_flat = middle.h < page.line_h("body") + 2 * page.line_h("small")  # the smallest screens: no room for three lines
    if opens:
        ask = (Signal("staff", setting.opens),)
        page.button(f"set.{setting.name}.open", middle, "", ask, Dress("tile"))
        mark = min(round(middle.h * 0.3), page.grid.px(4))
        page.icon("edit", Rect(middle.right - mark - page.grid.gap // 2, middle.y + page.grid.gap // 2, mark, mark))
    part = round(middle.h * (0.42 if is_flat else 0.29))
    name, check = middle.top(part), Rect(middle.x, middle.bottom - part, middle.w, part)
    value = Rect(middle.x, name.bottom, middle.w, (middle.bottom if is_flat else check.y) - name.bottom)
    words = page.say(f"staff.set_{setting.name}")
    page.text(f"set.{setting.name}.name", name, words, Style("small", colour="muted", align="centre", over=opens))
    style = Style("body", bold=True, align="centre", over=opens)
    page.text(f"set.{setting.name}.value", value, page.words(setting.value), style)
    if setting.check and not is_flat:
        told = page.words(setting.check)
        page.text(f"set.{setting.name}.check", check, told, Style("small", colour="accent", align="centre", over=opens))


def put_kept(page: Page, view: View, area: TabArea) -> None:
    """Put what guests have kept as pictures, or the one that was touched with what may be done to it."""
    facts = view.operator
    if facts.chosen is not None:
        _one(page, view, facts.chosen, area)
        return
    if not facts.choices:
        page.text("none", area.show.top(page.line_h("lead")), page.say("staff.kept_none"), Style("lead"))
        said(page, view, area.line)
        return
    put_tiles(page, view, area, "kept")


def _one(page: Page, view: View, kept: OperatorKept, area: TabArea) -> None:
    """Put one portrait, its file's name and until when it stays, and what may be done to it."""
    grid = page.grid
    show, controls = split(page, area)
    told = [kept.name, f"{page.say('staff.kept_until')} {page.words(kept.until)}"]
    told += [page.say(kept.said)] if kept.said else []
    words = "\n".join(told)
    high = min(show.h // 2, page.height_of(words, show.w, "small"))
    page.text("kept.told", show.top(high), words, Style("small"))
    frame = show.below(high + grid.gap)
    if kept.picture is not None:
        page.image(Image("kept", frame, kept.picture, contain=True))
    else:
        page.panel(frame, outline=True)
    erase = ("erase_yes", "share.erase_yes") if kept.asks else ("erase", "share.erase")
    buttons = [("back", "share.back", "previous", "quiet"), (*erase, "trash", "danger")]
    if kept.may_print:
        buttons.insert(1, ("print", "staff.kept_print", "printer", "quiet"))
    h, n = grid.button_h, len(buttons)
    is_tall = controls.h >= n * h + (n - 1) * grid.gap
    rows = Rect(controls.x, controls.y, controls.w, n * h + (n - 1) * grid.gap).rows(n, grid.gap)
    cells = rows if is_tall else controls.top(min(h, controls.h)).columns(n, grid.gap)
    for (verb, key, icon, kind), cell in zip(buttons, cells, strict=True):
        page.button(f"kept.{verb}", cell, page.say(key), _ask(verb), Dress(kind, icon=icon))  # type: ignore[arg-type]
    said(page, view, area.line)


def _ask(verb: str) -> tuple[Signal, ...]:
    return (Signal("staff", f"kept:{verb}"),)
