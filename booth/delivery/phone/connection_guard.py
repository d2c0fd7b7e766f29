"""What every request must pass before anything answers it: host, method, size and rate; and the strict headers."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from booth.delivery.phone import phone_page as page
from booth.delivery.phone.locale_choice import reader_locale

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

PATH_LIMIT = 200  # signs of path and query; a link needs 50
BODY_LIMIT = 1024  # bytes; the one form that is posted is empty
PHONE_RATE, PHONE_BURST = 5.0, 40.0  # requests a second of one address; a page is six
ALL_RATE, ALL_BURST = 25.0, 80.0  # of all: four guests a second; what two cores spare beside the mirror
WAIT_LIMIT_S = 3.0  # how long a request may wait for its turn before it gets 429
ADDRESSES = 1024  # remembered at once

HEADERS = (
    (b"content-security-policy", b"default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self';"
     b" base-uri 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    (b"x-robots-tag", b"noindex, nofollow"),
)  # fmt: skip


class Bucket:
    """A leaky bucket: `rate` tokens a second, at most `burst` saved up."""

    def __init__(self, rate: float, burst: float, now_s: float) -> None:
        self._rate, self._burst, self._left, self._at_s = rate, burst, burst, now_s

    def wait_s(self, now_s: float) -> float:
        """Take a token; returns how long its turn is away, 0 when it is now."""
        self._left = min(self._burst, self._left + max(0.0, now_s - self._at_s) * self._rate) - 1
        self._at_s = now_s
        return max(0.0, -self._left / self._rate)

    def give_back(self) -> None:
        """Return the token of a request that will not wait."""
        self._left += 1


class Guard:
    """Wraps an app; `hosts` are the only values of the Host header that are answered."""

    def __init__(self, app: App, hosts: Callable[[], frozenset[str]], now_s: Callable[[], float]) -> None:
        self._app, self._hosts, self._now_s = app, hosts, now_s
        self._all = Bucket(ALL_RATE, ALL_BURST, now_s())
        self._phones: OrderedDict[str, Bucket] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or refuse one request; no refusal reads the body or names what is there."""
        if scope["type"] != "http":
            return
        status = self._fault(scope)
        if status is None:
            wait_s = self._turn_s(scope)
            if wait_s > WAIT_LIMIT_S:
                status = 429
            elif wait_s > 0:
                await asyncio.sleep(wait_s)
        if status is not None:
            await refuse(status, send, _reader(scope))
            return
        await self._app(scope, receive, _strict(send))

    def _fault(self, scope: Scope) -> int | None:
        headers = [(name.lower(), value) for name, value in scope["headers"]]
        hosts = [value.decode("latin-1").lower() for name, value in headers if name == b"host"]
        if len(hosts) != 1 or hosts[0] not in self._hosts():
            return 421
        if len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"") > PATH_LIMIT:
            return 414
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return 405
        if any(name == b"transfer-encoding" for name, _ in headers):
            return 411
        lengths = [value for name, value in headers if name == b"content-length"]
        if lengths and (len(lengths) > 1 or not lengths[0].isdigit() or int(lengths[0][:12]) > BODY_LIMIT):
            return 413
        return None

    def _turn_s(self, scope: Scope) -> float:
        now_s, address = self._now_s(), str((scope.get("client") or ("?", 0))[0])
        own = self._phones.pop(address, None) or Bucket(PHONE_RATE, PHONE_BURST, now_s)
        self._phones[address] = own
        while len(self._phones) > ADDRESSES:
            self._phones.popitem(last=False)
        own_s = own.wait_s(now_s)
        if own_s > WAIT_LIMIT_S:
            own.give_back()
            return own_s
        all_s = self._all.wait_s(now_s)
        if all_s > WAIT_LIMIT_S:
            self._all.give_back()
        return max(own_s, all_s)


def _reader(scope: Scope) -> str:
    asked = [value for name, value in scope["headers"] if name.lower() == b"accept-language"]
    return reader_locale(asked[0].decode("latin-1") if asked else "")


async def refuse(status: int, send: Send, locale: str = "en") -> None:
    """Send a short refusal and close the connection."""
    body = page.plain("busy" if status == 429 else "missing", locale).encode()
    headers = [*HEADERS, (b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    headers += [(b"connection", b"close")] + ([(b"retry-after", b"5")] if status == 429 else [])
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _strict(send: Send) -> Send:
    async def strict(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            own = {name for name, _ in HEADERS}
            message["headers"] = [h for h in message.get("headers", []) if h[0].lower() not in own] + list(HEADERS)
        await send(message)

    return strict
