"""The addresses of this machine in private networks, read from the system; nothing is sent anywhere."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import struct
import sys
from collections.abc import Iterator

import msgspec

from booth.config.params.deliver import AUTO_ADDRESS, DeliverParams

SIOCGIFADDR, SIOCGIFFLAGS = 0x8915, 0x8913  # Linux, netdevice(7)
IFF_UP, IFF_RUNNING = 0x1, 0x40
_TEST_NET = ("192.0.2.1", 9)  # RFC 5737: never assigned; connecting a datagram socket only chooses an interface


def own_addresses() -> tuple[str, ...]:
    """Return this machine's private IPv4 addresses, the one that other machines are reached by first."""
    found = dict.fromkeys((*_routed(), *_of_interfaces(), *_of_name()))
    return tuple(address for address in found if _is_private(address))


def with_own_address(params: DeliverParams) -> DeliverParams:
    """Return the settings with `auto` as the phone page's address filled in, or the page off where no network is up."""
    if params.page.address != AUTO_ADDRESS:
        return params
    address = next(iter(own_addresses()), "")
    return msgspec.structs.replace(params, page=msgspec.structs.replace(params.page, address=address))


def _is_private(address: str) -> bool:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return ip.is_private and not (ip.is_loopback or ip.is_link_local or ip.is_unspecified)


def _routed() -> Iterator[str]:
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.connect(_TEST_NET)
        yield str(wire.getsockname()[0])


def _of_interfaces() -> Iterator[str]:
    """Yield the addresses of interfaces that are up; a machine's own access point has no route to elsewhere."""
    if not sys.platform.startswith("linux"):
        return
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        for _, name in socket.if_nameindex():
            request = struct.pack("256s", name.encode()[:15])
            with contextlib.suppress(OSError):
                flags = struct.unpack("H", fcntl.ioctl(wire, SIOCGIFFLAGS, request)[16:18])[0]
                if flags & (IFF_UP | IFF_RUNNING) == IFF_UP | IFF_RUNNING:
                    yield socket.inet_ntoa(fcntl.ioctl(wire, SIOCGIFADDR, request)[20:24])


def _of_name() -> Iterator[str]:
    if sys.platform.startswith("linux"):
        return  # the name may be looked up at a server; the interfaces have said it all
    with contextlib.suppress(OSError):
        yield from (str(entry[4][0]) for entry in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET))
