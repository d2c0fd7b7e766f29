"""The pages that a guest's phone shows: plain HTML, one style sheet, no script, nothing from anywhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape, unescape
from importlib.resources import files

from booth.config.privacy_terms import PrivacyTerms, about_words
from booth.config.words import say
from booth.delivery.phone.page_brand import PageBrand

Say = Callable[..., str]
RIGHT_TO_LEFT = frozenset({"ar"})


@dataclass(frozen=True, slots=True)
class PortraitPage:
    """What the page of one portrait shows."""

    base: str  # the link's own path
    locale: str
    has_full: bool  # the finished file is sealed for the page
    is_ready: bool  # the smaller pictures are made
    has_before: bool
    changes: tuple[str, ...]
    phones: int
    left_s: float
    sizes: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # kind of picture -> its width and height in px
    has_logo: bool = False  # the brand's stands above the title
    holds: bool = False  # a phone that saves a picture to its photos when it is held, and not by a download


def style_sheet(brand: PageBrand | None = None) -> str:
    """Return the one style sheet, in the brand's colours where there are any."""
    plain = files(__package__).joinpath("style.css").read_text(encoding="utf-8")
    return plain + (brand.css if brand is not None else "")


def portrait(page: PortraitPage) -> str:
    """Return the page of a portrait: picture, before and after, sizes, what was changed, delete now."""
    tell = _teller(page.locale)
    minutes = max(1, round(page.left_s / 60))
    phones = tell("page.phone") if page.phones == 1 else tell("page.phones", phones=page.phones)
    changed = list(dict.fromkeys(change(line, tell) for line in page.changes)) or [tell("page.unchanged")]
    changes = "".join(f'<li dir="auto">{line}</li>' for line in changed)
    logo = f'<img class="logo" src="/logo.png" alt="{tell("page.brand")}">'
    head = logo if page.has_logo else f'<p class="brand">{tell("page.brand")}</p>'
    body = (
        f"{head}<h1>{tell('page.title')}</h1>"
        f"{_pictures(page, tell)}{_downloads(page, tell)}"
        f"<h2>{tell('page.changed')}</h2><ul>{changes}</ul>"
        f'<p class="soft">{tell("page.kept", minutes=minutes)} {phones}</p>'
        f'<p class="soft"><a href="/about">{tell("page.about")}</a></p>'
        f"<details><summary>{tell('page.delete')}</summary><p>{tell('page.delete_sure')}</p>"
        f'<form method="post" action="{page.base}/delete"><button class="button danger">{tell("page.delete_yes")}'
        "</button></form></details>"
    )
    style = f"{page.base}/style.css"
    return _whole(body, tell("page.title"), page.locale, refresh_s=None if page.is_ready else 2, style=style)


def change(line: str, tell: Say) -> str:
    """Return a change in the reader's language: a word key and the key of what fills it, or a sentence as it is."""
    key, _, of = line.partition(":")
    try:
        return tell(key, of=unescape(tell(of))) if of else tell(key)
    except KeyError:
        return escape(line)


def _pictures(page: PortraitPage, tell: Say) -> str:
    if not page.is_ready:
        return f"<p>{tell('page.making')}</p>"
    after = f'<img src="{page.base}/view.jpg" alt="{tell("page.after")}">'
    if not page.has_before:
        return f'<div class="frame">{after}</div>'
    return (
        '<input type="checkbox" id="compare">'
        f'<div class="frame">{after}<img class="before" src="{page.base}/before.jpg" alt="{tell("page.before")}"></div>'
        f'<label class="toggle" for="compare">{tell("page.compare")}</label>'
    )


def _downloads(page: PortraitPage, tell: Say) -> str:
    if not page.has_full:
        return ""
    hold = f"<p>{tell('page.hold')}</p>" if page.holds else ""
    whole = f"<h2>{tell('page.download')}</h2>{hold}{_link(page, 'full', '', tell)}"
    if not page.is_ready:
        return whole
    pairs = (("view", "square"), ("banner",))
    rows = (
        "".join(_link(page, kind, ".jpg", tell) for kind in pair if kind != "banner" or "banner" in page.sizes)
        for pair in pairs
    )
    return whole + "".join(f'<div class="pair">{row}</div>' for row in rows if row)


