"""Atomic file writes, readable by their owner alone.

On Linux a file gets its name only once it is complete, so that a killed run leaves nothing; elsewhere it has a
temporary name that `clear_parts` knows.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from pathlib import Path
from typing import BinaryIO

from booth.core.faults import Fault

FOLDER_MODE = 0o700
FILE_MODE = 0o600
_PART = ".booth-part-"


def private_folder(folder: Path) -> Path:
    """Make a folder that only its owner may enter; Fault `store.folder` where it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
        if folder.stat().st_mode & 0o077:
            folder.chmod(FOLDER_MODE)
    except OSError as error:
        hint = "Choose another folder, or mend its rights."
        raise Fault("store.folder", f"The folder {folder} cannot be made private.", hint) from error
    return folder


def write_whole(path: Path, content: bytes, *, replace: bool = False) -> None:
    """Write a file of mode 0600 atomically; FileExistsError when it is there and not to be replaced.

    Fault `store.disk` when the disk is full, `store.write` for any other refusal.
    """
    try:
        if replace or not _write_nameless(path, content):
            _write_by_part(path, content, replace)
        _sync_folder(path.parent)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Fault("store.disk", "The disk is full.", "Make room.", retry=True, exit_code=1) from error
        hint = "Check the rights of the folder."
        raise Fault("store.write", f"{path} cannot be written: {error.strerror}.", hint, exit_code=1) from error


def _write_nameless(path: Path, content: bytes) -> bool:
    """Write through a file without a name; False where the system has none."""
    if not hasattr(os, "O_TMPFILE"):
        return False
    try:
        file = os.open(path.parent, os.O_TMPFILE | os.O_WRONLY, FILE_MODE)
    except OSError as error:
        if error.errno in (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT):
            return False
        raise
    try:
        _fill(file, content)
        os.link(f"/proc/self/fd/{file}", path, src_dir_fd=file)  # a folder makes it follow the link; see linkat(2)
    except FileExistsError:
        raise
    except FileNotFoundError:  # no /proc
        return False
    finally:
        os.close(file)
    return True


def _write_by_part(path: Path, content: bytes, replace: bool) -> None:
    part = path.with_name(f"{_PART}{secrets.token_hex(8)}")
    try:
        file = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE)
        try:
            _fill(file, content)
        finally:
            os.close(file)
        if not replace and path.exists():
            raise FileExistsError(path)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _fill(file: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(file, view) :]
    os.fsync(file)


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):  # not every system can sync a folder
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def destroy(path: Path) -> None:
    """Overwrite a small file with noise and remove it; harmless when it is gone.

    Flash storage may keep the old block for a while: what protects then is the key that wraps it.
    """
    try:
        with path.open("r+b") as file:
            overwrite(file)
    except FileNotFoundError:
        return
    finally:
        path.unlink(missing_ok=True)
    _sync_folder(path.parent)


def overwrite(file: BinaryIO) -> None:
    """Fill a small open file with noise, down to the disk."""
    size = os.fstat(file.fileno()).st_size
    file.seek(0)
    file.write(secrets.token_bytes(size))
    file.flush()
    os.fsync(file.fileno())


def clear_parts(folder: Path) -> int:
    """Remove what a killed run left half written; returns how many. Call it while nobody else writes there."""
    parts = list(folder.glob(f"{_PART}*")) if folder.is_dir() else []
    for part in parts:
        part.unlink(missing_ok=True)
    return len(parts)
