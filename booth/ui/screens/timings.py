"""F2: how long each stage took, over whatever page is shown."""

from __future__ import annotations

from dataclasses import replace

from booth.draw.scene import Item, Meter, Rect, Scene
from booth.draw.theme import LayoutGrid
from booth.session.view import View
from booth.ui.page_builder import Page, Style

_FRAME_MS = 1000 / 30  # what one frame may take; the full width of a bar
_MOST = 14


def add_timings(scene: Scene, grid: LayoutGrid, view: View) -> Scene:
    """Return the scene with a table of milliseconds laid over it; names and numbers read from left to right."""
    page = Page(LayoutGrid(grid.w, grid.h, grid.params, "en"))
    rows = [("frames/s", view.fps or 0.0), *sorted(view.took_ms.items(), key=lambda row: -row[1])[:_MOST]]
    line = page.line_h("small")
    pad = grid.px(2)
    box = Rect(grid.margin, grid.margin, grid.px(62), line * (len(rows) + bool(view.quality)) + 2 * pad)
    page.panel(box)
    if view.quality:
        under = Rect(box.x + pad, box.y + pad + line * len(rows), box.w - 2 * pad, line)
        page.text("timing.quality", under, f"quality: {view.quality}", Style("small", over=True))
    for i, (name, value) in enumerate(rows):
        row = Rect(box.x + pad, box.y + pad + i * line, box.w - 2 * pad, line)
        left, middle, right = (
            Rect(row.x, row.y, row.w // 2, line),
            Rect(row.x + row.w // 2, row.y, row.w // 4, line),
            row,
        )
        page.text(f"timing{i}.name", left, name, Style("small", over=True))
        page.text(f"timing{i}.value", middle, f"{value:.1f}", Style("small", align="end", over=True))
        if i > 0:
            bar = Rect(middle.right + pad, row.y + line // 3, right.right - middle.right - pad, line // 3)
            page.items.append(Meter(bar, value / _FRAME_MS))
    over: tuple[Item, ...] = tuple(page.items)
    return replace(scene, items=(*scene.items, *over))
