"""The warning before the screen flashes, with a yes and a no of the same size, and the flashes themselves."""

from __future__ import annotations

from booth.draw.scene import Glow, Rect, Scene
from booth.looks.screen_light import PARTS
from booth.overlays.lens import lens_at
from booth.session.state_machine import Event
from booth.session.view import View
from booth.ui.page_builder import Dress, Page, Style, event
from booth.ui.view_state import ViewState

PARTS_IN_ORDER = tuple(PARTS)


def compose_calibrate(page: Page, view: View, ui: ViewState) -> Scene:
    """Compose the question or, after a yes, the flashes."""
    return _flashing(page, view) if view.flash.stage == "flashing" else _asking(page)


def _asking(page: Page) -> Scene:
    grid, body = page.grid, page.body
    leave = page.leave()
    width = min(body.w if grid.params.low_controls else leave.x - grid.gap - body.x, grid.px(130))
    title = page.say("calibrate.title")
    high = page.height_of(title, width, "title", bold=True)
    page.text("title", Rect(body.x, body.y, width, high), title, Style("title", bold=True))
    big = max(grid.button_h, grid.px(12))
    foot_w = body.w - (leave.w + grid.gap if grid.params.low_controls else 0)
    foot = Rect(page.foot_x, body.bottom - big, foot_w, big)
    area = Rect(body.x, body.y + high + grid.gap, width, foot.y - body.y - high - 2 * grid.gap)
    words = page.say("calibrate.text")
    size = "lead" if page.height_of(words, area.w, "lead") <= area.h else "body"
    page.text("warning", area, words, Style(size))
    yes, no = foot.columns(2, grid.gap)[:: -1 if grid.params.low_controls else 1]
    page.button("flash.yes", yes, page.say("calibrate.yes"), event(Event.AGREE), Dress("quiet", icon="check"))
    page.button("flash.no", no, page.say("calibrate.no"), event(Event.DECLINE), Dress("quiet", icon="close"))
    return page.scene()


def _flashing(page: Page, view: View) -> Scene:
    """Compose parts of the screen as bright as they are now, and the dot to look at."""
    grid = page.grid
    for name, level in zip(PARTS_IN_ORDER, view.flash.levels, strict=True):
        x, y, wide, high = PARTS[name]
        rect = Rect(
            round((x - wide / 2) * grid.w), round((y - high / 2) * grid.h), round(wide * grid.w), round(high * grid.h)
        )
        page.items.append(Glow(rect, level))
    page.leave()
    x_px, y_px = lens_at(page.whole, grid.params, grid.unit)
    side = grid.px(6)
    at = round(grid.w - x_px if grid.is_rtl else x_px)  # the scene is turned round, the lens is not
    page.icon("dot", Rect(at - side // 2, round(y_px) - side // 2, side, side), "accent", fixed=True)
    words = page.say("calibrate.running")
    wide_px, high_px = page.size_in(words, (round(grid.w * 0.6), grid.px(14)), "lead", bold=True)
    box = Rect((grid.w - wide_px) // 2, (grid.h - high_px) // 2, wide_px, high_px)
    page.panel(box.inset(-grid.px(3), -grid.px(2)), solid=True)
    page.text("running", box, words, Style("lead", bold=True, align="centre"))
    return page.scene()
