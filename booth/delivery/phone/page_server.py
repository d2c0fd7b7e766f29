"""The web server in its own thread: listens on the one configured address, limits slow and abusive clients."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
import threading
from collections import Counter
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from booth.config.params.deliver import PageParams
from booth.core.faults import Fault
from booth.delivery.phone.connection_guard import App, Bucket

log = logging.getLogger(__name__)

HEAD_BYTES = 8192  # of a request's head
FIRST_REQUEST_S = 8.0  # a client has this long to say what it wants
CONNECTION_S = 120.0  # and this long for everything, on a weak Wi-Fi too
IDLE_S = 5  # between requests
CONNECTIONS, CONNECTIONS_EACH = 64, 8  # browsers open six
NEW_RATE, NEW_BURST = 40.0, 400.0  # connections a second; more are cut before a byte of them is read
RETRY_FIRST_S, RETRY_MOST_S = 1.0, 60.0


def checked_address(params: PageParams) -> str:
    """Return the address to listen on; Fault `share.address` for anything but one address of this machine."""
    try:
        address = ipaddress.ip_address(params.address)
    except ValueError as error:
        hint = "Put this machine's IP address there, such as 192.168.4.1: names often do not work on phones."
        raise Fault("share.address", f"deliver.page.address = {params.address!r} is no IP address.", hint) from error
    if address.is_unspecified or address.is_multicast:
        hint = "Name the one address that phones reach the booth by; it listens nowhere else."
        raise Fault("share.address", f"deliver.page.address = {params.address!r} means every address.", hint)
    return str(address)


class ConnectionLimiter:
    """Counts connections; shared by all of them."""

    def __init__(self) -> None:
        self.door: Bucket | None = None
        self.each: Counter[str] = Counter()
        self.waiting: dict[Any, None] = {}  # those that have not said what they want, oldest first

    def lets_in(self, now_s: float) -> bool:
        """Return whether another connection may come now: reading costs the mirror more than cutting."""
        self.door = self.door or Bucket(NEW_RATE, NEW_BURST, now_s)
        if self.door.wait_s(now_s) <= 0:
            return True
        self.door.give_back()
        return False

    @property
    def total(self) -> int:
        """Connections that are open."""
        return sum(self.each.values())


class _LimitedProtocol(H11Protocol):
    """A connection that is closed when it is too slow."""

    limiter: ConnectionLimiter
    _address = ""
    _counts = False
    _timers: tuple[asyncio.TimerHandle, ...] = ()

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._address = str((transport.get_extra_info("peername") or ("?",))[0])
        self.limiter.each[self._address] += 1
        self._counts = True
        if not self.limiter.lets_in(self.loop.time()):
            self.cut()
            return
        if self.limiter.each[self._address] > CONNECTIONS_EACH:
            self._silent_of(self._address).cut()
        if self.limiter.total > CONNECTIONS:
            next(iter(self.limiter.waiting), self).cut()
        if not self._counts:
            return
        self.limiter.waiting[self] = None
        self._timers = (
            self.loop.call_later(FIRST_REQUEST_S, self._cut_if_silent),
            self.loop.call_later(CONNECTION_S, self.cut),
        )

    def _silent_of(self, address: str) -> _LimitedProtocol:
        """Return who of an address has waited longest without a word, else this connection itself."""
        return next((one for one in self.limiter.waiting if one._address == address), self)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle is not None:
            self.limiter.waiting.pop(self, None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place free."""
        super().connection_lost(exc)
        self._leave()

    def _leave(self) -> None:
        """Count as gone, once: a connection that is cut gives its place free now, not when the loop gets to it."""
        if not self._counts:
            return
        self._counts = False
        for timer in self._timers:
            timer.cancel()
        self.limiter.waiting.pop(self, None)
        self.limiter.each[self._address] -= 1
        if self.limiter.each[self._address] <= 0:
            del self.limiter.each[self._address]

    def _cut_if_silent(self) -> None:
        if self.cycle is None:
            self.cut()

    def cut(self) -> None:
        """End the connection without another word."""
        self._leave()
        self.transport.abort()


def limited_protocol() -> type[H11Protocol]:
    """Return the protocol of one server: its connections are counted together, and slow ones are closed."""
    return type("LimitedProtocol", (_LimitedProtocol,), {"limiter": ConnectionLimiter()})


class PageServer:
    """Serves an app on `params.address`; when the network is away it tries again, ever less often."""

    def __init__(self, params: PageParams) -> None:
        self._address, self._port = checked_address(params), params.port
        self._stop = threading.Event()
        self._server: uvicorn.Server | None = None
        self._bound = threading.Event()
        self._tried = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def is_listening(self) -> bool:
        """True while phones can connect."""
        return self._bound.is_set()

    @property
    def host(self) -> str:
        """What stands in links: address and port."""
        address = f"[{self._address}]" if ":" in self._address else self._address
        return address if self._port == 80 else f"{address}:{self._port}"

    def hosts(self) -> frozenset[str]:
        """The values of the Host header that are answered."""
        return frozenset({self.host.lower()})

    def start(self, app: App) -> None:
        """Begin to listen; returns after the first try, whether or not it worked."""
        self._thread = threading.Thread(target=self._live, args=(app,), name="phone-page", daemon=True)
        self._thread.start()
        self._tried.wait(5)

    def _live(self, app: App) -> None:
        wait_s = RETRY_FIRST_S
        while not self._stop.is_set():
            try:
                listener = self._bind()
            except OSError as error:
                log.warning("the phone page cannot listen: %s", error.strerror)
                self._tried.set()
                self._stop.wait(wait_s)
                wait_s = min(2 * wait_s, RETRY_MOST_S)
                continue
            wait_s = RETRY_FIRST_S
            try:
                self._serve(app, listener)
            except Exception:
                log.exception("the phone page stopped")
                self._stop.wait(wait_s)
            finally:
                self._bound.clear()
                listener.close()

    def _bind(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._address else socket.AF_INET
        listener = socket.create_server((self._address, self._port), family=family, backlog=CONNECTIONS)
        self._port = listener.getsockname()[1]
        return listener

    def _serve(self, app: App, listener: socket.socket) -> None:
        config = uvicorn.Config(
            app, http=limited_protocol(), ws="none", lifespan="off", loop="asyncio", log_config=None, access_log=False,
            proxy_headers=False, server_header=False, timeout_keep_alive=IDLE_S, timeout_graceful_shutdown=1,
            h11_max_incomplete_event_size=HEAD_BYTES, backlog=CONNECTIONS,
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        if not self._stop.is_set():
            self._bound.set()
            self._tried.set()
            self._server.run(sockets=[listener])

    def close(self) -> None:
        """Stop listening; safe to call twice."""
        self._stop.set()
        if self._server is not None:
            self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(10)
            self._thread = None
