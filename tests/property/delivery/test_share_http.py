"""Whatever is sent: no traceback, no foreign file, no hang, and never a picture without its link."""

from __future__ import annotations

import asyncio
import json
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from booth.config.params.deliver import PageParams
from booth.delivery.phone import connection_guard as guard
from booth.delivery.phone.links import Links
from booth.delivery.phone.page_server import CONNECTIONS_EACH, PageServer
from booth.delivery.phone.web_app import Erased, PhonePages, Shown
from tests.rig.sample import sampled

FEW_REQUESTS = 2_000
REQUESTS = int(os.environ.get("BOOTH_FUZZ_REQUESTS", "20000"))
RAW = int(os.environ.get("BOOTH_FUZZ_RAW", "300"))
SECRET = b"\xff\xd8\xff the picture of a guest"
HOST = "192.168.4.1:8420"
Headers = list[tuple[bytes, bytes]]
Answer = tuple[int, dict[bytes, bytes], bytes]
PART_OF_A_CORE = 0.25  # of processor time; the mirror needs the rest
ALLOWED = {200, 404, 405, 410, 411, 413, 414, 421, 429}


class OneShelf:
    """One portrait; counts what was asked of it."""

    def __init__(self) -> None:
        self.erased = 0

    def shown(self, number: str) -> Shown | None:
        return Shown("one.jpg", ("Lit <b>well</b>",), frozenset({"page-full", "page-square"}))

    def picture(self, number: str, kind: str) -> bytes | None:
        return SECRET

    def erase(self, number: str) -> Erased:
        self.erased += 1
        return Erased("{}", False)


