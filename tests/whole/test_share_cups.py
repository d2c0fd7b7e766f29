"""Prints through a CUPS of the test's own: a printer that writes its pages to a file, with paper and without."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from booth.config.params.deliver import DeliverParams, PrintParams, StoreParams
from booth.core.clock import utc_now
from booth.delivery.delivery_service import DeliveryService
from booth.session.session import ConsentRecord

pytestmark = pytest.mark.slow
CONSENT = ConsentRecord("2026-06-01T12:00:00+00:00", "en", "0123456789ab", True, "words", "delete")
SCHEDULER = "/usr/sbin/cupsd"
SHORT = "/tmp"  # not TMPDIR: a socket's path may have 107 bytes, and those of the scheduler's files no space

CONF = """Listen {root}/sock
Browsing No
WebInterface No
DefaultAuthType None
<Location />
Order allow,deny
Allow all
</Location>
<Policy default>
<Limit All>
Order allow,deny
Allow all
</Limit>
</Policy>
"""
FILES = """ServerRoot {root}/etc
RequestRoot {root}/spool
CacheDir {root}/cache
StateDir {root}/state
TempDir {root}/tmp
AccessLog {root}/log/access
ErrorLog {root}/log/error
PageLog {root}/log/page
FileDevice Yes
Sandboxing relaxed
SystemGroup root
"""
# The last filter stands for the printer's own engine: it reports an empty tray until the file `paper` is there.
ENGINE = """#!/bin/sh
if [ ! -e {root}/paper ]; then
  echo "STATE: +media-empty-error" >&2
  while [ ! -e {root}/paper ]; do sleep 0.1; done
  echo "STATE: -media-empty-error" >&2
