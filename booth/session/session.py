"""A guest's session: the consent given, the shots taken and the private folder. The engine lists every other holder of
guest pixels (`booth.app.guest_data`).

Opened by a yes and by nothing else. Leaving the with-block wipes, whatever happened inside.
"""

from __future__ import annotations

import shutil
import tempfile
import uuid
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Literal

from booth.core.fault_table import fault
from booth.core.faults import Fault
from booth.core.types import Shot

PREFIX = "session-"
_PRIVATE = 0o700


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """What was agreed to, when and in which words; names nobody."""

    given_at: str  # ISO 8601, UTC
    locale: str
    text_version: str  # digest of the words that were on the screen
    measure: bool  # False: just the camera
    retention: str  # what was said about keeping, in the guest's language
    on_timeout: Literal["keep", "delete"]
    id: str = field(default_factory=lambda: uuid.uuid4().hex)

    def as_json(self) -> dict[str, str | bool]:
        """Return the record as plain values."""
        return asdict(self)


def private_root(folder_root: Path) -> Path:
    """Make the folder under which sessions live, readable by nobody else; Fault `session.folder` where it cannot be."""
    try:
        folder_root.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        folder_root.chmod(_PRIVATE)
    except OSError as error:
        hint = "Give the booth a folder that it may write to."
        raise Fault("session.folder", f"The folder {folder_root} cannot be made private.", hint) from error
    return folder_root


def sweep(folder_root: Path) -> int:
    """Erase what a crash may have left of earlier sessions; returns how many folders went."""
    left = [path for path in folder_root.glob(f"{PREFIX}*") if path.is_dir()] if folder_root.is_dir() else []
    for path in left:
        _erase(path)
    return len(left)


def _erase(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        raise fault("session.wipe", folder=folder)


class Session:
    """One guest's visit; use it as a with-block.

    `shots` grows by `keep` only; `folder` (mode 0700) is where a develop worker may put files until they are delivered.
    """

    def __init__(self, consent: ConsentRecord, folder: Path) -> None:
        self.consent = consent
        self._folder: Path | None = folder
        self._shots: list[Shot] = []

    @classmethod
    def open(cls, consent: ConsentRecord, folder_root: Path) -> Session:
        """Begin a session after a yes; Fault `session.folder` where there is no private place for it."""
        root = private_root(folder_root)
        try:
            return cls(consent, Path(tempfile.mkdtemp(prefix=PREFIX, dir=root)))
        except OSError as error:
            raise fault("session.folder", folder=root) from error

    @property
    def is_open(self) -> bool:
        """False once wiped."""
        return self._folder is not None

    @property
    def folder(self) -> Path:
        """The private folder; ValueError after a wipe."""
        if self._folder is None:
            raise ValueError("the session is over: its folder is gone")
        return self._folder

    @property
    def shots(self) -> tuple[Shot, ...]:
        """Every shot kept so far, oldest first; empty after a wipe."""
        return tuple(self._shots)

    def keep(self, shot: Shot) -> int:
        """Hold on to a shot and return its index in `shots`; ValueError after a wipe.

        Only the newest is still developed: of the earlier ones the alternatives and the frames round them, some 40 MB
        a shot, are let go of.
        """
        if self._folder is None:
            raise ValueError("the session is over: it keeps nothing")
        self._shots = [replace(earlier, bursts=(), alternatives=()) for earlier in self._shots]
        self._shots.append(shot)
        return len(self._shots) - 1

    def drop(self, index: int) -> None:
        """Forget one shot."""
        del self._shots[index]

    def wipe(self) -> None:
        """Forget every shot and erase the folder; harmless when repeated. Fault `session.wipe` if something stays."""
        self._shots.clear()
        if self._folder is not None:
            _erase(self._folder)
            self._folder = None

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.wipe()
