"""A guest scans the code on the screen with a real browser: opens, compares, saves, deletes."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest
from PIL import Image

from booth.config.params.deliver import DeliverParams, PageParams, StoreParams
from booth.core.clock import utc_now
from booth.delivery.delivery_service import DeliveryService
from booth.session.session import ConsentRecord
from tests.whole.conftest import start_booth
from tests.whole.phone import Phone, chromium

pytestmark = pytest.mark.slow
CONSENT = ConsentRecord("2026-06-01T12:00:00+00:00", "en", "0123456789ab", True, "words", "delete")


def a_portrait() -> tuple[bytes, np.ndarray]:
    """A drawn stand-in for a portrait, as a file and as it was before."""
    rows, columns = np.mgrid[0:1500, 0:1200] / 1500
    before = np.stack([90 + 60 * rows, 100 + 40 * columns, 110 + 30 * rows], axis=-1).astype(np.uint8)
    cv2.ellipse(before, (600, 620), (250, 330), 0, 0, 360, (196, 150, 128), -1, cv2.LINE_AA)
    cv2.ellipse(before, (600, 1500), (520, 480), 0, 0, 360, (60, 70, 100), -1, cv2.LINE_AA)
    after = cv2.convertScaleAbs(before, alpha=1.2, beta=12)
    file = io.BytesIO()
    Image.fromarray(after).save(file, "JPEG", quality=95)
    return file.getvalue(), before


def on_screen(code: np.ndarray) -> np.ndarray:
    """The code as a screenshot has it: with its white border, some pixels a module."""
    return cv2.cvtColor(np.kron(np.pad(~code, 4, constant_values=True), np.ones((6, 6))).astype(np.uint8) * 255, 8)


def scanned(code: np.ndarray) -> str:
    return cv2.QRCodeDetector().detectAndDecode(on_screen(code))[0]


def until(is_true, limit_s: float = 15.0) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + limit_s
    while not is_true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


def test_from_the_code_on_the_screen_to_deleted(tmp_path: Path, build_folder: Path) -> None:
    chromium()
    params = DeliverParams(
        folder=str(tmp_path / "portraits"),
        store=StoreParams(key_file=str(tmp_path / "store.key"), keep_original=True),
        page=PageParams(address="127.0.0.1", port=0, phones=1),
    )
    content, before = a_portrait()
    changes = ("Lit from the left.", "A small blemish was softened.")
    with DeliveryService(params, tmp_path / "data") as handover:
        kept = handover.keep(content, content, CONSENT, utc_now(), before_rgb=before, changes=changes)
        assert kept.code is not None and kept.link is not None
        assert scanned(kept.code) == kept.link
        until(lambda: len(list((tmp_path / "data/store/items").glob("*.page-square"))) == 1)
        with Phone(tmp_path / "first") as phone:
            assert phone.open(kept.link) == 200
            assert "A small blemish was softened." in phone.text() and "Save it" in phone.text()
            sizes = phone.do("[...document.images].map(i => i.naturalWidth)")
            assert min(sizes) > 900, "both pictures arrived"
            phone.picture(build_folder / "phone-page.png")
            phone.touch("#compare")
            assert phone.do("getComputedStyle(document.querySelector('.before')).transitionProperty") == "opacity"
            phone.touch("a.button")
            until(lambda: (phone.saved / "portrait.jpg").is_file())
            assert (phone.saved / "portrait.jpg").read_bytes() == content, "byte for byte"
            with Phone(tmp_path / "second") as other:
                assert other.open(kept.link) == 410, "a link for one phone is used up"
                assert "No longer here" in other.text()
            assert phone.open(kept.link) == 200, "the first phone may come back"
            phone.touch("summary")
            assert phone.touch("form button", loads=True) == 200
            assert "is gone from the booth" in phone.text()
            phone.picture(build_folder / "phone-deleted.png")
            assert phone.open(kept.link) == 410
    assert not kept.path.exists()
    assert [p.name for p in (tmp_path / "data/store").rglob("*") if p.is_file() and kept.number in p.name] == []
    rest = b"".join(p.read_bytes() for p in (tmp_path / "data").rglob("*") if p.is_file())
    assert b"\xff\xd8\xff" not in rest and b"\x89PNG" not in rest and kept.number.encode() not in rest


def test_a_page_that_is_not_configured_opens_no_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def never(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", never)
    params = DeliverParams(folder=str(tmp_path / "p"), store=StoreParams(key_file=str(tmp_path / "store.key")))
    with DeliveryService(params, tmp_path / "data") as handover:
        kept = handover.keep(a_portrait()[0], None, CONSENT, utc_now())
        assert kept.link is None and kept.code is None and handover.status(kept) == ()
        assert msgspec.json.decode(msgspec.json.encode(handover.erase(kept)))["file"] == "removed"


def scanned_from(picture: Path, booth, limit_s: float = 15.0) -> str:  # type: ignore[no-untyped-def]
    """Take pictures of the screen until one holds a code that can be read."""
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        booth.picture(picture)
        grey = cv2.imread(str(picture), cv2.IMREAD_GRAYSCALE)
        link = cv2.QRCodeDetector().detectAndDecode(grey)[0] if grey is not None else ""
        if link:
            return str(link)
    raise AssertionError("no code on the screen")


def sockets() -> dict[str, tuple[str, int]]:
    """Every socket of this user that takes connections or datagrams: its address, as the kernel writes it, and port."""
    found = {}
    for table, states in (("tcp", {"0A"}), ("tcp6", {"0A"}), ("udp", {"07", "01"}), ("udp6", {"07", "01"})):
        for line in Path(f"/proc/self/net/{table}").read_text().splitlines()[1:]:
            parts = line.split()
            if parts[3] in states and int(parts[7]) == os.getuid():
                address, port = parts[1].split(":")
                found[f"socket:[{parts[9]}]"] = (address, int(port, 16))
    return found


def listening(pid: int, before: dict[str, tuple[str, int]]) -> set[tuple[str, int]]:
    """Where a process listens. The system shows the booth's descriptors to root alone: others see what is new."""
    now = sockets()
    try:
        own = {str(fd.readlink()) for fd in Path(f"/proc/{pid}/fd").iterdir() if fd.is_symlink()}
    except PermissionError:
        own = now.keys() - before.keys()
    return {place for name, place in now.items() if name in own}


