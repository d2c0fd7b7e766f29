"""Composes the page of a view, and checks any page for what a person could not read or touch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from booth.draw.scene import Button, Rect, Scene, Slider, Sun, Text
from booth.draw.theme import TARGET_MM, LayoutGrid
from booth.session.state_machine import State
from booth.session.view import View
from booth.ui.page_builder import Page
from booth.ui.screens import SCREENS
from booth.ui.screens.brand_logo import LOGO_STATES, add_logo
from booth.ui.screens.timings import add_timings
from booth.ui.view_state import ViewState

FILLED_ALPHA, FILLED_LEVEL = 242, 0.25  # of panels on the white border, from that level of it on


def grid_of(view: View, size: tuple[int, int]) -> LayoutGrid:
    """Return the grid of a view on a screen of size (w, h) pixels."""
    return LayoutGrid(size[0], size[1], view.params, view.locale)


def compose(view: View, size: tuple[int, int], ui: ViewState | None = None) -> Scene:
    """Return the page of a view on a screen of size (w, h) pixels."""
    ui = ui or ViewState()
    page = Page(grid_of(view, size))
    page.asks_presence = view.is_running_out
    if view.fill.level > 0 and view.state in (
        State.COACH,
        State.HOLD,
    ):  # what stands on white needs more of its own ground to be read
        alpha = page.palette.panel_alpha
        share = min(1.0, view.fill.level / FILLED_LEVEL)
        page.palette = replace(page.palette, panel_alpha=max(alpha, round(alpha + share * (FILLED_ALPHA - alpha))))
    if view.banner is not None:
        page.put_banner(view.banner)
    scene = SCREENS[view.state](page, view, ui)
    if ui.logo is not None and view.state in LOGO_STATES:
        scene = add_logo(scene, page.grid, ui.logo)
    return add_timings(scene, page.grid, view) if ui.shows_timings else scene


def audit(view: View, size: tuple[int, int], ui: ViewState | None = None) -> list[str]:
    """Return a sentence for each thing wrong with the page: clipped, overlapping, off the screen, hard to touch."""
    scene = compose(view, size, ui)
    grid = grid_of(view, size)
    whole = Rect(0, 0, *size)
    texts = [item for item in scene.items if isinstance(item, Text)]
    buttons = [item for item in scene.items if isinstance(item, Button)]
    labels = [button.label for button in buttons if button.label is not None]
    problems = [
        f"{t.name}: does not fit its box ({' / '.join(t.setting.lines)})" for t in texts + labels if not t.setting.fits
    ]
    placed = [(item.name, item.rect) for item in scene.items if isinstance(item, Text | Button)]
    problems += [f"{name}: off the screen {rect}" for name, rect in placed if not whole.holds(rect)]
    problems += list(_collisions(texts, buttons))
    problems += list(_labels_inside(buttons))
    problems += [
        f"{b.name}: {_mm(b, grid):.1f} mm, smaller than {TARGET_MM} mm" for b in buttons if _mm(b, grid) < TARGET_MM
    ]
    handles = [item for item in scene.items if isinstance(item, Slider | Sun)]
    problems += list(_handles(handles, buttons, texts, grid))
    if grid.params.low_controls:
        problems += [f"{h.name}: above the middle of the screen" for h in handles if h.rect.y < grid.h // 2 - 1]
        problems += [f"{b.name}: above the middle of the screen" for b in buttons if b.rect.y < grid.h // 2 - 1]
    return problems


def _handles(handles: list[Slider | Sun], buttons: list[Button], texts: list[Text], grid: LayoutGrid) -> Iterator[str]:
    """Yield what keeps a finger from the sun or the slider."""
    for handle in handles:
        if _mm(handle, grid) < TARGET_MM:
            yield f"{handle.name}: {_mm(handle, grid):.1f} mm, smaller than {TARGET_MM} mm"
        if not Rect(0, 0, grid.w, grid.h).holds(handle.rect):
            yield f"{handle.name}: off the screen {handle.rect}"
        yield from (f"{handle.name} lies on {b.name}" for b in buttons if handle.rect.overlaps(b.rect))
        if isinstance(handle, Sun):
            yield from (f"{handle.name} lies on {t.name}" for t in texts if handle.rect.overlaps(t.rect))


def _mm(button: Button | Slider | Sun, grid: LayoutGrid) -> float:
    return min(button.rect.w, button.rect.h) * grid.params.width_mm / grid.w


def _collisions(texts: list[Text], buttons: list[Button]) -> Iterator[str]:
    for one, other in combinations(texts, 2):
        if one.rect.overlaps(other.rect) and not (one.over or other.over):
            yield f"{one.name} and {other.name}: texts overlap"
    for one_b, other_b in combinations(buttons, 2):
        if one_b.rect.overlaps(other_b.rect):
            yield f"{one_b.name} and {other_b.name}: buttons overlap"
    for text in texts:
        for button in buttons:
            if not text.over and text.rect.overlaps(button.rect):
                yield f"{text.name} lies on the button {button.name}"


def _labels_inside(buttons: list[Button]) -> Iterator[str]:
    for button in buttons:
        if button.label is not None and not button.rect.holds(button.label.rect):
            yield f"{button.name}: label wider than the button"
        if button.icon_rect is not None and not button.rect.holds(button.icon_rect):
            yield f"{button.name}: drawing larger than the button"
        if button.icon_rect is not None and button.label is not None and button.icon_rect.overlaps(button.label.rect):
            yield f"{button.name}: drawing lies on the label"
