"""Keeps a finished portrait: names it as the profile says and writes it whole, or not at all, to the folder."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

from booth.faults import Fault
from booth.params.deliver import DeliverParams

FOLDER_MODE = 0o700
RESERVE_BYTES = 200_000_000  # below this much free disk nothing more is kept


class Delivery:
    """Writes kept portraits to `deliver.folder` (mode 0700); Fault `deliver.*` when that cannot be."""

    def __init__(self, params: DeliverParams) -> None:
        self._params = params
        self.folder = Path(params.folder).expanduser()

    def check(self) -> None:
        """Make sure that a portrait could be kept now."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
            free = shutil.disk_usage(self.folder).free
        except OSError as error:
            raise Fault("deliver.folder", f"The folder {self.folder} cannot be used.", "Choose another one.") from error
        if free < RESERVE_BYTES:
            raise Fault("deliver.disk", "The disk is almost full.", "Ask the operator to make room.", retry=True)

    def next_path(self, now: datetime.datetime, ending: str = ".jpg") -> Path:
        """Return the path of the next portrait; the number is one more than the highest of that day."""
        number = 1
        while True:
            name = self._params.name.format(date=now.strftime("%Y-%m-%d"), time=now.strftime("%H-%M-%S"), number=number)
            path = self.folder / f"{Path(name).name}{ending}"
            if not path.exists():
                return path
            number += 1