class Site:
    """The guarded application, asked without a network; its clock stands still unless moved."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.links, self.shelf = Links(lambda: 0.0, lambda link: None), OneShelf()
        self.token, _ = self.links.make("a" * 32, 3600, 1, "en")
        pages = PhonePages(PageParams(address="192.168.4.1"), self.links, self.shelf)
        self.app = pages.make(lambda: frozenset({HOST}), self._tick)

    def _tick(self) -> float:
        self.now_s += 1.0  # slow enough that no rate is ever met
        return self.now_s

    async def ask(self, method: str, path: str, headers: Headers, query: bytes = b"") -> Answer:
        told: dict[str, Any] = {"body": b""}

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                told["status"], told["headers"] = message["status"], dict(message["headers"])
            else:
                told["body"] += message.get("body", b"")

        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
            "path": path, "raw_path": path.encode("utf-8", "surrogatepass")[:4000], "query_string": query,
            "root_path": "", "headers": headers, "client": ("192.168.4.20", 50000), "server": ("192.168.4.1", 8420),
        }  # fmt: skip
        await self.app(scope, receive, send)
        return told["status"], told["headers"], told["body"]


PARTS = [
    "p", "..", ".", "full", "view.jpg", "delete", "style.css", "about", "%2e%2e", "etc", "passwd", "\x00", "ü", "\\",
    "", "..;", "A" * 32, "A" * 31, "x" * 150, "{token}", "'", "<script>", "\r\nX: y", "favicon.ico", "\ud800",
]  # fmt: skip
NAMES = [
    b"host", b"cookie", b"content-length", b"transfer-encoding", b"range", b"origin", b"accept-language",
    b"x-forwarded-host",
]  # fmt: skip
VALUES = [HOST.encode(), b"evil.example", b"", b"phone=AAAA", b"phone=" + b"A" * 200, b"chunked", b"-1", b"9" * 30,
          b"bytes=0-999999999999", b"null", b"\xff\xfe", b"de-CH,de;q=0.9", b"../../x", b"ar"]  # fmt: skip


def _request(chance: random.Random, token: str) -> tuple[str, str, Headers, bytes]:
    """Return a request that is odd in one way or several, so that some get far."""
    parts = [chance.choice(PARTS) for _ in range(chance.randint(0, 4))]
    if chance.random() < 0.5:
        near = list(token)
        near[chance.randrange(len(near))] = chance.choice("-_aZ9")
        parts = ["p", "".join(near), *parts[:1]]
    odd = ["HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get", "G\x00T"]
    method = chance.choice(odd) if chance.random() < 0.4 else "GET"
    headers = [(b"host", HOST.encode())] if chance.random() < 0.95 else []
    for _ in range(chance.choice([0, 0, 1, 3])):
        headers.append((chance.choice(NAMES), chance.choice(VALUES)))
    return (
        method,
        "/" + "/".join(parts),
        headers,
        chance.choice([b"", b"", b"save", b"a" * 300, b"%00", b"save=../etc"]),
    )


@pytest.mark.parametrize("n_requests", sampled([FEW_REQUESTS, REQUESTS], [FEW_REQUESTS]))
def test_odd_requests_never_get_a_picture_or_a_traceback(n_requests: int) -> None:
    site, chance = Site(), random.Random(88)

    async def all_of_them() -> None:
        for _ in range(n_requests):
            method, path, headers, query = _request(chance, site.token)
            if path.startswith(f"/p/{site.token}"):
                continue
            status, given, body = await site.ask(method, path, headers, query)
            assert status in ALLOWED, (status, method, path, headers)
            assert SECRET not in body and b"Traceback" not in body and b"root:" not in body
            assert all(given[name] == value for name, value in guard.HEADERS)
        status, _, body = await site.ask("GET", f"/p/{site.token}", [(b"host", HOST.encode())])
        assert status == 200 and b"Lit &lt;b&gt;well&lt;/b&gt;" in body, "and the guest is still served"

    asyncio.run(all_of_them())
    assert site.shelf.erased == 0


def test_a_link_gives_nothing_to_a_stranger_and_everything_to_its_phone() -> None:
    site = Site()
    host = (b"host", HOST.encode())

    async def visit() -> None:
        assert (await site.ask("GET", f"/p/{site.token}/full", [host]))[0] == 410, "no page, no picture"
        assert (await site.ask("HEAD", f"/p/{site.token}", [host]))[0] == 410, "a scanner's look takes no place"
        status, headers, _ = await site.ask("GET", f"/p/{site.token}", [host])
        cookie = (b"cookie", headers[b"set-cookie"].split(b";")[0])
        assert status == 200 and b"HttpOnly" in headers[b"set-cookie"] and b"lax" in headers[b"set-cookie"]
        for _ in range(5):
            assert (await site.ask("GET", f"/p/{site.token}", [host]))[0] == 200, "without cookies no place is used up"
            assert (await site.ask("GET", f"/p/{site.token}/full", [host]))[0] == 410, "and no picture is seen"
        assert (await site.ask("GET", f"/p/{site.token}/style.css", [host, cookie]))[0] == 200
        assert (await site.ask("GET", f"/p/{site.token}", [host]))[0] == 410, "one phone, and it has come"
        assert (await site.ask("GET", f"/p/{site.token}/full", [host, cookie]))[2] == SECRET
        assert (await site.ask("GET", f"/p/{site.token}/delete", [host, cookie]))[0] in (404, 405)
        foreign = (b"origin", b"http://evil.example")
        assert (await site.ask("POST", f"/p/{site.token}/delete", [host, cookie, foreign]))[0] == 410
        assert site.shelf.erased == 0
        assert (await site.ask("POST", f"/p/{site.token}/delete", [host, cookie]))[0] == 200
        assert site.shelf.erased == 1
        assert (await site.ask("GET", f"/p/{site.token}", [host, cookie]))[0] == 410

    asyncio.run(visit())


def test_too_many_requests_are_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "WAIT_LIMIT_S", 0.1)
    site = Site()
    pages = PhonePages(PageParams(address="192.168.4.1"), site.links, site.shelf)
    site.app = pages.make(lambda: frozenset({HOST}), lambda: 0.0)

    async def flood() -> list[int]:
        asked = [site.ask("GET", "/about", [(b"host", HOST.encode())]) for _ in range(200)]
        return [status for status, _, _ in await asyncio.gather(*asked)]

    statuses = asyncio.run(flood())
    assert statuses.count(429) > 100 and statuses.count(200) >= guard.PHONE_BURST


@pytest.fixture
def server() -> Iterator[tuple[PageServer, Site]]:
    site = Site()
    server = PageServer(PageParams(address="127.0.0.1", port=0))
    pages = PhonePages(PageParams(address="127.0.0.1"), site.links, site.shelf)
    server.start(pages.make(server.hosts, time.monotonic))
    assert server.is_listening
    yield server, site
    server.close()
    assert not any(thread.name == "phone-page" for thread in threading.enumerate())


def _line_to(server: PageServer, source: str = "127.0.0.1") -> socket.socket:
    address, port = server.host.split(":")
    return socket.create_connection((address, int(port)), timeout=10, source_address=(source, 0))


def _asked(server: PageServer, raw: bytes, source: str = "127.0.0.1") -> bytes:
    with _line_to(server, source) as line:
        line.sendall(raw)
        answer = b""
        try:
            while more := line.recv(65536):
                answer += more
        except ConnectionResetError:
            pass
        return answer


def _polite(server: PageServer, path: str = "/about") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: {server.host}\r\nConnection: close\r\n\r\n".encode()


def test_malformed_bytes_on_the_wire_are_refused(
    server: tuple[PageServer, Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "booth.delivery.phone.page_server.NEW_BURST", 1e9
    )  # all of these come from one place and at once
    serving, _ = server
    chance, whole = random.Random(5), bytearray(_polite(serving))
    for number in range(RAW):
        raw = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        raw = bytes(raw) if number % 3 else chance.randbytes(chance.randint(1, 400)) + b"\r\n\r\n"
        with _line_to(serving, f"127.0.0.{2 + number % 250}") as line:
            line.sendall(raw)
            line.shutdown(socket.SHUT_WR)
            answer = line.recv(400)
        assert answer == b"" or answer.startswith(b"HTTP/1.1 "), answer
        assert b" 500 " not in answer[:20]
    huge = b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 100_000
    assert b" 200 " not in _asked(serving, huge, "127.0.0.253")[:20]
    assert _asked(serving, _polite(serving), "127.0.0.254").startswith(b"HTTP/1.1 200")


def test_two_hundred_slow_clients_do_not_keep_a_guest_out(server: tuple[PageServer, Site]) -> None:
    serving, _ = server
    slow = [_line_to(serving, f"127.0.1.{1 + number % 50}") for number in range(200)]
    try:
        for line in slow:
            try:
                line.sendall(b"GET / HT")
            except OSError:
                continue
        assert _asked(serving, _polite(serving), "127.0.2.1").startswith(b"HTTP/1.1 200")
    finally:
        for line in slow:
            line.close()


@pytest.mark.long
def test_one_phone_cannot_take_every_line(server: tuple[PageServer, Site]) -> None:
    serving, _ = server
    lines = [_line_to(serving, "127.0.3.1") for _ in range(CONNECTIONS_EACH + 4)]
    try:
        cut = 0
        for line in lines[CONNECTIONS_EACH:]:
            line.settimeout(5)
            try:
                cut += line.recv(1) == b""
            except OSError:
                cut += 1
        assert cut == 4
        assert _asked(serving, _polite(serving), "127.0.3.2").startswith(b"HTTP/1.1 200")
    finally:
        for line in lines:
            line.close()


def _processor_s(thread_name: str) -> float:
    """Processor time a thread of this process has used, seconds."""
    thread = next(t for t in threading.enumerate() if t.name == thread_name)
    parts = Path(f"/proc/self/task/{thread.native_id}/stat").read_text().rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs Linux to tell a thread's processor time")
def test_a_siege_gets_no_more_than_a_small_part_of_one_core(server: tuple[PageServer, Site]) -> None:
    port = int(server[0].host.rpartition(":")[2])
    words = [sys.executable, "-m", "tests.whole.share_load", "crowd", str(port), "100", "300", "3"]
    before_s, began_s = _processor_s("phone-page"), time.monotonic()
    done = subprocess.run(
        words, stdout=subprocess.PIPE, cwd=Path(__file__).resolve().parents[3], check=True, timeout=90
    )
    took_s = time.monotonic() - began_s
    answers = json.loads(done.stdout)
    assert sum(answers.values()) == 300 and set(answers) <= {"200", "410", "429", "cut", "refused"}
    assert answers["200"] > 20, "it goes on serving"
    assert (_processor_s("phone-page") - before_s) / took_s < PART_OF_A_CORE
