"""What an operator may set about an office run."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct


class OfficeParams(Struct, frozen=True, forbid_unknown_fields=True):
    """How the export names what it copies out, and how many looks a run offers."""

    name: Annotated[str, Meta(min_length=1)] = "{name}"  # of an exported file; {name}, {id}, {email}, {number}, {date}
    is_one_look: bool = True  # everyone wears the profile's look: no look wall
