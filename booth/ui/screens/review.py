"""The review: the portrait large, how it came about, other frames, looks and lights, and what to do with it."""

from __future__ import annotations

from dataclasses import replace

from booth.draw.scene import Image, Meter, Rect, Scene, Signal
from booth.session.state_machine import Event
from booth.session.view import View
from booth.ui.page_builder import Dress, Page, Style, event
from booth.ui.screens.changes import leaves_in, put_account, put_leaf
from booth.ui.screens.coach import put_stepper
from booth.ui.screens.light_control import put_strength
from booth.ui.screens.messages import spinner
from booth.ui.view_state import ViewState

ROOM_FOR_STRENGTH = 4.2  # heights of a button: with less the account of what was done goes first


def compose_review(page: Page, view: View, ui: ViewState) -> Scene:
    """Compose the guest's decision."""
    grid, body = page.grid, page.body
    leave = page.leave()
    if grid.is_portrait:
        picture = Rect(body.x, body.y, body.w, round(body.h * (0.58 if grid.params.low_controls else 0.52)))
        if not grid.params.low_controls:
            picture = Rect(body.x, body.y, leave.x - grid.gap - body.x, picture.h)
        column = body.below(picture.h + grid.gap)
    else:
        picture = Rect(
            body.x,
            body.y,
            min(round(body.w * (0.36 if grid.params.low_controls else 0.47)), round(body.h * 0.86)),
            body.h,
        )
        column = Rect(picture.right + 2 * grid.gap, body.y, body.right - picture.right - 2 * grid.gap, body.h)
    _portrait(page, view, ui, _toggle(page, view, ui, picture))
    _decide(page, view, column, leave)
    return page.scene()


