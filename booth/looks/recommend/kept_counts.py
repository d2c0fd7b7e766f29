"""How often each look was kept at this booth: numbers alone, and only where the profile asks for them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

import msgspec

from booth.config.params import Params
from booth.core.atomic_write import write_whole
from booth.core.faults import Fault
from booth.core.paths import data_folder

log = logging.getLogger(__name__)


def _file() -> Path:
    return data_folder() / "kept-looks.json"


def kept_counts(params: Params) -> Mapping[str, int]:
    """Return how often each look was kept; empty where the profile does not count."""
    if not params.kiosk.counts_looks:
        return {}
    try:
        return msgspec.json.decode(_file().read_bytes(), type=dict[str, int])
    except (OSError, msgspec.DecodeError, msgspec.ValidationError):
        return {}


def count_kept(params: Params, look: str) -> None:
    """Count one more; a disk that refuses costs a number, never a portrait."""
    if not params.kiosk.counts_looks:
        return
    counts = {**kept_counts(params)}
    counts[look] = counts.get(look, 0) + 1
    try:
        _file().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(_file(), msgspec.json.encode(counts), replace=True)
    except (Fault, OSError) as error:
        log.warning("looks not counted: %s", type(error).__name__)
