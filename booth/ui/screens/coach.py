"""The coached mirror and the hold: one sentence, the ring, the dot by the lens, and little else."""

from __future__ import annotations

import math
from functools import lru_cache

from booth.config.words import say, sentences
from booth.core.types import Guidance
from booth.draw.scene import Rect, Scene, Signal
from booth.draw.typeface import set_text
from booth.overlays.advice import icon_of
from booth.overlays.lens import lens_at
from booth.session.state_machine import Event, State
from booth.session.view import Named, View
from booth.ui.page_builder import Dress, Page, Style, event
from booth.ui.screens.brand_ruler import put_ruler
from booth.ui.screens.light_control import put_pad, put_strength, put_sun
from booth.ui.view_state import ViewState

PORTRAIT_MIRROR = 0.70  # of an upright screen's height; what is below belongs to the controls
TOGETHER_ASPECT = 4 / 3  # of an upright screen's mirror with several before it: 75 % of a 16:9 picture's width
LEAST_SHOWN = 0.74  # of the picture's height: with less, a head that stands well loses its top; a 4:3 camera keeps .75


def mirror_rect(page: Page, view: View, part: float = PORTRAIT_MIRROR) -> Rect:
    """Return where the coached mirror stands: all of a wide screen, the upper `part` of an upright one.

    A camera that stands upright before a wide screen gets a column as wide as its picture, so that no head is cut off.
    Several people before an upright screen see most of what the camera sees, below the way out: the outer ones would
    stand beside what an upright mirror shows.
    """
    grid = page.grid
    if grid.is_portrait and view.consent.terms.together and view.picture is not None:
        h, w = view.picture.shape[:2]
        top = page.body.y + grid.button_h + grid.gap
        high = round(grid.w / min(TOGETHER_ASPECT, w / h))
        return Rect(0, top, grid.w, min(high, round(grid.h * part) - top))
    box = Rect(0, 0, grid.w, round(grid.h * part)) if grid.is_portrait else page.whole
    return whole_height(box, view)


