"""The finished file of a kept portrait in the operator's folder: whether it is still the booth's own, and its removal.

A file that cannot be seen now (a stick pulled out, a server away, a read error) is away, not gone.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Literal

from booth.delivery.store.kept import KeptRecord

FileState = Literal["ours", "changed", "gone", "away"]
Removal = Literal["removed", "changed", "gone", "pending"]


class Away(Exception):
    """The file cannot be seen now; it may be there again later."""


def whereabouts(path: Path) -> tuple[int, str]:
    """Return the inode of a file's folder and the mount point it lies below: they identify what is missing later."""
    folder = path.parent
    mount = next((p for p in (folder, *folder.parents) if os.path.ismount(p)), folder)
    return folder.stat().st_ino, str(mount)


def read_ours(known: KeptRecord) -> bytes | None:
    """Return the file's bytes where they are the very ones the booth wrote; None when gone or changed, else Away."""
    path = Path(known.path)
    try:
        content = path.read_bytes()
    except OSError as error:
        if _is_gone(known, error):
            return None
        raise Away(known.path) from error
    return content if hashlib.sha256(content).hexdigest() == known.sha256 else None


def file_state(known: KeptRecord) -> FileState:
    """Return the state of the file, reading it in pieces."""
    try:
        with Path(known.path).open("rb") as file:
            same = hashlib.file_digest(file, "sha256").hexdigest() == known.sha256
    except OSError as error:
        return "gone" if _is_gone(known, error) else "away"
    return "ours" if same else "changed"


def remove_ours(known: KeptRecord) -> Removal:
    """Remove the booth's own file; one that was changed since is no longer the booth's and stays.

    `pending` where it cannot be seen or removed now: to be tried again.
    """
    how = file_state(known)
    if how != "ours":
        return "pending" if how == "away" else how
    try:
        Path(known.path).unlink(missing_ok=True)
    except OSError:
        return "pending"
    return "removed"


def _is_gone(known: KeptRecord, error: OSError) -> bool:
    """True for a file that was removed, False where its folder is away: the folder itself must be there to say so."""
    if isinstance(error, IsADirectoryError):
        return True
    if not isinstance(error, FileNotFoundError):
        return False
    folder = Path(known.path).parent
    try:
        inode = folder.stat().st_ino
        is_mounted = not known.mount or os.path.ismount(known.mount)
    except OSError:
        return False
    return is_mounted and known.folder_ino in (0, inode)
