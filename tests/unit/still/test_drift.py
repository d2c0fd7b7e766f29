"""Who is off, by how much, and against what."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from booth.config.params.finish import BrandParams
from booth.still.batch import Done
from booth.still.drift import delta_e_2000, drift_json, drift_report
from booth.still.record import EditRecord

GOOD = {
    "eye_line_frac": 0.5, "head_height_frac": 0.46, "roll_deg": 0.1, "light_ratio_stops": 0.2, "clipped_frac": 0.0,
    "backdrop_l": 70.0, "backdrop_a": 1.0, "backdrop_b": 2.0,
}  # fmt: skip
PLAIN = EditRecord("look", "loop", (), (), "d", "s", "composite", "headshot", (4, 5))


def done(name, **measures) -> Done:
    record = msgspec.structs.replace(PLAIN, measures=GOOD | measures)
    return Done(Path(name), Path(name), record)


def test_outliers_come_first_and_say_what_is_off():
    set_of_five = [
        done("a.jpg"),
        done("low.jpg", eye_line_frac=0.54),
        done("b.jpg"),
        done("dark.jpg", backdrop_l=62.0),
        done("c.jpg"),
    ]
    report = drift_report(set_of_five, BrandParams())
    assert [d.file for d in report.portraits[:2]] == ["dark.jpg", "low.jpg"]
    assert report.portraits[1].off["eye_line_frac"] == pytest.approx(4.0)
    assert report.portraits[-1].worst <= 1
    assert report.spread["eye_line_frac"]["std"] == pytest.approx(0.016, abs=0.001)


def test_light_goes_by_the_brand_where_it_is_set_else_by_the_set():
    people = [
        done("a.jpg", light_ratio_stops=1.0),
        done("b.jpg", light_ratio_stops=1.0),
        done("c.jpg", light_ratio_stops=1.9),
    ]
    free = drift_report(people, BrandParams())
    fixed = drift_report(people, BrandParams(light_ratio_stops=0.0))
    assert free.portraits[0].file == "c.jpg" and free.portraits[-1].off["light_ratio_stops"] == 0
    assert min(d.off["light_ratio_stops"] for d in fixed.portraits) == 2


def test_what_was_not_measured_is_left_out_and_the_rest_is_json():
    bare = msgspec.structs.replace(PLAIN, measures={})
    report = drift_report([Done(Path("x.jpg"), Path("x.jpg"), bare), done("a.jpg")], BrandParams())
    plain = json.loads(json.dumps(drift_json(report), allow_nan=False))
    assert {p["file"]: p["inside"] for p in plain["portraits"]} == {"x.jpg": True, "a.jpg": True}
    assert drift_report([], BrandParams()).portraits == ()


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [  # pairs 1, 7, 17 and 25 of the test data in Sharma, Wu and Dalal 2005
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ],
)
def test_the_colour_difference_is_the_published_one(first, second, wanted):
    assert delta_e_2000(first, second) == pytest.approx(wanted, abs=1e-4)
    assert delta_e_2000(second, first) == pytest.approx(wanted, abs=1e-4)
