"""The bench's drawing, and its ratios against those landed last."""

from __future__ import annotations

from xml.etree import ElementTree

from booth.diagnostics.bench_page import SLACK, compared, plot

FACTS = {
    "look": "studio-grey", "size": [1280, 720], "cores": 2, "fps": 33.3, "over_floor": 1.6, "under_naive": 2.4,
    "p95_over_floor": 2.2, "frame_ms": {"p50": 25.0, "p95": 33.0}, "glass_ms": {"p50": 50.0, "p95": 80.0},
    "floor_ms": {"p50": 15.6}, "naive_ms": {"p50": 53.7},
    "stages": {"face": {"p50": 9.0, "p95": 11.0}, "matte & co": {"p50": 7.0, "p95": 9.0}},
}  # fmt: skip


def test_every_stage_has_a_bar_and_the_ends_of_the_scale_a_line():
    root = ElementTree.fromstring(plot(FACTS))
    words = " ".join(node.text or "" for node in root.iter("{http://www.w3.org/2000/svg}text"))
    for name in ("face", "matte & co", "whole frame", "glass", "floor 15.6", "naive 53.7", "1.6"):
        assert name in words
    assert len(list(root.iter("{http://www.w3.org/2000/svg}rect"))) == 1 + 2 * 4


def test_the_same_figures_are_no_worse():
    assert compared(FACTS, FACTS) == ({"over_floor": 1.0, "under_naive": 1.0, "p95_over_floor": 1.0}, [])


def test_a_slower_loop_is_named_and_a_faster_one_is_not():
    slower = FACTS | {"over_floor": 1.6 * SLACK * 1.01, "under_naive": 2.4 / SLACK / 1.01}
    assert compared(slower, FACTS)[1] == ["over_floor", "under_naive"]
    assert compared(FACTS, slower)[1] == []
