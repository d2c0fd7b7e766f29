"""Who of the list has a portrait. Names are sealed with the portrait they belong to and go when it goes.

Keeps no list of its own on the disk: after a restart the CSV says who is to come, the store who has been.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from booth.delivery.store.portrait_store import Store, StoreEntry
from booth.delivery.store.retention import PERSON
from booth.office.people_list import Person, typed


@dataclass(frozen=True, slots=True)
class Sitting:
    """A person's kept portrait."""

    person: Person
    entry: StoreEntry


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """One line of the progress board."""

    person: Person
    is_done: bool


class Roster:
    """The people of a run and the portraits they have in a store."""

    def __init__(self, people: Sequence[Person], store: Store) -> None:
        self._people, self._store = list(people), store
        known = {person.key for person in people}
        self._people += [s.person for s in sittings(store) if s.person.key not in known]

    @property
    def people(self) -> tuple[Person, ...]:
        """Everyone, in the list's order; those who were typed in come last."""
        return tuple(self._people)

    def add(self, name: str) -> Person:
        """Add somebody who is not on the list; Fault `office.name`."""
        person = typed(name, self._people)
        self._people.append(person)
        return person

    def board(self) -> tuple[RosterEntry, ...]:
        """Everyone and whether their portrait is kept."""
        done = {sitting.person.key for sitting in sittings(self._store)}
        return tuple(RosterEntry(person, person.key in done) for person in self._people)

    def seal(self, person: Person, number: str, now: datetime.datetime) -> int:
        """Write down whose the portrait `number` is, then erase what they had before; returns how many went.

        The old one goes last, so that a crash leaves two rather than none.
        """
        before = [s.entry.id for s in sittings(self._store) if s.person.key == person.key and s.entry.id != number]
        self._store.add(number, PERSON, msgspec.json.encode(person), now)
        for old in before:
            self._store.erase(old, now, "operator")
        return len(before)


def sittings(store: Store) -> tuple[Sitting, ...]:
    """Every portrait of the store that belongs to a named person, oldest first; of two for one person the newer."""
    latest: dict[str, Sitting] = {}
    entries = {entry.id: entry for entry in store.kept()}
    people = {number: msgspec.json.decode(sealed, type=Person) for number, sealed in store.find(PERSON)}
    for number, entry in entries.items():
        if number in people:
            latest.pop(people[number].key, None)
            latest[people[number].key] = Sitting(people[number], entry)
    return tuple(latest.values())
