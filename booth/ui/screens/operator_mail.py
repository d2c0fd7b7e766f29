"""The leaf of the operator's page on which the mail server is written, and the keyboard for one of its fields."""

from __future__ import annotations

from booth.draw.scene import Rect, Signal
from booth.session.view import OperatorMail, View
from booth.ui.page_builder import Dress, Page, Style
from booth.ui.screens.address import ADDRESS_ROWS
from booth.ui.screens.operator_tabs import TabArea, said, stepper, touchable

_SIGNS = ("1234567890", "!\"#$%&'()*", "+,-./:;<=>", "?@[\\]^_{|}", "~` ")  # all of ASCII that is no letter
_COLUMNS = 10
_SHOWN_SIGNS = 40  # of a long text its end is shown: that is where one types
_NOTHING = "–"


def put_mail(page: Page, view: View, mail: OperatorMail, area: TabArea) -> None:
    """Put every field with what stands in it, and what trying the server has come to.

    All of them stand on one page, but where controls are low or text is large on a small screen.
    """
    grid = page.grid
    rect = touchable(page, area.show)
    n_columns = 1 if grid.is_portrait else 2
    least = max(grid.button_h, page.line_h("body") + page.line_h("small"))
    n_lines = max(1, min(-(-len(mail.rows) // n_columns), (rect.h + grid.gap) // (least + grid.gap)))
    high = min((rect.h - (n_lines - 1) * grid.gap) // n_lines, 2 * grid.button_h)
    lines = Rect(rect.x, rect.y, rect.w, n_lines * high + (n_lines - 1) * grid.gap).rows(n_lines, grid.gap)
    cells = [cell for line in lines for cell in line.columns(n_columns, grid.gap)]
    n_pages = -(-len(mail.rows) // len(cells))
    at = view.operator.page % n_pages
    for (field, value), cell in zip(mail.rows[at * len(cells) :], cells, strict=False):
        _field(page, field, value, cell)
    back, told, tried = _thirds(area.line, grid.gap)
    page.button("mail.back", back, page.say("share.back"), _ask("close"), Dress(icon="previous"))
    dress = Dress("primary", icon="again", is_next=True)
    page.button("mail.try", tried, page.say("staff.mail_try"), _ask("try"), dress)
    if n_pages > 1:
        stepper(page, "leaf", told, ("page:-1", "page:1"), f"{at + 1} / {n_pages}")
        told = area.show.top(max(0, rect.y - grid.gap - area.show.y))  # out of reach, but not out of sight
    if view.operator.is_fault:
        said(page, view, told)
    elif mail.check and told.h >= page.line_h("body"):
        page.text("mail.check", told, page.words(mail.check), Style("body", colour="accent", align="centre"))


def _field(page: Page, field: str, value: str, cell: Rect) -> None:
    """Put one field as a button with its name over what stands in it."""
    ask = "security" if field == "security" else f"field:{field}"
    page.panel(cell)
    page.button(f"mail.{field}", cell, "", _ask(ask), Dress("tile"))
    inside = cell.inset(page.grid.gap, 0)
    caption = round(cell.h * 0.44)
    name = Style("small", colour="muted", align="centre", over=True)
    page.text(f"mail.{field}.name", inside.top(caption), page.say(f"staff.mail_{field}"), name)
    shown = page.words(value) if value else _NOTHING
    bold = Style("body", bold=True, align="centre", over=True)
    page.text(f"mail.{field}.value", inside.below(caption), shown, bold)


def _thirds(line: Rect, gap: int) -> tuple[Rect, Rect, Rect]:
    """Return a line's two ends and the half between them."""
    side = (line.w - 2 * gap) // 4
    middle = Rect(line.x + side + gap, line.y, line.w - 2 * (side + gap), line.h)
    return Rect(line.x, line.y, side, line.h), middle, Rect(line.right - side, line.y, side, line.h)


def put_mail_keys(page: Page, mail: OperatorMail, leave: Rect) -> None:
    """Put one field with what is typed of it and a keyboard, on the whole page."""
    grid, body = page.grid, page.body
    is_low = grid.params.low_controls
    title_w = body.w if is_low else leave.x - grid.gap - body.x
    words = page.say(f"staff.mail_{mail.field}")
    title = Rect(body.x, body.y, title_w, page.height_of(words, title_w, "title", bold=True))
    page.text("title", title, words, Style("title", bold=True))
    top = max(body.y + round(body.h * 0.36), grid.h // 2 if is_low else 0)
    top = max(top, grid.h - grid.margin - grid.px(62)) if grid.is_portrait else top
    _keys(page, mail, Rect(body.x, top, body.w, body.bottom - top), leave if is_low else None)
    field_h = page.line_h("lead") + grid.px(3)
    field = Rect(body.x, top - 2 * grid.gap - field_h, body.w, field_h)
    page.panel(field, outline=True)
    shown = mail.typed if len(mail.typed) <= _SHOWN_SIGNS else "…" + mail.typed[-_SHOWN_SIGNS:]
    page.text("typed", field.inset(grid.px(2), 0), f"{shown}_", Style("lead", align="centre"))
    y = max(title.bottom, leave.bottom if not is_low else 0) + grid.gap // 2
    if mail.wrong:
        room = Rect(body.x, y, body.w, max(1, field.y - grid.gap // 2 - y))
        page.text("wrong", room, page.say(mail.wrong), Style("body", colour="danger"))


def _keys(page: Page, mail: OperatorMail, area: Rect, corner: Rect | None) -> None:
    """Put the keys, and leave the corner free where the way out is there.

    On a page that is turned round they are laid out turned, so that they come out as they are.
    """
    grid = page.grid
    gap = max(2, grid.gap // 2)
    rows = _rows(mail, grid.locale)
    last_h = max((area.h - len(rows) * gap) // (len(rows) + 1), corner.h if corner is not None else 0)
    lines = area.top(area.h - last_h - gap).rows(len(rows), gap)
    for signs, line in zip(rows, lines, strict=True):
        cells = line.columns(_COLUMNS, gap)
        for sign, cell in zip(signs, cells[::-1] if grid.is_rtl else cells, strict=False):
            dress = Dress(size="lead", icon="space" if sign == " " else None)
            page.button(f"key.{sign}", cell, sign.strip(), _ask(f"sign:{sign}"), dress)
    taken = corner.w + grid.gap if corner is not None else 0
    parts = Rect(area.x + taken, area.bottom - last_h, area.w - taken, last_h).columns(_COLUMNS, gap)

    def wide(first: int, last: int) -> Rect:
        return Rect(parts[first].x, parts[first].y, parts[last].right - parts[first].x, last_h)

    page.button("back", wide(0, 2), page.say("share.back"), _ask("cancel"), Dress())
    capitals = "letters" if mail.layer == "capitals" else "capitals"
    signs = "letters" if mail.layer == "signs" else "signs"
    page.button("key.capitals", parts[3], "", _ask(f"layer:{capitals}"), Dress(icon="up", is_on=capitals == "letters"))
    page.button("key.signs", parts[4], "#?", _ask(f"layer:{signs}"), Dress(is_on=signs == "letters"))
    page.button("key.at", parts[5], "@", _ask("sign:@"), Dress(size="lead"))
    page.button("key.erase", parts[6], "", _ask("erase"), Dress(icon="erase"))
    dress = Dress("primary", icon="check", is_next=True)
    page.button("key.done", wide(7, 9), page.say("office.letters_done"), _ask("done"), dress)


def _rows(mail: OperatorMail, locale: str) -> tuple[str, ...]:
    """Return the rows of keys: a language's letters, the same as capitals, or every other sign."""
    if mail.layer == "signs":
        return _SIGNS
    rows = ADDRESS_ROWS.get(locale, ADDRESS_ROWS[""])
    return tuple(row.upper() for row in rows) if mail.layer == "capitals" else rows


def _ask(what: str) -> tuple[Signal, ...]:
    return (Signal("staff", f"mail:{what}"),)
