"""Cut the Noto Sans faces down to the characters the booth can show, so that all of them together stay small.

Needs fonttools, which the booth itself does not: run it in an environment of its own.
    python tools/subset_fonts.py FOLDER_WITH_NOTO_SANS_TTFS
The faces come from the npm packages @expo-google-fonts/noto-sans, -arabic, -devanagari, -sc and -jp (SIL OFL 1.1).
Run it again after words have changed: a character that is missing fails a test.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

from fontTools import subset

ROOT = Path(__file__).resolve().parent.parent
WEIGHTS = {"400Regular": "Regular", "600SemiBold": "SemiBold"}

ASCII = range(0x20, 0x7F)
LATIN = [
    *ASCII,
    *range(0xA0, 0x180),
    *range(0x2010, 0x2028),
    *range(0x2030, 0x2040),
    0x20AC,
    0x2122,
    0x2190,
    0x2192,
    0x2212,
]
ARABIC = [*ASCII, *range(0x600, 0x700), *range(0xFB50, 0xFC00), *range(0xFE70, 0xFF00), 0x200C, 0x200D, 0x200E, 0x200F]
DEVANAGARI = [*ASCII, *range(0x900, 0x980), 0x200C, 0x200D, 0x25CC]
CJK_BASIC = [*ASCII, 0xB7, *range(0x2010, 0x2028), *range(0x3000, 0x3020), *range(0xFF01, 0xFF5F)]
KANA = range(0x3040, 0x3100)
# What operators write in their own words is not known here: the first levels of the national sets cover everyday texts.
GB2312_ROWS, JIS_X_0208_ROWS = range(16, 56), range(16, 48)


def _strings(table: Any) -> str:
    if isinstance(table, dict):
        return "".join(_strings(value) for value in table.values())
    return table if isinstance(table, str) else ""


def _rows(rows: range, codec: str) -> set[int]:
    """Characters of so many rows of 94 in a national set."""
    cells = (bytes((0xA0 + row, 0xA0 + cell)) for row in rows for cell in range(1, 95))
    return {ord(c) for c in b"".join(cells).decode(codec, "ignore")}


def _used(locale: str) -> set[int]:
    """Characters of every word file of one locale."""
    files = [
        path for path in (ROOT / "booth" / "config" / "words").glob("*.toml") if path.stem.split(".")[-1] == locale
    ]
    return {ord(c) for path in files for c in _strings(tomllib.loads(path.read_text(encoding="utf-8")))}


def cut(source: Path, target: Path, characters: set[int]) -> None:
    """Write `target` with those characters of `source` and everything needed to shape them."""
    options = subset.Options(layout_features=["*"], hinting=False, notdef_outline=True, name_IDs=["*"])
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    subset.save_font(font, str(target), options)


def main(folder: Path) -> None:
    """Cut every face in both weights."""
    wanted = {
        "NotoSans": set(LATIN),
        "NotoSansArabic": set(ARABIC),
        "NotoSansDevanagari": set(DEVANAGARI),
        "NotoSansSC": set(CJK_BASIC) | _rows(GB2312_ROWS, "gb2312") | _used("zh") | {ord(c) for c in "中文日本語"},
        "NotoSansJP": set(CJK_BASIC)
        | set(KANA)
        | _rows(JIS_X_0208_ROWS, "euc_jp")
        | _used("ja")
        | {ord(c) for c in "中文日本語"},
    }
    for family, characters in wanted.items():
        for long, short in WEIGHTS.items():
            target = ROOT / "assets" / "fonts" / f"{family}-{short}.ttf"
            cut(folder / f"{family}_{long}.ttf", target, characters)
            print(f"{target.name}: {target.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
