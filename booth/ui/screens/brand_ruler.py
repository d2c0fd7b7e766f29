"""The ruler of an office run: how the frame on the mirror stands to what the brand tolerates, one scale a measure."""

from __future__ import annotations

from booth.draw.scene import Panel, Rect
from booth.session.view import BrandGauge, View
from booth.ui.page_builder import Page, Style

SHOWN_TOLERANCES = 3.0  # a scale reaches so far to either side; what is farther off stands at its end
WIDE_UNITS, ROW_UNITS = 34, 7.5  # of the ruler and of one of its scales, hundredths of the screen's short side


def put_ruler(page: Page, view: View, top: int) -> None:
    """Put the scales below `top` at the side where reading begins; nothing where nothing is measured."""
    if not view.ruler:
        return
    grid = page.grid
    wide, row = grid.px(WIDE_UNITS), grid.px(ROW_UNITS)
    box = Rect(page.body.x, top, wide, row * len(view.ruler) + grid.px(2))
    page.panel(box, solid=False)
    area = box.inset(grid.px(1.5), grid.px(1))
    for number, gauge in enumerate(view.ruler):
        _scale(page, gauge, Rect(area.x, area.y + number * row, area.w, row))


def _scale(page: Page, gauge: BrandGauge, rect: Rect) -> None:
    """Put a name, the line with what is tolerated on it, and the mark where the frame stands."""
    grid = page.grid
    is_inside = abs(gauge.off) <= 1
    page.text(gauge.key, rect.top(round(rect.h * 0.58)), page.say(gauge.key), Style("small", colour="text"))
    thick = max(2, grid.px(0.5))
    y = rect.y + round(rect.h * 0.74)
    page.items.append(Panel(Rect(rect.x, y, rect.w, thick), "line"))
    band = round(rect.w / SHOWN_TOLERANCES)
    page.items.append(Panel(Rect(rect.x + (rect.w - band) // 2, y - thick, band, 3 * thick), "accent"))
    at = max(-1.0, min(1.0, gauge.off / SHOWN_TOLERANCES))
    mark = max(thick + 2, grid.px(1.2))
    x = rect.x + round((at + 1) / 2 * (rect.w - mark))
    page.items.append(Panel(Rect(x, y - 2 * thick, mark, 5 * thick), "text" if is_inside else "danger"))
