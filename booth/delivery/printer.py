"""Prints through CUPS by its own commands: media are queried first, states reported in words, one sheet and not two.

No shell is involved, the picture goes in by standard input, and nothing of a guest stands in a job's title.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable

from booth.config.params.deliver import PrintParams
from booth.delivery.formats import sheet
from booth.delivery.job_queue import Job, Outcome

COMMAND_S = 20.0
POLL_S = 3.0
TITLE = "portrait"
SIZES_MM = {"10x15": (101.6, 152.4), "13x18": (127.0, 177.8), "a4": (210.0, 297.0), "letter": (215.9, 279.4)}
NEAR_MM = 6.0  # 10x15 is sold as 100x150, 4x6 inch and 100x148
_NAMED_MM = {"postcard": (100, 148), "hagaki": (100, 148), "jpn_hagaki": (100, 148), **SIZES_MM}
_MM_PER_INCH, _MM_PER_POINT = 25.4, 25.4 / 72
_PAUSED = re.compile(r"\b(disabled|stopped|paused)\b", re.IGNORECASE)
_TROUBLES = (  # IPP printer-state-reasons, RFC 8011 section 5.4.12, to words
    (re.compile(r"media-(empty|needed|low-error)"), "share.print_paper_out"),
    (re.compile(r"(marker|toner)-(supply-)?empty"), "share.print_ink_out"),
    (re.compile(r"media-jam"), "share.print_jam"),
    (re.compile(r"(cover|door|interlock)-open"), "share.print_door"),
)

Run = Callable[[list[str], bytes | None], tuple[int, str]]  # words, standard input -> exit code, both outputs


class Printer:
    """One printer as the profile names it."""

    def __init__(self, params: PrintParams, picture: Callable[[str], bytes | None], run: Run | None = None) -> None:
        self._params, self._picture, self._run = params, picture, run or run_command

    def hand_over(self, job: Job) -> Outcome:
        """Print a sheet, or see how one that was handed to CUPS is doing; never hands the same one over twice."""
        return self._follow(job.notes[0]) if job.notes else self._begin(job)

    def _begin(self, job: Job) -> Outcome:
        code, state = self._run(["lpstat", "-l", "-p", self._params.printer], None)
        if code != 0:
            return Outcome("share.print_gone", is_over=False)
        media = self._media()
        if media is None:
            return Outcome("share.print_wrong_size")
        content = self._picture(job.number)
        if content is None:
            return Outcome("share.print_refused")
        words = ["lp", "-d", self._params.printer, "-t", TITLE, "-n", str(job.copies), *self._options(media[0])]
        code, said = self._run(words, sheet(content, media[1], self._params.layout))
        found = re.search(r"request id is (\S+-\d+)", said)
        if code != 0 or found is None:
            return Outcome("share.print_refused")
        return Outcome(_trouble(state) or "share.print_sent", False, (found.group(1),), done=job.copies, again_s=POLL_S)

    def _media(self) -> tuple[str, tuple[float, float]] | None:
        """Return the printer's own name for the wanted size and that size, or None where it has none."""
        _, said = self._run(["lpoptions", "-p", self._params.printer, "-l"], None)
        listed = [name for line in said.splitlines() if re.match(r"(PageSize|media)/", line, re.IGNORECASE)
                  for name in line.partition(":")[2].split()]  # fmt: skip
        names = [name.lstrip("*") for name in listed]
        default = next((name[1:] for name in listed if name.startswith("*")), "")
        return media_of(names, default, self._params.media)

    def _options(self, media: str) -> list[str]:
        """The options of a job; the operator's own for its layout come last, and their media instead of ours."""
        own = self._params.strip_options if self._params.layout == "strip" else self._params.single_options
        is_own_media = any(option.partition("=")[0].lower() in ("media", "pagesize") for option in own)
        options = [*([] if is_own_media else [f"media={media}"]), "fit-to-page", *own]
        return [word for option in options for word in ("-o", option)]

    def _follow(self, request: str) -> Outcome:
        code, waiting = self._run(["lpstat", "-W", "not-completed", "-o", self._params.printer], None)
        if code == 0 and _lists(waiting, request):
            _, state = self._run(["lpstat", "-l", "-p", self._params.printer], None)
            is_printing = "now printing" in state
            says = _trouble(state) or ("share.print_now" if is_printing else "share.print_sent")
            return Outcome(says, False, (request,), again_s=POLL_S)
        code, over = self._run(["lpstat", "-l", "-W", "completed", "-o", self._params.printer], None)
        if code != 0:
            return Outcome("share.print_gone", False, (request,), again_s=POLL_S)
        paragraph = _paragraph(over, request)
        failed = re.search(r"aborted|canceled|error", paragraph)
        return Outcome("share.print_refused" if failed else "share.print_done", notes=(request,))


