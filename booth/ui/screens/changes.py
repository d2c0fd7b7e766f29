"""Why the shutter fired and what was changed: beside the portrait where there is room, and always behind a tab."""

from __future__ import annotations

from booth.draw.scene import Rect
from booth.session.view import Change, PortraitFacts
from booth.ui.page_builder import Page, Style

_MARK = "•  "


def put_account(page: Page, facts: PortraitFacts | None, area: Rect) -> None:
    """Show it beside the portrait: why, and below it what was changed, as far as each fits; the tab has all of it.

    Each has its own text and size, so what is known later never moves or shrinks what stands there.
    """
    if facts is None:
        return
    y = area.y
    changed = (_changed(page, facts),) if facts.changed or not facts.is_busy else ()
    for name, text in zip(("why", "changed"), ("\n".join(_why(page, facts)), "".join(changed)), strict=True):
        high = page.height_of(text, area.w, "body") if text else 0
        if text and y + high <= area.bottom:
            page.text(name, Rect(area.x, y, area.w, high), text, Style("body"))
            y += high


def put_leaf(page: Page, facts: PortraitFacts, at: int, frame: Rect) -> None:
    """Show it in place of the portrait, one line a change: leaf `at` of as many as it takes."""
    page.panel(frame)
    area = frame.inset(page.grid.px(3))
    leaves = _leaves(page, facts, area)
    y = area.y
    for i, (text, is_head) in enumerate(leaves[at % len(leaves)]):
        h = page.height_of(text, area.w, "body", bold=is_head)
        colour = "accent" if is_head else "text"
        page.text(f"account{i}", Rect(area.x, y, area.w, h), text, Style("body", bold=is_head, colour=colour))
        y += h


def leaves_in(page: Page, facts: PortraitFacts | None, frame: Rect) -> int:
    """How many leaves it takes in that frame."""
    return 1 if facts is None else len(_leaves(page, facts, frame.inset(page.grid.px(3))))


def _leaves(page: Page, facts: PortraitFacts, area: Rect) -> list[list[tuple[str, bool]]]:
    """Deal headings and lines to leaves; a heading never ends one. Every leaf has at least one line."""
    lines = _lines(page, facts)
    heights = [page.height_of(text, area.w, "body", bold=is_head) for text, is_head in lines]
    leaves: list[list[tuple[str, bool]]] = [[]]
    used = 0
    for i, (line, h) in enumerate(zip(lines, heights, strict=True)):
        needed = h + (heights[i + 1] if line[1] and i + 1 < len(heights) else 0)
        if leaves[-1] and used + needed > area.h:
            leaves.append([])
            used = 0
        leaves[-1].append(line)
        used += h
    return leaves


def _lines(page: Page, facts: PortraitFacts) -> list[tuple[str, bool]]:
    """(text, is a heading) from top to bottom."""
    lines: list[tuple[str, bool]] = []
    if facts.why:
        lines.append((page.say("review.why_title"), True))
        lines += [(_MARK + page.words(key), False) for key in facts.why]
    if facts.changed:
        lines.append((page.say("review.changed_title"), True))
        lines += [(_MARK + _words_of(page, change), False) for change in facts.changed]
    elif not facts.is_busy:
        lines.append((_changed(page, facts), True))
    return lines


def _why(page: Page, facts: PortraitFacts) -> tuple[str, ...]:
    if not facts.why:
        return ()
    return (page.say("review.why", reasons=page.say("review.comma").join(page.words(key) for key in facts.why)),)


def _changed(page: Page, facts: PortraitFacts) -> str:
    if not facts.changed:
        return page.say("review.changed_nothing")
    changes = page.say("review.comma").join(_words_of(page, change) for change in facts.changed)
    return page.say("review.changed", changes=changes)


def _words_of(page: Page, change: Change) -> str:
    """A change in the guest's language; the record's own words for one that has none."""
    try:
        return page.say(change.key, of=page.words(change.of)) if change.of else page.say(change.key)
    except KeyError:
        return change.says
