"""A's hand-over waits while files are moved about and B comes: what goes out is A's own bytes, or nothing."""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import time
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from booth.config.params import Params
from booth.config.params.deliver import DeliverParams, HookParams, MailParams, PrintParams, StoreParams
from booth.core.clock import utc_now
from booth.core.faults import Fault
from booth.delivery.delivery_hook import DeliveryHook
from booth.delivery.delivery_service import DeliveredPortrait, DeliveryService
from booth.delivery.job_queue import Job
from booth.delivery.store.retention import JOB_MAIL, PERSON
from booth.office.export import gather, to_folder
from booth.office.people_list import Person
from booth.session.session import ConsentRecord
from tests.unit.store.conftest import CONSENT as STORE_CONSENT
from tests.unit.store.conftest import Shop

CONSENT = ConsentRecord("2026-06-01T12:00:00+00:00", "en", "0123456789ab", True, "words", "delete")
GUESTS = int(os.environ.get("BOOTH_ATTACK_GUESTS", "30"))  # `make attack` sends two hundred


def picture(seed: int) -> bytes:
    """A JPEG that is nobody else's."""
    file = io.BytesIO()
    Image.new("RGB", (24, 30), (seed % 256, seed // 256, 90)).save(file, "JPEG", comment=str(seed).encode())
    return file.getvalue()


def until(is_true: Callable[[], bool], limit_s: float = 20.0) -> None:
    deadline = time.monotonic() + limit_s
    while not is_true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.01)


class PostOffice:
    """A mail server that is there or not, and keeps what it was given."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_there = True
        self.got: list[tuple[str, bytes]] = []
        self.refuses: Callable[[], bool] = lambda: False
        monkeypatch.setattr("booth.delivery.mail.connect_to", self._connect)

    def _connect(self, _: MailParams) -> PostOffice:
        if not self.is_there:
            raise ConnectionRefusedError
        return self

    def send_message(self, msg: EmailMessage) -> None:
        if self.refuses():
            raise ConnectionResetError
        attached = next(part for part in msg.walk() if part.get_filename())
        self.got.append((msg["To"], attached.get_payload(decode=True)))

    def quit(self) -> None: ...


@pytest.fixture
def params(tmp_path: Path) -> DeliverParams:
    return DeliverParams(
        folder=str(tmp_path / "out"), name="portrait-{number:04d}",
        store=StoreParams(key_file=str(tmp_path / "store.key")),
        mail=MailParams(server="mail.invalid", sender="b@x.invalid"),
    )  # fmt: skip


def test_a_name_is_never_given_twice(params: DeliverParams, tmp_path: Path) -> None:
    with DeliveryService(params, tmp_path / "data") as handover:
        first = handover.keep(picture(1), None, CONSENT, utc_now())
        first.path.rename(tmp_path / "moved.jpg")
        second = handover.keep(picture(2), None, CONSENT, utc_now())
        handover.erase(second)
    (tmp_path / "data/store/index.sqlite").unlink()
    with DeliveryService(params, tmp_path / "data") as handover:
        third = handover.keep(picture(3), None, CONSENT, utc_now())
    assert [k.path.name for k in (first, second, third)] == [f"portrait-000{n}.jpg" for n in (1, 2, 3)]


def test_the_mail_of_one_guest_never_carries_another(
    params: DeliverParams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = PostOffice(monkeypatch)
    office.is_there = False
    monkeypatch.setattr("booth.delivery.job_queue.FIRST_WAIT_S", 0.02)
    with DeliveryService(params, tmp_path / "data") as handover:
        a = handover.keep(picture(1), None, CONSENT, utc_now())
        handover.mail(a, "a@example.org")
        until(lambda: handover.status(a) == ("share.mail_later",))
        a.path.rename(tmp_path / "moved.jpg")
        a.path.write_bytes(picture(2))  # whatever puts another guest's picture there
        office.is_there = True
        until(lambda: handover.status(a) == ("share.mail_gave_up",))
    assert office.got == []


def test_a_folder_that_is_away_makes_the_mail_wait(
    params: DeliverParams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = PostOffice(monkeypatch)
    monkeypatch.setattr("booth.delivery.job_queue.FIRST_WAIT_S", 0.02)
    with DeliveryService(params, tmp_path / "data") as handover:
        a = handover.keep(picture(1), None, CONSENT, utc_now())
        (tmp_path / "out").rename(tmp_path / "unmounted")
        handover.mail(a, "a@example.org")
        queue = handover._queues[JOB_MAIL]
        until(lambda: (job := queue.job(a.number)) is not None and job.tries >= 2)
        assert office.got == []
        (tmp_path / "unmounted").rename(tmp_path / "out")
        until(lambda: handover.status(a) == ("share.mail_done",))
    assert office.got == [("a@example.org", picture(1))]


def test_the_operators_program_gets_only_the_guests_own_file(params: DeliverParams, tmp_path: Path) -> None:
    with DeliveryService(params, tmp_path / "data") as handover:
        kept = handover.keep(picture(1), None, CONSENT, utc_now())
        hook = DeliveryHook(HookParams(command=("cp", "{file}", str(tmp_path / "copied.jpg"))), handover._own_file)
        kept.path.write_bytes(picture(2))
        assert hook.hand_over(Job(kept.number)).says == "share.hook_gave_up"
        assert not (tmp_path / "copied.jpg").exists()


def test_no_print_is_made_of_another_guests_file(params: DeliverParams, tmp_path: Path) -> None:
    with DeliveryService(params, tmp_path / "data") as handover:
        kept = handover.keep(picture(1), None, CONSENT, utc_now())
        kept.path.write_bytes(picture(2))
        assert handover._picture(kept.number) is None


def test_an_office_export_never_gives_a_face_another_name(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    store = shop.open()
    for name in ("Ada", "Bo"):
        entry, _ = store.keep(shop.portraits / f"{name}.jpg", picture(len(name)), STORE_CONSENT, shop.now)
        store.add(entry.id, PERSON, msgspec.json.encode(Person(name, name)), shop.later(seconds=1))
    (shop.portraits / "Ada.jpg").write_bytes((shop.portraits / "Bo.jpg").read_bytes())
    export = gather(store, Params())
    assert export.missing == ("Ada",)
    to_folder(export, tmp_path / "export")
    assert [p.name for p in (tmp_path / "export").glob("*.jpg")] == ["Bo.jpg"]
    (shop.portraits / "Bo.jpg").write_bytes(picture(9))
    with pytest.raises(Fault, match="changed meanwhile"):
        to_folder(export, tmp_path / "export-2")
    shop.close()


SHEETS = """#!/bin/sh
here=$(dirname "$0")
case "$(basename "$0") $*" in
  "lpoptions "*) echo "PageSize/Media Size: *A4 4x6" ;;
  "lp "*) cat > /dev/null; n=$(date +%N); echo "request id is Photo-$n (1 file(s))" ;;
  *"-W not-completed"*) : ;;
  *"-W completed"*) : ;;
  *"-p "*) [ -e "$here/away" ] && exit 1; printf 'printer Photo is idle.  enabled since Mon\\n\\tAlerts: none\\n' ;;
