"""Reports the booth's health to monitoring: /health as JSON, /metrics as Prometheus text. Off by default.

Counts and codes only: nothing of a guest is in it, and nothing can be changed through it.
"""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import socket
import threading
from collections.abc import Callable
from dataclasses import asdict

import uvicorn
from starlette.applications import Starlette
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from booth import __version__
from booth.app.vitals import Vitals, metrics_of
from booth.config.params.health import HealthParams
from booth.delivery.phone.page_server import HEAD_BYTES, limited_protocol

log = logging.getLogger(__name__)

STALE_S = 5.0  # a loop that has reported nothing for this long counts as stuck
JOIN_S = 3.0


class HealthEndpoint:
    """Serves the newest vitals on a thread of its own. An address that cannot be had is logged; the booth runs on."""

    def __init__(self, params: HealthParams, now_s: Callable[[], float]) -> None:
        self._params, self._now_s = params, now_s
        self._vitals: Vitals | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self.port: int | None = None

    @property
    def wants(self) -> bool:
        """True when the next report is due."""
        is_due = self._vitals is None or self._now_s() - self._vitals.at_s >= 1.0
        return self._params.on and is_due

    def step(self, make: Callable[[], Vitals]) -> None:
        """Report once a second, where the profile wants it; the first call opens the page."""
        if not self.wants:
            return
        self._vitals = make()
        if self._thread is None:
            self._open()

    def _open(self) -> None:
        self._thread = threading.Thread(target=lambda: None, name="health", daemon=True)
        family = socket.AF_INET6 if ":" in self._params.address else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((self._params.address, self._params.port))
            listener.listen(8)
        except OSError as error:
            listener.close()
            log.warning("health: %s cannot be listened on (%s)", self._params.address, error.strerror)
            return
        self.port = listener.getsockname()[1]
        app = self._only_for_known_hosts(
            Starlette(routes=[Route("/health", self._health), Route("/metrics", self._metrics)])
        )
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                http=limited_protocol(),
                ws="none",
                h11_max_incomplete_event_size=HEAD_BYTES,
                timeout_keep_alive=2,
            )  # fmt: skip
        )
        self._thread = threading.Thread(target=self._serve, args=(listener,), name="health", daemon=True)
        self._thread.start()

    def _only_for_known_hosts(self, app: Starlette) -> Starlette:
        """Answer only requests for this machine: a page elsewhere that has its own name led here gets nothing."""
        address = f"[{self._params.address}]" if ":" in self._params.address else self._params.address
        names = {address, socket.gethostname(), *self._params.hosts}
        if ipaddress.ip_address(self._params.address).is_loopback:
            names.add("localhost")
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=sorted(names), www_redirect=False)
        return app

    def _serve(self, listener: socket.socket) -> None:
        assert self._server is not None
        with contextlib.closing(listener):
            self._server.run([listener])

    def _is_well(self, vitals: Vitals) -> bool:
        return not vitals.fault and self._now_s() - vitals.at_s < STALE_S

    async def _health(self, request: Request) -> JSONResponse:
        vitals = self._vitals
        assert vitals is not None
        well = self._is_well(vitals)
        facts = {"version": __version__, "verdict": "pass" if well else "fail", **asdict(vitals)}
        del facts["at_s"]
        return JSONResponse(facts, status_code=200 if well else 503)

    async def _metrics(self, request: Request) -> PlainTextResponse:
        assert self._vitals is not None
        up = f"# TYPE booth_up gauge\nbooth_up {int(self._is_well(self._vitals))}\n"
        return PlainTextResponse(up + metrics_of(self._vitals), media_type="text/plain; version=0.0.4")

    def close(self) -> None:
        """Stop serving."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(JOIN_S)