def whole_height(box: Rect, view: View) -> Rect:
    """Return the box, or the column in its middle that shows a much taller picture's whole height."""
    if view.picture is None:
        return box
    h, w = view.picture.shape[:2]
    if box.h / (box.w * h / w) >= LEAST_SHOWN:
        return box
    wide = min(box.w, round(box.h * w / h))
    return Rect(box.x + (box.w - wide) // 2, box.y, wide, box.h)


def compose_coach(page: Page, view: View, ui: ViewState) -> Scene:
    """Compose the mirror with the coach's sentence."""
    mirror = mirror_rect(page, view)
    leave = page.leave()
    put_ruler(page, view, _badge(page, view, leave))
    band, controls = _foot(page)
    _advice(page, view, band)
    _shutter(page, controls["shutter"])
    if view.session.measures:
        put_stepper(page, "look", controls["look"], view.look, view.looks)
        put_stepper(page, "light", controls["light"], view.light, view.lights)
        put_strength(page, view, controls["strength"])
    if view.session.measures and view.flash.is_offered:
        _offer_flashes(page, mirror, controls)
    if _shows_lens_words(view):
        _lens_words(page, mirror)
    if view.session.measures and page.grid.params.low_controls:
        put_pad(page, view, controls["pad"])
    elif view.session.measures:
        put_sun(page, view, ui, mirror, min(mirror.bottom, controls["look"].y) - page.grid.gap)
    return page.scene(mirror if view.picture is not None else None)


def compose_hold(page: Page, view: View, ui: ViewState) -> Scene:
    """Compose the hold: the same mirror, nothing but the coach's sentence and the dot.

    The sentence is the coach's own, so that "hold it" and its tick are never shown of a frame that would not be taken.
    """
    mirror = mirror_rect(page, view)
    page.leave()
    band, _ = _foot(page)
    guidance = view.guidance
    if not view.session.measures:
        _advice(page, view, band)
    else:
        advice = guidance.advice if guidance is not None and guidance.advice is not None else "gaze.lens"
        words = _said(page, "hold.text" if advice == "hold.still" else advice, guidance)
        _band(page, band, words, icon_of(advice))
    _lens_words(page, mirror)
    return page.scene(mirror if view.picture is not None else None)


def _foot(page: Page) -> tuple[Rect, dict[str, Rect]]:
    """Return the box of the sentence and those of the controls."""
    return _foot_of_upright(page) if page.grid.is_portrait else _foot_of_wide(page)


def _foot_of_upright(page: Page) -> tuple[Rect, dict[str, Rect]]:
    grid, body = page.grid, page.body
    side = max(grid.px(13.5), grid.target_px)
    band = Rect(body.x, round(grid.h * PORTRAIT_MIRROR) + grid.gap, body.w, grid.px(19))
    width = body.w - (grid.button_h + grid.gap if grid.params.low_controls else 0)
    row = Rect(page.foot_x, band.bottom + grid.gap, width, body.bottom - band.bottom - grid.gap)
    shutter = Rect(row.right - side, row.y + (row.h - side) // 2, side, side)
    pad_w = min(row.h, grid.px(20)) if grid.params.low_controls else 0
    pad = Rect(shutter.x - grid.gap - pad_w, row.y + (row.h - pad_w) // 2, pad_w, pad_w)
    right = (pad.x if pad_w else shutter.x) - grid.gap
    choices = Rect(row.x, row.y, right - row.x, min(row.h, 2 * grid.button_h + grid.gap))
    choices = Rect(choices.x, row.y + (row.h - choices.h) // 2, choices.w, choices.h)
    look, below = choices.rows(2, grid.gap)
    light = Rect(below.x, below.y, round(below.w * 0.56), below.h)
    strength = Rect(light.right + grid.gap, below.y, below.right - light.right - grid.gap, below.h)
    return band, {"look": look, "light": light, "strength": strength, "shutter": shutter, "pad": pad}


def _foot_of_wide(page: Page) -> tuple[Rect, dict[str, Rect]]:
    grid, body = page.grid, page.body
    side = max(grid.px(13.5), grid.target_px)
    h = 3 * grid.button_h + 2 * grid.gap
    wide = round(body.w * 0.24)
    foot = Rect(page.foot_x, body.bottom - h, body.right - page.foot_x, h)
    look, light, strength = Rect(foot.x, foot.y, wide, foot.h).rows(3, grid.gap)
    shutter = Rect(foot.right - side, foot.bottom - side, side, side)
    pad_w = min(foot.h, grid.px(24)) if grid.params.low_controls else 0
    pad = Rect(shutter.x - grid.gap - pad_w, foot.bottom - pad_w, pad_w, pad_w)
    taken = max(wide, foot.right - pad.x) if pad_w else wide
    band = Rect(look.right + grid.gap * 2, foot.y, foot.w - wide - taken - 4 * grid.gap, foot.h)
    return band, {"look": look, "light": light, "strength": strength, "shutter": shutter, "pad": pad}


def _advice(page: Page, view: View, band: Rect) -> None:
    guidance = view.guidance
    if not view.session.measures and view.countdown_s is not None:
        _band(page, band, page.say("countdown.text", left=max(1, math.ceil(view.countdown_s))), "clock")
    elif not view.session.measures:
        _band(page, band, page.say("coach.by_hand"), "camera")
    elif guidance is None:
        _band(page, band, page.say("coach.come_in"), "person")
    elif guidance.advice is None:
        _band(page, band, page.say("coach.settle"), "person")
    else:
        _band(page, band, _said(page, guidance.advice, guidance), icon_of(guidance.advice))


def _said(page: Page, key: str, guidance: Guidance | None) -> str:
    """Return an advice in the page's words; in a group it names the one whom it is for."""
    words = page.say(key)
    place = guidance.place if guidance is not None else ""
    return page.say("place.to", place=page.say(place), say=words) if place else words


def _band(page: Page, band: Rect, words: str, icon: str) -> None:
    """Put a sentence with its drawing on a soft band. Its box and the size of its letters are those of every sentence.

    So one that follows another changes nothing but the words: neither the band nor the drawing moves.
    """
    grid = page.grid
    icon_px, pad = grid.px(8), grid.px(3)
    area = band.w - icon_px - 3 * pad, band.h - 2 * pad
    size_px, high = _set_alike(grid.locale, area, page.sizes("lead"))
    h = min(band.h, max(high, icon_px) + 2 * pad)
    box = Rect(band.x, band.y + (band.h - h) // 2 if grid.is_portrait else band.bottom - h, band.w, h)
    page.panel(box, solid=False)
    page.icon(icon, Rect(box.x + pad, box.y + (box.h - icon_px) // 2, icon_px, icon_px), "accent", fixed=True)
    place = Rect(box.x + icon_px + 2 * pad, box.y + pad // 2, area[0], box.h - pad)
    page.text("advice", place, words, Style("lead", bold=True, most_px=size_px))


@lru_cache(maxsize=32)
def _set_alike(locale: str, box_px: tuple[int, int], sizes_px: tuple[int, int]) -> tuple[int, int]:
    """Return the size in pixels at which every sentence of the coach fits the box, and the most it is high then."""
    keys = [key for key in sentences("en") if key.startswith("advice.")]
    texts = [say(key, locale) for key in (*keys, "hold.text", "coach.come_in", "coach.settle", "coach.by_hand")]
    px = min(set_text(text, box_px, sizes_px, True, locale).px for text in texts)
    return px, max(set_text(text, box_px, (px, px), True, locale).height_px for text in texts)


def _badge(page: Page, view: View, leave: Rect) -> int:
    """Say at the top what is true now: that nothing is saved, and what stands in for a camera; returns its end."""
    grid = page.grid
    keys = ["coach.badge" if view.session.measures else "coach.badge_camera"]
    either = (*keys, "still.there")
    keys = ["still.there"] if page.asks_presence else keys
    keys += [view.notice] if view.notice and view.notice != view.banner else []
    h, pad = grid.px(6), grid.px(1.6)
    area = (leave.x if not grid.params.low_controls else page.body.right) - grid.gap - page.body.x
    area = min(area, round(page.body.w * 0.40))  # the dot for the eyes is usually in the middle
    y = grid.px(8) if grid.is_portrait else grid.margin  # an upright screen has no room beside the dot's words
    room = area - h - 2 * pad, 2 * h
    tallest = max(page.size_in(page.say(key), room, "small")[1] for key in either)
    for key, icon in zip(keys, ("clock" if page.asks_presence else "lock", "warning"), strict=False):
        words = page.say(key)
        wide, high = page.size_in(words, room, "small")
        rect = Rect(page.body.x, y, wide + h + 2 * pad, max(h, high + pad))
        page.panel(rect, solid=False)
        page.icon(icon, Rect(rect.x + pad, rect.y + (rect.h - h * 2 // 3) // 2, h * 2 // 3, h * 2 // 3), "muted")
        page.text(
            key, Rect(rect.x + h + pad // 2, rect.y, wide + pad // 2, rect.h), words, Style("small", colour="text")
        )
        y += max(h, tallest + pad) + grid.gap // 2  # the same whatever is said, so that nothing below moves
    return y


def put_stepper(page: Page, kind: str, rect: Rect, now: Named, choices: tuple[Named, ...]) -> None:
    """Put a chooser on the page: the one before, what is on, the one after."""
    if not now.name:
        return
    names = [choice.name for choice in choices] or [now.name]
    at = names.index(now.name) if now.name in names else 0
    side = max(page.grid.target_px, min(rect.h, round(rect.w * 0.22)))
    page.panel(rect, solid=False)
    signals = [Signal(kind, names[(at + step) % len(names)]) for step in (-1, 1)]  # type: ignore[arg-type]
    page.button(
        f"{kind}.previous", Rect(rect.x, rect.y, side, rect.h), "", (signals[0],), Dress("tile", icon="previous")
    )
    page.button(
        f"{kind}.next", Rect(rect.right - side, rect.y, side, rect.h), "", (signals[1],), Dress("tile", icon="next")
    )
    middle = Rect(rect.x + side, rect.y, rect.w - 2 * side, rect.h)
    caption = round(rect.h * 0.42)
    page.text(
        f"{kind}.caption",
        middle.top(caption),
        page.say(f"coach.{kind}"),
        Style("small", colour="muted", align="centre"),
    )
    page.text(
        f"{kind}.now",
        middle.below(caption).top(round(rect.h * 0.54)),
        page.title_of(kind, now),
        Style("body", bold=True, align="centre"),
    )


def _offer_flashes(page: Page, mirror: Rect, controls: dict[str, Rect]) -> None:
    """Offer to fit the light to the face: where nothing else stands, above the shutter."""
    grid, body = page.grid, page.body
    h = grid.button_h
    if grid.is_portrait:
        rect = Rect(body.right - round(body.w * 0.5), mirror.bottom - grid.gap - h, round(body.w * 0.5), h)
    else:
        wide = controls["look"].w
        y = controls["look"].y
        if grid.params.low_controls:
            y = max(grid.h // 2, y - h - grid.gap)
            h = controls["look"].y - grid.gap // 2 - y
        rect = Rect(body.right - wide, y, wide, h)
    words = page.say("calibrate.offer")
    page.button("flashes", rect, words, event(Event.CALIBRATE), Dress("chip", size="body"))


def _shutter(page: Page, rect: Rect) -> None:
    page.button("shutter", rect, "", event(Event.MANUAL), Dress("primary", icon="camera", is_next=True))


def _shows_lens_words(view: View) -> bool:
    advice = view.guidance.advice if view.guidance is not None else None
    return view.state is State.HOLD or not view.session.measures or (advice or "").startswith("gaze.")


def _lens_words(page: Page, mirror: Rect) -> None:
    """Name the dot by the lens; it is drawn, and found, where the sitter sees the lens, in every language."""
    grid = page.grid
    x, y = lens_at(mirror, grid.params, grid.unit)
    words = page.say("coach.lens")
    h, pad = grid.px(5.4), grid.px(2)
    wide, _ = page.size_in(words, (grid.px(40), h), "body", bold=True)
    w = wide + 2 * pad
    away = grid.px(4.6)
    left = round(x) + away if x + away + w < grid.w * 0.86 else round(x) - away - w
    top = min(max(round(y) - h // 2, grid.px(0.8)), grid.h - h - grid.px(0.8))
    left = grid.w - left - w if grid.is_rtl else left
    page.panel(Rect(left, top, w, h), solid=False)
    page.text("lens", Rect(left + pad, top, wide, h), words, Style("body", bold=True, align="centre"))
