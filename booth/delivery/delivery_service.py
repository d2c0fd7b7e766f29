"""Keeps, delivers and erases portraits for the engine. Slow work runs on threads of its own.

Owns the store, the phone page and the queues of printer, mail and hook; each exists only when the profile names it.
"""

from __future__ import annotations

import datetime
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from booth.config.params.deliver import DeliverParams, PageParams, PrintParams, ReviewParams
from booth.config.params.kiosk import ScreenParams
from booth.config.privacy_terms import privacy_terms_of
from booth.core.clock import WallClock, utc_now
from booth.core.faults import Fault
from booth.delivery import formats
from booth.delivery.banner import banner, wide_jpeg
from booth.delivery.delivery_hook import DeliveryHook
from booth.delivery.job_queue import Ends, Job, JobQueue, Outcome
from booth.delivery.mail import Mail, is_address
from booth.delivery.phone import qr
from booth.delivery.phone.links import Link, Links, SealedLink
from booth.delivery.portrait_folder import PortraitFolder
from booth.delivery.printer import Printer, state_of
from booth.delivery.stick import StickCopier
from booth.delivery.store.finished import Away
from booth.delivery.store.portrait_store import Consent, Store, StoreEntry
from booth.delivery.store.receipt import DeletionReceipt
from booth.delivery.store.retention import JOB_HOOK, JOB_MAIL, JOB_PRINT, LINK, MINUTE_S, ORIGINAL, PAGE
from booth.delivery.stored import StoredJobs, read_as
from booth.session.session import ConsentRecord

if TYPE_CHECKING:
    from booth.delivery.phone.page_server import PageServer
    from booth.still.developer import Developed

log = logging.getLogger(__name__)

TICK_S = 20.0  # how often the clocks of what is kept are looked at
NAME_TRIES = 20  # names that another process may take first
MAILS_PER_GUEST = 3
_FULL, _VIEW, _BEFORE, _SQUARE, _BANNER = PAGE
MOST_COPIES = 4  # of one portrait in one print
_ASKED = {"print": JOB_PRINT, "mail": JOB_MAIL}


@dataclass(frozen=True, slots=True, eq=False)
class DeliveredPortrait:
    """A portrait that was kept, and how its guest gets at it."""

    number: str  # random; names it towards this module
    path: Path
    link: str | None  # None while no page listens
    code: np.ndarray | None  # (n, n) bool: the link as a QR code's dark modules
    receipt_code: str  # with it the guest may have everything erased, here or later
    join_code: np.ndarray | None = None  # (n, n) bool: joins the booth's own Wi-Fi
    people: int = 1  # who are in it: each may have prints


def prints_of(params: PrintParams, kept: DeliveredPortrait) -> int:
    """Return how many prints of one portrait there may be in all: so many for each who is in it."""
    return params.per_guest * kept.people


def most_copies(params: PrintParams, kept: DeliveredPortrait) -> int:
    """Return how many copies one print of a portrait may ask for, 1..MOST_COPIES; the queue gives what is left."""
    return max(1, min(MOST_COPIES, prints_of(params, kept)))


@dataclass(frozen=True, slots=True, eq=False)
class FinishedPortrait:
    """What there is to keep."""

    file_bytes: bytes
    original_bytes: bytes | Callable[[], bytes] | None = (
        None  # the photograph as the camera saw it, encoded now or later
    )
    before_rgb: np.ndarray | None = None  # (h, w, 3) uint8: for before and after on the phone
    changes: tuple[str, ...] = ()  # what was done, in sentences
    wide: Future[Developed] | None = None  # LinkedIn's background picture, where it is being developed


