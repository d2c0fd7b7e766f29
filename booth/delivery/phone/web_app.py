"""The web application behind the links: what each address answers. Lists nothing and does not reveal what exists.

Every link that does not open, for whatever reason, gets the same answer 410.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import anyio.to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from booth.config.params.deliver import PageParams
from booth.config.privacy_terms import PrivacyTerms
from booth.config.words import DEFAULT
from booth.delivery.formats import mime_of, size_of
from booth.delivery.phone import phone_page as page
from booth.delivery.phone.connection_guard import App, Guard
from booth.delivery.phone.links import TOKEN, Links, Visit
from booth.delivery.phone.locale_choice import reader_locale
from booth.delivery.phone.page_brand import PageBrand

COOKIE = "phone"
PICTURES = {"full": "page-full", "view.jpg": "page-view", "before.jpg": "page-before", "square.jpg": "page-square",
            "banner.jpg": "page-banner"}  # fmt: skip
DOWNLOADS = ("full", "view", "square", "banner")
APPLE_PHONES = ("iPhone", "iPad", "iPod")  # in the User-Agent: a download there does not reach Photos
KNOWN_SIZES = 300  # pictures whose size is remembered


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page of a portrait may show."""

    name: str  # of the file
    changes: tuple[str, ...]
    kinds: frozenset[str]  # of what is sealed for the page


@dataclass(frozen=True, slots=True)
class Erased:
    """How an erasure went."""

    receipt: str
    file_stays: bool
    is_pending: bool = False  # the disk does not let the file go yet


class PortraitLookup(Protocol):
    """Where the page's pictures come from. Called from worker threads."""

    def shown(self, number: str) -> Shown | None:
        """Return what the page of a portrait may show; None when it is gone."""

    def picture(self, number: str, kind: str) -> bytes | None:
        """Return a picture's bytes; None when it is gone."""

    def erase(self, number: str) -> Erased:
        """Erase a portrait for good."""


