"""Reads a file whose size and kind nobody vouches for: regular files only, and never more than was asked for."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


def read_bounded(path: Path, most_bytes: int) -> bytes:
    """Return a regular file's content; OSError for anything else (a pipe, a device, a folder) and for a larger one."""
    file = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        told = os.fstat(file)
        if not stat.S_ISREG(told.st_mode):
            raise OSError(errno.EINVAL, "not a regular file", str(path))
        if told.st_size > most_bytes:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
        with os.fdopen(os.dup(file), "rb") as opened:
            content = opened.read(most_bytes + 1)
    finally:
        os.close(file)
    if len(content) > most_bytes:  # it grew meanwhile
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return content