@pytest.mark.long
@pytest.mark.screen
def test_from_a_yes_at_the_booth_to_deleted_on_the_phone(screen: str, tmp_path: Path, build_folder: Path) -> None:
    chromium()
    page = '[deliver.page]\naddress = "127.0.0.1"\nport = 0\nphones = 1\n'
    before = sockets()
    booth = start_booth(screen, tmp_path, page)
    try:
        booth.await_line("first picture", 90)
        for key, line in (("Return", "attract -> consent"), ("y", "consent -> try"), ("Return", "try -> coach")):
            booth.press_until(key, line, 20)
        booth.await_line("-> review", 90)
        booth.press_until("k", "review -> share", 30)
        link = scanned_from(build_folder / "window-share.png", booth)
        port = int(link.split(":")[2].split("/")[0])
        assert listening(booth.process.pid, before) == {("0100007F", port)}, "the configured address and nothing else"
        portrait = next((tmp_path / "portraits").glob("*.jpg"))
        content = portrait.read_bytes()
        with Phone(tmp_path / "phone") as phone:
            until(lambda: phone.open(link) == 200 and len(phone.do("[...document.images].map(i => i.src)")) == 2)
            phone.picture(build_folder / "phone-from-screen.png")
            phone.touch("a.button")
            until(lambda: (phone.saved / "portrait.jpg").is_file())
            assert (phone.saved / "portrait.jpg").read_bytes() == content, "byte for byte"
            with Phone(tmp_path / "other") as other:
                assert other.open(link) == 410, "a link for one phone is used up"
            phone.touch("summary")
            assert phone.touch("form button", loads=True) == 200
            booth.await_line("share -> goodbye on delivered", 10)
            assert phone.open(link) == 410
    finally:
        booth.end()
    assert not portrait.exists()
    keys = tmp_path / ".local/share/booth/store/keys"
    assert list(keys.glob("*")) == [], "no key to anything is left"
    kept = b"".join(p.read_bytes() for p in (tmp_path / ".local").rglob("*") if p.is_file())
    assert b"\xff\xd8\xff" not in kept and b"\x89PNG" not in kept
    assert not any(link.rsplit("/", 1)[1] in line or portrait.name in line for line in booth.lines), "logs name nothing"
