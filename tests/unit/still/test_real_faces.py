"""On photographs of real people: nothing moves, marks stay, one brand gives one set."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from finish_fakes import a_lab, contrast

from booth.config.params.finish import BrandParams, CorrectParams, FinishParams, RetouchParams
from booth.looks.look import Look
from booth.still.crop import crop_spec, geometry_of, plan_crop
from booth.still.develop_still import StillRequest, develop_still
from booth.still.retouch import retouch_face
from booth.still.warp import warp_rgb

pytestmark = [pytest.mark.shared, pytest.mark.model]
PLAIN = Look(name="plain", title="Plain", purpose="A test.")
# moles, by eye, in pixels of the photograph
MARKS = {"london_034_neutral": [(755, 838), (808, 745), (829, 794)], "london_112_smiling": [(645, 1037)]}


@pytest.fixture(scope="module")
def tracker():
    from booth.perception.face_tracker import FaceTracker

    with FaceTracker(video=False) as tracker:
        yield tracker


def photograph(shared, name):
    rgb = np.ascontiguousarray(cv2.imread(str(shared / "media/stills" / f"{name}.jpg"))[..., ::-1])
    trimap = cv2.imread(str(shared / "media/groundtruth" / f"{name}_trimap.png"), 0)
    trimap[:2][trimap[:2] < 250] = 0
    return rgb, cv2.resize(trimap, rgb.shape[1::-1]).astype(np.float32) / 255


@pytest.mark.parametrize("name", MARKS)
def test_real_moles_survive_full_strength(shared, tracker, name):
    rgb, _ = photograph(shared, name)
    face = tracker.find(rgb)[0]
    after = rgb.astype(np.float32) / 255
    loose = RetouchParams(max_changed_frac=0.5, max_mean_change=3)
    assert retouch_face(after, face, None, loose, 1.0).strength == 1.0
    for at in MARKS[name]:
        first, then = (
            contrast(cv2.cvtColor(p, cv2.COLOR_RGB2Lab), at, 5)[0] for p in (rgb.astype(np.float32) / 255, after)
        )
        assert first < -2.5 and then / first >= 0.95


@pytest.mark.parametrize("strength", [0.3, 1.0])
def test_landmarks_stay_where_they_were(shared, tracker, strength):
    """Crop and backdrop stay the same: under another the tracker itself is off by .3 to 1 % of the eye distance."""
    moved = []
    for name in ("london_021_neutral", "london_042_smiling", "london_112_smiling"):
        rgb, alpha = photograph(shared, name)
        face = tracker.find(rgb)[0]
        lab = replace(a_lab(face, alpha), renderer=lambda look: lambda canvas: canvas.rgb)
        still = develop_still(rgb, PLAIN, lab, FinishParams(), StillRequest(crop="headshot", retouch=strength))
        first, then = (tracker.find(p)[0].points_px(*still.plan.size_px) for p in (still.before, still.rgb))
        eyes = np.hypot(*(first[468] - first[473]))
        moved.append(np.median(np.hypot(*(first - then).T)) / eyes)
    assert max(moved) <= 0.005


def test_one_brand_gives_one_set(shared, tracker):
    brand, rows = BrandParams(), []
    truth = shared / "media/groundtruth"  # only some of the photographs have one
    known = [
        p for p in sorted((shared / "media/stills").glob("london_*.jpg")) if (truth / f"{p.stem}_trimap.png").is_file()
    ]
    for path in known[::3]:
        rgb, alpha = photograph(shared, path.stem)
        geometry = geometry_of(tracker.find(rgb)[0], rgb.shape[1::-1])
        plan = plan_crop(geometry, crop_spec("headshot", brand), alpha, CorrectParams(), may_extend=True)
        cut = tracker.find(warp_rgb(rgb, plan))[0]
        points = cut.points_px(*plan.size_px)
        line = points[[362, 263]].mean(0) - points[[33, 133]].mean(0)
        eye_line = points[[33, 133, 362, 263], 1].mean() / plan.size_px[1]
        rows.append((eye_line, cut.box.y1 - cut.box.y0, np.degrees(np.arctan2(line[1], line[0])), cut.pose.roll_deg))
    eye_line, head, tilt, roll = np.array(rows).T
    assert eye_line.std() <= 0.005 and head.std() <= 0.01
    assert tilt.std() <= 0.5 and roll.std() <= 0.5


def flow_in_eyes(before, after, points):
    """How far the picture itself moved at each landmark, in eye distances: registration, which knows no faces.

    Light and tone are taken out first, so that what the look's lamps do to a cheek is not read as movement.
    """
    eye_px = float(np.hypot(*(points[468] - points[473])))
    flat = []
    for picture in (before, after):
        luma = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
        fine = luma - cv2.GaussianBlur(luma, (0, 0), 0.08 * eye_px)
        spread = np.sqrt(cv2.GaussianBlur(fine**2, (0, 0), 0.15 * eye_px)) + 2
        flat.append(np.clip(128 + 40 * fine / spread, 0, 255).astype(np.uint8))
    flow = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_FAST).calc(*flat, None)
    flow = cv2.GaussianBlur(flow, (0, 0), 0.03 * eye_px)
    x, y = points.astype(int).T
    return np.hypot(*flow[y, x].T) / eye_px


@pytest.mark.long
def test_under_a_whole_look_the_face_itself_has_not_moved(shared, tracker):
    from booth.looks.look import load_look
    from booth.looks.renderer import LookRenderer

    look = load_look("studio-grey")
    for name, strength in (("london_021_neutral", 0.3), ("london_112_smiling", 1.0), ("london_137_neutral", 1.0)):
        rgb, alpha = photograph(shared, name)
        lab = replace(a_lab(tracker.find(rgb)[0], alpha), renderer=lambda look: LookRenderer(look, still=True).develop)
        still = develop_still(rgb, look, lab, FinishParams(), StillRequest(crop="headshot", retouch=strength))
        points = still.face.points_px(*still.plan.size_px)
        moved = np.median(flow_in_eyes(still.before, still.rgb, points))
        assert moved <= 0.005
        aside = np.roll(still.rgb, round(0.02 * np.hypot(*(points[468] - points[473])) + 1), 1)
        assert np.median(flow_in_eyes(still.before, aside, points)) > 0.01, "a face two hundredths aside is seen"
