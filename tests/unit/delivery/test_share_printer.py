"""Paper: sizes are looked at first, trouble is told in words, and one tap is one print.

The printer's side is what CUPS 2.4 says to these commands, as recorded.
"""

from __future__ import annotations

import io

import pytest
from PIL import Image

from booth.config.params.deliver import PrintParams
from booth.delivery.job_queue import Job
from booth.delivery.printer import Printer, size_mm

_JOB = Job("a" * 32, tries=1)


def a_picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (400, 500), (90, 120, 150)).save(file, "JPEG")
    return file.getvalue()


class RecordedCups:
    """Answers as CUPS does; `sheets` are what came out of lp's standard input."""

    def __init__(self) -> None:
        self.media = "PageSize/Media Size: Custom.WIDTHxHEIGHT *A4 4x6 na_5x7_5x7in"
        self.printer = "printer Photo is idle.  enabled since Mon 01 Jun 2026 12:00:00 PM UTC\n\tAlerts: none\n"
        self.waiting, self.completed = "", ""
        self.exists, self.lp = True, "request id is Photo-7 (1 file(s))"
        self.asked: list[list[str]] = []
        self.sheets: list[bytes] = []

    def __call__(self, words: list[str], content: bytes | None) -> tuple[int, str]:
        self.asked.append(words)
        if not self.exists:
            return 1, 'lpstat: Invalid destination name in list "Photo".'
        if words[0] == "lpoptions":
            return 0, f"ColorModel/Output Mode: *RGB Gray\n{self.media}\nDuplex/2-Sided: *None"
        if words[0] == "lp":
            self.sheets.append(content or b"")
            return (0, self.lp) if self.lp.startswith("request") else (1, self.lp)
        if "-p" in words:
            return 0, self.printer
        return 0, self.completed if "completed" in words else self.waiting


@pytest.fixture
def cups() -> RecordedCups:
    return RecordedCups()


def _printer(cups: RecordedCups, **wants: object) -> Printer:
    return Printer(PrintParams(printer="Photo", **wants), lambda number: a_picture(), cups)  # type: ignore[arg-type]


def test_a_sheet_of_the_right_size_goes_out_and_is_followed(cups: RecordedCups) -> None:
    printer = _printer(cups)
    sent = printer.hand_over(_JOB)
    assert (sent.says, sent.is_over, sent.notes, sent.done) == ("share.print_sent", False, ("Photo-7",), 1)
    sheet = Image.open(io.BytesIO(cups.sheets[0]))
    assert sheet.size == (1200, 1800), "4 by 6 inches at 300 dpi, upright as the picture"
    lp = next(words for words in cups.asked if words[0] == "lp")
    assert "media=4x6" in lp and lp[lp.index("-t") + 1] == "portrait" and lp[lp.index("-n") + 1] == "1"
    followed = Job("a" * 32, notes=("Photo-7",), done=1)
    cups.waiting = "Photo-7                 booth         123904   Mon 01 Jun 2026 12:00:03 PM UTC\n"
    cups.printer = "printer Photo now printing Photo-7.  enabled since Mon 01 Jun 2026\n\tAlerts: none\n"
    assert printer.hand_over(followed).says == "share.print_now"
    cups.waiting, cups.completed = (
        "",
        "Photo-7   booth  123904 Mon 01 Jun\n\tStatus:\n\tAlerts: job-completed-successfully\n",
    )
    over = printer.hand_over(followed)
    assert over.says == "share.print_done" and over.is_over
    assert len(cups.sheets) == 1


@pytest.mark.parametrize(
    ("alert", "says"),
    [
        ("media-empty-error media-needed-error", "share.print_paper_out"),
        ("marker-supply-empty-warning", "share.print_ink_out"),
        ("media-jam-error", "share.print_jam"),
        ("cover-open-report", "share.print_door"),
    ],
)
def test_trouble_is_told_in_words_and_the_job_waits_with_the_printer(cups: RecordedCups, alert: str, says: str) -> None:
    printer = _printer(cups)
    cups.waiting = "Photo-7    booth   1024   Mon 01 Jun 2026\n"
    cups.printer = f"printer Photo now printing Photo-7.  enabled since Mon 01 Jun 2026\n\tAlerts: {alert}\n"
    told = printer.hand_over(Job("a" * 32, notes=("Photo-7",), done=1))
    assert told.says == says and not told.is_over and cups.sheets == []


def test_a_paused_printer_says_so_and_keeps_the_job(cups: RecordedCups) -> None:
    cups.printer = "printer Photo disabled since Mon 01 Jun 2026 12:00:00 PM UTC -\n\tPaused\n\tAlerts: paused\n"
    told = _printer(cups).hand_over(_JOB)
    assert told.says == "share.print_paused" and told.notes == ("Photo-7",)


def test_a_wrong_size_is_said_before_anything_is_sent(cups: RecordedCups) -> None:
    cups.media = "PageSize/Media Size: *A4 Letter A5"
    told = _printer(cups).hand_over(_JOB)
    assert told.says == "share.print_wrong_size" and told.is_over and cups.sheets == []


def test_a_printer_that_is_gone_is_tried_again(cups: RecordedCups) -> None:
    cups.exists = False
    told = _printer(cups).hand_over(_JOB)
    assert told.says == "share.print_gone" and not told.is_over and told.again_s is None


def test_a_print_that_the_printer_aborts_is_told(cups: RecordedCups) -> None:
    cups.completed = (
        "Photo-7  booth  1024 Mon 01 Jun\n\tStatus: bad data\n\tAlerts: aborted-by-system\nPhoto-6 booth 1\n"
    )
    assert _printer(cups).hand_over(Job("a" * 32, notes=("Photo-7",))).says == "share.print_refused"


def test_strips_lie_side_by_side(cups: RecordedCups) -> None:
    _printer(cups, layout="strip").hand_over(_JOB)
    sheet = Image.open(io.BytesIO(cups.sheets[0]))
    row = [sheet.getpixel((x, 300))[0] > 240 for x in range(0, 1200, 4)]
    assert sheet.size == (1200, 1800) and row[0] and row[-1] and row[150] and not row[75] and not row[225]


@pytest.mark.parametrize(
    ("name", "mm"),
    [
        ("10x15", (101.6, 152.4)), ("4x6", (101.6, 152.4)), ("4x6.Borderless", (101.6, 152.4)),
        ("na_index-4x6_4x6in", (101.6, 152.4)), ("om_small-photo_100x150mm", (100, 150)), ("w288h432", (101.6, 152.4)),
        ("Postcard", (100, 148)), ("iso_a4_210x297mm", (210, 297)), ("Custom.WIDTHxHEIGHT", None), ("Env10", None),
    ],
)  # fmt: skip
def test_media_names_of_many_drivers_mean_sizes(name: str, mm: tuple[float, float] | None) -> None:
    assert size_mm(name) == (None if mm is None else pytest.approx(mm))
