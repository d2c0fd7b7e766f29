"""The light in the guest's hand: a sun that is dragged round the face, and one slider for the strength."""

from __future__ import annotations

import numpy as np

from booth.draw.frame_transform import FrameTransform
from booth.draw.light_orbit import Orbit
from booth.draw.scene import Button, Emblem, Panel, Rect, Slider, Sun
from booth.overlays.guide import Oval, ideal_oval
from booth.session.view import View
from booth.ui.page_builder import Page, Style
from booth.ui.view_state import ViewState

SUN_UNITS = 6.4
CLEAR_TOP_UNITS = 6.4  # the dot for the eyes stands above
PAD_HEAD = (0.13, 0.17)  # half width and half height of the head on a pad, of the pad's side


def sun_px(page: Page) -> int:
    """Side of the sun: large enough for a finger."""
    return max(page.grid.px(SUN_UNITS), page.grid.target_px)


def put_sun(page: Page, view: View, ui: ViewState, mirror: Rect, floor: int) -> None:
    """Put the sun on its orbit round the sitter's face, above `floor` (a row of pixels) and round what stands there."""
    if view.aim is None or view.picture is None:
        return
    side = sun_px(page)
    top = mirror.y + page.grid.px(CLEAR_TOP_UNITS) + side // 2
    aside = round(mirror.w * (0.06 if page.grid.is_portrait else 0.14))  # the way out stands in the corner
    bounds = Rect(mirror.x + aside, top, mirror.w - 2 * aside, max(1, floor - side // 2 - top))
    oval: Oval = ui.oval or ideal_oval(view.eye_line)
    transform = FrameTransform(np.empty((0, 0, 3), np.uint8), mirror, (view.picture.shape[1], view.picture.shape[0]))
    x, y = transform.at(oval.x, oval.y)
    x, y = min(max(x, bounds.x + 1), bounds.right - 1), min(max(y, bounds.y + 1), bounds.bottom - 1)
    boxes = [item.rect for item in page.items if isinstance(item, Panel | Button) and item.rect.y < floor]
    boxes = [box.turned(page.grid.w) for box in boxes] if page.grid.is_rtl else boxes
    avoid = tuple(box.inset(-side // 2 - 1) for box in boxes)
    _put(page, view, Orbit(x, y, transform.length(oval.half_w), transform.length(oval.half_h), bounds, avoid), side)


def put_pad(page: Page, view: View, pad: Rect) -> None:
    """Put the sun on a pad of its own, for who cannot reach the face on the screen."""
    if view.aim is None:
        return
    side = sun_px(page)
    page.panel(pad, solid=False)
    head = Rect(*pad.centre, 0, 0).inset(-pad.h // 3)
    page.items.append(Emblem(head, None))
    pad = pad.turned(page.grid.w) if page.grid.is_rtl else pad  # the sun itself stands in space
    x, y = pad.centre
    _put(page, view, Orbit(x, y, PAD_HEAD[0] * pad.h, PAD_HEAD[1] * pad.h, pad.inset(side // 2)), side)


def _put(page: Page, view: View, orbit: Orbit, side: int) -> None:
    assert view.aim is not None
    x, y = orbit.at(view.aim.az_deg, view.aim.el_deg)
    rect = Rect(round(x) - side // 2, round(y) - side // 2, side, side)
    page.items.append(Sun("sun", rect, orbit, view.aim.az_deg, view.aim.el_deg, view.aim.strength, view.aim.is_on))


def put_strength(page: Page, view: View, rect: Rect) -> None:
    """Put the slider for the strength of the light: caption above, track below; all of it answers."""
    if view.aim is None:
        return
    page.panel(rect, solid=False)
    pad = rect.h // 4
    caption = round(rect.h * 0.46)
    words = page.say("coach.strength")
    page.text(
        "strength.caption", rect.inset(pad // 4, 0).top(caption), words, Style("small", colour="muted", align="centre")
    )
    knob = rect.h - caption - rect.h // 10
    track = Rect(rect.x + pad + knob // 2, rect.y + caption, rect.w - 2 * pad - knob, knob)
    page.items.append(Slider("strength", rect, track, view.aim.strength, view.aim.is_on))
