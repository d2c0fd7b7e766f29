"""The facade that the loop calls: keep, tap, ask, erase; restarts in between."""

from __future__ import annotations

import io
import os
import stat
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image

from booth.config.params.deliver import DeliverParams, HookParams, MailParams, PageParams, PrintParams, StoreParams
from booth.core.clock import utc_now
from booth.core.faults import Fault
from booth.delivery.delivery_service import DeliveryService, most_copies
from booth.delivery.phone import qr
from booth.delivery.phone.links import Links
from booth.delivery.phone.page_server import checked_address
from booth.session.session import ConsentRecord

CONSENT = ConsentRecord("2026-06-01T12:00:00+00:00", "en", "0123456789ab", True, "words", "delete")

LP = """#!/bin/sh
# A printer as CUPS has it: lists its paper, takes sheets, and holds them until the file `paper` is there.
here=$(dirname "$0")
case "$(basename "$0") $*" in
  "lpoptions "*) echo "PageSize/Media Size: *A4 4x6" ;;
  "lp "*) cat > "$here/sheet-$(ls "$here" | grep -c sheet).jpg"; echo "request id is Photo-1 (1 file(s))" ;;
  *"-W not-completed"*) [ -e "$here/paper" ] || echo "Photo-1  booth  1024  Mon 01 Jun 2026" ;;
  *"-W completed"*) printf 'Photo-1  booth  1024\\n\\tAlerts: job-completed-successfully\\n' ;;
  *"-p "*) if [ -e "$here/paper" ]; then why=none; else why=media-empty-error; fi
     printf 'printer Photo is idle.  enabled since Mon\\n\\tAlerts: %s\\n' "$why" ;;
esac
"""


def a_picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (600, 750), (90, 120, 150)).save(file, "JPEG")
    return file.getvalue()


def until(is_true: Callable[[], bool], limit_s: float = 10.0) -> None:
    deadline = time.monotonic() + limit_s
    while not is_true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.01)


@pytest.fixture
def params(tmp_path: Path) -> DeliverParams:
    return DeliverParams(folder=str(tmp_path / "out"), store=StoreParams(key_file=str(tmp_path / "store.key")))


def _with(params: DeliverParams, **parts: object) -> DeliverParams:
    return msgspec.structs.replace(params, **parts)


