"""A keyboard for an e-mail address on the screen; a real one may be used too. Keeps nothing: what is typed comes in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from booth.draw.scene import Rect, Scene, Signal
from booth.session.view import View
from booth.ui.page_builder import Dress, Page, Style

_DIGITS = "1234567890"
ADDRESS_ROWS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "de": (_DIGITS, "qwertzuiop", "asdfghjkl_", "yxcvbnm+-."),
        "fr": (_DIGITS, "azertyuiop", "qsdfghjklm", "wxcvbn_+-."),
        "": (_DIGITS, "qwertyuiop", "asdfghjkl_", "zxcvbnm+-."),
    }
)
"""As people of a language find their letters; addresses are Latin in all of them."""

_ENDING = ".com"
_SHOWN_SIGNS = 44  # of a long address its end is shown: that is where one types
_COLUMNS = 10


def compose_address(page: Page, view: View) -> Scene:
    """Compose the page on which an address is typed."""
    grid, body = page.grid, page.body
    leave = page.leave()
    is_low = grid.params.low_controls
    top = max(body.y + round(body.h * 0.36), grid.h // 2 if is_low else 0)
    top = max(top, grid.h - grid.margin - grid.px(62)) if grid.is_portrait else top
    keys = Rect(body.x, top, body.w, body.bottom - top)
    _keyboard(page, keys, leave if is_low else None)
    width = body.w if is_low else leave.x - grid.gap - body.x
    words = page.say("share.mail_title")
    title = Rect(body.x, body.y, width, page.height_of(words, width, "title", bold=True))
    page.text("title", title, words, Style("title", bold=True))
    field_h = page.line_h("lead") + grid.px(3)
    field = Rect(body.x, keys.y - 2 * grid.gap - field_h, body.w, field_h)
    page.panel(field, outline=True)
    shown = view.share.typed if len(view.share.typed) <= _SHOWN_SIGNS else "…" + view.share.typed[-_SHOWN_SIGNS:]
    page.text("typed", field.inset(grid.px(2), 0), f"{shown}_", Style("lead", align="centre"))
    note = view.share.status[0] if view.share.status[:1] == ("share.mail_wrong",) else "share.mail_note"
    colour = "danger" if note != "share.mail_note" else "muted"
    y = max(title.bottom, leave.bottom if not is_low else 0) + grid.gap // 2
    area = Rect(body.x, y, body.w, max(1, field.y - grid.gap // 2 - y))
    page.text("note", area, page.say(note), Style("body", colour=colour))
    return page.scene()


def _keyboard(page: Page, area: Rect, corner: Rect | None) -> None:
    """Put the keys, and leave the corner free where the way out is there.

    On a page that is turned round they are laid out turned, so that they come out as they are.
    """
    grid = page.grid
    gap = max(2, grid.gap // 2)
    last_h = max((area.h - 4 * gap) // 5, corner.h if corner is not None else 0)
    lines = area.top(area.h - last_h - gap).rows(4, gap)
    for signs, line in zip(ADDRESS_ROWS.get(grid.locale, ADDRESS_ROWS[""]), lines, strict=True):
        cells = line.columns(_COLUMNS, gap)
        for sign, cell in zip(signs, cells[::-1] if grid.is_rtl else cells, strict=True):
            page.button(f"key.{sign}", cell, sign, (Signal("key", sign),), Dress(size="lead"))
    taken = corner.w + grid.gap if corner is not None else 0
    last = Rect(area.x + taken, area.bottom - last_h, area.w - taken, last_h)
    parts = last.columns(_COLUMNS, gap)
    back, at, ending, erase, send = (
        Rect(parts[a].x, last.y, parts[b].right - parts[a].x, last.h)
        for a, b in ((0, 2), (3, 3), (4, 5), (6, 6), (7, 9))
    )
    page.button("back", back, page.say("share.back"), (Signal("ask", "main"),), Dress())
    page.button("key.@", at, "@", (Signal("key", "@"),), Dress(size="lead"))
    page.button("key.com", ending, _ENDING, (Signal("key", _ENDING),), Dress())
    page.button("key.erase", erase, "", (Signal("key", "erase"),), Dress(icon="erase"))
    dress = Dress("primary", icon="check", is_next=True)
    page.button("send", send, page.say("share.send"), (Signal("ask", "send"),), dress)
