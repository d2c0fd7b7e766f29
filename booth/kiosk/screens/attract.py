"""The attract page: what this is, one button, ten languages. The live mirror only once someone is there."""

from __future__ import annotations

from dataclasses import replace

from booth.kiosk.machine import Event
from booth.kiosk.page import Dress, Page, Style, event
from booth.kiosk.ui import Ui
from booth.kiosk.view import View
from booth.overlays.scene import Emblem, Rect, Scene, Side, Signal

_ROUND_S = 9.0  # the sign's accent goes round once
LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "ar", "hi", "zh", "ja")


def compose_attract(page: Page, view: View, ui: Ui) -> Scene:
    """Compose the page that stands while nobody has begun."""
    grid = page.grid
    body = page.body
    languages = _languages(page, body)
    width = body.w if grid.is_portrait else round(body.w * 0.56)
    title, text = page.say("attract.title"), page.say("attract.text")
    note_h = page.height_of(page.say("attract.presence"), width, "small")
    heights = [page.height_of(title, width, "hero", bold=True), page.height_of(text, width, "lead"), grid.button_h]
    heights[2] = max(heights[2], grid.px(12))
    spare = languages.y - 2 * grid.gap - body.y - note_h - sum(heights) - 3 * grid.gap
    if spare < 0:
        heights[0] = max(grid.px(9), heights[0] + spare)
    y = (
        languages.y - 2 * grid.gap - note_h - sum(heights) - 3 * grid.gap
        if grid.is_portrait
        else body.y + max(0, spare) // 2
    )
    page.text("title", Rect(body.x, y, width, heights[0]), title, Style("hero", bold=True))
    y += heights[0] + grid.gap
    page.text("text", Rect(body.x, y, width, heights[1]), text, Style("lead"))
    y += heights[1] + grid.gap
    start = Rect(body.x, y, min(width, grid.px(52)), heights[2])
    page.button(
        "start",
        start,
        page.say("attract.start"),
        event(Event.START),
        Dress("primary", icon="camera", size="lead", is_next=True),
    )
    y += heights[2] + grid.gap
    page.text("presence", Rect(body.x, y, width, note_h), page.say("attract.presence"), Style("small", colour="muted"))
    if view.picture is None:
        _emblem(
            page, view, Rect(body.x, body.y, body.w, languages.y - body.y - grid.gap), y - sum(heights) - 2 * grid.gap
        )
        return page.scene()
    side: Side = "bottom" if grid.is_portrait else "right" if grid.is_rtl else "left"
    return replace(page.scene(page.whole, shade=0.82), shade_side=side)


def _emblem(page: Page, view: View, room: Rect, text_y: int) -> None:
    """Put the sign beside the text, or above it on an upright screen, where nobody is there to be mirrored."""
    grid = page.grid
    if grid.is_portrait:
        area = Rect(room.x, room.y, room.w, text_y - grid.gap - room.y)
    else:
        area = Rect(room.x + round(room.w * 0.62), room.y, round(room.w * 0.38), room.h)
    side = round(min(area.w, area.h) * 0.86)
    x, y = area.centre
    turn = 0.72 if grid.params.reduced_motion else (view.now_s / _ROUND_S) % 1.0
    if side > grid.px(16):
        page.items.append(Emblem(Rect(x - side // 2, y - side // 2, side, side), turn))


def _languages(page: Page, body: Rect) -> Rect:
    """Put a row, or two, of languages at the foot; each is named in itself."""
    grid = page.grid
    rows = 2 if grid.is_portrait or grid.params.large_text else 1
    h = max(grid.px(6.4), grid.target_px)
    foot = Rect(
        body.x, body.bottom - rows * h - (rows - 1) * grid.gap // 2, body.w, rows * h + (rows - 1) * grid.gap // 2
    )
    per_row = len(LANGUAGES) // rows
    cells = [cell for row in foot.rows(rows, grid.gap // 2) for cell in row.columns(per_row, grid.gap // 2)]
    for code, cell in zip(LANGUAGES, cells, strict=True):
        label = page.say(f"language.{code}")
        page.button(
            f"language.{code}",
            cell,
            label,
            (Signal("locale", code),),
            Dress("chip", size="small", is_on=code == grid.locale),
        )
    return foot
