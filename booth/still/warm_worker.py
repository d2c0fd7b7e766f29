"""Makes a cluster's worker ready before its first photograph.

`dask worker tcp://HOST:8786 --preload booth.still.warm_worker`: models and compiled loops are loaded as it
joins; where its loops were never compiled, that is over a minute.
"""

from __future__ import annotations

from typing import Any

from booth.still.cluster import models_of
from booth.still.developer import make_still_models


def dask_setup(_worker: Any) -> None:
    """Load what the first photograph would wait for; the engine calls this once as the worker starts."""
    models_of(make_still_models).warm()
