"""What an operator may have started, told or lit when the booth goes from one page to the next. Off while empty."""

from __future__ import annotations

import ipaddress
from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta, Struct

Limit = Annotated[float, Meta(gt=0, le=60)]


class CommandHookParams(Struct, frozen=True, forbid_unknown_fields=True):
    """A program that is started without a shell."""

    run: Annotated[tuple[str, ...], Meta(min_length=1)]  # words; {state} {before} {outcome} are filled in
    on: tuple[str, ...] = ()  # pages such as hold, develop, goodbye; empty: every change
    limit_s: Limit = 10  # a program that takes longer is ended


class PostHookParams(Struct, frozen=True, forbid_unknown_fields=True):
    """An HTTP POST to a machine on the local network."""

    url: str  # with a private IP address or localhost: a name would have to be asked for elsewhere
    on: tuple[str, ...] = ()  # pages such as hold, develop, goodbye; empty: every change
    limit_s: Limit = 3  # an answer that takes longer is not waited for

    def __post_init__(self) -> None:
        if not is_local(self.url):
            raise ValueError(f"{self.url} is not on the local network: write http://, a private IP address and a path")


class LedHookParams(Struct, frozen=True, forbid_unknown_fields=True):
    """A light of the keyboard, or any other that Linux lists in /sys/class/leds."""

    led: Annotated[str, Meta(pattern=r"^[^/]+$")]  # its name there, such as input3::scrolllock
    on: Annotated[tuple[str, ...], Meta(min_length=1)] = ("hold",)  # lit on these pages, dark on others


class HooksParams(Struct, frozen=True, forbid_unknown_fields=True):
    """Every hook; each runs beside the booth, and only the newest change waits for it."""

    command: tuple[CommandHookParams, ...] = ()  # written as [[hooks.command]]
    post: tuple[PostHookParams, ...] = ()  # written as [[hooks.post]]
    led: tuple[LedHookParams, ...] = ()  # written as [[hooks.led]]


def is_local(url: str) -> bool:
    """True for an http address with a private IP address or localhost in it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    if parts.scheme != "http" or not parts.hostname or parts.username is not None or port == 0:
        return False
    if parts.hostname == "localhost":
        return True
    try:
        address = ipaddress.ip_address(parts.hostname)
    except ValueError:
        return False
    if address.is_unspecified or address.is_multicast or address.is_reserved:
        return False
    return address.is_private or address.is_link_local
