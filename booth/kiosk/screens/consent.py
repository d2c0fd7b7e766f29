"""The consent page: three plain facts and three answers of the same size. No picture before a yes."""

from __future__ import annotations

from booth.kiosk.machine import Event
from booth.kiosk.page import Dress, Page, Style, event
from booth.kiosk.ui import Ui
from booth.kiosk.view import ConsentFacts, View
from booth.overlays.scene import Rect, Scene


def consent_keys(facts: ConsentFacts) -> tuple[tuple[str, str, str], ...]:
    """Return (icon, title key, text key) of each fact that is told, for the page and for the consent record."""
    kept = "consent.kept_keep" if facts.on_timeout == "keep" else "consent.kept_delete"
    return (
        ("ruler", "consent.measured_title", "consent.measured"),
        ("lock", "consent.kept_title", kept),
        ("eye", "consent.seen_title", "consent.seen"),
    )


def compose_consent(page: Page, view: View, ui: Ui) -> Scene:
    """Compose the question."""
    grid = page.grid
    body = page.body
    leave = page.leave()
    title_w = body.w if grid.params.low_controls else leave.x - grid.gap - body.x
    title = Rect(body.x, body.y, title_w, max(grid.button_h, page.line_h("title")))
    page.text("title", title, page.say("consent.title"), Style("title", bold=True))
    answers = _answers(page, body, leave)
    cards = Rect(body.x, title.bottom + grid.gap, body.w, answers.y - title.bottom - 3 * grid.gap)
    cells = cards.rows(3, grid.gap) if grid.is_portrait else cards.columns(3, grid.gap)
    for cell, (icon, head, text) in zip(cells, consent_keys(view.consent), strict=True):
        sentence = page.say(text)
        if icon == "lock" and view.consent.keep_days is not None:
            sentence += " " + page.say("consent.kept_days", days=view.consent.keep_days)
        _card(page, cell, icon, page.say(head), sentence)
    return page.scene()


def _card(page: Page, cell: Rect, icon: str, head: str, text: str) -> None:
    grid = page.grid
    page.panel(cell)
    inside = cell.inset(grid.px(3))
    icon_px = grid.px(7)
    page.icon(icon, Rect(inside.x, inside.y, icon_px, icon_px), "accent")
    head_rect = Rect(inside.x + icon_px + grid.gap, inside.y, inside.w - icon_px - grid.gap, icon_px)
    page.text(f"{head}.head", head_rect, head, Style("lead", bold=True))
    room = inside.below(icon_px + grid.gap)
    _, needed = page.size_in(text, (room.w, room.h), "lead")
    page.text(f"{head}.text", room.top(min(room.h, needed)), text, Style("lead"))


def _answers(page: Page, body: Rect, leave: Rect) -> Rect:
    """Put the three answers at the foot, the yes nearest to where reading ends; returns their box."""
    grid = page.grid
    h = max(grid.px(13), grid.button_h)
    rows = 3 if grid.is_portrait else 1
    width = body.w - (leave.w + grid.gap if grid.params.low_controls else 0)
    total = rows * h + (rows - 1) * grid.gap
    foot = Rect(body.x, body.bottom - total, width, total)
    cells = foot.rows(3, grid.gap) if grid.is_portrait else foot.columns(3, grid.gap)
    no, camera, yes = cells if not grid.is_portrait else reversed(cells)
    page.button("no", no, page.say("consent.no"), event(Event.DECLINE), Dress(size="button"))
    label = f"{page.say('consent.camera')}\n{page.say('consent.camera_note')}"
    page.button("camera_only", camera, label, event(Event.CAMERA_ONLY), Dress(size="button"))
    page.button(
        "yes",
        yes,
        page.say("consent.yes"),
        event(Event.AGREE),
        Dress("primary", icon="check", is_next=True),
    )
    return foot
