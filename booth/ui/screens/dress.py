"""Clothes, spectacles and a badge to try on: a preview, unless the guest wants it in the picture too."""

from __future__ import annotations

from booth.draw.scene import Rect, Scene, Signal
from booth.session.state_machine import Event
from booth.session.view import View
from booth.ui.page_builder import Dress, Page, Style, event
from booth.ui.screens.coach import mirror_rect
from booth.ui.view_state import ViewState


def compose_dress(page: Page, view: View, ui: ViewState) -> Scene:
    """Compose the mirror with a chooser for each kind, the consent to it, and the way back."""
    grid, body = page.grid, page.body
    leave = page.leave()
    h = max(grid.button_h, grid.px(9))
    width = body.w - (leave.w + grid.gap if grid.params.low_controls else 0)
    include, back = Rect(body.x, body.bottom - h, width, h).columns(2, grid.gap)
    is_in = view.dress.is_included
    toggle = (Signal("wear", "include" if not is_in else "preview"),)
    icon = "check" if is_in else None
    page.button("include", include, page.say("dress.include"), toggle, Dress("chip", icon=icon, is_on=is_in))
    page.button("back", back, page.say("try.choose"), event(Event.BACK), Dress("primary", icon="check", is_next=True))
    rows = 3 if grid.is_portrait else 1
    row_h = max(grid.button_h, grid.px(12))
    area = Rect(body.x, include.y - grid.gap - rows * row_h - (rows - 1) * grid.gap, body.w,
                rows * row_h + (rows - 1) * grid.gap)  # fmt: skip
    n = max(1, len(view.dress.choices))
    cells = area.rows(n, grid.gap) if grid.is_portrait else area.columns(n, grid.gap)
    for (kind, names, now), cell in zip(view.dress.choices, cells, strict=False):
        _chooser(page, cell, kind, names, now)
    note = Rect(body.x, area.y - grid.gap - grid.px(6), body.w, grid.px(6))
    page.panel(note, solid=False)
    is_plain = all(now == "none" for kind, _, now in view.dress.choices if kind != "pose")
    words = page.say("dress.included" if is_in else "dress.preview")
    words = page.say(view.dress.pose_says) if view.dress.pose_says and is_plain else words
    page.text("note", note.inset(grid.gap // 2, 0), words, Style("small", align="centre"))
    return page.scene(mirror_rect(page) if view.picture is not None else None)


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
