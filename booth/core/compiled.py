"""Sets the cache folder of numba, the compiler of the pixel loops. Modules with such loops take `numba` from here."""

from __future__ import annotations

import numba
import numpy as np

from booth.core.kernel_cache import cache_place

numba.config.CACHE_DIR = str(cache_place().folder)

__all__ = ["numba", "read_only"]


def read_only(array: np.ndarray) -> np.ndarray:
    """Return a view that cannot be written.

    To the compiler frozen and writable arrays are different kinds, and each kind costs a compile of its own: a loop's
    inputs are always given to it as read-only, whatever they were before.
    """
    view = array.view()
    view.flags.writeable = False
    return view
