"""The hand-over: where the portrait is, and its code for a phone where there is one."""

from __future__ import annotations

from booth.kiosk.machine import Event
from booth.kiosk.page import Dress, Page, Style, event
from booth.kiosk.ui import Ui
from booth.kiosk.view import View
from booth.overlays.scene import Code, Image, Rect, Scene


def compose_share(page: Page, view: View, ui: Ui) -> Scene:
    """Compose the page that hands the portrait over."""
    grid, body = page.grid, page.body
    leave = page.leave()
    if grid.is_portrait:
        top = body.y if grid.params.low_controls else leave.bottom + grid.gap
        picture = Rect(body.x, top, body.w, round(body.h * 0.42))
        column = body.below(picture.bottom + 2 * grid.gap - body.y)
    else:
        picture = Rect(body.x, body.y, round(body.w * 0.44), body.h)
        column = Rect(picture.right + 3 * grid.gap, body.y, body.right - picture.right - 3 * grid.gap, body.h)
    if view.portrait is not None:
        page.image(Image("portrait", picture, view.portrait.after, radius=grid.px(1.5), contain=True))
    else:
        page.icon("save", picture.inset(picture.w // 3, picture.h // 3), "accent")
    _words(page, view, column, leave)
    return page.scene()


def _words(page: Page, view: View, column: Rect, leave: Rect) -> None:
    grid = page.grid
    big = max(grid.button_h, grid.px(12))
    width = column.w - (leave.w + grid.gap if grid.params.low_controls else 0)
    done = Rect(column.x, column.bottom - big, min(width, grid.px(60)), big)
    page.button(
        "done",
        done,
        page.say("share.done"),
        event(Event.DELIVERED),
        Dress("primary", icon="check", size="lead", is_next=True),
    )
    y = column.y + (0 if grid.is_portrait else leave.h + grid.gap)
    title = Rect(column.x, y, column.w, page.height_of(page.say("share.title"), column.w, "title", bold=True))
    page.text("title", title, page.say("share.title"), Style("title", bold=True))
    y = title.bottom + grid.gap
    lines = [page.say("share.text", name=view.share.name)] if view.share.name else []
    lines += [page.say("share.where", where=view.share.where)] if view.share.where else []
    lines += [page.say("share.receipt", code=view.share.receipt)] if view.share.receipt else []
    if lines:
        text = "\n".join(lines)
        needed = min(page.height_of(text, column.w, "lead"), done.y - grid.gap - y)
        page.text("where", Rect(column.x, y, column.w, max(1, needed)), text, Style("lead"))
        y += needed + 2 * grid.gap
    if view.share.code is not None:
        side = min(column.w // 2, done.y - 2 * grid.gap - y)
        code = Rect(column.x, y, side, side)
        page.items.append(Code(code, view.share.code))
        beside = Rect(code.right + grid.gap, y, column.right - code.right - grid.gap, side)
        page.text("scan", beside, page.say("share.scan"), Style("body", colour="muted"))