class DeliveryService:
    """Keeps and hands over. Opening mends what a crash left; `notes` says in sentences what was lost or mended.

    Raises Fault `store.*` where the store cannot be opened, `share.address` for an unusable address.
    """

    def __init__(self, params: DeliverParams, data_folder: Path, now: Callable[[], datetime.datetime] = utc_now,
                 review: ReviewParams | None = None, screen: ScreenParams | None = None) -> None:  # fmt: skip
        self._terms = privacy_terms_of(params, review or ReviewParams())
        self._params, self._now, self._clock = params, now, WallClock()
        self._screen = screen or ScreenParams()  # its brand is the phone page's too
        self._portrait_folder = PortraitFolder(params)
        self._server = _page_server(params.page)
        self._store = Store(params, data_folder / "store", now())
        self.notes = tuple(self._store.notes)
        self.is_printer_out = False  # as it was asked last: without paper, paused or away; what is asked for waits
        self._taps = threading.Lock()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="delivery")
        self._queues = self._make_queues()
        self._links = Links(self._clock.now_s, self._remember_link)
        self._stick = StickCopier(params.stick, self._picture) if params.stick.on else None
        self._stop = threading.Event()
        self._ticker = threading.Thread(target=self._tick, name="retention", daemon=True)
        self._start()

    @property
    def store(self) -> Store:
        """The store itself, for those who list what it keeps."""
        return self._store

    def now(self) -> datetime.datetime:
        """The time by which things are kept."""
        return self._now()

    def _make_queues(self) -> dict[str, JobQueue]:
        params, ledger = self._params, StoredJobs(self._store, self._now)
        queues = {}
        if params.print.printer:
            once = Ends("share.print_refused", Outcome("share.print_unsure", done=1))
            work = Printer(params.print, self._picture).hand_over
            queues[JOB_PRINT] = JobQueue(JOB_PRINT, ledger, work, self._now, once)
        if params.mail.is_on:
            work = Mail(params.mail, self._picture).hand_over
            queues[JOB_MAIL] = JobQueue(JOB_MAIL, ledger, work, self._now, Ends("share.mail_gave_up"))
        if params.hook.command or params.hook.plugin:
            work = DeliveryHook(params.hook, self._own_file).hand_over
            queues[JOB_HOOK] = JobQueue(JOB_HOOK, ledger, work, self._now, Ends("share.hook_gave_up"))
        return queues

    def _start(self) -> None:
        if self._server is not None:
            self._restore_links()
            from booth.delivery.phone.page_brand import page_brand
            from booth.delivery.phone.stored_portraits import StoredPortraits  # with a web server: .3 s to load
            from booth.delivery.phone.web_app import PhonePages

            portraits = StoredPortraits(self._store, self.erase_number)
            brand = page_brand(self._screen)
            pages = PhonePages(self._params.page, self._links, portraits, self._terms, brand)
            self._server.start(pages.make(self._server.hosts, self._clock.now_s))
        for queue in self._queues.values():
            queue.start()
        self._ticker.start()

    # -- keeping ----------------------------------------------------------------------------------------------------

    def keep(self, file_bytes: bytes, original_bytes: bytes | None, consent: ConsentRecord, now: datetime.datetime,
             *, before_rgb: np.ndarray | None = None, changes: tuple[str, ...] = ()) -> DeliveredPortrait:  # fmt: skip
        """Write the portrait and remember it; everything slow follows on a thread.

        Takes a few syncs of the disk. Fault `deliver.*` or `store.*` when it could not be kept: then nothing was.
        """
        return self.keep_portrait(FinishedPortrait(file_bytes, original_bytes, before_rgb, changes), consent, now)

    def keep_developed(
        self,
        portrait: Developed,
        changes: tuple[str, ...],
        consent: ConsentRecord,
        wide: Future[Developed] | None = None,
    ) -> DeliveredPortrait:
        """Do what `keep` does now, for a portrait as it was developed, with its original where the profile keeps it."""
        original = (
            portrait.original_bytes if self._params.store.keep_original else None
        )  # encoded on the worker's thread
        whole = FinishedPortrait(portrait.file_bytes(), original, portrait.before, changes, wide)
        return self.keep_portrait(whole, consent, self._now())

    def keep_portrait(
        self, portrait: FinishedPortrait, consent: ConsentRecord, now: datetime.datetime
    ) -> DeliveredPortrait:
        """Do what `keep` does, for a Portrait."""
        self._portrait_folder.check()
        entry, receipt_code = self._write(portrait, consent, now)
        try:
            if self._params.store.keep_original and isinstance(portrait.original_bytes, bytes):
                self._store.add(entry.id, ORIGINAL, portrait.original_bytes, now)
            link = self._open_link(entry, portrait, now)
        except Fault:
            self._store.erase(entry.id, now, "crash")
            raise
        if self._params.store.keep_original and callable(portrait.original_bytes):
            self._worker.submit(self._store_original, entry.id, portrait.original_bytes, now)
        if JOB_HOOK in self._queues:
            self._queues[JOB_HOOK].put(Job(entry.id, says="share.hook_running"))
        join = self._params.page.wifi_name if link else ""
        return DeliveredPortrait(
            entry.id, entry.path, link, qr.code(link) if link else None, receipt_code,
            qr.wifi_code(join, self._params.page.wifi_password) if join else None,
        )  # fmt: skip

    def _write(
        self, portrait: FinishedPortrait, consent: ConsentRecord, now: datetime.datetime
    ) -> tuple[StoreEntry, str]:
        agreed = Consent(
            consent.id, consent.given_at, consent.locale, consent.text_version, consent.measure, consent.on_timeout
        )
        ending = formats.mime_of(portrait.file_bytes)[1]
        for _ in range(NAME_TRIES):
            path = self._portrait_folder.next_path(now, ending, self._store.is_used)
            try:
                return self._store.keep(path, portrait.file_bytes, agreed, now, portrait.changes)
            except FileExistsError:
                continue
        raise Fault("deliver.name", "No free name was found for the portrait.", "Look at deliver.name.", exit_code=1)

    def _open_link(self, entry: StoreEntry, portrait: FinishedPortrait, now: datetime.datetime) -> str | None:
        if self._server is None or not self._server.is_listening:
            return None
        page = self._params.page
        token, link = self._links.make(entry.id, page.limit_min * MINUTE_S, page.phones, entry.record.locale)
        self._worker.submit(self._prepare_page, link, portrait, now)
        return f"http://{self._server.host}/p/{token}"

    def _store_original(self, number: str, encoded: Callable[[], bytes], now: datetime.datetime) -> None:
        try:
            self._store.add(number, ORIGINAL, encoded(), now)
        except (KeyError, Fault) as error:  # erased meanwhile, or no room: the portrait itself is kept
            log.warning("original: %s", type(error).__name__)

    def _prepare_page(self, link: Link, portrait: FinishedPortrait, now: datetime.datetime) -> None:
        """Seal what the link leads to; until then its page says that it is being prepared."""
        try:
            self._store.add(link.number, _FULL, portrait.file_bytes, now)
            self._store.add(link.number, LINK, msgspec.json.encode(self._links.sealed(link)), now)
        except (KeyError, Fault) as error:  # erased meanwhile, or no room: the file is in the folder all the same
            log.warning("page: %s", type(error).__name__)
            self._links.close(link.number)
            return
        self._make_pictures(link.number, portrait.before_rgb, portrait.wide)

    def _make_pictures(self, number: str, before_rgb: np.ndarray | None, wide: Future[Developed] | None) -> None:
        """Make what the page shows, the square last: with it the page is ready."""
        content = self._store.read(number, _FULL)
        if content is None:
            return
        try:
            self._store.add(number, _VIEW, formats.view(content), self._now())
            if before_rgb is not None:
                self._store.add(number, _BEFORE, formats.before_view(before_rgb), self._now())
            self._store.add(number, _BANNER, wide_jpeg(wide) or banner(content), self._now())
            self._store.add(number, _SQUARE, formats.square(content), self._now())
        except (KeyError, ValueError, Fault) as error:  # erased meanwhile, or no room: the whole file is still there
            log.warning("page pictures: %s", type(error).__name__)

    # -- handing over -----------------------------------------------------------------------------------------------

    def print(self, kept: DeliveredPortrait, copies: int = 1) -> str:
        """Ask for a print; returns a words key. Impatient taps change nothing: one print at a time, few a guest."""
        queue = self._queues.get(JOB_PRINT)
        if queue is None:
            return "share.print_off"
        with self._taps:
            job = queue.job(kept.number) or Job(kept.number)
            if job.tries and job.stage != "over" or job.says and job.stage == "waiting":
                return job.says or "share.print_sent"
            left = prints_of(self._params.print, kept) - job.done
            if left <= 0:
                return "share.print_limit"
            queue.put(Job(kept.number, done=job.done, says="share.print_sent", copies=max(1, min(copies, left))))
        return "share.print_sent"

    def mail(self, kept: DeliveredPortrait, address: str) -> str:
        """Ask for an e-mail to an address the guest typed; returns a words key."""
        queue = self._queues.get(JOB_MAIL)
        if queue is None:
            return "share.mail_off"
        if not is_address(address):
            return "share.mail_wrong"
        with self._taps:
            job = queue.job(kept.number) or Job(kept.number, stage="over")
            if job.done >= MAILS_PER_GUEST:
                return "share.mail_limit"
            if job.stage == "handing":
                return job.says
            open_notes = job.notes if job.stage == "waiting" else ()
            notes = tuple(dict.fromkeys((*open_notes, address)))[:MAILS_PER_GUEST]
            queue.put(Job(kept.number, notes=notes, done=job.done, says="share.mail_sending"))
        return "share.mail_sending"

    @property
    def has_page(self) -> bool:
        """True where guests get a page for their phones."""
        return self._server is not None and self._server.is_listening

    @property
    def asked_ways(self) -> tuple[str, ...]:
        """The ways that a guest may ask for."""
        return tuple(way for way, kind in _ASKED.items() if kind in self._queues)

    def open_ways(self, kept: DeliveredPortrait) -> frozenset[str]:
        """Return the ways that may be asked for now: none of them is under way or used up."""
        limits = {JOB_PRINT: prints_of(self._params.print, kept), JOB_MAIL: MAILS_PER_GUEST}
        found = set()
        for way in self.asked_ways:
            kind = _ASKED[way]
            job = self._queues[kind].job(kept.number)
            if job is None or (job.stage == "over" and job.done < limits[kind]):
                found.add(way)
        return frozenset(found)

    def is_kept(self, kept: DeliveredPortrait) -> bool:
        """False once a portrait was erased, from the phone or by its clock."""
        return self._store.is_kept(kept.number)

    def status(self, kept: DeliveredPortrait) -> tuple[str, ...]:
        """Return how each delivery of a portrait goes, as word keys."""
        lines = []
        if self._server is not None:
            lines.append("share.page_ready" if self._server.is_listening and kept.link else "share.page_waiting")
        for queue in self._queues.values():
            job = queue.job(kept.number)
            if job is not None and job.says:
                lines.append(job.says)
        if self._stick is not None and (says := self._stick.says(kept.number)) is not None:
            lines.append(says)
        return tuple(lines)

    def offer_to_sticks(self, kept: DeliveredPortrait) -> None:
        """Copy the portrait to every USB stick that is put in, until `release_sticks`; nothing where that is off."""
        if self._stick is not None:
            self._stick.offer(kept.number, kept.path.name)

    def release_sticks(self) -> None:
        """The guest has left: no stick gets a copy any more."""
        if self._stick is not None:
            self._stick.release()

    def reprint(self, number: str) -> str:
        """Print once more for the operator, whatever the guest has used up; returns a words key."""
        queue = self._queues.get(JOB_PRINT)
        if queue is None:
            return "share.print_off"
        with self._taps:
            job = queue.job(number)
            if job is not None and job.stage != "over":
                return job.says or "share.print_sent"
            queue.put(Job(number, says="share.print_sent"))
        return "share.print_sent"

    def print_says(self, number: str) -> str:
        """Return the words key of how a portrait's print goes; empty where there is none."""
        job = self._queues[JOB_PRINT].job(number) if JOB_PRINT in self._queues else None
        return job.says if job is not None else ""

    # -- erasing ----------------------------------------------------------------------------------------------------

    def erase(self, kept: DeliveredPortrait) -> DeletionReceipt:
        """Erase a portrait at its guest's wish: file, copies, keys, links and waiting jobs."""
        return self.erase_number(kept.number)

    def erase_number(self, number: str, because: str = "guest") -> DeletionReceipt:
        """Erase by number, at the wish of a guest or an operator; harmless when repeated."""
        self._links.close(number)
        for queue in self._queues.values():
            queue.reset(number)
        return self._store.erase(number, self._now(), because)

    def make_room(self) -> None:
        """Remove what has run out now, not at the next tick: the disk is getting full."""
        try:
            for receipt in self._store.tick(self._now()):
                self._links.close(receipt.portrait)
            self._store.shorten_consents(self._now())
        except Fault as fault:
            log.warning("fault %s", fault.code)
        except Exception:  # whatever a disk does, the clocks of everything else go on
            log.exception("retention failed, tried again")

    # -- behind the screen ------------------------------------------------------------------------------------------

    def _tick(self) -> None:
        self._ask_printer()
        while not self._stop.wait(TICK_S):
            self.make_room()
            self._ask_printer()

    def _ask_printer(self) -> None:
        """See whether prints come now or later; asks CUPS, which may take a while."""
        if self._params.print.printer:
            self.is_printer_out = state_of(self._params.print) != "staff.value.printer_ready"

    def _restore_links(self) -> None:
        for number, raw in self._store.find(LINK):
            entry = self._store.entry(number)
            left_s = next((r.left_s for r in entry.rows if r.item[1] == LINK), None) if entry is not None else None
            sealed = read_as(SealedLink, raw, LINK)
            if entry is None or left_s is None or sealed is None:
                continue
            self._links.restore(number, sealed, left_s)
            if all(row.item[1] != _SQUARE for row in entry.rows):
                self._worker.submit(self._make_pictures, number, None, None)

    def _remember_link(self, link: Link) -> None:
        try:
            self._store.change(link.number, LINK, msgspec.json.encode(link.sealed))
        except (KeyError, Fault) as error:
            log.warning("link not remembered: %s", type(error).__name__)

    def _own_file(self, number: str) -> Path | None:
        """Return the path of the finished file where it is this portrait's own; None when gone or changed.

        Raises Away where that cannot be determined now.
        """
        entry = self._store.entry(number)
        if entry is None or self._store.content(number) is None:
            return None
        return entry.path

    def _picture(self, number: str) -> bytes | None:
        """Return the finished file's bytes, from the folder or, when the operator moved it, from the page's copy.

        Whatever lies under its name, only the very bytes that this guest kept are handed over. Raises Away.
        """
        try:
            content = self._store.content(number)
        except Away:
            if (copy := self._store.read(number, _FULL)) is None:
                raise
            return copy
        return content if content is not None or not self._store.is_kept(number) else self._store.read(number, _FULL)

    def close(self) -> None:
        """Stop every thread and release the files; what waits goes on at the next start. Safe to call twice."""
        if self._stop.is_set():
            return
        self._stop.set()
        if self._server is not None:
            self._server.close()
        for queue in self._queues.values():
            queue.close()
        if self._stick is not None:
            self._stick.close()
        self._worker.shutdown(wait=True)  # an original that is still to be sealed is not given up
        self._ticker.join(5)
        self._store.close()

    def __enter__(self) -> DeliveryService:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _page_server(params: PageParams) -> PageServer | None:
    """Build the phone page's server where the profile wants one."""
    if not params.is_on:
        return None
    from booth.delivery.phone.page_server import PageServer

    return PageServer(params)
