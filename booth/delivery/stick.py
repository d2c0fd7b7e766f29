"""Copies a kept portrait to a USB stick that is put in while its guest is at the last page, where that is allowed.

The copy is written under a name of its own on the stick and renamed when it is whole: FAT and exFAT know neither hard
links nor rights nor all signs of a name. A stick that is full, read-only or pulled out keeps no part of a picture.
Nothing is written anywhere else.
"""

from __future__ import annotations

import contextlib
import errno
import getpass
import logging
import os
import re
import sys
import threading
import unicodedata
from collections.abc import Callable
from pathlib import Path

from booth.config.params.deliver import StickParams

log = logging.getLogger(__name__)

LOOK_S = 1.0  # how often it is looked for a stick while a guest is at the last page
PART = ".part"  # the ending of a copy that is not whole yet
NAME_UNITS = 120  # UTF-16 units of a name without its ending; FAT's long names and exFAT take 255
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_RESERVED = re.compile(r"^(con|prn|aux|nul|(com|lpt)[\d\u00b9\u00b2\u00b3])(\..*)?$", re.IGNORECASE)

DONE, FULL, FAILED, COPYING = "share.stick_done", "share.stick_full", "share.stick_failed", "share.stick_copying"


def fat_name(name: str) -> str:
    """Return a file name that FAT and exFAT take: no reserved sign or device, no space or point at the end."""
    stem, dot, ending = unicodedata.normalize("NFC", name).rpartition(".")
    if not dot or not stem:
        stem, ending = name, ""
    stem = _UNSAFE.sub("-", stem).strip(". ")
    while len(stem.encode("utf-16-le")) > 2 * NAME_UNITS:
        stem = stem[:-1].rstrip(". ")
    stem = f"_{stem}" if _RESERVED.match(stem) else stem or "portrait"
    ending = re.sub(r"[^A-Za-z0-9]", "", ending)
    return f"{stem}.{ending}" if ending else stem


def sticks(params: StickParams) -> tuple[Path, ...]:
    """Return where sticks are mounted now: the places that the profile names, else what the desktop mounted."""
    if params.places:
        return tuple(path for path in (Path(place).expanduser() for place in params.places) if path.is_dir())
    return tuple(entry for root in _roots() for entry in _entries(root) if os.path.ismount(entry))


def _roots() -> tuple[Path, ...]:
    if sys.platform == "darwin":
        return (Path("/Volumes"),)
    try:
        user = getpass.getuser()
    except (OSError, KeyError):  # an account without a name
        user = ""
    own = (Path("/media", user), Path("/run/media", user)) if user else ()
    return (*own, Path("/media"))


def _entries(root: Path) -> tuple[Path, ...]:
    try:
        return tuple(sorted(entry for entry in root.iterdir() if entry.is_dir()))
    except OSError:
        return ()


def copy_to(stick: Path, folder: str, name: str, content: bytes) -> str:
    """Write one file to a stick; returns a words key. What could not be written whole is taken off again."""
    place = stick / folder if folder else stick
    part: Path | None = None
    try:
        place.mkdir(exist_ok=True)
        target = _free(place, fat_name(name))
        part = target.with_name(f"{target.name}{PART}")
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)
        part = None
        _sync_folder(place)
    except OSError as error:
        log.warning("stick: %s", errno.errorcode.get(error.errno or 0, type(error).__name__))
        return FULL if error.errno in (errno.ENOSPC, errno.EDQUOT) else FAILED
    finally:
        if part is not None:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
    return DONE


def _free(place: Path, name: str) -> Path:
    """Return a path that nothing has, whatever the case of its letters: FAT knows no case."""
    taken = {entry.name.casefold() for entry in place.iterdir()}
    stem, dot, ending = name.rpartition(".")
    stem, ending = (stem, f".{ending}") if dot else (name, "")
    number, wanted = 1, name
    while wanted.casefold() in taken:
        number += 1
        wanted = f"{stem}-{number}{ending}"
    return place / wanted


def _sync_folder(place: Path) -> None:
    """Bring the folder's own entries to the stick, so that it may be pulled out; not every system can."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class StickCopier:
    """Watches for sticks on a thread of its own while one portrait is offered; `picture(number)` gives its bytes."""

    def __init__(self, params: StickParams, picture: Callable[[str], bytes | None], look_s: float = LOOK_S) -> None:
        self._params, self._picture, self._look_s = params, picture, look_s
        self._lock = threading.Lock()
        self._stop: threading.Event | None = None
        self._thread: threading.Thread | None = None
        self._says: dict[str, str] = {}  # of the portrait that is offered alone

    def offer(self, number: str, name: str) -> None:
        """Copy this portrait to every stick that is in or comes, until `release`; one before it is released."""
        self.release()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, args=(number, name, self._stop), name="stick", daemon=True)
        self._thread.start()

    def says(self, number: str) -> str | None:
        """Return the words key of how the copy goes; None while there is no stick."""
        with self._lock:
            return self._says.get(number)

    def release(self) -> None:
        """The guest has left: look for no more sticks. A copy under way is finished."""
        if self._stop is not None:
            self._stop.set()
        with self._lock:
            self._says.clear()

    def close(self) -> None:
        """Stop, and wait for a copy under way."""
        self.release()
        if self._thread is not None:
            self._thread.join(10)

    def _watch(self, number: str, name: str, stop: threading.Event) -> None:
        done: set[Path] = set()
        while not stop.is_set():
            there = sticks(self._params)
            done &= set(there)  # pulled out and put in again: once more
            for stick in (stick for stick in there if stick not in done):
                done.add(stick)
                self._copy(number, name, stick, stop)
            stop.wait(self._look_s)

    def _copy(self, number: str, name: str, stick: Path, stop: threading.Event) -> None:
        self._tell(number, COPYING, stop)
        try:
            content = self._picture(number)
        except Exception as error:  # its disk is away, or it was erased meanwhile
            log.warning("stick: %s", type(error).__name__)
            content = None
        says = FAILED if content is None else copy_to(stick, self._params.folder, name, content)
        self._tell(number, says, stop)

    def _tell(self, number: str, says: str, stop: threading.Event) -> None:
        with self._lock:
            if not stop.is_set():
                self._says[number] = says
