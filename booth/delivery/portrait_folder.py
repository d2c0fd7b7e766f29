"""Names and folders of kept portraits, as the profile says."""

from __future__ import annotations

import datetime
import itertools
import logging
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

from booth.config.params.deliver import DeliverParams
from booth.core.fault_table import fault
from booth.core.faults import Fault

log = logging.getLogger(__name__)

FOLDER_MODE = 0o700
LOW_BYTES = 2_000_000_000  # below this much free disk the operator is warned, and what has run out goes at once
RESERVE_BYTES = 200_000_000  # below this nobody new is taken: a portrait must never be cut short


class PortraitFolder:
    """The folder of kept portraits (mode 0700); Fault `deliver.*` when nothing can be kept there."""

    def __init__(self, params: DeliverParams) -> None:
        self._params = params
        self.folder = Path(params.folder).expanduser()

    def check(self) -> None:
        """Make sure that a portrait could be kept now."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
            if os.name == "posix" and self.folder.stat().st_mode & stat.S_IWOTH:
                self.folder.chmod(FOLDER_MODE)
                log.warning("the folder of portraits could be written by everybody; its mode is 0700 now")
            free = shutil.disk_usage(self.folder).free
        except OSError as error:
            raise fault("deliver.folder", folder=self.folder) from error
        if free < RESERVE_BYTES:
            raise fault("deliver.disk")

    def next_path(self, now: datetime.datetime, ending: str = ".jpg",
                  is_used: Callable[[Path], bool] = lambda path: False) -> Path:  # fmt: skip
        """Return the path of the next portrait: the first free number; a name without one gets it when it is taken.

        `is_used` is True for names that had a portrait once: they stay taken when its file is moved or erased.
        """
        first = self._name(now, 1)
        is_numbered = self._name(now, 2) != first
        for number in itertools.count(1):
            stem = self._name(now, number) if is_numbered or number == 1 else f"{first}-{number}"
            path = self.folder / f"{stem}{ending}"
            if not path.exists() and not is_used(path):
                break
        return path

    def _name(self, now: datetime.datetime, number: int) -> str:
        date, time = now.strftime("%Y-%m-%d"), now.strftime("%H-%M-%S")
        try:
            return Path(self._params.name.format(date=date, time=time, number=number)).name
        except (KeyError, IndexError, ValueError) as error:
            hint = "It may use {date}, {time} and {number}, such as portrait-{date}-{number:04d}."
            raise Fault("deliver.name", f"deliver.name = {self._params.name!r} cannot be filled in.", hint) from error
