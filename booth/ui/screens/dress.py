"""Clothes, spectacles and a badge to try on: a preview, unless the guest wants it in the picture too."""

from __future__ import annotations

from booth.draw.scene import Rect, Scene, Signal
from booth.session.state_machine import Event
from booth.session.view import View
from booth.ui.page_builder import Dress, Page, Style, event
from booth.ui.screens.coach import whole_height
from booth.ui.view_state import ViewState

MIRROR_PART = 0.6  # of the long side: the chest, and what is worn there, stays free of everything to touch


def compose_dress(page: Page, view: View, ui: ViewState) -> Scene:
    """Compose the mirror with a chooser for each kind beside or below it, the consent to it, and the way back."""
    grid, body = page.grid, page.body
    leave = page.leave()
    h = max(grid.button_h, grid.px(9))
    foot = Rect(page.foot_x, body.bottom - h, body.right - page.foot_x, h)
    if grid.is_portrait:
        mirror = Rect(0, 0, grid.w, round(grid.h * MIRROR_PART))
        column = Rect(body.x, mirror.bottom + grid.gap, body.w, foot.y - mirror.bottom - 2 * grid.gap)
    else:
        mirror = Rect(0, 0, round(grid.w * MIRROR_PART), foot.y - grid.gap)
        top = grid.h // 2 - page.line_h("small", 2) if grid.params.low_controls else leave.bottom + grid.gap
        column = Rect(mirror.right + grid.gap, top, body.right - mirror.right - grid.gap, foot.y - grid.gap - top)
    _answers(page, view, foot)
    _choosers(page, view, column)
    shown = whole_height(mirror, view) if view.picture is not None else None
    return page.scene(shown.turned(grid.w) if shown is not None and grid.is_rtl else shown)


def _answers(page: Page, view: View, foot: Rect) -> None:
    """Put whether it counts, and the way back, at the foot."""
    include, back = foot.columns(2, page.grid.gap)
    is_in = view.dress.is_included
    toggle = (Signal("wear", "include" if not is_in else "preview"),)
    icon = "check" if is_in else None
    page.button("include", include, page.say("dress.include"), toggle, Dress("chip", icon=icon, is_on=is_in))
    page.button("back", back, page.say("try.choose"), event(Event.BACK), Dress("primary", icon="check", is_next=True))


def _choosers(page: Page, view: View, column: Rect) -> None:
    """Put what is true of all this, and below it a chooser for each kind, into the column."""
    grid = page.grid
    n = max(1, len(view.dress.choices))
    room = column.below(page.line_h("small", 2) + grid.gap // 2)
    row_h = min(max(grid.button_h, grid.px(12)), (room.h - (n - 1) * grid.gap) // n)
    area_h = n * row_h + (n - 1) * grid.gap
    cells = Rect(column.x, column.bottom - area_h, column.w, area_h).rows(n, grid.gap)
    for (kind, names, now), cell in zip(view.dress.choices, cells, strict=False):
        _chooser(page, cell, kind, names, now)
    lines = page.line_h("small", 2)
    note = Rect(column.x, max(column.y, cells[0].y - grid.gap // 2 - lines), column.w, lines)
    is_plain = all(now == "none" for kind, _, now in view.dress.choices if kind != "pose")
    words = page.say("dress.included" if view.dress.is_included else "dress.preview")
    words = page.say(view.dress.pose_says) if view.dress.pose_says and is_plain else words
    words = page.say("still.there") if page.asks_presence else words
    page.text("note", note, words, Style("small", align="centre"))


def _chooser(page: Page, rect: Rect, kind: str, names: tuple[str, ...], now: str) -> None:
    """Put one kind on the page: the one before, what is on, the one after."""
    at = names.index(now) if now in names else 0
    side = max(page.grid.target_px, min(rect.h, round(rect.w * 0.22)))
    page.panel(rect, solid=False)
    back, on = (Signal("wear", f"{kind}.{names[(at + step) % len(names)]}") for step in (-1, 1))
    left = Rect(rect.x, rect.y, side, rect.h)
    page.button(f"{kind}.previous", left, "", (back,), Dress("tile", icon="previous"))
    right = Rect(rect.right - side, rect.y, side, rect.h)
    page.button(f"{kind}.next", right, "", (on,), Dress("tile", icon="next"))
    middle = Rect(rect.x + side, rect.y, rect.w - 2 * side, rect.h)
    caption = round(rect.h * 0.42)
    page.text(
        f"{kind}.caption",
        middle.top(caption),
        page.say(f"dress.{kind}"),
        Style("small", colour="muted", align="centre"),
    )
    named = middle.below(caption).top(round(rect.h * 0.54))
    page.text(f"{kind}.now", named, page.say(f"dress_name.{now}"), Style("body", bold=True, align="centre"))
