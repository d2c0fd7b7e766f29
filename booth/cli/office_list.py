"""What `booth office` asks before it writes anything: is the list read right, and is each photograph whose it seems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from booth.capture.photo.folder import look_through
from booth.cli.asking import agreed
from booth.cli.options import tell
from booth.core.faults import Fault
from booth.office.pairing import Pairing, in_order, paired
from booth.office.people_list import Listed, Person, read_list

MAX_DOUBTS = 5


@dataclass(frozen=True, slots=True)
class Answers:
    """What the operator said beforehand on the command line."""

    encoding: str | None = None
    columns: str | None = None
    in_order: bool = False
    yes: bool = False


def people_of(path: Path, answers: Answers, json: str | None) -> tuple[Person, ...]:
    """Read a list; what was guessed is shown with names and asked. Fault `office.guess` where nobody agrees."""
    listed = read_list(path, answers.encoding, answers.columns)
    if listed.doubts:
        _show(listed, path.name, json)
        if not agreed("Are these names right?", yes=answers.yes):
            options = " ".join(dict.fromkeys(doubt.option for doubt in listed.doubts))
            message = "; ".join(doubt.says for doubt in listed.doubts[:MAX_DOUBTS])
            samples = ", ".join(listed.samples)
            hint = f"It gives {samples}. If that is right, add {options}; else save the list as CSV in UTF-8."
            raise Fault("office.guess", f"{path.name} is not read for certain: {message}.", hint)
    return listed.people


def _show(listed: Listed, name: str, json: str | None) -> None:
    tell(f"{name}: {len(listed.people)} people, read as {listed.encoding}, columns {listed.columns}", json)
    for doubt in listed.doubts[:MAX_DOUBTS]:
        tell(f"  {doubt.says}", json)
    for sample in listed.samples:
        tell(f"  {sample}", json)


def pairing_of(people: Sequence[Person], folder: Path, answers: Answers, json: str | None) -> Pairing:
    """Pair people with photographs, show it, and ask where it is not a full match by ID or name.

    Fault `office.photographs` where nobody agrees: nothing has been written by then.
    """
    found = look_through(folder)
    if not found.photographs:
        raise Fault("finish.nothing", f"There is no photograph in {folder.name}.", "Name a folder of photographs.")
    by_name = paired(people, found)
    wants_order = answers.in_order and not by_name.is_full  # whose names say it all need no order
    pairing = in_order(people, found) if wants_order or not by_name.pairs else by_name
    for line in table(pairing):
        tell(line, json)
    is_said = by_name.pairs == pairing.pairs and pairing.is_full
    if is_said or answers.in_order:
        return pairing
    is_ordered = not by_name.pairs
    question = (
        "Photographs bear neither IDs nor names. Is this order right?" if is_ordered else "Go on with these only?"
    )
    if agreed(question, yes=answers.yes and not is_ordered):
        return pairing
    raise _refused(pairing, folder, is_ordered)


def _refused(pairing: Pairing, folder: Path, is_ordered: bool) -> Fault:
    pairs = ", ".join(f"{pair.photograph.name}: {pair.person.name}" for pair in pairing.pairs[:3])
    if is_ordered:
        message = f"The photographs in {folder.name} bear neither IDs nor names, so nothing was written."
        hint = f"In order they would be {pairs}: add --in-order if all of the table is right, else name them by ID."
    else:
        left = len(pairing.without) + len(pairing.left_out)
        message = f"{left} people or files of {folder.name} are left over, so nothing was written."
        hint = "Name every photograph by ID or name; --yes goes on with the pairs shown, --in-order pairs in order."
    return Fault("office.photographs", message, hint)


def table(pairing: Pairing) -> list[str]:
    """The pairing as lines: person, ID, photograph, by what; then who and what is left over."""
    rows = [(p.person.name, p.person.id, p.photograph.name, p.by) for p in pairing.pairs]
    widths = [max([len(row[at]) for row in rows], default=0) for at in range(3)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]]) for row in rows
    ]
    lines += [f"no photograph: {' '.join(filter(None, (person.name, person.id)))}" for person in pairing.without]
    lines += [f"left out: {left.path.name} {left.why}" for left in pairing.left_out]
    return lines


def pairs_json(pairing: Pairing) -> dict[str, Any]:
    """The pairing as the rows of `office --json`."""
    return {
        "pairs": [
            {"id": p.person.id, "name": p.person.name, "photograph": p.photograph.name, "by": p.by}
            for p in pairing.pairs
        ],
        "without": [{"id": person.id, "name": person.name} for person in pairing.without],
        "left_out": [{"file": left.path.name, "why": left.why} for left in pairing.left_out],
    }