esac
"""


class _Arrived:
    """What came out at the operator's function and at the printer, by sha256."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.hooked: list[tuple[str, str]] = []
        self.printed: list[str] = []

    def sheet(self, content: bytes, *_: object) -> bytes:
        self.printed.append(hashlib.sha256(content).hexdigest())
        return content


ARRIVED = _Arrived(5)


def hooked(path: Path) -> None:
    """The operator's own function, called by its name; one time in five it fails."""
    if ARRIVED.chance.random() < 0.2:
        raise RuntimeError("the operator's server is away")
    ARRIVED.hooked.append((path.name, hashlib.sha256(path.read_bytes()).hexdigest()))


class _Fair:
    """A day of guests, and what happens to folder, server, printer and booth meanwhile."""

    def __init__(self, params: DeliverParams, root: Path, office: PostOffice) -> None:
        self.params, self.root, self.office, self.chance = params, root, office, random.Random(26)
        self.handover = DeliveryService(params, root / "data")
        self.kept: list[DeliveredPortrait] = []
        self.sums: dict[str, str] = {}  # address or name of a file -> sha256 of that guest's portrait
        (root / "moved").mkdir()
        self._faults = (
            (0.04, self._tidy), (0.04, self._pull), (0.08, self._overwrite), (0.1, self._server), (0.05, self._printer),
            (0.04, self._restart), (0.04, self._erase),
        )  # fmt: skip

    def visit(self, number: int) -> None:
        content = picture(number)
        one = self.handover.keep(content, None, CONSENT, utc_now())
        address = f"guest{number}@example.org"
        self.sums[address] = self.sums[one.path.name] = hashlib.sha256(content).hexdigest()
        self.kept.append(one)
        self.handover.mail(one, address)
        if number % 8 == 0:
            self.handover.print(one)
        drawn = self.chance.random()
        for share, dispatch in self._faults:
            drawn -= share
            if drawn < 0:
                dispatch()
                return

    def _tidy(self) -> None:
        for path in (self.root / "out").iterdir():
            path.rename(self.root / "moved" / f"{len(self.kept)}-{path.name}")

    def _pull(self) -> None:
        (self.root / "out").rename(self.root / "pulled")
        time.sleep(0.05)
        (self.root / "pulled").rename(self.root / "out")

    def _overwrite(self) -> None:
        self.chance.choice(self.kept[:-1] or self.kept).path.write_bytes(picture(len(self.kept) - 1))

    def _server(self) -> None:
        self.office.is_there = not self.office.is_there

    def _printer(self) -> None:
        away = self.root / "bin" / "away"
        away.unlink() if away.exists() else away.touch()

    def _restart(self) -> None:
        self.handover.close()
        self.handover = DeliveryService(self.params, self.root / "data")

    def _erase(self) -> None:
        self.handover.erase(self.chance.choice(self.kept))

    def end(self) -> None:
        """Everything is well again; wait until every job has come to its end."""
        self.office.is_there, self.office.refuses = True, lambda: False
        (self.root / "bin" / "away").unlink(missing_ok=True)
        queues = list(self.handover._queues.values())
        until(lambda: all(j.stage == "over" or (j.notes and j.done) for q in queues for j in [*q._jobs.values()]), 60.0)
        self.handover.close()


