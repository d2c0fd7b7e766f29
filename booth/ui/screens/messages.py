"""Pages that only inform: developing, goodbye, erasing, a fault."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from booth.draw.scene import Icon, Item, Meter, Rect, Scene, Signal, Spinner
from booth.session.view import FaultFacts, View
from booth.ui.page_builder import Dress, Page, Style
from booth.ui.screens.coach import mirror_rect
from booth.ui.screens.share import compose_sure
from booth.ui.view_state import ViewState

_TURN_S = 1.6  # of the spinner
_FAULT_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "camera": "camera",
        "stream": "camera",
        "source": "camera",
        "demo": "camera",
        "perception": "sight",
        "session.folder": "place",
        "session.wipe": "wipe",
        "deliver.folder": "place",
        "deliver.disk": "full",
        "deliver": "keep",
        "store.disk": "full",
        "store": "keep",
        "write": "keep",
        "credentials": "keep",
        "encode": "keep",
        "develop": "develop",
        "finish": "develop",
        "crop": "develop",
        "matte": "develop",
        "look": "look",
        "light": "look",
        "backdrop": "look",
    }
)


def spinner(page: Page, view: View, rect: Rect) -> Spinner:
    """Return a ring that turns, or one that stands nearly closed where motion is reduced."""
    if page.grid.params.reduced_motion:
        return Spinner(rect, 0.0, 0.25)
    return Spinner(rect, (view.now_s / _TURN_S) % 1.0)


def _message(page: Page, mark: Item, title: str, lines: tuple[tuple[str, str], ...]) -> None:
    """Put a drawing, a title and lines (text, size) in the middle of the page, one below the other."""
    grid, body = page.grid, page.body
    width = min(body.w, grid.px(120))
    x = (grid.w - width) // 2
    gap = grid.px(3)
    heights = [mark.rect.h, page.height_of(title, width, "title", bold=True)]
    heights += [page.height_of(text, width, size) for text, size in lines]
    y = (grid.h - sum(heights) - gap * (len(heights) - 1)) // 2
    page.items.append(_moved(mark, Rect((grid.w - mark.rect.w) // 2, y, mark.rect.w, mark.rect.h)))
    y += heights[0] + gap
    page.text("title", Rect(x, y, width, heights[1]), title, Style("title", bold=True, align="centre"))
    y += heights[1] + gap
    for i, ((text, size), height) in enumerate(zip(lines, heights[2:], strict=True)):
        colour = "muted" if size == "small" else "text"
        page.text(f"line{i}", Rect(x, y, width, height), text, Style(size, align="centre", colour=colour))
        y += height + gap


def _moved(mark: Item, rect: Rect) -> Item:
    if isinstance(mark, Spinner):
        return Spinner(rect, mark.turn_frac, mark.open_frac)
    return Icon(mark.icon, rect, mark.colour) if isinstance(mark, Icon) else mark


def _mark(page: Page) -> Rect:
    side = page.grid.px(14)
    return Rect(0, 0, side, side)


def compose_develop(page: Page, view: View, ui: ViewState) -> Scene:
    """Compose the few seconds in which the portrait is developed."""
    page.leave()
    mark = spinner(page, view, _mark(page))
    _message(page, mark, page.say("develop.title"), ((page.say("develop.text"), "lead"),))
    return page.scene(mirror_rect(page, view) if view.picture is not None else None, shade=0.72)


def compose_goodbye(page: Page, view: View, ui: ViewState) -> Scene:
    """Compose the farewell: what was kept and what was not, and the last chance here to have it erased."""
    if view.share.page == "erase":
        return compose_sure(page)
    icon = {"kept": "check", "deleted": "trash", "nothing": "smile"}[view.outcome]
    lines = ((page.say(f"goodbye.{view.outcome}"), "lead"),)
    _message(page, Icon(icon, _mark(page), "accent"), page.say(f"goodbye.{view.outcome}_title"), lines)
    leave = page.leave()
    if view.share.may_erase:
        grid, body = page.grid, page.body
        width = min(grid.px(60), body.w - 2 * (leave.w + grid.gap))
        box = Rect((grid.w - width) // 2, body.bottom - grid.button_h, width, grid.button_h)
        page.button("erase", box, page.say("share.erase"), (Signal("ask", "erase"),), Dress("danger", icon="trash"))
    return page.scene()


def compose_wipe(page: Page, view: View, ui: ViewState) -> Scene:
    """Compose the page of erasing."""
    _message(page, spinner(page, view, _mark(page)), page.say("wipe.title"), ())
    return page.scene()


def fault_words(page: Page, fault: FaultFacts) -> tuple[str, str]:
    """What went wrong and what to do, in the guest's language; the fault's own words where a guest never meets it."""
    kind = fault_kind(fault.code)
    if kind is None:
        return fault.message, fault.hint
    return page.say(f"fault_text.{kind}"), page.say(f"fault_hint.{kind}")


def fault_kind(code: str) -> str | None:
    """Return the end of the word key for a fault code: by the code, else its prefix; None for operator-only faults."""
    return _FAULT_KINDS.get(code) or _FAULT_KINDS.get(code.partition(".")[0])


def compose_fault(page: Page, view: View, ui: ViewState) -> Scene:
    """Compose what a person sees when something is wrong: a sentence, a hint, and that it is being tried again."""
    page.leave()
    lines: list[tuple[str, str]] = []
    if view.fault is not None:
        said, hint = fault_words(page, view.fault)
        lines = [(said, "lead"), (hint, "body")]
        lines.append((page.say("fault.code", code=view.fault.code), "small"))
    _message(page, Icon("warning", _mark(page), "accent"), page.say("fault.title"), tuple(lines))
    left = view.fault.left_to_retry_s if view.fault is not None else None
    grid = page.grid
    if left is not None:
        box = Rect((grid.w - grid.px(60)) // 2, page.body.bottom - grid.px(8), grid.px(60), grid.px(5))
        page.text("retry", box, page.say("fault.retry"), Style("small", colour="muted", align="centre"))
        bar = Rect(box.x, box.bottom + grid.px(1), box.w, max(2, grid.px(0.8)))
        page.items.append(Meter(bar, 1 - left / max(left, view.left_s, 1e-6)))
    return page.scene()