def test_ten_impatient_taps_print_one_sheet(
    params: DeliverParams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    for name in ("lp", "lpstat", "lpoptions"):
        (bin_folder / name).write_text(LP)
        (bin_folder / name).chmod(0o700)
    monkeypatch.setenv("PATH", f"{bin_folder}:{os.environ['PATH']}")
    monkeypatch.setattr("booth.delivery.printer.POLL_S", 0.02)
    with DeliveryService(_with(params, print=PrintParams(printer="Photo")), tmp_path / "data") as handover:
        kept = handover.keep(a_picture(), None, CONSENT, utc_now())
        assert {handover.print(kept) for _ in range(10)} <= {"share.print_sent", "share.print_paper_out"}
        until(lambda: handover.status(kept) == ("share.print_paper_out",))
        assert handover.print(kept) == "share.print_paper_out"
        (bin_folder / "paper").touch()
        until(lambda: handover.status(kept) == ("share.print_done",))
        assert handover.print(kept) == "share.print_limit"
    assert [p.name for p in bin_folder.glob("sheet*")] == ["sheet-0.jpg"]


def test_a_pair_may_have_a_print_each_and_no_more(
    params: DeliverParams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    for name in ("lp", "lpstat", "lpoptions"):
        (bin_folder / name).write_text(LP.replace('"lp "*)', '"lp "*) echo "$*" >> "$here/asked";'))
        (bin_folder / name).chmod(0o700)
    (bin_folder / "paper").touch()
    monkeypatch.setenv("PATH", f"{bin_folder}:{os.environ['PATH']}")
    monkeypatch.setattr("booth.delivery.printer.POLL_S", 0.02)
    with DeliveryService(_with(params, print=PrintParams(printer="Photo")), tmp_path / "data") as handover:
        kept = replace(handover.keep(a_picture(), None, CONSENT, utc_now()), people=2)
        assert most_copies(PrintParams(), kept) == 2
        handover.print(kept, 4)
        until(lambda: handover.status(kept) == ("share.print_done",))
        assert handover.print(kept) == "share.print_limit"
    assert "-n 2 " in (bin_folder / "asked").read_text()


def test_mail_waits_for_the_server_through_a_restart(
    params: DeliverParams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []

    class Wire:
        def send_message(self, msg: object) -> None:
            sent.append(msg["To"])  # type: ignore[index]

        def quit(self) -> None: ...

    def away(_: MailParams) -> Wire:
        raise ConnectionRefusedError

    wants = _with(params, mail=MailParams(server="mail.invalid", sender="booth@fair.invalid"))
    monkeypatch.setattr("booth.delivery.mail.connect_to", away)
    with DeliveryService(wants, tmp_path / "data") as handover:
        kept = handover.keep(a_picture(), None, CONSENT, utc_now())
        assert handover.mail(kept, "no address") == "share.mail_wrong"
        assert handover.mail(kept, "ada@example.org") == "share.mail_sending"
        until(lambda: handover.status(kept) == ("share.mail_later",))
    hidden = b"".join(p.read_bytes() for p in (tmp_path / "data").rglob("*") if p.is_file())
    assert b"ada@" not in hidden
    monkeypatch.setattr("booth.delivery.mail.connect_to", lambda _: Wire())
    with DeliveryService(wants, tmp_path / "data") as handover:
        until(lambda: handover.status(kept) == ("share.mail_done",))
    assert sent == ["ada@example.org"]


def test_erasing_takes_back_what_still_waits(
    params: DeliverParams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "booth.delivery.delivery_hook.DeliveryHook.hand_over", lambda self, job: pytest.fail("ran after the erasure")
    )
    wants = _with(params, mail=MailParams(server="mail.invalid"))
    with DeliveryService(wants, tmp_path / "data") as handover:
        kept = handover.keep(a_picture(), None, CONSENT, utc_now())
        other = handover.keep(a_picture(), None, CONSENT, utc_now())
        assert handover.erase(kept).file == "removed"
        receipt = handover.erase_number(other.number)
        assert receipt.portrait == other.number and not other.path.exists()
        assert handover.status(kept) == ()
        assert handover.erase(kept).file == "none", "twice is harmless"


def test_the_operators_program_runs_for_each_kept_portrait(params: DeliverParams, tmp_path: Path) -> None:
    wants = _with(params, hook=HookParams(command=("cp", "{file}", str(tmp_path / "copied.jpg"))))
    with DeliveryService(wants, tmp_path / "data") as handover:
        kept = handover.keep(a_picture(), None, CONSENT, utc_now())
        until(lambda: handover.status(kept) == ("share.hook_done",))
    assert (tmp_path / "copied.jpg").read_bytes() == a_picture()


def test_folder_and_files_are_private_and_numbered(params: DeliverParams, tmp_path: Path) -> None:
    with DeliveryService(params, tmp_path / "data") as handover:
        kept = [handover.keep(a_picture(), a_picture(), CONSENT, utc_now()) for _ in range(3)]
    assert [k.path.name[-8:] for k in kept] == ["0001.jpg", "0002.jpg", "0003.jpg"]
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
    assert not list((tmp_path / "data/store/items").glob("*.original")), "not kept unless the profile says so"


def test_a_link_opens_after_a_restart_and_not_after_its_time(params: DeliverParams, tmp_path: Path) -> None:
    wants = _with(params, page=PageParams(address="127.0.0.1", port=0, phones=2))
    with DeliveryService(wants, tmp_path / "data") as handover:
        kept = handover.keep(a_picture(), None, CONSENT, utc_now(), before_rgb=np.zeros((60, 40, 3), np.uint8))
        until(lambda: len(list((tmp_path / "data/store/items").glob("*.page-square"))) == 1)
        token = (kept.link or "").rsplit("/", 1)[1]
        early = handover._links.visit(token, None, may_enter=True)
        assert len(token) == 32 and early is not None
        assert handover._links.visit(token, early.new_cookie) is not None
    with DeliveryService(wants, tmp_path / "data") as handover:
        first = handover._links.visit(token, None, may_enter=True)
        assert first is not None and handover._links.visit(token, first.new_cookie) is not None
        assert handover._links.visit(token, None, may_enter=True) is None, "the second was the last"
        assert handover._links.visit(token, first.new_cookie) is not None


def test_a_network_that_is_away_keeps_the_portrait_and_says_so(params: DeliverParams, tmp_path: Path) -> None:
    wants = _with(params, page=PageParams(address="192.0.2.7", port=8420))  # of no machine: RFC 5737
    with DeliveryService(wants, tmp_path / "data") as handover:
        kept = handover.keep(a_picture(), None, CONSENT, utc_now())
        assert kept.link is None and kept.code is None and handover.status(kept) == ("share.page_waiting",)
        assert kept.path.read_bytes() == a_picture()


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "booth.local", "224.0.0.1", "300.1.1.1"])
def test_only_one_address_of_this_machine_will_do(address: str) -> None:
    with pytest.raises(Fault) as caught:
        checked_address(PageParams(address=address))
    assert caught.value.code == "share.address"


def test_a_link_ends_by_a_clock_that_nobody_can_set() -> None:
    now_s = [0.0]
    links = Links(lambda: now_s[0], lambda link: None)
    token, _ = links.make("a", 60, 3, "en")
    assert links.visit(token, None, may_enter=True) is not None
    assert links.visit(token.swapcase(), None, may_enter=True) is None and links.visit("../../x", None) is None
    now_s[0] = 60.5
    assert links.visit(token, None, may_enter=True) is None and len(links) == 0


def test_a_picture_alone_takes_no_phones_place() -> None:
    links = Links(lambda: 0.0, lambda link: None)
    token, _ = links.make("a", 60, 1, "en")
    assert links.visit(token, None) is None
    assert links.visit(token, None, may_enter=True) is not None


def test_codes_can_be_read_and_wifi_names_with_signs_too() -> None:
    import cv2

    def scanned(code: np.ndarray) -> str:
        grey = np.kron(np.pad(~code, 4, constant_values=True), np.ones((8, 8))).astype(np.uint8) * 255
        return cv2.QRCodeDetector().detectAndDecode(grey)[0]

    link = "http://192.168.4.1:8420/p/" + "A" * 32
    assert scanned(qr.code(link)) == link
    assert scanned(qr.wifi_code('Fair; "hall" 2', "a:b,c\\d")) == 'WIFI:T:WPA;S:Fair\\; \\"hall\\" 2;P:a\\:b\\,c\\\\d;;'