def _portrait(page: Page, view: View, ui: ViewState, frame: Rect) -> None:
    grid = page.grid
    facts = view.portrait
    if facts is None:
        page.panel(frame)
        side = grid.px(12)
        x, y = frame.centre
        page.items.append(spinner(page, view, Rect(x - side // 2, y - side // 2, side, side)))
        return
    if ui.shown == "account":
        put_leaf(page, facts, ui.account_page, frame)
        return
    is_before = ui.shown == "before"
    page.image(Image("portrait", frame, facts.before if is_before else facts.after, radius=grid.px(1.5), contain=True))
    if not grid.params.low_controls:
        other = Signal("compare", "after" if is_before else "before")
        page.button("portrait", frame, "", (other,), Dress("tile"))
    if facts.is_busy:
        h = grid.px(7)
        words = page.say("review.busy")
        wide, _ = page.size_in(words, (frame.w - 4 * h, h), "body")
        box = Rect(frame.centre[0] - (wide + 2 * h) // 2, frame.bottom - h - grid.gap, wide + 2 * h, h)
        page.panel(box, solid=False)
        page.text("busy", Rect(box.x + h, box.y, wide, h), words, Style("body", align="centre", over=True))


def _toggle(page: Page, view: View, ui: ViewState, picture: Rect) -> Rect:
    """Put before, after and what was done at the picture's foot; returns the room above them.

    A touch on the picture itself turns it too; what was done turns its own leaves where it has several.
    """
    grid = page.grid
    h = max(grid.px(7.5), grid.target_px)
    above = grid.button_h + grid.gap if grid.params.low_controls and not grid.is_portrait else 0  # the way out
    row = Rect(picture.x, picture.bottom - above - h, picture.w, h)
    frame = Rect(picture.x, picture.y, picture.w, row.y - grid.gap - picture.y)
    n = leaves_in(page, view.portrait, frame)
    words = {"before": "review.before", "after": "review.after", "account": "review.details"}
    for (name, key), cell in zip(words.items(), row.columns(len(words), grid.gap), strict=True):
        is_on, label, turn = ui.shown == name, page.say(key), 0
        if name == "account" and is_on and n > 1:
            label, turn = f"{ui.account_page % n + 1} / {n}", (ui.account_page + 1) % n
        signals = (Signal("compare", name), Signal("account", turn))
        page.button(name, cell, label, signals, Dress("chip", size="body", is_on=is_on))
    return frame


def _decide(page: Page, view: View, column: Rect, leave: Rect) -> None:
    """Fill the column: title and account at the top, choices in the middle, the decision at the foot."""
    grid = page.grid
    foot = _decision(page, view, column, leave)
    y = column.y
    if not grid.is_portrait:
        title = Rect(
            column.x, y, (leave.x - grid.gap if not grid.params.low_controls else column.right) - column.x, leave.h
        )
        page.text("title", title, page.say("review.title"), Style("title", bold=True))
        y = title.bottom + grid.gap
    y = _doubt(page, view, Rect(column.x, y, column.w, foot.y - grid.gap - y))
    area = Rect(column.x, y, column.w, foot.y - grid.gap - y)
    steps = _choices(page, view, area)
    account = Rect(area.x, area.y, area.w, steps.y - grid.gap - area.y)
    account = _alternatives(page, view, account)
    put_account(page, view.portrait, account)


def _doubt(page: Page, view: View, area: Rect) -> int:
    """Say what may be wrong with the picture, at the top of the room; returns where the rest of the column begins."""
    if view.portrait is None or view.portrait.doubt is None:
        return area.y
    words = page.say(view.portrait.doubt)
    _, high = page.size_in(words, (area.w, area.h), "body", bold=True)
    page.text("doubt", area.top(high), words, Style("body", bold=True, colour="accent"))
    return area.y + high + page.grid.gap


def _decision(page: Page, view: View, column: Rect, leave: Rect) -> Rect:
    """Put keep, again and delete at the foot with the time that is left; returns their box.

    Keep has a line of its own, but where everything has to be low all three share one. Where the picture is in doubt
    and may be taken again, keep and again change places: the obvious next thing is to try again.
    """
    grid = page.grid
    is_low = grid.params.low_controls
    begin = max(column.x, page.foot_x)
    width = column.right - begin
    note = page.line_h("small") + grid.px(2)
    big = max(grid.button_h, grid.px(12))
    total = note + grid.gap + big + (0 if is_low else grid.button_h + grid.gap)
    foot = Rect(begin, column.bottom - total, width, total)
    if is_low:
        delete, again, keep = foot.top(big).columns(3, grid.gap)  # the way out stands at the other end
    else:
        keep = foot.top(big)
        again, delete = Rect(foot.x, keep.bottom + grid.gap, foot.w, grid.button_h).columns(2, grid.gap)
    left = view.session.retakes_left
    is_doubtful = left > 0 and view.portrait is not None and view.portrait.doubt is not None
    if is_doubtful:
        keep, again = again, keep
    large, small = Dress("primary", icon="check", size="lead", is_next=True), Dress(icon="again", is_enabled=left > 0)
    if is_doubtful:
        large, small = replace(small, icon="check"), replace(large, icon="again")
    page.button("keep", keep, page.say("review.keep"), event(Event.KEEP), large)
    words = page.say("review.retake", left=left) if left > 0 else page.say("review.retake_none")
    page.button("retake", again, words, event(Event.RETAKE), small)
    page.button("delete", delete, page.say("review.delete"), event(Event.DELETE), Dress("danger", icon="trash"))
    _time_left(page, view, foot.below(foot.h - note))
    return foot


def _time_left(page: Page, view: View, area: Rect) -> None:
    """Show what happens without an answer, and when."""
    grid = page.grid
    key = "review.timeout_keep" if view.consent.on_timeout == "keep" else "review.timeout_delete"
    line = area.top(page.line_h("small"))
    words = page.say(key, left=max(0, round(view.left_s)))
    if view.is_running_out:
        words = f"{page.say('still.there')} {words}"
    colour = "accent" if view.is_running_out else "muted"
    page.text("timeout", line, words, Style("small", bold=view.is_running_out, colour=colour))
    bar = Rect(area.x, line.bottom + grid.px(0.6), area.w, max(2, grid.px(0.7)))
    page.items.append(Meter(bar, view.left_s / max(view.left_s + view.idle_s, 1e-6), colour))


def _choices(page: Page, view: View, area: Rect) -> Rect:
    """Put the look and the light at the foot of the room; they are tried on the shot already taken."""
    grid = page.grid
    row = Rect(area.x, area.bottom - grid.button_h, area.w, grid.button_h)
    if not view.session.measures:
        return Rect(area.x, area.bottom, area.w, 0)  # a look or a light needs to know where the sitter is
    look, light = row.columns(2, grid.gap)
    put_stepper(page, "look", look, view.look, view.looks)
    put_stepper(page, "light", light, view.light, view.lights)
    if view.aim is None or area.h < ROOM_FOR_STRENGTH * grid.button_h:
        return row
    above = Rect(row.x, row.y - grid.gap - grid.button_h, row.w, grid.button_h)
    if grid.params.low_controls and above.y < grid.h // 2:
        return row
    put_strength(page, view, above)
    return above


def _alternatives(page: Page, view: View, area: Rect) -> Rect:
    """Put the other frames above the choices, with their caption above or beside; returns the room that is left."""
    grid = page.grid
    thumbs = view.session.thumbs
    top = max(area.y, grid.h // 2) if grid.params.low_controls else area.y + area.h // 2
    h = min(area.bottom - top, grid.px(20))
    if len(thumbs) < 2 or h < max(grid.target_px, grid.px(6)):
        return area
    row = Rect(area.x, area.bottom - h, area.w, h)
    wide = min(max(round(h * 0.8), grid.target_px), (row.w - grid.gap * (len(thumbs) - 1)) // len(thumbs))
    for i, rgb in enumerate(thumbs):
        cell = Rect(row.x + i * (wide + grid.gap), row.y, wide, h)
        page.image(Image(f"thumb{i}", cell, rgb, radius=grid.px(1)))
        page.button(f"thumb.{i}", cell, "", (Signal("thumb", i),), Dress("tile", is_on=i == view.session.chosen))
    used = len(thumbs) * (wide + grid.gap)
    beside = Rect(row.x + used, row.y, row.w - used, h)
    is_above = beside.w < grid.px(24)
    caption = Rect(row.x, row.y - page.line_h("small"), row.w, page.line_h("small")) if is_above else beside
    page.text("alternatives", caption, page.say("review.alternatives"), Style("small", colour="muted"))
    return Rect(area.x, area.y, area.w, min(caption.y, row.y) - grid.gap - area.y)
