"""Noto Sans in ten languages: which face a run of letters needs, how wide it is, where lines break, its pixels.

The only module that touches fonts. Right-to-left lines are laid out here word by word, so that numbers and names inside
them still read from left to right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import pygame

from booth.core.assets import asset
from booth.draw.phrases import PHRASED, phrase_ends
from booth.draw.theme import RTL_LOCALES, Colour

_NO_CHARACTER = "\ufdd0"  # Unicode promises that this never becomes one
LEADING = 1.32  # line pitch in text heights

_FAMILY = {"Arab": "NotoSansArabic", "Deva": "NotoSansDevanagari", "Hans": "NotoSansSC", "Jpan": "NotoSansJP"}
_DEFAULT_SCRIPT = {"ar": "Arab", "hi": "Deva", "zh": "Hans", "ja": "Jpan"}  # of what is neither letter nor digit
_SET_SCRIPT = {"Arab": "Arab", "Deva": "Deva"}  # the others need no shaping beyond the default
_WIDE_START = 0x2E80  # from here on: ideographs, kana and their punctuation
_NOT_FIRST = set("、。，．：；！？）」』】ーっゃゅょッャュョ々…·%％")  # never begin a line with these
_NOT_LAST = set("（「『【")
_WORDS = re.compile(r"\S+")
_OPENS, _CLOSES = "(\"'«[", ".,:;!?)\"'»]"


def script_of(char: str, locale: str) -> str | None:
    """Return the script whose face draws a character; None for spaces and marks that go with any."""
    code = ord(char)
    if char.isspace() or (unicodedata.category(char)[0] in "PSN" and code < 0x600 and char not in "“”‘’…"):
        return None if not char.isdigit() else "Latn"
    if 0x600 <= code < 0x780 or 0xFB50 <= code < 0xFE00 or 0xFE70 <= code < 0xFF00:
        return "Arab"
    if 0x900 <= code < 0x980:
        return "Deva"
    if code >= _WIDE_START:
        kana = 0x3040 <= code < 0x3100
        return "Jpan" if kana or locale == "ja" else "Hans"
    return "Latn"


@lru_cache(maxsize=256)
def _font(script: str, px: int, bold: bool) -> pygame.font.Font:
    if not pygame.font.get_init():
        pygame.font.init()
    family = _FAMILY.get(script, "NotoSans")
    font = pygame.font.Font(str(asset("fonts", f"{family}-{'SemiBold' if bold else 'Regular'}.ttf")), px)
    if script in _SET_SCRIPT:
        font.set_script(_SET_SCRIPT[script])
    font.set_direction(pygame.DIRECTION_RTL if script == "Arab" else pygame.DIRECTION_LTR)
    return font


def close_fonts() -> None:
    """Release every font; needed before pygame is shut down, after which they would be dead."""
    _font.cache_clear()
    _has_glyph.cache_clear()


def runs_of(line: str, locale: str) -> tuple[tuple[str, str], ...]:
    """Split a line into (script, letters) runs in reading order.

    Spaces and marks stay with what precedes them. In a line with Arabic letters they belong to those, unless they stand
    between two Latin ones: so a bracket after a number still closes on the left.
    """
    scripts = [script_of(char, locale) for char in line]
    if "Arab" in scripts or _is_last_word(line, scripts, locale):
        scripts = _with_latin_words(line, scripts)
        resolved = [script or _between(scripts, i) for i, script in enumerate(scripts)]
    else:
        known = _DEFAULT_SCRIPT.get(locale, "Latn") if locale not in RTL_LOCALES else "Latn"
        resolved = []
        for script in scripts:
            known = script or known
            resolved.append(known)
    runs: list[list[str]] = []
    for script, char in zip(resolved, line, strict=True):
        if runs and runs[-1][0] == script:
            runs[-1][1] += char
        else:
            runs.append([script, char])
    return tuple((script, letters) for script, letters in runs)


def _is_last_word(line: str, scripts: list[str | None], locale: str) -> bool:
    """True for a line of an Arabic sentence on which a code or a path is left alone: what closes it is Arabic."""
    return locale in RTL_LOCALES and "Latn" in scripts and " " not in line.strip()


def _with_latin_words(line: str, scripts: list[str | None]) -> list[str | None]:
    """Give the marks inside a Latin word, such as a path, an address or a code, to that word, so that it stays whole.

    What closes or opens the word belongs to the Arabic sentence, but not the slash or tilde a path begins with.
    """
    found = list(scripts)
    for word in _WORDS.finditer(line):
        own = scripts[word.start() : word.end()]
        if "Latn" not in own or set(own) - {"Latn", None}:
            continue
        lead = len(word[0]) - len(word[0].lstrip(_OPENS))
        trail = len(word[0].rstrip(_CLOSES))
        found[word.start() + lead : word.start() + trail] = ["Latn"] * max(0, trail - lead)
    return found


def _between(scripts: list[str | None], at: int) -> str:
    """The script of a mark within Arabic: the neighbours' where both sides agree, else Arabic."""
    before = next((script for script in reversed(scripts[:at]) if script), "Arab")
    after = next((script for script in scripts[at + 1 :] if script), "Arab")
    return before if before == after else "Arab"


@lru_cache(maxsize=4096)
def width_of(line: str, px: int, bold: bool, locale: str) -> int:
    """Width of one line in pixels."""
    return sum(_font(script, px, bold).size(letters)[0] for script, letters in runs_of(line, locale))


