"""Disables core dumps, so that none holds a portrait or a key."""

from __future__ import annotations

import contextlib
import ctypes

_PR_SET_DUMPABLE = 4  # linux/prctl.h


def forbid_core_dumps() -> None:
    """Disable core dumps of this process. Does nothing where the system has none."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, AttributeError, TypeError):  # a limit of 0 alone does not stop a piped handler
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
