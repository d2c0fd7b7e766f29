"""The delivery: where the portrait is, its code for a phone, a print, an e-mail, and the way to have it erased."""

from __future__ import annotations

from booth.draw.scene import Code, Image, Rect, Scene, Signal
from booth.session.state_machine import Event
from booth.session.view import ShareFacts, View
from booth.ui.page_builder import Dress, Page, Style, event
from booth.ui.screens.address import compose_address
from booth.ui.screens.strip import compose_strip
from booth.ui.view_state import ViewState

_ICONS = {"print": "printer", "mail": "mail"}
_CODE_MM = 26.0  # a code read well from half a metre by an older phone; larger takes room from words


def compose_share(page: Page, view: View, ui: ViewState) -> Scene:
    """Compose the page that hands the portrait over, the one for an address, or the question before erasing."""
    if view.share.page == "mail":
        return compose_address(page, view)
    if view.share.page == "erase":
        return compose_sure(page)
    if view.share.page == "strip":
        return compose_strip(page, view)
    grid, body = page.grid, page.body
    leave = page.leave()
    if grid.is_portrait:
        top = body.y if grid.params.low_controls else leave.bottom + grid.gap
        picture = Rect(body.x, top, body.w, round(body.h * (0.34 if grid.params.low_controls else 0.38)))
        column = body.below(picture.bottom + grid.gap - body.y)
        foot = _done(page, column, view.share)
        actions = Rect(column.x, foot.y - grid.gap - grid.button_h, column.w, grid.button_h)
        words = Rect(column.x, column.y, column.w, actions.y - grid.gap - column.y)
    else:
        left = Rect(body.x, body.y, round(body.w * 0.42), body.h)
        column = Rect(left.right + 2 * grid.gap, body.y, body.right - left.right - 2 * grid.gap, body.h)
        foot = _done(page, column, view.share)
        above = grid.button_h + grid.gap if grid.params.low_controls else 0  # the way out
        actions = Rect(left.x, left.bottom - above - grid.button_h, left.w, grid.button_h)
        picture = Rect(left.x, left.y, left.w, actions.y - grid.gap - left.y)
        words = Rect(column.x, column.y, column.w, foot.y - grid.gap - column.y)
    _portrait(page, view, picture)
    _actions(page, view.share, actions)
    title_w = words.w if grid.is_portrait or grid.params.low_controls else leave.x - grid.gap - words.x
    notice = page.say(view.notice) if view.notice == STAND_IN else ""
    _words(page, view.share, words, title_w, notice)
    return page.scene()


STAND_IN = "notice.stand_in"  # said here too: what was kept is the mirror's picture


def _done(page: Page, column: Rect, share: ShareFacts) -> Rect:
    grid = page.grid
    big = max(grid.button_h, grid.px(12))
    x = max(column.x, page.foot_x)
    wide = min(column.right - x, grid.px(120 if share.may_strip else 60))
    x = column.right - wide if grid.params.low_controls else x  # the way out stands at the other end
    done = Rect(x, column.bottom - big, wide, big)
    if share.may_strip:
        first, second = done.columns(2, grid.gap)
        done, strip = (second, first) if grid.params.low_controls else (first, second)
        page.button("strip", strip, page.say("share.strip"), ask("strip"), Dress(icon="camera"))
    dress = Dress("primary", icon="check", size="lead", is_next=True)
    page.button("done", done, page.say("share.done"), event(Event.DELIVERED), dress)
    return done


