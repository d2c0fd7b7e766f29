"""The audit's numbers and its page, on verdicts nobody had to be photographed for."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from booth.config.params import Params
from booth.core.faults import Fault
from booth.diagnostics.audit import AuditEntry, bootstrap_median, read_manifest, summary, wilson
from booth.diagnostics.audit_page import page
from booth.still.photo_checker import Verdict


def verdict(passed: bool, yaw: float) -> Verdict:
    readings = {"pose.yaw_deg": {"value": yaw, "ok": passed}, "light.clipped": {"value": None, "ok": None}}
    return Verdict("a.jpg", 1, "pass" if passed else "fail", () if passed else ("reject.pose",), readings)


def rows(n: int = 12):
    groups = ("light", "dark")
    return [
        (AuditEntry(Path(f"s_{i}.jpg"), {"skin_tone_group": groups[i % 2]}), verdict(i != 3, float(i)))
        for i in range(n)
    ]


@pytest.mark.parametrize(
    ("passed", "total", "low", "high"), [(0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (46, 46, 0.923, 1.0)]
)
def test_wilson_intervals_are_those_of_the_tables(passed, total, low, high):
    assert wilson(passed, total) == pytest.approx((low, high), abs=0.002)
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_bootstrap_is_seeded_and_holds_the_median():
    values = [1.0, 2, 3, 4, 5, 6, 7, 8, 30]
    assert bootstrap_median(values) == bootstrap_median(values)
    low, high = bootstrap_median(values)
    assert low <= 5 <= high


def test_the_summary_counts_by_group_and_compares_the_worst_with_the_best():
    report = summary(rows())
    light, dark = (report["groups"]["skin_tone_group"][g] for g in ("light", "dark"))
    assert light["pass"]["rate"] == 1.0
    assert dark["verdicts"] == {"pass": 5, "fail": 1}
    assert dark["reasons"] == {"reject.pose": 1}
    assert report["worst_over_best"]["skin_tone_group"] == pytest.approx(5 / 6, abs=1e-3)
    assert "light.clipped" not in dark["readings"]


def test_the_page_is_whole_and_loads_nothing():
    html = page({"manifest": "m<1>.json", "failed": [{"file": "x", "why": "<gone>"}], **summary(rows())})
    opened: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            opened.append(tag)
            assert not {"src", "href"} & {name for name, _ in attrs}

    Reader().feed(html)
    assert opened.count("svg") >= 2
    assert "m&lt;1&gt;.json" in html
    assert "<gone>" not in html


def test_a_manifest_that_is_none_is_told_as_a_fault(tmp_path):
    broken = tmp_path / "m.json"
    broken.write_text("[1, 2")
    with pytest.raises(Fault, match="not a manifest"):
        read_manifest(broken)
    with pytest.raises(Fault, match="cannot be read"):
        read_manifest(tmp_path / "none.json")
    broken.write_text(
        json.dumps({"files": [{"path": "stills/london_1.jpg", "kind": "still", "labels": {"glasses": "none"}}]})
    )
    entry = read_manifest(broken)[0]
    assert entry.path == tmp_path / "stills" / "london_1.jpg"
    assert entry.labels == {"glasses": "none", "set": "london"}


def test_a_head_turned_by_the_manifest_is_set_apart_from_one_that_is_not(tmp_path):
    files = [
        {"path": "a.jpg", "labels": {}, "measured": {"yaw": -22.0, "pitch": 0.0, "roll": 1.0}},
        {"path": "b.jpg", "labels": {}, "measured": {"yaw": 3.0, "pitch": -2.0, "roll": 13.0}},
        {"path": "c.jpg", "labels": {}, "measured": {"yaw": 14.0, "pitch": 5.0, "roll": -9.0}},
        {"path": "d.jpg", "labels": {}},
    ]
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"files": files}), encoding="utf-8")
    assert [entry.faces_lens(Params().guidance.limits) for entry in read_manifest(manifest)] == [
        False,
        False,
        True,
        True,
    ]
