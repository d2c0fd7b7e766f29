"""An auditor reads when, which text, what for and withdrawn when; never who."""

from __future__ import annotations

import hashlib
import json

import pytest

from booth.delivery.store.consent_log import ConsentLine, ConsentLog
from tests.unit.store.conftest import CONSENT, JPEG, NOON, Shop


def test_a_visit_and_its_withdrawal_stand_in_the_log(shop: Shop) -> None:
    store = shop.open()
    entry, _ = store.keep(shop.portraits / "Ada Lovelace.jpg", JPEG, CONSENT, shop.now)
    store.erase(entry.id, shop.later(hours=2), "guest")
    lines = [json.loads(raw) for raw in (shop.data / "consent.jsonl").read_text().splitlines()]
    assert [line["event"] for line in lines] == ["given", "withdrawn"]
    assert lines[0]["text_version"] == CONSENT.text_version and lines[0]["purpose"] == "portrait"
    assert lines[1]["at_utc"] == "2026-06-01T14:00:00+00:00" and lines[1]["consent"] == CONSENT.id
    assert "Ada" not in json.dumps(lines) and store.consents.first_break() is None


def test_a_changed_line_shows(shop: Shop) -> None:
    log = ConsentLog(shop.root / "consent.jsonl")
    for day in range(4):
        log.append(ConsentLine("given", f"2026-06-0{day + 1}T12:00:00+00:00", "c" * 32, "v1"))
    assert log.first_break() is None
    path = shop.root / "consent.jsonl"
    path.write_text(path.read_text().replace("2026-06-02", "2026-05-02"))
    assert log.first_break() == 3


def test_a_line_torn_by_a_power_cut_does_not_spoil_the_next(shop: Shop) -> None:
    path = shop.root / "consent.jsonl"
    log = ConsentLog(path)
    log.append(ConsentLine("given", "2026-06-01T12:00:00+00:00", "c" * 32))
    path.write_bytes(path.read_bytes() + b'{"event":"giv')
    log.append(ConsentLine("given", "2026-06-02T12:00:00+00:00", "d" * 32))
    assert [line.consent[0] for line in log.lines()] == ["c", "d"]


def test_old_lines_run_out_and_the_rest_still_hangs_together(shop: Shop) -> None:
    log = ConsentLog(shop.root / "consent.jsonl")
    for year in (2020, 2021, 2026):
        log.append(ConsentLine("given", f"{year}-05-01T12:00:00+00:00", str(year)))
    assert log.shorten(NOON, 365) == 2
    assert [line.event for line in log.lines()] == ["shortened", "given"] and log.first_break() is None
    assert log.shorten(NOON, 365) == 0


def test_an_event_is_added_without_reading_the_log_of_years(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    log = ConsentLog(shop.root / "consent.jsonl", lambda text: hashlib.sha256(text.encode()).hexdigest())
    for day in range(1, 4):
        log.append(ConsentLine("given", f"2026-06-0{day}T12:00:00+00:00", "c" * 32))
    with monkeypatch.context() as patch:
        patch.setattr(ConsentLog, "_raw", lambda _: pytest.fail("the whole log was read"))
        log.append(ConsentLine("given", "2026-06-04T12:00:00+00:00", "c" * 32))
    assert log.first_break() is None and len(log.lines()) == 4
    path = shop.root / "consent.jsonl"
    path.write_bytes(path.read_bytes() + b'{"event":"giv')  # a power cut: the signed end does not fit the last line
    log.append(ConsentLine("given", "2026-06-05T12:00:00+00:00", "d" * 32))
    assert [line.consent[0] for line in log.lines()] == ["c", "c", "c", "c", "d"] and log.first_break() is None
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    assert log.first_break() == 6, "a cut-off end shows"
