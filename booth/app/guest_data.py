"""The wipe: every holder of a guest's pixels or choices, reset in one place."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Holder:
    """One part that holds something of a guest; `reset` drops all of it and may be called at any time."""

    name: str
    reset: Callable[[], object]


class GuestData:
    """The holders of one booth, wiped in order."""

    def __init__(self, holders: tuple[Holder, ...]) -> None:
        self.holders = holders

    def wipe(self) -> tuple[str, ...]:
        """Reset every holder, going on past one that fails; returns the names of those that failed."""
        failed = []
        for holder in self.holders:
            try:
                holder.reset()
            except Exception:
                log.exception("%s could not be wiped", holder.name)
                failed.append(holder.name)
        return tuple(failed)
