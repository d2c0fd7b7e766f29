"""Two minutes of practice: one thing at a time on the mirror, with a bar that fills while it is done right."""

from __future__ import annotations

from booth.draw.scene import Meter, Rect, Scene
from booth.session.state_machine import Event
from booth.session.view import View
from booth.ui.page_builder import Dress, Page, Style, event
from booth.ui.screens.coach import mirror_rect
from booth.ui.view_state import ViewState


def compose_practice(page: Page, view: View, ui: ViewState) -> Scene:
    """Compose the mirror with one exercise and the ways on."""
    grid, body, practice = page.grid, page.body, view.practice
    leave = page.leave()
    h = max(grid.button_h, grid.px(9))
    width = body.w - (leave.w + grid.gap if grid.params.low_controls else 0)
    back, on = Rect(page.foot_x, body.bottom - h, width, h).columns(2, grid.gap)
    page.button("back", back, page.say("practice.back"), event(Event.BACK), Dress("quiet", icon="previous"))
    done = page.say("practice.shoot")
    page.button("go", on, done, event(Event.CHOSEN), Dress("primary", icon="camera", is_next=True))
    band_h = grid.px(17)
    band = Rect(body.x, back.y - grid.gap - band_h, body.w, band_h)
    page.panel(band, solid=False)
    inner = band.inset(grid.gap, grid.gap // 2)
    small = page.line_h("small")
    counted = page.say("practice.step", number=practice.number, of=practice.of)
    counted = page.say("still.there") if page.asks_presence else counted
    page.text("count", inner.top(small), counted, Style("small", colour="muted", align="centre"))
    bar = Rect(inner.x, inner.bottom - grid.px(1), inner.w, max(2, grid.px(1)))
    words = Rect(inner.x, inner.y + small, inner.w, bar.y - grid.gap // 4 - inner.y - small)
    said = page.say("practice.good") if practice.is_good else page.say(f"practice.{practice.step}")
    page.text("exercise", words, said, Style("lead", bold=True, align="centre"))
    page.items.append(Meter(bar, practice.held_frac))
    return page.scene(mirror_rect(page, view) if view.picture is not None else None)
