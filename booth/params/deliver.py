"""What an operator may set about keeping and handing over."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct


class ReviewParams(Struct, frozen=True, forbid_unknown_fields=True):
    """The review of a fresh portrait."""

    limit_s: Annotated[float, Meta(ge=5, le=600)] = 60
    on_timeout: Literal["keep", "delete"] = "delete"  # told at consent


class DeliverParams(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a kept portrait goes."""

    folder: str = "~/Pictures/booth"
    name: str = "portrait-{date}-{number:04d}"
