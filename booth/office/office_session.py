"""One office run: who sits now, whether their portrait is within the brand, and keeping it under their name.

Used by the engine and by the run over photographs.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from booth.config.params import Params
from booth.core.faults import Fault
from booth.delivery.delivery_service import DeliveredPortrait, DeliveryService
from booth.delivery.store import finished
from booth.delivery.store.portrait_store import Store, StoreEntry
from booth.looks.look import Look
from booth.office.brand_gate import BrandGate, asked_crop, outside
from booth.office.people_list import Person
from booth.office.reasons import outside_words
from booth.office.roster import Roster, RosterEntry, Sitting, sittings
from booth.session.session import ConsentRecord
from booth.still.batch import Done
from booth.still.crop import crop_spec
from booth.still.developer import Developed
from booth.still.drift import DriftReport, drift_report
from booth.still.record import EditRecord, from_xmp
from booth.still.set_size import in_set_size
from booth.still.size import set_size


@dataclass(frozen=True, slots=True)
class SittingState:
    """How far the run is."""

    done: int
    of: int


class OfficeSession:
    """One run. `sitter` is whoever stands before the lens now, None between two people."""

    def __init__(self, params: Params, look: Look, people: Sequence[Person], service: DeliveryService) -> None:
        self._params, self._look, self._delivery_service = params, look, service
        self._roster = Roster(people, service.store)
        self._records: dict[str, EditRecord] = {}
        self.gate = BrandGate(params.finish)
        self.sitter: Person | None = None

    def board(self) -> tuple[RosterEntry, ...]:
        """Everyone and whether their portrait is kept."""
        return self._roster.board()

    @property
    def standing(self) -> SittingState:
        """How many of how many have a portrait."""
        board = self.board()
        return SittingState(sum(place.is_done for place in board), len(board))

    def seat(self, key: str) -> Person:
        """Seat a person of the list; KeyError for an unknown key."""
        self.sitter = next((person for person in self._roster.people if person.key == key), None)
        if self.sitter is None:
            raise KeyError(key)
        return self.sitter

    def seat_typed(self, name: str) -> Person:
        """Add somebody who is not on the list, and seat them; Fault `office.name`."""
        self.sitter = self._roster.add(name)
        return self.sitter

    def clear(self) -> None:
        """Clear the current sitter."""
        self.sitter = None

    def faults(self, portrait: Developed) -> dict[str, float]:
        """How many tolerances a finished portrait is off, by measure; empty when it may be kept."""
        assert self.sitter is not None
        before = [self._record(s) for s in sittings(self._delivery_service.store) if s.person.key != self.sitter.key]
        kept = [record for record in before if record is not None]
        return outside(
            portrait.record, kept, self._params.finish.brand, asked_crop(self._look, self._params.finish.brand)
        )

    def keep(
        self, portrait: Developed, changes: tuple[str, ...], consent: ConsentRecord, now: datetime.datetime
    ) -> DeliveredPortrait:
        """Keep the portrait as the sitter's; one they had before is erased. Fault `office.brand` when it is outside."""
        assert self.sitter is not None
        if off := self.faults(portrait):
            raise refused(off)
        portrait = self._in_set(portrait)
        kept = self._delivery_service.keep_developed(portrait, changes, consent)
        try:
            self._roster.seal(self.sitter, kept.number, now)
        except (Fault, KeyError):
            self._delivery_service.store.erase(kept.number, now, "crash")
            raise
        self._records[kept.number] = portrait.record
        return kept

    def _in_set(self, portrait: Developed) -> Developed:
        """The portrait at the pixel size of all the set; a crop that keeps the whole picture has no size of its own."""
        spec = crop_spec(asked_crop(self._look, self._params.finish.brand), self._params.finish.brand)
        if not spec.aspect:
            return portrait
        return in_set_size(portrait, set_size(spec.aspect, self._params.deliver.min_height_px))

    def _record(self, sitting: Sitting) -> EditRecord | None:
        number = sitting.entry.id
        if number not in self._records:
            record = record_of(sitting.entry)
            if record is None:
                return None
            self._records[number] = record
        return self._records[number]

    def report(self) -> DriftReport:
        """Return how far each kept portrait is from the brand, by its file's name in the folder."""
        return set_report(
            sittings(self._delivery_service.store), self._params, asked_crop(self._look, self._params.finish.brand)
        )


def refused(off: dict[str, float]) -> Fault:
    """The Fault of a portrait outside the brand's tolerances."""
    return Fault("office.brand", f"Outside the brand: {outside_words(off)}.", "Take it again.", retry=True, exit_code=1)


def record_of(entry: StoreEntry) -> EditRecord | None:
    """Read the edit record of a kept file; None when the file or the record is gone, or it is another file by now."""
    try:
        content = finished.read_ours(entry.record)
    except finished.Away:
        return None
    return None if content is None else from_xmp(content)


def set_report(found: Sequence[Sitting], params: Params, crop: str, names: dict[str, str] | None = None) -> DriftReport:
    """Compare kept portraits with the brand; `names` gives other file names by the portrait's number."""
    return drift_report(done_of(found, names or {}), params.finish.brand, crop)


def done_of(found: Sequence[Sitting], names: dict[str, str]) -> list[Done]:
    """Return kept portraits as the drift report wants them."""
    done = []
    for sitting in found:
        path = sitting.entry.path
        shown = path.with_name(names.get(sitting.entry.id, path.name))
        record = record_of(sitting.entry)
        gone = None if record is not None else Fault("office.gone", "The file or its record is gone.", "Take it again.")
        done.append(Done(path, shown, record, gone))
    return done


def crop_of(store: Store, params: Params, fallback: Look) -> str:
    """The crop of what a store keeps, by the newest portrait's own record; that of a look where there is none."""
    records = (record_of(sitting.entry) for sitting in reversed(sittings(store)))
    newest = next((record for record in records if record is not None), None)
    return asked_crop(fallback, params.finish.brand) if newest is None else newest.crop
