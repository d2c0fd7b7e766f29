"""How the printer is, for the operator's page: asked beside the loop, each time the page is opened."""

from __future__ import annotations

import threading
from collections.abc import Callable

ASKING = "…"


class PrinterRow:
    """Asks once a visit. `ask` may take seconds and returns a words key; it runs on a thread of its own."""

    def __init__(self, ask: Callable[[], str]) -> None:
        self._ask = ask
        self._says = ASKING
        self._thread: threading.Thread | None = None

    def row(self) -> tuple[str, str]:
        """Return the row as far as it is known, and begin to ask where nobody has yet."""
        if self._thread is None:
            self._says = ASKING
            self._thread = threading.Thread(target=self._find_out, name="printer-state", daemon=True)
            self._thread.start()
        return "staff.row_printer", self._says

    def _find_out(self) -> None:
        self._says = self._ask()

    def reset(self) -> None:
        """Ask anew at the next visit."""
        if self._thread is not None and not self._thread.is_alive():
            self._thread = None
