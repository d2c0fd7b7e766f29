"""Passport and identity sizes: as published, with their source, and nothing else done to the picture."""

from __future__ import annotations

import msgspec
import pytest

from booth.config.params.finish import BrandParams, EncodeParams, FinishParams
from booth.looks.backdrop.backdrop_spec import Untouched
from booth.looks.look import load_look
from booth.still.crop import crop_spec
from booth.still.official import as_the_rule_allows, encoded_as_asked, head_out_of_range, official_crops


def test_every_size_is_whole_and_forbids_what_its_rule_does_not_allow() -> None:
    for name in official_crops():
        crop, spec = official_crops()[name], crop_spec(name, BrandParams())
        assert len(crop.source) > 10 and crop.source in spec.note and "officer" in spec.note
        assert spec.aspect == pytest.approx(crop.width_mm / crop.height_mm)
        assert 0.3 < spec.head_height_frac < 0.65 and 0.3 < spec.eye_line_frac < 0.55
        if crop.head_height_mm:
            assert crop.head_height_mm[0] < crop.head_height_mm[1] < crop.height_mm
        if crop.width_px:
            assert crop.height_px and crop.width_px / crop.height_px == pytest.approx(spec.aspect, abs=0.02)
        look, params, notes = as_the_rule_allows(name, load_look("studio-grey").with_light("rembrandt"), FinishParams())
        assert isinstance(look.backdrop, Untouched) and look.light.name == "natural" and look.grade.is_plain
        assert params.retouch.strength == 0 and params.correct.exposure_max_stops == 0 and notes


def test_what_a_rule_allows_stays_and_other_crops_are_left_alone(monkeypatch) -> None:
    look, params = load_look("studio-grey"), FinishParams()
    assert as_the_rule_allows("headshot", look, params) == (look, params, ())
    lenient = msgspec.structs.replace(official_crops()["us-visa"], allows=("backdrop", "correct"))
    monkeypatch.setattr("booth.still.official.official_crops", lambda: {"us-visa": lenient})
    changed, wants, _ = as_the_rule_allows("us-visa", look, params)
    assert changed.backdrop == look.backdrop and wants.correct == params.correct and wants.retouch.strength == 0


def test_a_head_that_the_rule_does_not_take_is_said() -> None:
    assert head_out_of_range("us-passport", 0.44) == () and head_out_of_range("headshot", 0.9) == ()
    assert "36 mm" in head_out_of_range("us-passport", 0.53)[0]


def test_a_files_limit_is_kept() -> None:
    wants = encoded_as_asked("us-visa", EncodeParams(format="png"))
    assert (wants.format, wants.max_kb) == ("jpeg", 240) and official_crops()["us-visa"].size_px == (600, 600)
    assert encoded_as_asked("headshot", EncodeParams(format="png")).format == "png"
    assert official_crops()["germany-passport"].size_px == (413, 531)