def _link(page: PortraitPage, kind: str, ending: str, tell: Say) -> str:
    """One size to save: a download, or, where pictures are saved by holding them, the picture alone."""
    saves = "" if kind == "full" else "?save"
    how = f'{kind}{ending}?show"' if page.holds else f'{kind}{ending}{saves}" download'
    return f'<a class="button" href="{page.base}/{how}>{tell(f"page.{kind}")}{_size(page, kind)}</a>'


def _size(page: PortraitPage, kind: str) -> str:
    """The size that a download really has, in pixels."""
    size = page.sizes.get(kind)
    return "" if size is None else f' <small dir="ltr">{size[0]} × {size[1]}</small>'


def deleted(locale: str, receipt: str, *, file_stays: bool, is_pending: bool = False) -> str:
    """Return the page after a deletion, with its receipt; `is_pending` where the disk does not let the file go yet."""
    tell = _teller(locale)
    words = tell("page.deleted_pending" if is_pending else "page.deleted_changed" if file_stays else "page.deleted")
    body = f"<h1>{tell('page.deleted_title')}</h1><p>{words}</p><h2>{tell('page.receipt')}</h2>"
    body += f'<code dir="ltr">{escape(receipt)}</code>'
    return _whole(body, tell("page.deleted_title"), locale)


def plain(kind: str, locale: str) -> str:
    """Return a page of one sentence: gone, busy or missing."""
    tell = _teller(locale)
    title = tell(f"page.{kind}_title")
    return _whole(f"<h1>{title}</h1><p>{tell(f'page.{kind}')}</p>", title, locale)


def guide(locale: str, wifi_name: str, wifi_password: str = "") -> str:
    """Return the page for whoever opens the booth's address without a link: not for them is the password."""
    tell = _teller(locale)
    lines = [tell("guide.text")]
    if wifi_name:
        lines += [tell("guide.wifi", name=wifi_name), tell("guide.offline")]
        lines += [tell("guide.password", password=wifi_password)] if wifi_password else []
    body = "".join(f"<p>{line}</p>" for line in lines)
    about_link = f'<p class="soft"><a href="/about">{tell("page.about")}</a></p>'
    return _whole(f"<h1>{tell('guide.title')}</h1>{body}{about_link}", tell("guide.title"), locale)


def about(locale: str, terms: PrivacyTerms) -> str:
    """Return the page "What this booth does", true for what the operator set."""
    tell = _teller(locale)
    body = "".join(f"<h2>{escape(title)}</h2>{_lines(lines)}" for title, lines in about_words(terms, locale))
    return _whole(f"<h1>{tell('page.about')}</h1>{body}", tell("page.about"), locale)


def _lines(lines: tuple[str, ...]) -> str:
    """Set the first line as a paragraph and what follows as a list."""
    rest = "".join(f"<li>{escape(line)}</li>" for line in lines[1:])
    return f"<p>{escape(lines[0])}</p>" + (f"<ul>{rest}</ul>" if rest else "")


def _teller(locale: str) -> Say:
    """Return `say` of one language with everything escaped for HTML."""
    return lambda key, **values: escape(say(key, locale, **values))


def _whole(body: str, title: str, locale: str, refresh_s: int | None = None, style: str = "/style.css") -> str:
    short = locale.split("-")[0].split("_")[0]
    turned = ' dir="rtl"' if short in RIGHT_TO_LEFT else ""
    refresh = f'<meta http-equiv="refresh" content="{refresh_s}">' if refresh_s else ""
    return (
        f'<!doctype html><html lang="{escape(short)}"{turned}><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{refresh}'
        f'<link rel="stylesheet" href="{style}"></head><body><main>{body}</main></body></html>'
    )
