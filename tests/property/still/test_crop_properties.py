"""Whatever the frame, the face and the crop: a cut stays inside, keeps its proportions and is never enlarged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from booth.config.params.finish import CorrectParams
from booth.core.faults import Fault
from booth.still.crop import CROPS, FaceGeometry, plan_crop
from booth.still.encode import output_names

KEPT = Path(__file__).resolve().parents[2] / "unit" / "still" / "demo_face.npz"
with np.load(KEPT) as _kept:
    SHAPE = _kept["landmarks"][:, :2] - _kept["landmarks"][:, :2].mean(0)
    SHAPE = SHAPE / np.ptp(SHAPE[:, 1])

sittings = st.fixed_dictionaries(
    {
        "size": st.tuples(st.integers(120, 900), st.integers(120, 900)),
        "height": st.floats(0.1, 0.7),
        "at": st.tuples(st.floats(0.2, 0.8), st.floats(0.2, 0.8)),
        "roll_deg": st.floats(-12, 12),
        "hair": st.floats(0.0, 0.9),
        "name": st.sampled_from(sorted(CROPS)),
        "may_extend": st.booleans(),
    }
)


def plan_of(sitting):
    width, height = sitting["size"]
    tall = sitting["height"] * height
    points = (SHAPE * tall + np.array(sitting["at"]) * (width, height)).astype(np.float32)
    alpha = np.zeros((height, width), np.float32)
    alpha[int(max(0, points[:, 1].min() - sitting["hair"] * tall)) :, int(width * 0.3) : int(width * 0.7)] = 1
    eyes = points[[33, 133, 362, 263]].mean(0)
    face = FaceGeometry(sitting["roll_deg"], (float(eyes[0]), float(eyes[1])), points)
    try:
        return plan_crop(face, CROPS[sitting["name"]], alpha, CorrectParams(), may_extend=sitting["may_extend"])
    except Fault as fault:
        assert fault.code == "crop.no_room"
        return None


@settings(max_examples=60, deadline=None)
@given(sittings)
def test_a_cut_stays_inside_and_keeps_its_proportions(sitting):
    plan = plan_of(sitting)
    if plan is None:
        return
    width, height = plan.size_px
    spec = CROPS[sitting["name"]]
    if spec.aspect and height > 60:
        assert abs(width / height - spec.aspect) < 2 / height * (1 + spec.aspect)
    assert plan.scale == 1 and abs(plan.levelled_deg) <= 4
    source = plan.undo(np.array([[0, 0], [width - 1, 0], [0, height - 1], [width - 1, height - 1]], float))
    frame_w, frame_h = sitting["size"]
    is_forced = any("holds the whole head" in note for note in plan.notes)
    assert source[:, 1].max() < frame_h + 1
    if not sitting["may_extend"] and not is_forced:
        assert source.min() > -1.5 and source[:, 0].max() < frame_w + 1


@settings(max_examples=30, deadline=None)
@given(sittings)
def test_undoing_a_cut_gives_the_points_back(sitting):
    plan = plan_of(sitting)
    if plan is not None:
        points = np.random.default_rng(0).uniform(0, 500, (20, 2))
        assert np.abs(plan.undo(plan.apply(points)) - points).max() < 1e-6


@given(st.lists(st.sampled_from(["a", "A", "a-2", "b", "b-2", "a-2-2"]), min_size=1, max_size=12))
def test_no_two_inputs_share_an_output(stems):
    sources = [Path(f"folder{i}") / f"{stem}.jpg" for i, stem in enumerate(stems)]
    names = output_names(sources, ".jpg")
    assert len({n.lower() for n in names}) == len(names) == len(stems)
