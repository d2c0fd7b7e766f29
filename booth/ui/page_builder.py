"""Composes one page: sets texts into boxes, places buttons and their drawings, collects the items of a Scene."""

from __future__ import annotations

from dataclasses import dataclass, replace

from booth.config.words import say
from booth.draw.scene import Align, Button, Icon, Image, Item, Kind, Panel, Rect, Scene, Signal, Text
from booth.draw.theme import LayoutGrid, palette_of
from booth.draw.typeface import pitch_px, set_text
from booth.session.state_machine import Event
from booth.session.view import Named, Tile

_ENDLESS_PX = 10**6
_INK = {"primary": "on_accent", "danger": "danger"}


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set; `over` lets it lie on other things on purpose."""

    size: str = "body"
    bold: bool = False
    colour: str = "text"
    align: Align = "start"
    over: bool = False
    most_px: int | None = None  # the largest the letters may be, in pixels: texts that follow one another are alike


@dataclass(frozen=True, slots=True)
class Dress:
    """How a button looks and whether it is what comes next."""

    kind: Kind = "quiet"
    icon: str | None = None
    size: str = "button"
    is_on: bool = False
    is_enabled: bool = True
    is_next: bool = False
    most_px: int | None = None  # the largest the letters may be: buttons that stand together are alike


def event(name: Event) -> tuple[Signal, ...]:
    """Return the signal that carries an event of the machine."""
    return (Signal("event", name),)


class Page:
    """A page in the making; `scene` ends it."""

    def __init__(self, grid: LayoutGrid) -> None:
        self.grid = grid
        self.palette = palette_of(grid.params)
        self.items: list[Item] = []
        self._banner_h = 0
        self._banner: tuple[str, Rect] | None = None
        self.asks_presence = False  # its time is nearly over: the title asks whether somebody is still there

    @property
    def whole(self) -> Rect:
        """The screen."""
        return Rect(0, 0, self.grid.w, self.grid.h)

    @property
    def body(self) -> Rect:
        """The screen within its margins, above the banner where there is one."""
        body = self.whole.inset(self.grid.margin)
        return body.top(body.h - self._banner_h) if self._banner_h else body

    def put_banner(self, key: str) -> None:
        """Put what is true on every page, such as that no camera was found, on a strip at the foot; first of all."""
        grid = self.grid
        h = self.line_h("small") + grid.px(0.8)
        self._banner_h = h - grid.px(1)  # it uses a part of the margin
        self._banner = (key, Rect(0, grid.h - h, grid.w, h))

    def _banner_items(self) -> tuple[Item, ...]:
        if self._banner is None:
            return ()
        (key, strip), grid = self._banner, self.grid
        side = round(strip.h * 0.8)
        words = self.say(key)
        setting = set_text(words, (strip.w - 4 * strip.h, strip.h), self.sizes("small"), True, grid.locale)
        x = (strip.w - setting.width_px - side - grid.gap) // 2
        place = Rect(x + side + grid.gap, strip.y, setting.width_px, strip.h)
        mark = Rect(x, strip.y + (strip.h - side) // 2, side, side)
        return (
            Panel(strip, "panel", 255, 0, None),
            Icon("warning", mark, "accent"),
            Text("banner", place, setting, True, "text", "centre"),
        )

    def say(self, key: str, **values: object) -> str:
        """Return a sentence in the guest's language."""
        return say(key, self.grid.locale, **values)

    def words(self, key_or_text: str) -> str:
        """Return the sentence of a key, or the text itself where it is not a key."""
        try:
            return self.say(key_or_text)
        except KeyError:
            return key_or_text

    def title_of(self, kind: str, named: Named | Tile) -> str:
        """Return the title of a look or a light in the guest's language; its own where there is no translation."""
        try:
            return self.say(f"{kind}_name.{named.name}")
        except KeyError:
            return named.title

    def text(self, name: str, rect: Rect, words: str, style: Style = Style()) -> Text:
        """Set a text into a box and put it on the page."""
        item = self._set(name, rect, words, style)
        self.items.append(item)
        return item

    def height_of(self, text: str, width_px: int, size: str, *, bold: bool = False) -> int:
        """Pixels a text needs at that width and its wanted size."""
        px = self.grid.text_px(size)
        return set_text(text, (width_px, _ENDLESS_PX), (px, px), bold, self.grid.locale).height_px

    def size_in(self, text: str, box_px: tuple[int, int], size: str, *, bold: bool = False) -> tuple[int, int]:
        """Width and height in pixels that a text takes up once it is set into a box of that size."""
        setting = set_text(text, box_px, self.sizes(size), bold, self.grid.locale)
        return setting.width_px, setting.height_px

    def sizes(self, size: str) -> tuple[int, int]:
        """The wanted and the smallest size of letters in pixels."""
        wanted = self.grid.text_px(size)
        return wanted, min(self.grid.min_text_px, wanted)

    def _set(self, name: str, rect: Rect, words: str, style: Style) -> Text:
        wanted, least = self.sizes(style.size)
        wanted = max(least, min(wanted, style.most_px or wanted))
        setting = set_text(words, (rect.w, rect.h), (wanted, least), style.bold, self.grid.locale)
        return Text(name, rect, setting, style.bold, style.colour, style.align, style.over)

    def panel(self, rect: Rect, *, colour: str = "panel", solid: bool = True, outline: bool = False) -> None:
        """Put a box with round corners on the page; one that isn't solid lets the mirror shine through."""
        alpha = 255 if solid else self.palette.panel_alpha
        edge = "line" if outline or self.grid.params.high_contrast else None
        self.items.append(Panel(rect, colour, alpha, self.grid.px(2.2), edge))

    def icon(self, name: str, rect: Rect, colour: str = "text", *, fixed: bool = False) -> None:
        """Put a line drawing on the page."""
        self.items.append(Icon(name, rect, colour, fixed))

    def image(self, item: Image) -> None:
        """Put a picture on the page."""
        self.items.append(item)

    def button(self, name: str, rect: Rect, label: str, signals: tuple[Signal, ...], dress: Dress = Dress()) -> Button:
        """Put a button on the page: its drawing, then its label, centred together.

        Where there is no room for both on as few lines, the label stays and the drawing goes.
        """
        icon_px = min(round(rect.h * 0.5), self.grid.px(5.2)) if dress.icon else 0
        text = self._label(name, rect, label, dress, icon_px) if label else None
        if text is not None and icon_px:
            without_icon = self._label(name, rect, label, dress, 0)
            if not text.setting.fits or len(text.setting.lines) > len(without_icon.setting.lines):
                icon_px, text = 0, without_icon
        gap = rect.h // 4 if icon_px and label else 0
        used = text.setting.width_px if text is not None else 0
        start = rect.x + (rect.w - icon_px - gap - used) // 2
        if text is not None:
            text = replace(text, rect=Rect(start + icon_px + gap, rect.y, used, rect.h))
        icon_rect = Rect(start, rect.y + (rect.h - icon_px) // 2, icon_px, icon_px) if icon_px else None
        made = Button(
            name,
            rect,
            signals,
            dress.kind,
            text,
            dress.icon,
            icon_rect,
            dress.is_on,
            dress.is_enabled,
            dress.is_next,
        )
        self.items.append(made)
        return made

    def _label(self, name: str, rect: Rect, label: str, dress: Dress, icon_px: int) -> Text:
        colour = "line" if not dress.is_enabled else _INK.get(dress.kind, "text")
        pad = min(rect.h, rect.w) // 4
        taken = 2 * pad + (icon_px + rect.h // 4 if icon_px else 0)
        area = Rect(rect.x, rect.y, max(1, rect.w - taken), rect.h)
        style = Style(dress.size, dress.kind == "primary", colour, "centre", most_px=dress.most_px)
        return self._set(f"{name}.label", area, label, style)

    def alike(self, labels: tuple[str, ...], rect: Rect, dress: Dress) -> Dress:
        """Return the dress of buttons of that size that stand together: letters of one size, drawings on all or none.

        `dress` is that of any of them; the one that is returned has its icon where all of them may have theirs.
        """
        icon_px = min(round(rect.h * 0.5), self.grid.px(5.2))
        plain = [self._label("", rect, label, dress, 0) for label in labels]
        drawn = [self._label("", rect, label, dress, icon_px) for label in labels]
        least = min(text.setting.px for text in plain)
        has_room = all(
            text.setting.fits and text.setting.px >= least and len(text.setting.lines) == len(bare.setting.lines)
            for text, bare in zip(drawn, plain, strict=True)
        )
        return replace(dress, icon=dress.icon if has_room else None, most_px=least)

    def leave(self) -> Rect:
        """Put the way out into its corner; returns its box.

        It stands at the top, at the end of the title's line; where controls have to be low, at the foot where reading
        begins, so that what keeps or goes on, at the other end, is never beside it.
        """
        grid, body = self.grid, self.body
        side = grid.button_h
        if grid.params.low_controls:
            rect = Rect(body.x, body.bottom - side, side, side)
        else:
            rect = Rect(body.right - side, body.y, side, side)
        self.button("leave", rect, "", event(Event.WITHDRAW), Dress("icon", icon="close"))
        return rect

    @property
    def foot_x(self) -> int:
        """Where a row at the foot begins: beside the way out, where that stands there."""
        return self.body.x + (self.grid.button_h + self.grid.gap if self.grid.params.low_controls else 0)

    def heading(self, key: str) -> str:
        """Return the words of a page's title, or the question whether anybody is still there."""
        return self.say("still.there" if self.asks_presence else key)

    def line_h(self, size: str, lines: int = 1) -> int:
        """Height of so many lines of a type size in pixels."""
        return pitch_px(self.grid.text_px(size)) * lines

    def scene(self, mirror: Rect | None = None, shade: float = 0.0) -> Scene:
        """Return the finished page, turned round for right-to-left languages."""
        made = Scene((*self.items, *self._banner_items()), mirror, shade)
        return made.turned(self.grid.w) if self.grid.is_rtl else made
