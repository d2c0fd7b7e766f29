"""What an operator may set about the matte."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct


class MatteParams(Struct, frozen=True, forbid_unknown_fields=True):
    """Who is kept in the picture, and by what."""

    keep_others: bool = False  # people beside the sitter stay in the picture
    remember_room: bool = True  # the empty place is remembered while nobody is there, in memory, for cleaner edges
    plugin: Annotated[str, Meta(pattern=r"^$|^[\w.]+:\w+$")] = ""  # own still matting network, package.module:Class