class PhonePages:
    """The routes. `make` gives the guarded application."""

    def __init__(
        self, params: PageParams, links: Links, portraits: PortraitLookup, terms: PrivacyTerms | None = None,
        brand: PageBrand | None = None,
    ) -> None:  # fmt: skip
        self._params, self._links, self._portraits = params, links, portraits
        self._terms = terms or PrivacyTerms()
        self._style = page.style_sheet(brand)
        self._logo = brand.logo_png if brand is not None else None
        self._sizes: dict[tuple[str, str], tuple[int, int]] = {}

    def make(self, hosts: Callable[[], frozenset[str]], now_s: Callable[[], float]) -> App:
        """Return the application behind its guard."""
        routes = [
            Route("/", self._guide),
            Route("/about", self._about),
            Route("/style.css", self._css),
            *([Route("/logo.png", self._own_logo)] if self._logo is not None else []),
            Route("/p/{token}", self._portrait),
            Route("/p/{token}/style.css", self._own_css),
            Route("/p/{token}/delete", self._delete, methods=["POST"]),
            Route("/p/{token}/{name}", self._picture),
        ]
        missing = dict.fromkeys((404, 405), self._missing)
        app = Starlette(routes=routes, exception_handlers={**missing, Exception: self._missing})
        app.router.redirect_slashes = False
        return Guard(app, hosts, now_s)

    async def _guide(self, request: Request) -> Response:
        return HTMLResponse(page.guide(_locale(request), self._params.wifi_name))

    async def _about(self, request: Request) -> Response:
        return HTMLResponse(page.about(_locale(request), self._terms))

    async def _css(self, request: Request) -> Response:
        return Response(self._style, media_type="text/css")

    async def _own_logo(self, request: Request) -> Response:
        return Response(self._logo, media_type="image/png")

    async def _own_css(self, request: Request) -> Response:
        """The style sheet again, below the link: with it a phone brings its cookie back and takes its place."""
        await anyio.to_thread.run_sync(self._links.visit, request.path_params["token"], request.cookies.get(COOKIE))
        return await self._css(request)

    async def _missing(self, request: Request, error: Exception) -> Response:
        status = getattr(error, "status_code", 500)
        return HTMLResponse(page.plain("missing", _locale(request)), status)

    async def _portrait(self, request: Request) -> Response:
        token = request.path_params["token"]
        if not TOKEN.fullmatch(token):
            return HTMLResponse(page.plain("missing", _locale(request)), 404)
        visit = await anyio.to_thread.run_sync(self._enter, token, request.cookies.get(COOKIE), request.method)
        if visit is None:
            return self._gone(request)
        number, sealed = visit.link.number, visit.link.sealed
        shown = await anyio.to_thread.run_sync(self._portraits.shown, number)
        if shown is None:
            return self._gone(request)
        has_full, is_ready, has_before = (f"page-{part}" in shown.kinds for part in ("full", "square", "before"))
        facts = page.PortraitPage(
            f"/p/{token}",
            _locale(request, sealed.locale),
            has_full,
            is_ready,
            has_before,
            shown.changes,
            sealed.allowed,
            visit.left_s,
            await anyio.to_thread.run_sync(self._sizes_of, number, shown.kinds),
            has_logo=self._logo is not None,
            holds=any(name in request.headers.get("user-agent", "") for name in APPLE_PHONES),
        )
        answer = HTMLResponse(page.portrait(facts))
        if visit.new_cookie is not None:
            answer.set_cookie(
                COOKIE, visit.new_cookie, max_age=int(visit.left_s), path=f"/p/{token}", httponly=True, samesite="lax"
            )
        return answer

    def _sizes_of(self, number: str, kinds: frozenset[str]) -> dict[str, tuple[int, int]]:
        """The sizes in pixels of what can be downloaded; read off each picture once."""
        found = {}
        for kind in DOWNLOADS:
            at = (number, kind)
            if f"page-{kind}" in kinds and at not in self._sizes:
                size = size_of(self._portraits.picture(number, f"page-{kind}") or b"")
                while len(self._sizes) >= KNOWN_SIZES:
                    self._sizes.pop(next(iter(self._sizes)), None)
                if size is not None:
                    self._sizes[at] = size
            if at in self._sizes:
                found[kind] = self._sizes[at]
        return found

    def _enter(self, token: str, cookie: str | None, method: str) -> Visit | None:
        return self._links.visit(token, cookie, may_enter=method == "GET")

    async def _picture(self, request: Request) -> Response:
        kind = PICTURES.get(request.path_params["name"])
        if kind is None:
            return HTMLResponse(page.plain("missing", _locale(request)), 404)
        visit = self._links.visit(request.path_params["token"], request.cookies.get(COOKIE))
        content = await anyio.to_thread.run_sync(self._portraits.picture, visit.link.number, kind) if visit else None
        if visit is None or content is None:
            return self._gone(request)
        mime, ending = mime_of(content)
        answer = Response(content, media_type=mime)
        if "show" not in request.query_params and (kind == "page-full" or "save" in request.query_params):
            size = "" if kind == "page-full" else "-" + kind.removeprefix("page-")
            answer.headers["content-disposition"] = f'attachment; filename="portrait{size}{ending}"'
        return answer

    async def _delete(self, request: Request) -> Response:
        visit = self._links.visit(request.path_params["token"], request.cookies.get(COOKIE))
        origin, host = request.headers.get("origin"), request.headers.get("host", "")
        if visit is None or origin not in (None, f"http://{host}"):
            return self._gone(request)
        erased = await anyio.to_thread.run_sync(self._portraits.erase, visit.link.number)
        self._links.close(visit.link.number)
        return HTMLResponse(
            page.deleted(
                _locale(request, visit.link.sealed.locale),
                erased.receipt,
                file_stays=erased.file_stays,
                is_pending=erased.is_pending,
            )  # fmt: skip
        )

    def _gone(self, request: Request) -> Response:
        return HTMLResponse(page.plain("gone", _locale(request)), 410)


def _locale(request: Request, own: str = DEFAULT) -> str:
    """Return the language to answer in: the phone's, else the one its guest used at the booth."""
    return reader_locale(request.headers.get("accept-language", ""), own)
