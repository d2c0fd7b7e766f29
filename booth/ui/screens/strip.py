"""Which of the shots go on one sheet: a strip of three, a card of two or four."""

from __future__ import annotations

from booth.draw.scene import Image, Rect, Scene, Signal, Spinner
from booth.session.view import View
from booth.ui.page_builder import Dress, Page, Style

TURN_S = 1.6  # the ring goes round once in this time


def compose_strip(page: Page, view: View) -> Scene:
    """Compose the shots to be touched on and off, and the way on."""
    grid, body = page.grid, page.body
    leave = page.leave()
    low = grid.params.low_controls
    width = body.w if low else leave.x - grid.gap - body.x
    words = page.say("share.strip_title")
    title = Rect(body.x, body.y, width, max(leave.h, page.height_of(words, width, "title", bold=True)))
    page.text("title", title, words, Style("title", bold=True))
    h = max(grid.button_h, grid.px(12))
    foot = Rect(page.foot_x, body.bottom - h, body.right - page.foot_x, h)
    back, make = foot.columns(2, grid.gap)
    page.button("strip.back", back, page.say("share.back"), _ask("strip_back"), Dress(icon="previous"))
    dress = Dress("primary", icon="check", size="lead", is_enabled=view.share.may_make, is_next=view.share.may_make)
    busy = page.say("share.strip_busy" if view.share.is_making else "share.strip_make")
    page.button("strip.make", make, busy, _ask("strip_make"), dress)
    top = max(title.bottom + grid.gap, grid.h // 2 if low else 0)
    area = Rect(body.x, top, body.w, foot.y - grid.gap - top)
    if view.share.is_making:
        side = min(area.h, grid.px(14))
        ring = Rect(area.x + (area.w - side) // 2, area.y + (area.h - side) // 2, side, side)
        is_still = grid.params.reduced_motion
        page.items.append(Spinner(ring, 0.0, 0.25) if is_still else Spinner(ring, (view.now_s / TURN_S) % 1.0))
        return page.scene()
    _shots(page, view, area)
    return page.scene()


def _shots(page: Page, view: View, area: Rect) -> None:
    """Put each shot with the number it has on the sheet; the whole cell is touched."""
    grid, thumbs = page.grid, view.session.thumbs
    if not thumbs:
        return
    columns = min(len(thumbs), 2) if grid.is_portrait and not grid.params.low_controls else len(thumbs)
    rows = -(-len(thumbs) // columns)
    cells = [cell for row in area.rows(rows, grid.gap) for cell in row.columns(columns, grid.gap)]
    for number, (thumb, cell) in enumerate(zip(thumbs, cells, strict=False)):
        is_on = number in view.share.picked
        page.button(f"strip.pick.{number}", cell, "", _ask(f"strip_pick:{number}"), Dress("tile", is_on=is_on))
        page.image(Image(f"strip.shot.{number}", cell.inset(grid.gap // 2), thumb, contain=True))
        if is_on:
            mark = grid.px(6)
            page.icon("check", Rect(cell.right - mark - grid.gap, cell.y + grid.gap, mark, mark), "accent")


def _ask(what: str) -> tuple[Signal, ...]:
    return (Signal("ask", what),)