fi
exec cat ${{6:--}}
"""
PPD = """*PPD-Adobe: "4.3"
*FormatVersion: "4.3"
*FileVersion: "1.0"
*LanguageVersion: English
*LanguageEncoding: ISOLatin1
*PCFileName: "PHOTO.PPD"
*Manufacturer: "Paper"
*Product: "(Photo)"
*ModelName: "Photo"
*ShortNickName: "Photo"
*NickName: "Photo"
*PSVersion: "(3010.000) 0"
*LanguageLevel: "3"
*ColorDevice: True
*DefaultColorSpace: RGB
*cupsVersion: 2.3
*cupsFilter: "application/vnd.cups-pdf 0 {root}/engine"
*OpenUI *PageSize/Media Size: PickOne
*DefaultPageSize: A4
*PageSize A4/A4: ""
*PageSize w288h432/4x6: ""
*CloseUI: *PageSize
*OpenUI *PageRegion/Media Size: PickOne
*DefaultPageRegion: A4
*PageRegion A4/A4: ""
*PageRegion w288h432/4x6: ""
*CloseUI: *PageRegion
*DefaultImageableArea: A4
*ImageableArea A4/A4: "0 0 595 842"
*ImageableArea w288h432/4x6: "0 0 288 432"
*DefaultPaperDimension: A4
*PaperDimension A4/A4: "595 842"
*PaperDimension w288h432/4x6: "288 432"
"""


@dataclass(frozen=True)
class PrintRoom:
    root: Path

    def run(self, *words: str) -> str:
        return subprocess.run(words, capture_output=True, text=True, check=True, timeout=30).stdout

    @property
    def jobs(self) -> int:
        return len(self.run("lpstat", "-W", "all", "-o").splitlines())


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrintRoom]:
    if not Path(SCHEDULER).is_file() or shutil.which("lpadmin") is None or not Path("/usr/lib/cups/filter").is_dir():
        pytest.skip("needs cups and its filters")
    if os.geteuid() != 0:
        pytest.skip("needs root: the scheduler starts its filters as another user")
    try:
        root = Path(tempfile.mkdtemp(dir=SHORT))
    except OSError:
        pytest.skip(f"needs a folder below {SHORT}")
    root.chmod(0o755)  # the filters' user has to get in, which it cannot below pytest's own folder
    for name in ("etc", "spool", "cache", "state", "tmp", "log"):
        (root / name).mkdir()
    (root / "tmp").chmod(0o1777)
    for name, text in (("cupsd.conf", CONF), ("cups-files.conf", FILES), ("engine", ENGINE), ("photo.ppd", PPD)):
        (root / name).write_text(text.format(root=root))
    (root / "engine").chmod(0o755)
    words = [SCHEDULER, "-f", "-c", str(root / "cupsd.conf"), "-s", str(root / "cups-files.conf")]
    scheduler = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    monkeypatch.setenv("CUPS_SERVER", str(root / "sock"))
    monkeypatch.setenv("CUPS_SERVERROOT", str(root / "etc"))
    try:
        until((root / "sock").exists)
        made = PrintRoom(root)
        made.run("lpadmin", "-p", "Photo", "-E", "-v", f"file:{root}/sheet", "-P", str(root / "photo.ppd"))
        yield made
    finally:
        scheduler.terminate()
        scheduler.wait(10)
        shutil.rmtree(root, ignore_errors=True)


def until(is_true: Callable[[], bool], limit_s: float = 20.0) -> None:
    deadline = time.monotonic() + limit_s
    while not is_true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.05)


def a_picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (600, 750), (90, 120, 150)).save(file, "JPEG")
    return file.getvalue()


def wants(tmp_path: Path, **parts: object) -> DeliverParams:
    store = StoreParams(key_file=str(tmp_path / "key"))
    return DeliverParams(str(tmp_path / "out"), store=store, print=PrintParams(printer="Photo", **parts))  # type: ignore[arg-type]


def test_one_sheet_comes_out_of_a_real_queue_after_the_paper_was_filled(
    room: PrintRoom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("booth.delivery.printer.POLL_S", 0.2)
    with DeliveryService(wants(tmp_path), tmp_path / "data") as handover:
        kept = handover.keep(a_picture(), None, CONSENT, utc_now())
        for _ in range(5):
            handover.print(kept)
        until(lambda: handover.status(kept) == ("share.print_paper_out",))
        assert handover.open_ways(kept) == frozenset()
        handover.print(kept)
        (room.root / "paper").touch()
        until(lambda: handover.status(kept) == ("share.print_done",))
        assert handover.print(kept) == "share.print_limit"
    until((room.root / "sheet").exists)
    sheet = (room.root / "sheet").read_bytes()
    assert sheet.startswith(b"%PDF"), sheet[:20]
    assert room.jobs == 1 and b"/Count 1 " in sheet, "one sheet of one page"
    box = re.search(rb"/MediaBox \[\s*0 0 (\d+)\S* (\d+)", sheet)
    assert box is not None and sorted((int(box[1]), int(box[2]))) == [288, 432], "ten by fifteen found the 4x6"
    assert kept.path.name not in room.run("lpstat", "-W", "all", "-l", "-o"), "no job's title names a guest's file"


def test_a_paused_printer_and_a_size_it_has_not_are_told_in_words(
    room: PrintRoom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("booth.delivery.printer.POLL_S", 0.2)
    (room.root / "paper").touch()
    room.run("cupsdisable", "Photo")
    with DeliveryService(wants(tmp_path), tmp_path / "data") as handover:
        kept = handover.keep(a_picture(), None, CONSENT, utc_now())
        handover.print(kept)
        until(lambda: handover.status(kept) == ("share.print_paused",))
        room.run("cupsenable", "Photo")
        until(lambda: handover.status(kept) == ("share.print_done",))
    with DeliveryService(wants(tmp_path, media="13x18"), tmp_path / "more") as handover:
        kept = handover.keep(a_picture(), None, CONSENT, utc_now())
        handover.print(kept)
        until(lambda: handover.status(kept) == ("share.print_wrong_size",))
    room.run("lpadmin", "-x", "Photo")
    with DeliveryService(wants(tmp_path), tmp_path / "last") as handover:
        kept = handover.keep(a_picture(), None, CONSENT, utc_now())
        handover.print(kept)
        until(lambda: handover.status(kept) == ("share.print_gone",))
    assert room.jobs <= 1
