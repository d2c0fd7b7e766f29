"""Keeps what the process has in memory out of files: no core dump holds a portrait or a key."""

from __future__ import annotations

import contextlib
import ctypes

_PR_SET_DUMPABLE = 4  # linux/prctl.h


def forbid_core_dumps() -> None:
    """Let a crash of this process leave no picture of its memory. Harmless where the system knows no such thing."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, AttributeError, TypeError):  # a limit of 0 alone does not stop a piped handler
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
