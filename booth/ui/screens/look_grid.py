"""The look grid: the sitter live in six looks at once; a tap puts one on, a second or Continue goes on with it."""

from __future__ import annotations

from dataclasses import replace

from booth.draw.scene import Image, Rect, Scene, Signal
from booth.session.state_machine import Event
from booth.session.view import Tile, View
from booth.ui.page_builder import Dress, Page, Style, event
from booth.ui.screens.coach import put_stepper
from booth.ui.screens.messages import spinner
from booth.ui.view_state import ViewState

TILES = 6
SUITS_LINES = 2  # why a look suits, and what would help


def pages_of(view: View) -> int:
    """How many walls of six the looks fill."""
    return max(1, -(-len(view.looks or view.wall) // TILES))


def compose_wall(page: Page, view: View, ui: ViewState) -> Scene:
    """Compose six tiles, the light and the way on. What is measured later changes no place: its line is kept free."""
    grid, body = page.grid, page.body
    leave = page.leave()
    is_low = grid.params.low_controls
    foot = _foot(page, view, ui, body, leave)
    right = body.right if is_low else leave.x - grid.gap
    ways = Rect(page.foot_x, foot.y - grid.gap - grid.button_h, foot.w, grid.button_h) if is_low else None
    right = _practice(page, view, right, leave, ways)
    title = Rect(body.x, body.y, right - body.x, leave.h)
    page.text("title", title, page.heading("try.title"), Style("title", bold=True))
    top = _reasons(page, view, title.bottom, body) + grid.gap
    wall = Rect(body.x, top, body.w, (foot if ways is None else ways).y - grid.gap - top)
    if is_low:
        lower = max(grid.h // 2, wall.y)
        wall = Rect(wall.x, lower, wall.w, wall.bottom - lower)
    if not view.wall:
        _measuring(page, view, wall)
    else:
        _tiles(page, view, wall)
    return page.scene()


def _measuring(page: Page, view: View, wall: Rect) -> None:
    """Say that the light is looked at: the looks are ranked before any is shown, and stay where they are then."""
    side = min(page.grid.px(10), wall.h // 3)
    x, y = wall.centre
    page.items.append(spinner(page, view, Rect(x - side // 2, y - side, side, side)))
    line = Rect(wall.x, y + page.grid.gap, wall.w, page.line_h("lead"))
    page.text("measuring", line, page.say("wall.measuring"), Style("lead", align="centre"))


def _tiles(page: Page, view: View, wall: Rect) -> None:
    grid = page.grid
    is_upright = grid.is_portrait and not grid.params.low_controls
    columns, rows = (2, 3) if is_upright else (3, 2)
    if grid.params.low_controls and not grid.is_portrait:
        columns, rows = 6, 1
    if view.is_pair:
        columns, rows = (1, 2) if is_upright else (2, 1)
    cells = [cell for row in wall.rows(rows, grid.gap) for cell in row.columns(columns, grid.gap)]
    for side, (cell, tile) in enumerate(zip(cells, view.wall[:TILES], strict=False)):
        if view.is_pair:
            step = cell.top(cell.h - grid.button_h - grid.gap)
            _tile(page, view, step, tile)
            _other(page, view, side, Rect(cell.x, step.bottom + grid.gap, cell.w, grid.button_h))
        else:
            _tile(page, view, cell, tile)


def _reasons(page: Page, view: View, top: int, body: Rect) -> int:
    """Say why the look that is on suits, and what would help; returns where the tiles begin, said or not."""
    grid = page.grid
    lines = SUITS_LINES if grid.is_portrait or grid.params.large_text else 1
    rect = Rect(body.x, top + grid.gap // 4, body.w, page.line_h("small", lines))
    if view.suits:
        value = ("\n" if lines > 1 else "  \u2013  ").join(page.words(key) for key in view.suits)
        page.text("suits", rect, value, Style("small", colour="muted"))
    return rect.bottom


def _practice(page: Page, view: View, right: int, leave: Rect, ways: Rect | None) -> int:
    """Put the ways to practise and to dress up beside the way out, or into their own row; returns the title's end."""
    grid = page.grid
    rooms = [("practice", Event.PRACTISE, "smile")]
    rooms += [("dress", Event.DRESS_UP, "person")] if view.dress.choices else []
    width = min(grid.px(30), (right - page.body.x) // (5 if grid.is_portrait else 4))
    size = Rect(0, 0, width, leave.h) if ways is None else ways.columns(2, grid.gap)[0]
    labels = tuple(page.say(f"{name}.open") for name, _, _ in rooms)
    alike = page.alike(labels, size, Dress("chip", icon="smile"))
    for i, (name, way, icon) in enumerate(rooms):
        if ways is not None:
            rect = ways.columns(2, grid.gap)[i]
        else:
            rect = Rect(right - width, page.body.y, width, leave.h)
            right = rect.x - grid.gap
        page.button(name, rect, labels[i], event(way), replace(alike, icon=icon if alike.icon else None))
    return right


def _tile(page: Page, view: View, cell: Rect, tile: Tile) -> None:
    grid = page.grid
    if tile.picture is None:
        page.panel(cell)
        side = min(grid.px(8), cell.h // 3)
        x, y = cell.centre
        page.items.append(spinner(page, view, Rect(x - side // 2, y - side, side, side)))
    else:
        page.image(Image(f"tile.{tile.name}", cell, tile.picture, mirrored=True, radius=grid.px(1.5)))
    is_on = tile.name == view.look.name
    title = page.title_of("look", tile)
    size = "small" if cell.w < grid.px(36) else "body"
    pad, mark = grid.gap // 2, page.line_h(size)
    area = cell.w - 4 * pad - (mark if is_on else 0), cell.h // 2
    wide, high = page.size_in(title, area, size, bold=is_on)
    h = high + pad
    caption = Rect(cell.x + pad, cell.bottom - h - pad, wide + 2 * pad + (mark if is_on else 0), h)
    page.panel(caption, solid=False)
    words = Rect(caption.x + pad, caption.y, wide, h)
    page.text(f"tile.{tile.name}", words, title, Style(size, bold=is_on, over=True))
    if is_on:
        page.icon(
            "check", Rect(caption.right - mark, caption.y + (h - mark) // 2, mark, mark).inset(mark // 8), "accent"
        )
    page.button(f"tile.{tile.name}", cell, "", (Signal("pick", tile.name),), Dress("tile", is_on=is_on))


def _other(page: Page, view: View, side: int, rect: Rect) -> None:
    """Put another look on one side of the pair: those before and after it, but not what stands on the other side."""
    names = [named.name for named in view.looks if named.name != view.wall[1 - side].name]
    at = names.index(view.wall[side].name) if view.wall[side].name in names else 0
    for cell, (way, icon) in zip(rect.columns(2, page.grid.gap), ((-1, "previous"), (1, "next")), strict=True):
        value = (Signal("pair", f"{side}:{names[(at + way) % len(names)]}"),)
        page.button(f"pair{side}.{icon}", cell, "", value, Dress(icon=icon))


def _foot(page: Page, view: View, ui: ViewState, body: Rect, leave: Rect) -> Rect:
    """Put the light, the pages and the way on at the foot; returns their box."""
    grid = page.grid
    width = body.w - (leave.w + grid.gap if grid.params.low_controls else 0)
    h = max(grid.button_h, grid.px(10))
    is_two_rows = grid.is_portrait or grid.w < grid.h * 1.4
    rows = 2 if is_two_rows else 1
    total = rows * h + (rows - 1) * grid.gap
    foot = Rect(page.foot_x, body.bottom - total, width, total)
    if is_two_rows:
        above, below = foot.rows(2, grid.gap)
        light, pages = above.columns(2, grid.gap)
        pair, go = below.columns(2, grid.gap)
    else:
        light, pages, pair, go = foot.columns(4, grid.gap)
    put_stepper(page, "light", light, view.light, view.lights)
    if pages_of(view) > 1 and not view.is_pair:
        _pages(page, view, ui, pages)
    if len(view.looks) > 2:
        words, value = ("try.wall", "off") if view.is_pair else ("try.pair", "on")
        page.button("pair", pair, page.say(words), (Signal("pair", value),), Dress())
    page.button(
        "go", go, page.say("try.choose"), event(Event.CHOSEN), Dress("primary", icon="check", size="lead", is_next=True)
    )
    return foot


def _pages(page: Page, view: View, ui: ViewState, rect: Rect) -> None:
    n = pages_of(view)
    side = max(page.grid.target_px, min(rect.h, rect.w // 4))
    page.panel(rect)
    back, on = (Signal("page", (ui.wall_page + step) % n) for step in (-1, 1))
    page.button("page.previous", Rect(rect.x, rect.y, side, rect.h), "", (back,), Dress("tile", icon="previous"))
    page.button("page.next", Rect(rect.right - side, rect.y, side, rect.h), "", (on,), Dress("tile", icon="next"))
    middle = Rect(rect.x + side, rect.y, rect.w - 2 * side, rect.h)
    page.text("page", middle, f"{ui.wall_page % n + 1} / {n}", Style("body", align="centre"))
