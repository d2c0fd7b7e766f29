"""The seconds after something was deleted or left: nothing of it is shown, and one button takes it back."""

from __future__ import annotations

from booth.draw.scene import Meter, Rect, Scene
from booth.session.state_machine import Event
from booth.session.view import View
from booth.ui.page_builder import Dress, Page, Style, event
from booth.ui.view_state import ViewState


def compose_undo(page: Page, view: View, ui: ViewState) -> Scene:
    """Compose what is about to be erased in words, the time that is left, and the way back."""
    grid, body = page.grid, page.body
    width = min(body.w, grid.px(110))
    x = (grid.w - width) // 2
    title, text = page.say("undo.title"), page.say("undo.text")
    heights = [page.height_of(title, width, "title", bold=True), page.height_of(text, width, "lead")]
    button_h, bar_h, gap = max(grid.button_h, grid.px(13)), max(2, grid.px(1)), grid.px(4)
    y = (body.bottom - sum(heights) - button_h - bar_h - 3 * gap) // 2
    if grid.params.low_controls:
        y = max(body.y, grid.h // 2 - sum(heights) - bar_h - 2 * gap)
    page.text("title", Rect(x, y, width, heights[0]), title, Style("title", bold=True, align="centre"))
    y += heights[0] + gap // 2
    page.text("text", Rect(x, y, width, heights[1]), text, Style("lead", align="centre"))
    y += heights[1] + gap
    page.items.append(Meter(Rect(x, y, width, bar_h), view.left_s / max(view.left_s + view.idle_s, 1e-6), "muted"))
    y += bar_h + gap
    wide = min(width, grid.px(64))
    dress = Dress("primary", icon="undo", size="lead", is_next=True)
    undo = Rect((grid.w - wide) // 2, y, wide, button_h)
    page.button("undo", undo, page.say("undo.undo"), event(Event.UNDO), dress)
    return page.scene()
