"""The consent page: three plain facts and three answers of the same size. No picture before a yes."""

from __future__ import annotations

from booth.config.privacy_terms import about_words, consent_words, joined
from booth.draw.scene import Rect, Scene, Signal
from booth.session.state_machine import Event
from booth.session.view import View
from booth.ui.page_builder import Dress, Page, Style, event
from booth.ui.view_state import ViewState


def compose_consent(page: Page, view: View, ui: ViewState) -> Scene:
    """Compose the question, or what the booth does for whoever asks before answering."""
    if ui.shows_about:
        return _about(page, view)
    grid = page.grid
    body = page.body
    leave = page.leave()
    title_w = body.w if grid.params.low_controls else leave.x - grid.gap - body.x
    title = Rect(body.x, body.y, title_w, max(grid.button_h, page.line_h("title")))
    page.text("title", title, page.heading("consent.title"), Style("title", bold=True))
    answers = _answers(page, body, leave)
    more = Rect(body.x, answers.y - grid.gap - grid.button_h, min(answers.w, grid.px(64)), grid.button_h)
    page.button("about", more, page.say("page.about"), (Signal("about", 1),), Dress("chip", icon="info", size="body"))
    cards = Rect(body.x, title.bottom + grid.gap // 2, body.w, more.y - title.bottom - grid.gap)
    facts = consent_words(view.consent.terms, grid.locale)
    wants = [page.height_of(text, cards.w - grid.px(6), "lead") for _, _, text in facts]
    cells = cards.shared_rows(wants, grid.px(15), grid.gap) if grid.is_portrait else cards.columns(3, grid.gap)
    size = _one_size(page, cells, [text for _, _, text in facts])
    for cell, (icon, head, text) in zip(cells, facts, strict=True):
        _card(page, cell, icon, (head, text), size)
    return page.scene()


def _about(page: Page, view: View) -> Scene:
    """Compose "What this booth does": four parts, and the way back to the question."""
    grid, body = page.grid, page.body
    leave = page.leave()
    width = body.w if grid.params.low_controls else leave.x - grid.gap - body.x
    title = Rect(body.x, body.y, width, max(grid.button_h, page.line_h("title")))
    page.text("title", title, page.say("page.about"), Style("title", bold=True))
    back = Rect(page.foot_x, body.bottom - grid.button_h, min(body.w - leave.w - grid.gap, grid.px(50)), grid.button_h)
    page.button(
        "back", back, page.say("share.back"), (Signal("about", 0),), Dress("primary", icon="previous", is_next=True)
    )
    area = Rect(body.x, title.bottom + grid.gap, body.w, back.y - title.bottom - 2 * grid.gap)
    parts = [(head, joined(lines, grid.locale)) for head, lines in about_words(view.consent.terms, grid.locale)]
    columns = (area,) if grid.is_portrait else _uneven(area, parts, grid.gap)
    per_column = len(parts) // len(columns)
    for i, column in enumerate(columns):
        own = parts[i * per_column : (i + 1) * per_column]
        least = page.line_h("body") + grid.gap // 2 + grid.px(3)
        wants = [page.height_of(text, column.w - grid.px(5), "body") for _, text in own]
        for cell, (head, text) in zip(column.shared_rows(wants, least, grid.gap), own, strict=True):
            _part(page, cell, head, text)
    return page.scene()


def _uneven(area: Rect, parts: list[tuple[str, str]], gap: int) -> tuple[Rect, Rect]:
    """Cut into two columns, each as wide as its half of the parts is long."""
    long = [sum(len(text) for _, text in half) for half in (parts[:2], parts[2:])]
    w = round((area.w - gap) * min(0.6, max(0.4, long[0] / sum(long))))
    return Rect(area.x, area.y, w, area.h), Rect(area.x + w + gap, area.y, area.w - w - gap, area.h)


def _part(page: Page, cell: Rect, head: str, text: str) -> None:
    grid = page.grid
    page.panel(cell)
    inside = cell.inset(grid.px(2.5), grid.px(1.5))
    line = page.line_h("body")
    page.text(f"{head}.head", inside.top(line), head, Style("body", bold=True, colour="accent"))
    area = inside.below(line + grid.gap // 2)
    _, needed = page.size_in(text, (area.w, area.h), "body")
    page.text(f"{head}.text", area.top(min(area.h, needed)), text, Style("body"))


def _one_size(page: Page, cells: tuple[Rect, ...], texts: list[str]) -> str:
    """Return the largest type size in which every text fits its card."""
    grid = page.grid
    for size in ("lead", "button", "body"):
        rooms = [(cell.w - 2 * grid.px(3), cell.h - 2 * grid.px(3) - grid.px(7) - grid.gap) for cell in cells]
        if all(page.height_of(text, w, size) <= h for text, (w, h) in zip(texts, rooms, strict=True)):
            return size
    return "body"


def _card(page: Page, cell: Rect, icon: str, words: tuple[str, str], size: str) -> None:
    (head, text), grid = words, page.grid
    page.panel(cell)
    inside = cell.inset(grid.px(3))
    icon_px = grid.px(7)
    page.icon(icon, Rect(inside.x, inside.y, icon_px, icon_px), "accent")
    head_rect = Rect(inside.x + icon_px + grid.gap, inside.y, inside.w - icon_px - grid.gap, icon_px)
    page.text(f"{head}.head", head_rect, head, Style("lead", bold=True))
    area = inside.below(icon_px + grid.gap)
    _, needed = page.size_in(text, (area.w, area.h), size)
    page.text(f"{head}.text", area.top(min(area.h, needed)), text, Style(size))


def _answers(page: Page, body: Rect, leave: Rect) -> Rect:
    """Put the three answers at the foot, the yes nearest to where reading ends; returns their box."""
    grid = page.grid
    h = max(grid.px(13), grid.button_h)
    rows = 3 if grid.is_portrait else 1
    width = body.w - (leave.w + grid.gap if grid.params.low_controls else 0)
    total = rows * h + (rows - 1) * grid.gap
    foot = Rect(page.foot_x, body.bottom - total, width, total)
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
