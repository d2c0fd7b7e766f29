"""The operator's leaves about taking home: settings in two touches with checks, and the gallery of what is kept."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from booth.app.operator.gallery import Gallery
from booth.app.operator.home_settings import HOME_SETTINGS, HomeChecks, check_mail, check_page, check_stick
from booth.app.operator.look_pictures import bundled_sitter, rendered
from booth.app.operator.operator_page import TABS as TAB_NAMES
from booth.app.operator.operator_page import Live, OperatorPage, PageSources
from booth.app.operator.pin import PinPad
from booth.app.operator.profile_file import ProfileFile
from booth.app.operator.settings import SettingsScope
from booth.config.params import Params, load_params
from booth.config.params.deliver import DeliverParams, PageParams, PrintParams, StoreParams
from booth.config.words import say
from booth.core.clock import utc_now
from booth.core.faults import Fault
from booth.delivery.delivery_service import DeliveryService
from booth.delivery.phone.network import own_addresses, with_own_address
from booth.looks.look import load_look, look_names
from booth.session.state_machine import State
from booth.session.view import OperatorFacts
from booth.ui.layout import compose
from booth.ui.screens.operator import TABS
from tests.kiosk_views import a_view, an_analysis
from tests.unit.delivery.test_share_handover import CONSENT

ROOT = Path(__file__).resolve().parents[3]


def until(done: Callable[[], object], limit_s: float = 5.0) -> None:
    ends_s = time.monotonic() + limit_s
    while not done():
        assert time.monotonic() < ends_s, "did not happen"
        time.sleep(0.01)  # what is waited for happens on a thread of its own


class Cameras:
    """A camera that knows every size but the largest."""

    def listed(self) -> tuple[tuple[str, str], ...]:
        return (("", "staff.camera_first"),)

    def change(self, source: str) -> Future[None]:
        raise AssertionError

    def resize(self, width_px: int, height_px: int) -> Future[None]:
        answer: Future[None] = Future()
        if width_px == 3840:
            answer.set_exception(Fault("camera.busy", "It gives no picture.", "Take a smaller one."))
        else:
            answer.set_result(None)
        return answer


def a_page(tmp_path: Path, sources: PageSources | None = None) -> OperatorPage:
    file = ProfileFile(tmp_path / "profile.toml", "event")
    made = OperatorPage(PinPad(tmp_path / "pin.json"), file, SettingsScope(load_params("event")), Cameras(), sources)
    for digit in "271828" * 2:
        made.press(digit, 0.0)
    return made


def profile(tmp_path: Path) -> Params:
    return load_params(tmp_path / "profile.toml")


@pytest.mark.parametrize("size", [(1024, 600), (1280, 720), (1080, 1920), (3840, 2160)])
def test_each_way_of_handing_over_is_two_touches_away(tmp_path: Path, size: tuple[int, int]) -> None:
    page = a_page(tmp_path, PageSources(checks=HomeChecks({})))
    first = compose(a_view(State.OPERATOR, operator=page.facts(0.0, Live())), size).buttons
    tab = next(button for button in first if button.name == "tab.home")
    page.handle(str(tab.signals[0].value), 0.0)
    second = {button.name for button in compose(a_view(State.OPERATOR, operator=page.facts(0.0, Live())), size).buttons}
    assert {f"set.{setting.name}.on" for setting in HOME_SETTINGS} <= second


def test_what_is_set_there_is_written_and_tried_at_once(tmp_path: Path) -> None:
    asked: list[tuple[str, float]] = []
    checks = HomeChecks({"page": lambda params: asked.append(("page", 0)) or f"at {params.deliver.page.address}"})
    page = a_page(tmp_path, PageSources(checks=checks))
    page.handle("tab:home", 0.0)
    until(lambda: asked)
    page.handle("set:page:1", 0.0)
    until(lambda: len(asked) == 2 and checks.says("page") != "…")
    assert profile(tmp_path).deliver.page.address != load_params("event").deliver.page.address
    row = next(row for row in page.facts(0.0, Live()).settings if row.name == "page")
    assert row.check == f"at {profile(tmp_path).deliver.page.address}"
    page.handle("set:review_s:1", 0.0)
    page.handle("set:stick:1", 0.0)
    assert profile(tmp_path).review.limit_s == 90 and profile(tmp_path).deliver.stick.on


def test_a_camera_size_is_written_only_where_the_camera_opens_with_it(tmp_path: Path) -> None:
    page = a_page(tmp_path, PageSources(checks=HomeChecks({})))
    page.handle("tab:home", 0.0)
    page.handle("set:camera_size:1", 0.0)
    page.process(an_analysis(), 0.1)
    assert (profile(tmp_path).capture.width_px, profile(tmp_path).capture.height_px) == (1280, 720)
    page.handle("set:camera_size:1", 0.0)
    page.process(an_analysis(), 0.2)
    page.handle("set:camera_size:2", 0.0)
    page.process(an_analysis(), 0.3)
    facts = page.facts(0.3, Live())
    assert facts.is_fault and profile(tmp_path).capture.width_px == 1920, "the largest does not open"


def test_an_older_check_never_overtakes_a_newer_one() -> None:
    gates = {"": threading.Event(), "10.0.0.9": threading.Event()}

    def slow(params: Params) -> str:
        gates[params.deliver.page.address].wait(5)
        return params.deliver.page.address or "off"

    checks = HomeChecks({"page": slow})
    checks.again("page", Params())
    checks.again("page", Params(deliver=DeliverParams(page=PageParams(address="10.0.0.9"))))
    gates["10.0.0.9"].set()
    until(lambda: checks.says("page") == "10.0.0.9")
    gates[""].set()
    until(lambda: not any(thread.name == "check-page" for thread in threading.enumerate()))
    assert checks.says("page") == "10.0.0.9"


def test_checks_say_what_is_wrong_in_words() -> None:
    for params, check, wanted in (
        (Params(), check_page, ""),
        (Params(deliver=DeliverParams(page=PageParams(address="192.0.2.7"))), check_page, "staff.check.other_address"),
        (Params(deliver=DeliverParams(page=PageParams(address="127.0.0.1"))), check_page, "http://127.0.0.1:8420"),
        (Params(), check_mail, "staff.check.mail_unset"),
        (Params(), check_stick, ""),
    ):
        assert check(params) == wanted
        assert not wanted.startswith("staff.") or say(wanted)


def test_the_event_profile_offers_the_code_where_a_network_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    deliver = load_params("event").deliver
    assert not deliver.page.is_on, "nothing listens before the booth has looked for its address"
    monkeypatch.setattr("booth.delivery.phone.network.own_addresses", lambda: ("192.168.4.1",))
    assert with_own_address(deliver).page.address == "192.168.4.1" and with_own_address(deliver).page.is_on
    monkeypatch.setattr("booth.delivery.phone.network.own_addresses", lambda: ())
    assert not with_own_address(deliver).page.is_on
    assert all(not load_params(name).deliver.page.is_on for name in ("home", "office"))


def test_only_private_addresses_are_offered() -> None:
    import ipaddress

    for address in own_addresses():
        ip = ipaddress.ip_address(address)
        assert ip.is_private and not ip.is_loopback


def picture() -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.full((1000, 800, 3), 90, np.uint8)).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[DeliveryService]:
    store = StoreParams(key_file=str(tmp_path / "key"), portrait_days=30)
    params = DeliverParams(folder=str(tmp_path / "out"), store=store, print=PrintParams(printer="Nowhere"))
    with DeliveryService(params, tmp_path / "data") as made:
        yield made


def test_the_gallery_shows_what_is_kept_prints_and_erases_after_a_second_touch(
    service: DeliveryService, tmp_path: Path
) -> None:
    kept = [service.keep(picture(), None, CONSENT, utc_now()) for _ in range(3)]
    gallery = Gallery(service)
    page = a_page(tmp_path, PageSources(gallery=gallery, checks=HomeChecks({})))
    assert gallery.choices() == (), "nothing is read before its leaf is open"
    page.handle("tab:kept", 0.0)
    until(lambda: all(choice.picture is not None for choice in gallery.choices()))
    assert [choice.key for choice in gallery.choices()] == [one.number for one in reversed(kept)]
    page.handle(f"kept:{kept[1].number}", 0.0)
    chosen = page.facts(0.0, Live()).chosen
    assert chosen is not None and chosen.name == kept[1].path.name and chosen.picture is not None
    assert chosen.may_print and chosen.until != "staff.value.no_end" and not chosen.asks
    page.handle("kept:print", 0.0)
    assert page.facts(0.0, Live()).said.startswith("share.print")
    page.handle("kept:erase_yes", 0.0)
    assert kept[1].path.exists(), "a yes without the question erases nothing"
    page.handle("kept:erase", 0.0)
    asked = page.facts(0.0, Live()).chosen
    assert asked is not None and asked.asks and kept[1].path.exists()
    page.handle("kept:erase_yes", 0.0)
    assert not kept[1].path.exists() and len(gallery.choices()) == 2
    page.leave()
    assert gallery.choices() == () and gallery.chosen() is None, "every picture goes with the page"


def test_the_gallery_is_behind_the_pin(service: DeliveryService, tmp_path: Path) -> None:
    service.keep(picture(), None, CONSENT, utc_now())
    gallery = Gallery(service)
    page = a_page(tmp_path, PageSources(gallery=gallery))
    page.leave()
    page.handle("tab:kept", 0.0)
    assert gallery.choices() == () and page.facts(0.0, Live()).choices == ()


def test_what_has_run_out_is_not_shown(service: DeliveryService) -> None:
    kept = service.keep(picture(), None, CONSENT, utc_now())
    gallery = Gallery(service)
    gallery.open()
    gallery.handle(kept.number)
    service.erase(kept)
    assert gallery.choices() == () and gallery.chosen() is None


def test_a_look_has_its_picture_of_the_bundled_portrait() -> None:
    rgb, alpha, face = bundled_sitter()
    pictures = [rendered(load_look(name), rgb, alpha, face) for name in ("navy", "high-key", "cut-out")]
    assert all(made.shape == rgb.shape and made.dtype == np.uint8 for made in pictures)
    corner = [made[5:25, 5:25].mean() for made in pictures]
    assert corner[0] < 110 < corner[1], "the backdrop is the look's"
    assert "navy" in look_names()


def test_the_docs_name_the_tabs_in_the_order_of_the_screen() -> None:
    assert set(TABS) == set(TAB_NAMES)
    facts = OperatorFacts(is_unlocked=True)
    buttons = compose(a_view(State.OPERATOR, operator=facts), (1280, 720)).buttons
    shown = [b.name for b in sorted(buttons, key=lambda b: (b.rect.y, b.rect.x)) if b.name.startswith("tab.")]
    text = (ROOT / "docs" / "operator.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| ") and line.count("|") == 3]
    titles = [say(f"staff.tab_{name.removeprefix('tab.')}") for name in shown]
    assert [row for row in rows if row in titles] == titles
