"""The models that travel with the program: what they are and whether they are still what was delivered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from booth.core.assets import asset, sha256_of
from booth.core.fault_table import fault


@dataclass(frozen=True, slots=True)
class Model:
    """One row of assets/models/MODELS.md."""

    name: str
    sha256: str

    @property
    def is_there(self) -> bool:
        """True when the file exists."""
        return asset("models", self.name).is_file()

    @property
    def is_intact(self) -> bool:
        """True when the file is, bit by bit, the one that was delivered."""
        return self.is_there and sha256_of(asset("models", self.name)) == self.sha256


@cache
def models() -> tuple[Model, ...]:
    """Return the models in the order of their table."""
    return tuple(_rows(asset("models", "MODELS.md").read_text(encoding="utf-8")))


def _rows(text: str) -> Iterator[Model]:
    for line in text.splitlines():
        cells = [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]
        if len(cells) >= 3 and len(cells[2]) == 64:
            yield Model(cells[0], cells[2])


WHEN_USED = frozenset({"pose_landmarker_full.task"})  # checked when it is loaded: most booths never do


def check_models(names: frozenset[str] | None = None) -> None:
    """Make sure that models are the delivered ones; Fault `model.*` names the first that is not. About 30 ms.

    Without `names` those that every start needs.
    """
    for model in models():
        if model.name in WHEN_USED if names is None else model.name not in names:
            continue
        if not model.is_there:
            raise fault("model.missing", name=model.name)
        if not model.is_intact:
            raise fault("model.altered", name=model.name)
