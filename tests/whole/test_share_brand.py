"""The phone page in a real browser in a brand's dress: its logo and colours, LinkedIn's sizes, a phone that holds."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path

import pytest
from PIL import Image

from booth.config.params.deliver import DeliverParams, PageParams, StoreParams
from booth.config.params.kiosk import ScreenParams
from booth.core.clock import utc_now
from booth.delivery.delivery_service import DeliveryService
from tests.whole.phone import Phone, chromium
from tests.whole.test_share_phone import CONSENT, a_portrait, until

pytestmark = pytest.mark.slow
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"


def test_the_page_wears_the_brand_and_has_linkedins_sizes(tmp_path: Path, build_folder: Path) -> None:
    chromium()
    Image.new("RGBA", (300, 120), (15, 94, 140, 255)).save(tmp_path / "logo.png")
    screen = ScreenParams(logo=str(tmp_path / "logo.png"), accent="#0f5e8c", ground="#f4f6f8", text="#10202c")
    params = DeliverParams(
        folder=str(tmp_path / "portraits"),
        store=StoreParams(key_file=str(tmp_path / "store.key")),
        page=PageParams(address="127.0.0.1", port=0, phones=1),
    )
    content, before = a_portrait()
    with DeliveryService(params, tmp_path / "data", screen=screen) as handover:
        kept = handover.keep(content, None, CONSENT, utc_now(), before_rgb=before)
        assert kept.link is not None
        until(lambda: len(list((tmp_path / "data/store/items").glob("*.page-square"))) == 1)
        for _ in range(5):  # a messenger's preview: no cookies, and no place of the one that there is
            with urllib.request.urlopen(kept.link) as preview:
                assert preview.status == 200
        with Phone(tmp_path / "phone") as phone:
            assert phone.open(kept.link) == 200
            assert phone.do("document.querySelector('.logo').naturalWidth") == 300
            parts = "[document.body, document.querySelector('a.button')]"
            colours = phone.do(f"{parts}.map(e => getComputedStyle(e).backgroundColor)")
            assert colours == ["rgb(244, 246, 248)", "rgb(15, 94, 140)"]
            text = phone.text()
            assert "800 × 800" in text and "1584 × 396" in text and "iPhone" not in text
            phone.picture(build_folder / "phone-brand.png")
        asked = urllib.request.Request(kept.link, headers={"User-Agent": IPHONE})
        with pytest.raises(urllib.error.HTTPError, match="410"):
            urllib.request.urlopen(asked)


def test_an_iphone_is_told_to_hold_the_picture_and_gets_it_to_hold(tmp_path: Path) -> None:
    params = DeliverParams(
        folder=str(tmp_path / "portraits"),
        store=StoreParams(key_file=str(tmp_path / "store.key")),
        page=PageParams(address="127.0.0.1", port=0),
    )
    content, _ = a_portrait()
    with DeliveryService(params, tmp_path / "data") as handover:
        kept = handover.keep(content, None, CONSENT, utc_now())
        until(lambda: len(list((tmp_path / "data/store/items").glob("*.page-square"))) == 1)
        with urllib.request.urlopen(urllib.request.Request(kept.link, headers={"User-Agent": IPHONE})) as page:
            html, cookie = page.read().decode(), page.headers["set-cookie"].split(";")[0]
        assert "hold the picture" in html and " download>" not in html and "/full?show" in html
        asked = urllib.request.Request(f"{kept.link}/full?show", headers={"User-Agent": IPHONE, "Cookie": cookie})
        with urllib.request.urlopen(asked) as shown:
            assert shown.read() == content and "content-disposition" not in shown.headers
