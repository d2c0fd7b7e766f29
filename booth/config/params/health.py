"""What an operator may set about watching many booths. Nothing here opens a socket unless it is switched on."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct


class HealthParams(Struct, frozen=True, forbid_unknown_fields=True):
    """A page for monitoring: /health as JSON and /metrics for Prometheus; counts and codes, nothing of a guest."""

    on: bool = False  # serve /health and /metrics
    address: str = "127.0.0.1"  # IP address to listen on; this machine alone unless another of its own is named
    hosts: tuple[str, ...] = ()  # further names of this machine that monitoring asks by, without the port
    port: Annotated[int, Meta(ge=0, le=65535)] = 8421  # 0: any free one
