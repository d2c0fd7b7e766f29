"""Three booths killed in the middle of a session: nothing readable is left, and nothing that nobody knows of."""

from __future__ import annotations

import io
import os
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from tests.whole.kills import (
    alike,
    erased_everything,
    killed_booth,
    orphans,
    portraits,
    promised,
    readable_pictures,
    whole_portraits,
)

pytestmark = [pytest.mark.slow, pytest.mark.screen]


@pytest.mark.long
def test_three_kills_leave_nothing_readable_and_no_orphan(tmp_path: Path) -> None:
    homes = [tmp_path / name for name in ("one", "two", "three")]
    with ThreadPoolExecutor(3) as pool:
        seen = list(pool.map(lambda home: killed_booth(home, random.Random(home.name)).pages, homes))
    assert all("try" in states for states in seen)
    for home, states in zip(homes, seen, strict=True):
        fewest, most = promised(states)
        assert fewest <= len(portraits(home)) <= most
        assert alike(portraits(home)) == 0
        assert readable_pictures(home) == []
        assert orphans(home) == []
        assert whole_portraits(home)
        assert erased_everything(home) == []


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_the_search_would_find_a_picture_and_not_noise(tmp_path: Path, kind: str) -> None:
    (tmp_path / "noise").write_bytes(os.urandom(4_000_000))
    assert readable_pictures(tmp_path) == []
    file = io.BytesIO()
    Image.new("RGB", (60, 40), (200, 150, 120)).save(file, kind)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "blob").write_bytes(b"before it" + file.getvalue())
    assert readable_pictures(tmp_path) == ["deep/blob"]