@pytest.mark.long
def test_many_guests_under_faults_each_get_their_own(
    params: DeliverParams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    global ARRIVED
    ARRIVED, office = _Arrived(5), PostOffice(monkeypatch)
    office.refuses = lambda: ARRIVED.chance.random() < 0.2
    (tmp_path / "bin").mkdir()
    for name in ("lp", "lpstat", "lpoptions"):
        (tmp_path / "bin" / name).write_text(SHEETS)
        (tmp_path / "bin" / name).chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    monkeypatch.setattr("booth.delivery.printer.sheet", lambda content, *rest: ARRIVED.sheet(content, *rest))
    for module, name, value in (
        ("printer", "POLL_S", 600.0),
        ("job_queue", "FIRST_WAIT_S", 0.01),
        ("job_queue", "MAX_WAIT_S", 0.1),
    ):
        monkeypatch.setattr(f"booth.delivery.{module}.{name}", value)
    hook = HookParams(plugin=f"{__name__}:hooked")
    fair = _Fair(msgspec.structs.replace(params, print=PrintParams(printer="Photo"), hook=hook), tmp_path, office)
    for number in range(GUESTS):
        fair.visit(number)
    fair.end()
    assert len({one.path.name for one in fair.kept}) == GUESTS, "no name was given twice"
    wrong = [to for to, content in office.got if hashlib.sha256(content).hexdigest() != fair.sums[to]]
    wrong += [name for name, digest in ARRIVED.hooked if digest != fair.sums[name]]
    wrong += [digest for digest in ARRIVED.printed if digest not in set(fair.sums.values())]
    print(json.dumps({"guests": GUESTS, "mails": len(office.got), "hooks": len(ARRIVED.hooked),
                      "prints": len(ARRIVED.printed), "wrong": len(wrong)}))  # fmt: skip
    assert not wrong
    assert len(office.got) > GUESTS / 3 and len(ARRIVED.hooked) > GUESTS / 3 and ARRIVED.printed
