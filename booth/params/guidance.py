"""What an operator may set about judging and coaching."""

from __future__ import annotations

from msgspec import Struct


class GuidanceParams(Struct, frozen=True, forbid_unknown_fields=True):
    """Bands, holds and sentences of the coach."""
