"""What an operator may set about the matte."""

from __future__ import annotations

from msgspec import Struct


class MatteParams(Struct, frozen=True, forbid_unknown_fields=True):
    """Who is kept in the picture."""

    keep_others: bool = False  # people beside the sitter stay in the picture
