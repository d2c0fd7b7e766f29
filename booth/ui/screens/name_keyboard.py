"""A keyboard for a name on the screen, with the letters of the guest's language; a real one may be used too."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from booth.draw.scene import Rect, Signal
from booth.ui.page_builder import Dress, Page

_QWERTY = ("qwertyuiop", "asdfghjkl'", "zxcvbnm-.,")
_ROWS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "de": ("äöüßéèáçñø", "qwertzuiop", "asdfghjkl'", "yxcvbnm-.,"),
        "fr": ("éèêëàâçîïô", "azertyuiop", "qsdfghjklm", "wxcvbn'-ùû"),
        "es": ("áéíóúüñçàè", *_QWERTY),
        "pt": ("áàâãçéêíóõ", *_QWERTY),
        "it": ("àáèéìíòóùú", *_QWERTY),
        "ar": ("ضصثقفغعهخح", "شسيبلاتنمك", "ئءؤرىةوزظط", "جدذأإآگپچڤ"),
        "": ("áéíóúñçäöü", *_QWERTY),
    }
)
"""As people of a language find their letters. Hindi, Chinese and Japanese get the Latin ones: their own need more keys
than fit, and a list is picked from, not typed."""

_COLUMNS = 10


def put_name_keyboard(page: Page, area: Rect, typed: str, corner: Rect | None) -> None:
    """Put the keys into the area, and leave the corner free where the way out is there.

    At the beginning of a word the keys are capitals. The one page that is turned round, the Arabic, has Arabic keys.
    """
    grid = page.grid
    gap = max(2, grid.gap // 2)
    last_h = max((area.h - 4 * gap) // 5, corner.h if corner is not None else 0)
    lines = area.top(area.h - last_h - gap).rows(4, gap)
    for row, (signs, line) in enumerate(zip(_ROWS.get(grid.locale, _ROWS[""]), lines, strict=True)):
        cells = line.columns(_COLUMNS, gap)
        is_latin = grid.locale not in ("ar",)
        for place, (sign, cell) in enumerate(
            zip(signs, cells[::-1] if grid.is_rtl and is_latin else cells, strict=True)
        ):
            shown = _capital(sign) if not typed or typed[-1] in " -'" else sign
            page.button(f"key.{row}.{place}", cell, shown, (Signal("letter", shown),), Dress(size="lead"))
    x = page.foot_x if corner is not None else area.x
    last = Rect(x, area.bottom - last_h, area.right - x, last_h)
    parts = last.columns(_COLUMNS, gap)
    space, erase, done = (
        Rect(parts[a].x, last.y, parts[b].right - parts[a].x, last.h) for a, b in ((0, 4), (5, 6), (7, 9))
    )
    page.button("key.space", space, page.say("office.space"), (Signal("letter", " "),), Dress())
    page.button("key.erase", erase, "", (Signal("letter", "erase"),), Dress(icon="erase"))
    dress = Dress("primary", icon="check", is_next=True)
    page.button("key.done", done, page.say("office.letters_done"), (Signal("letter", "close"),), dress)


def _capital(sign: str) -> str:
    return sign.upper() if len(sign.upper()) == 1 else sign
