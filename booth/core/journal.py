"""Where the booth's log goes: to the system's journal where that listens, else into a file that is rotated.

States and codes from INFO on; never pictures, names, addresses or links, which nothing in the program logs.
"""

from __future__ import annotations

import contextlib
import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path

LOG_FILE = "~/.local/share/booth/log/booth.log"
LOG_BYTES, LOG_FILES = 1_000_000, 5
KEEPS_LOG = frozenset({"run", "office"})  # long-running commands; the others write to the terminal
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def open_log(command: str, *, debug: bool, verbose: bool) -> None:
    """Set the log up for one command of the program; once a process."""
    has_journal = "JOURNAL_STREAM" in os.environ  # systemd has tied the error stream to its journal
    handlers: list[logging.Handler] = []
    if debug:
        logging.basicConfig(level=logging.DEBUG)  # everything of every library
    else:
        logging.getLogger().setLevel(logging.ERROR)
        handlers.append(logging.StreamHandler())
        handlers[0].setLevel(logging.INFO if verbose or has_journal else logging.ERROR)
        handlers[0].setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    if command in KEEPS_LOG and not has_journal:
        with contextlib.suppress(OSError):  # a home that cannot be written: the terminal alone
            handlers.append(_rotated(Path(LOG_FILE).expanduser()))
    own = logging.getLogger("booth")
    own.setLevel(logging.DEBUG if debug else logging.INFO)
    for earlier in own.handlers[:]:
        own.removeHandler(earlier)
        earlier.close()
    for handler in handlers:
        own.addHandler(handler)


def _rotated(path: Path) -> logging.Handler:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handler = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=LOG_FILES - 1, encoding="utf-8", delay=False)
    path.chmod(0o600)
    handler.setLevel(logging.INFO)
    handler.setFormatter(logging.Formatter(_FORMAT))
    return handler
