"""Lines of Japanese and Chinese end where a phrase does, and a path in an Arabic sentence stays one word."""

from __future__ import annotations

from itertools import accumulate

import pytest

from booth.config.words import say, sentences
from booth.draw.phrases import phrase_ends
from booth.draw.typeface import runs_of, set_text, wrap

WORDS = (
    "摄像头", "工作人员", "打印机", "拍照亭", "进度条", "识别", "年龄", "位置", "均匀", "阴影", "柔和", "头发", "邮件",
    "闪烁", "网络", "互联网", "拇指", "按钮", "方框", "下巴", "眼睛", "眼镜", "立体感", "重拍", "肖像", "扫描",
)  # fmt: skip


@pytest.mark.parametrize("width_px", [300, 340, 380, 420, 500])
def test_no_line_of_chinese_ends_inside_a_word(width_px: int) -> None:
    for text in sentences("zh").values():
        lines = wrap(text, width_px, 24, False, "zh")
        ends = set(accumulate(len(line) for line in lines))
        joined = "".join(lines)
        for word in WORDS:
            at = joined.find(word)
            while at >= 0:
                assert not ends & set(range(at + 1, at + len(word))), f"{word} in {lines}"
                at = joined.find(word, at + 1)


def test_words_of_others_texts_stay_whole_too() -> None:
    text = "请到服务台领取照片和信封，工作人员会帮助您连接无线网络并发送电子邮件。"
    lines = wrap(text, 120, 24, False, "zh")
    ends = set(accumulate(len(line) for line in lines))
    for word in ("服务台", "领取", "照片", "信封", "工作人员", "帮助", "连接", "无线", "网络", "发送", "电子邮件"):
        at = text.index(word)
        assert not ends & set(range(at + 1, at + len(word))), f"{word} in {lines}"


def test_japanese_breaks_by_phrase() -> None:
    text = say("attract.text", "ja")
    lines = wrap(text, 420, 32, False, "ja")
    ends = phrase_ends(text, "ja")
    assert ends is not None and len(lines) > 2
    assert set(accumulate(len(line) for line in lines)) <= ends


def test_a_phrase_wider_than_its_box_is_broken_all_the_same() -> None:
    setting = set_text("シャッターシャッターシャッター", (120, 400), (24, 20), False, "ja")
    assert setting.fits and len(setting.lines) > 1


def test_other_languages_break_at_spaces() -> None:
    assert phrase_ends("two words", "en") is None
    assert wrap("two words", 60, 20, False, "en") == ("two", "words")


@pytest.mark.parametrize("word", ["~/Pictures/booth", "/etc/booth/profile.toml", "ada@example.org", "7K2M-Q0XD-94TB"])
def test_a_path_in_an_arabic_sentence_stays_whole(word: str) -> None:
    runs = runs_of(f"الملف {word}.", "ar")
    assert ("Latn", word) in runs
    assert runs[-1] == ("Arab", "."), "the full stop is the sentence's"
    assert runs_of(f"{word}.", "ar") == (("Latn", word), ("Arab", ".")), "also where the word begins a line of its own"
    assert runs_of(word, "ar") == runs_of(word, "en") == (("Latn", word),)