def _portrait(page: Page, view: View, picture: Rect) -> None:
    if view.share.sheet is not None:
        page.image(Image("sheet", picture, view.share.sheet, radius=page.grid.px(1.5), contain=True))
    elif view.portrait is not None:
        page.image(Image("portrait", picture, view.portrait.after, radius=page.grid.px(1.5), contain=True))
    else:
        page.icon("save", picture.inset(picture.w // 3, picture.h // 3), "accent")


def _actions(page: Page, share: ShareFacts, row: Rect) -> None:
    """Put what may be asked for in a row: print, e-mail, erase."""
    names = [way for way in _ICONS if way in share.ways] + ["erase"] * share.may_erase
    if share.copies_most > 1 and "print" in share.open_ways and "print" in names:
        names.insert(names.index("print"), "copies")
    for name, cell in zip(names, row.columns(max(1, len(names)), page.grid.gap), strict=False):
        if name == "copies":
            words = page.say("share.copies", n=share.copies)
            page.button(name, cell, words, ask("copies"), Dress("chip", size="body"))
        elif name == "erase":
            page.button(name, cell, page.say("share.erase"), ask("erase"), Dress("danger", icon="trash"))
        else:
            dress = Dress(icon=_ICONS[name], is_enabled=name in share.open_ways)
            page.button(name, cell, page.say(f"share.{name}"), ask(name), dress)


def ask(what: str) -> tuple[Signal, ...]:
    """Return the signal by which a guest asks for something at the delivery."""
    return (Signal("ask", what),)


def _words(page: Page, share: ShareFacts, area: Rect, title_w: int, notice: str = "") -> None:
    """Fill the column: title, where it is, the codes, and how each delivery goes."""
    grid = page.grid
    asked = page.heading("share.title")
    high = max(page.height_of(words, title_w, "title", bold=True) for words in (asked, page.say("share.title")))
    title = Rect(area.x, area.y, title_w, high)
    page.text("title", title, asked, Style("title", bold=True))
    lines = [notice] if notice else []
    lines += [page.say("kept.code", code=share.receipt)] if share.receipt else []
    lines += [page.say("kept.here")] if share.name and not share.receipt else []
    area = area.below(title.h + grid.gap)
    area = _status(page, share, area)
    if not lines:
        return
    text = "\n".join(lines)
    has_code = share.code is not None
    size = "body" if has_code or share.ways else "lead"
    most = round(area.h * 0.5) if has_code else area.h
    _, needed = page.size_in(text, (area.w, most), size)
    page.text("where", area.top(max(1, needed)), text, Style(size))
    if has_code:
        _codes(page, share, area.below(needed + grid.gap))


def _status(page: Page, share: ShareFacts, area: Rect) -> Rect:
    """Put how the deliveries go at the foot of the room, which is kept free for it; returns what is left above."""
    grid = page.grid
    lines = max(2, 2 * (len(share.ways) + (share.code is not None)))
    foot = area.below(area.h - min(area.h // 2, page.line_h("body", lines)))
    if share.status:
        text = "\n".join(page.say(key) for key in share.status)
        _, needed = page.size_in(text, (foot.w, foot.h), "body", bold=True)
        place = Rect(foot.x, foot.bottom - needed, foot.w, needed)
        page.text("status", place, text, Style("body", bold=True, colour="accent"))
    return Rect(area.x, area.y, area.w, max(1, foot.y - grid.gap - area.y))


def _codes(page: Page, share: ShareFacts, area: Rect) -> None:
    """Put the code of the page, and before it the one that joins the booth's own Wi-Fi, each with its words."""
    grid = page.grid
    codes = [(share.code, page.say("share.scan"), "scan")]
    if share.join_code is not None:
        codes.insert(0, (share.join_code, page.say("share.join", name=share.join_name), "join"))
    cells = area.columns(len(codes), 2 * grid.gap)
    side_mm = round(_CODE_MM * grid.w / grid.params.width_mm)
    is_below = len(codes) > 1
    pairs = list(zip(codes, cells, strict=True))
    captions = [page.size_in(words, (cell.w, cell.h // 3), "body")[1] for (_, words, _), cell in pairs]
    caption = max(captions) + grid.gap if is_below else 0  # all codes alike
    for (dark, words, name), cell in pairs:
        if dark is None:
            continue
        most = min(cell.h - caption, cell.w if is_below else cell.w // 2)
        side = min(most, max(side_mm, grid.px(42)))
        code = Rect(cell.x, cell.y, side, side)
        page.items.append(Code(code, dark))
        beside = Rect(code.right + grid.gap, cell.y, cell.right - code.right - grid.gap, side)
        below = Rect(cell.x, code.bottom + grid.gap // 2, cell.w, max(1, caption - grid.gap // 2))
        page.text(name, below if is_below else beside, words, Style("body", colour="muted"))


def compose_sure(page: Page) -> Scene:
    """Compose the question before a portrait is erased for good."""
    grid, body = page.grid, page.body
    leave = page.leave()
    width = body.w - (leave.w + grid.gap if grid.params.low_controls else 0)
    h = max(grid.button_h, grid.px(12))
    foot = Rect(page.foot_x, body.bottom - h, width, h)
    back, yes = foot.columns(2, grid.gap)
    page.button("back", back, page.say("share.back"), ask("main"), Dress(is_next=True))
    page.button("erase_yes", yes, page.say("share.erase_yes"), ask("erase_yes"), Dress("danger", icon="trash"))
    area = Rect(body.x, leave.bottom + grid.gap, body.w, foot.y - leave.bottom - 3 * grid.gap)
    if grid.params.low_controls:
        area = Rect(body.x, body.y, body.w, min(foot.y, leave.y) - body.y - grid.gap)
    words = page.say("share.erase_title")
    title = area.top(page.height_of(words, area.w, "title", bold=True))
    page.text("title", title, words, Style("title", bold=True))
    text = page.say("share.erase_text")
    below = area.below(title.h + 2 * grid.gap)
    _, needed = page.size_in(text, (min(area.w, grid.px(120)), below.h), "lead")
    page.text("text", Rect(below.x, below.y, min(area.w, grid.px(120)), needed), text, Style("lead"))
    return page.scene()