@lru_cache(maxsize=2048)
def _has_glyph(char: str, script: str) -> bool:
    """Compare with what the face draws for a code point that is no character: its empty box."""
    font = _font(script, 24, False)
    drawn, box = (font.render(c, True, (255, 255, 255)) for c in (char, _NO_CHARACTER))
    return drawn.get_size() != box.get_size() or pygame.image.tobytes(drawn, "RGBA") != pygame.image.tobytes(
        box, "RGBA"
    )


def has_glyphs(text: str, locale: str) -> bool:
    """True if every character of the text has a glyph in the face that would draw it."""
    runs = (run for line in text.split("\n") for run in runs_of(line, locale))
    return all(_has_glyph(char, script) for script, letters in runs for char in letters if not char.isspace())


def _pieces(paragraph: str) -> Iterator[str]:
    """Yield the parts between which a line may break: words with their space, or single wide characters."""
    piece = ""
    for char in paragraph:
        wide = ord(char) >= _WIDE_START and not 0xFB50 <= ord(char) < 0xFF00
        breaks = piece and (piece[-1].isspace() or wide or ord(piece[-1]) >= _WIDE_START)
        glued = char in _NOT_FIRST or char.isspace() or (piece and piece[-1] in _NOT_LAST)
        if breaks and not glued and not _is_arabic(piece[-1]):
            yield piece
            piece = ""
        piece += char
    if piece:
        yield piece


def _is_arabic(char: str) -> bool:
    return 0xFB50 <= ord(char) < 0xFF00


def _phrases(paragraph: str, locale: str) -> Iterator[str]:
    """Yield the parts between which a line may break, in Japanese and Chinese only where a phrase ends."""
    ends = phrase_ends(paragraph, locale)
    if ends is None:
        yield from _pieces(paragraph)
        return
    phrase, at = "", 0
    for piece in _pieces(paragraph):
        if phrase and (at in ends or phrase[-1].isspace()):
            yield phrase
            phrase = ""
        phrase += piece
        at += len(piece)
    if phrase:
        yield phrase


def wrap(text: str, width_px: int, px: int, bold: bool, locale: str, *, by_phrase: bool = True) -> tuple[str, ...]:
    """Break a text into lines no wider than `width_px`, if that can be done; a newline always breaks.

    Without `by_phrase` Japanese and Chinese break at any sign that may end a line.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _phrases(paragraph, locale) if by_phrase else _pieces(paragraph):
            if line and width_of((line + piece).rstrip(), px, bold, locale) > width_px:
                lines.append(line.rstrip())
                line = piece
            else:
                line += piece
        lines.append(line.rstrip())
    return tuple(lines)


@dataclass(frozen=True, slots=True)
class TextLayout:
    """A text broken into lines at the size at which it fits its box."""

    lines: tuple[str, ...]
    px: int
    width_px: int
    height_px: int
    fits: bool


def pitch_px(px: int) -> int:
    """Distance from line to line."""
    return round(px * LEADING)


@lru_cache(maxsize=4096)
def set_text(text: str, box_px: tuple[int, int], sizes_px: tuple[int, int], bold: bool, locale: str) -> TextLayout:
    """Set a text into a box (width, height) at the largest size from sizes_px = (wanted, smallest) that fits.

    Where not even the smallest does, Japanese and Chinese are broken inside phrases; where that does not help either,
    `fits` is False: the layout has to give it more room.
    """
    setting = _set(text, box_px, sizes_px, (bold, locale, True))
    return setting if setting.fits or locale not in PHRASED else _set(text, box_px, sizes_px, (bold, locale, False))


def _set(text: str, box_px: tuple[int, int], sizes_px: tuple[int, int], how: tuple[bool, str, bool]) -> TextLayout:
    """As `set_text`; `how` is bold, locale, and whether lines break by phrase."""
    bold, locale, by_phrase = how
    px = max(sizes_px)
    while True:
        lines = wrap(text, box_px[0], px, bold, locale, by_phrase=by_phrase)
        width = max((width_of(line, px, bold, locale) for line in lines), default=0)
        height = pitch_px(px) * len(lines)
        fits = width <= box_px[0] and height <= box_px[1]
        if fits or px <= min(sizes_px):
            return TextLayout(lines, px, width, height, fits)
        px = max(min(sizes_px), min(px - 1, round(px * 0.95)))


def bleed_px(px: int) -> int:
    """How far a rendered line reaches above and below its pitch: marks and tails need more room than lines do."""
    return round(px * 0.4)


def render(line: str, px: int, bold: bool, colour: Colour, locale: str) -> pygame.Surface:
    """Return one line as a surface with alpha, as wide as the line, one pitch high with a bleed above and below."""
    runs = runs_of(line, locale)
    is_rtl = any(script == "Arab" for script, _ in runs) and locale in RTL_LOCALES
    height = pitch_px(px) + 2 * bleed_px(px)
    surface = pygame.Surface((max(1, width_of(line, px, bold, locale)), height), pygame.SRCALPHA)
    baseline = bleed_px(px) + round(pitch_px(px) * 0.76)
    x = 0
    for script, letters in reversed(runs) if is_rtl else runs:
        font = _font(script, px, bold)
        surface.blit(font.render(letters, True, colour), (x, baseline - font.get_ascent()))
        x += font.size(letters)[0]
    return surface
