"""Links that nobody can guess, that open on few phones and that end.

A phone that opens a link gets a cookie, and counts once when it comes back with it: for the style sheet or a picture,
at once. What keeps no cookies, such as a messenger that makes a preview, uses up nothing and sees no picture. Others
are turned away when the count is full. Only digests of tokens and cookies are remembered.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec

TOKEN_BYTES = 24  # 192 bits
MAX_HANDED_OUT = 1000  # cookies that have not come back yet, of all links together
TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


class SealedLink(msgspec.Struct, frozen=True):
    """What outlives a restart."""

    digest: str
    phones: tuple[str, ...]  # digests of their cookies
    allowed: int
    locale: str = "en"


@dataclass(frozen=True, slots=True)
class Link:
    """An open link."""

    number: str  # of the portrait
    sealed: SealedLink
    ends_s: float  # on the monotonic clock


@dataclass(frozen=True, slots=True)
class Visit:
    """A phone that may look; `new_cookie` is set when it came for the first time."""

    link: Link
    new_cookie: str | None
    left_s: float


class Links:
    """All open links. `on_change(number, link)` is called with what must be remembered, outside of any request."""

    def __init__(self, now_s: Callable[[], float], on_change: Callable[[Link], None]) -> None:
        self._now_s, self._on_change = now_s, on_change
        self._lock = threading.Lock()
        self._open: dict[str, Link] = {}
        self._handed_out: dict[str, str] = {}  # digest of a cookie that has not come back yet -> its link's

    def make(self, number: str, life_s: float, phones: int, locale: str) -> tuple[str, Link]:
        """Open a link for a portrait; returns its token."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        link = Link(number, SealedLink(_digest(token), (), phones, locale), self._now_s() + life_s)
        with self._lock:
            self._open[link.sealed.digest] = link
        return token, link

    def restore(self, number: str, sealed: SealedLink, left_s: float) -> None:
        """Open a link again after a restart."""
        with self._lock:
            self._open[sealed.digest] = Link(number, sealed, self._now_s() + left_s)

    def visit(self, token: str, cookie: str | None, *, may_enter: bool = False) -> Visit | None:
        """Return the visit of a phone, or None for any link that does not open to it.

        Only with `may_enter` does a new phone get a cookie; it takes one of the places when the cookie comes back.
        """
        with self._lock:
            link = self._find(token)
            if link is None:
                return None
            left_s = link.ends_s - self._now_s()
            if left_s <= 0:
                del self._open[link.sealed.digest]
                return None
            if cookie is not None and _is_among(_digest(cookie), link.sealed.phones):
                return Visit(link, None, left_s)
            if len(link.sealed.phones) >= link.sealed.allowed:
                return None
            if cookie is None or self._handed_out.get(_digest(cookie)) != link.sealed.digest:
                return Visit(link, self._hand_out(link), left_s) if may_enter else None
            del self._handed_out[_digest(cookie)]
            sealed = msgspec.structs.replace(link.sealed, phones=(*link.sealed.phones, _digest(cookie)))
            link = replace(link, sealed=sealed)
            self._open[sealed.digest] = link
        self._on_change(link)
        return Visit(link, None, left_s)

    def _hand_out(self, link: Link) -> str:
        """Return a new cookie; the oldest that never came back are forgotten."""
        cookie = secrets.token_urlsafe(TOKEN_BYTES)
        while len(self._handed_out) >= MAX_HANDED_OUT:
            self._handed_out.pop(next(iter(self._handed_out)))
        self._handed_out[_digest(cookie)] = link.sealed.digest
        return cookie

    def sealed(self, link: Link) -> SealedLink:
        """Return what must be remembered of a link as it stands now."""
        with self._lock:
            return self._open.get(link.sealed.digest, link).sealed

    def close(self, number: str) -> None:
        """Close every link of a portrait."""
        with self._lock:
            for link in [link for link in self._open.values() if link.number == number]:
                del self._open[link.sealed.digest]

    def __len__(self) -> int:
        with self._lock:
            return len(self._open)

    def _find(self, token: str) -> Link | None:
        if not TOKEN.fullmatch(token):
            return None
        digest, found = _digest(token), None
        for known, link in self._open.items():  # all of them, so that timing reveals nothing
            if hmac.compare_digest(known, digest):
                found = link
        return found


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _is_among(digest: str, digests: tuple[str, ...]) -> bool:
    return bool(sum(hmac.compare_digest(digest, one) for one in digests))