def state_of(params: PrintParams, run: Run | None = None) -> str:
    """Return the words key of how the printer is, for the operator; asks CUPS, which may take a while."""
    if not params.printer:
        return "share.print_off"
    code, state = (run or run_command)(["lpstat", "-l", "-p", params.printer], None)
    return "share.print_gone" if code != 0 else _trouble(state) or "staff.value.printer_ready"


def printers(run: Run | None = None) -> tuple[str, ...]:
    """Return the names of the queues that CUPS knows; empty where it is not installed or does not answer."""
    code, said = (run or run_command)(["lpstat", "-e"], None)
    return tuple(sorted(said.split())) if code == 0 else ()


def media_of(names: list[str], default: str, wanted: str) -> tuple[str, tuple[float, float]] | None:
    """Choose among a printer's media: a name that was asked for by itself, else what has the size.

    Of several of that size the queue's own default is taken, since that is how the paper lies there: borderless, matte.
    """
    wanted_mm = size_mm(wanted)
    near = [(name, mm) for name in names if (mm := size_mm(name)) and wanted_mm and _is_near(mm, wanted_mm)]
    if wanted.lower() in SIZES_MM:  # a size and no name, even where the printer has one that is called so
        near.sort(key=lambda one: (one[0] != default, _distance(one[1], wanted_mm or one[1]), one[0].lower() != wanted))
        return near[0] if near else None
    named = next((name for name in names if name.lower() == wanted.lower()), None)
    if named is not None:
        return named, wanted_mm or size_mm(named) or SIZES_MM["10x15"]
    return min(near, key=lambda one: (one[0] != default, _distance(one[1], wanted_mm or one[1]))) if near else None


def size_mm(name: str) -> tuple[float, float] | None:
    """Return the size a media name means, mm: 10x15, 4x6, w288h432, na_index-4x6_4x6in, 100x150mm; None: unknown."""
    plain = name.lower().partition(".")[0]
    if plain in _NAMED_MM:
        return _NAMED_MM[plain]
    if found := re.search(r"(\d+(?:\.\d+)?)x(\d+(?:\.\d+)?)(mm|in|cm)?$", name.lower().removesuffix(".borderless")):
        width, height, unit = float(found.group(1)), float(found.group(2)), found.group(3)
        scale = {"mm": 1.0, "cm": 10.0, "in": _MM_PER_INCH}.get(unit or "", _MM_PER_INCH if width < 20 else 1.0)
        return width * scale, height * scale
    if found := re.match(r"w(\d+)h(\d+)", plain):
        return float(found.group(1)) * _MM_PER_POINT, float(found.group(2)) * _MM_PER_POINT
    return None


def _is_near(mm: tuple[float, float], wanted_mm: tuple[float, float]) -> bool:
    return _distance(mm, wanted_mm) <= NEAR_MM


def _distance(mm: tuple[float, float], wanted_mm: tuple[float, float]) -> float:
    return max(abs(a - b) for a, b in zip(sorted(mm), sorted(wanted_mm), strict=True))


def _trouble(state: str) -> str | None:
    for pattern, says in _TROUBLES:
        if pattern.search(state):
            return says
    first = state.partition("\n")[0]
    return "share.print_paused" if _PAUSED.search(first) else None


def _lists(said: str, request: str) -> bool:
    return any(line.split()[:1] == [request] for line in said.splitlines())


def _paragraph(said: str, request: str) -> str:
    """Return a job's line and the indented ones below it."""
    lines, inside = [], False
    for line in said.splitlines():
        if line[:1] not in ("\t", " "):
            inside = line.split()[:1] == [request]
        if inside:
            lines.append(line)
    return "\n".join(lines[1:])


def _environment() -> dict[str, str]:
    """Return what CUPS needs: plain English, and the operator's own print server where one is named."""
    named = {name: value for name, value in os.environ.items() if name in ("CUPS_SERVER", "CUPS_SERVERROOT")}
    return {"LC_ALL": "C", "PATH": "/usr/bin:/bin", **named}


def run_command(words: list[str], content: bytes | None) -> tuple[int, str]:
    """Run a CUPS command in plain English; 127 when it is not installed, 124 when it hangs."""
    program = shutil.which(words[0])
    if program is None:
        return 127, ""
    try:
        done = subprocess.run(
            [program, *words[1:]], input=content or b"", capture_output=True, timeout=COMMAND_S, check=False,
            env=_environment(),
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return 124, ""
    except OSError:
        return 126, ""
    return done.returncode, (done.stdout + b"\n" + done.stderr).decode("utf-8", "replace")
