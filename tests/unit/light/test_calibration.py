"""From a film of flashes to a sitter's own relief: delay, noise, a head never quite still; and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sitters import a_face, a_picture
from test_flash import SIDES, a_sitters_normals, off_deg

from booth.config.params.kiosk import ScreenParams
from booth.core.faults import Fault
from booth.core.types import Face
from booth.guidance.flash_schedule import LENGTH_S
from booth.looks.light.apply_light import DECODE
from booth.looks.light.head_fit import HeadFitter
from booth.looks.light.head_model import load_head
from booth.looks.light.lamp_lookup import LampReader
from booth.looks.look import load_look
from booth.looks.screen_light import lamp_of_part
from booth.session.flash_calibration import FAILED, FlashCalibration
from booth.session.flash_capture import FlashCapture
from booth.session.state_machine import Event
from booth.still.developer import RendererCache
from tests.flash_film import BEGIN_S, Film, analyses, calibrated


@pytest.fixture(scope="module")
def layers():
    """The room and four patterns, linear, on a sitter whose face is not the mean head's."""
    head = load_head()
    placed = HeadFitter(head, still=True).place(a_face(), (640, 480), 0.0)
    own = replace(placed, normals=a_sitters_normals().astype(np.float32))
    reader = LampReader(head)
    lit = [DECODE[a_picture(0.30 * reader.direct(lamp, own).copy())[0]] for lamp in SIDES]
    return DECODE[a_picture(np.full(len(head.vertices), 0.08))[0]], lit


@pytest.mark.long
def test_the_sitters_own_relief_is_found_through_delay_noise_and_a_swaying_head(layers):
    made = calibrated(*layers, a_face(), SIDES, Film(delay_s=0.27, fps=24))
    true = a_sitters_normals()
    assert made.stage == "done"
    assert off_deg(made.normals, true) < 0.65 * off_deg(load_head().normals, true)


@pytest.mark.long
def test_a_head_that_turns_away_is_refused(layers):
    with pytest.raises(Fault) as fault:
        calibrated(*layers, a_face(), SIDES, Film(sway=0.5, fps=15))
    assert fault.value.code in ("flash.moved", "flash.unseen")


@pytest.mark.long
def test_a_room_so_bright_that_the_screen_does_not_show_is_refused(layers):
    with pytest.raises(Fault) as fault:
        calibrated(*layers, a_face(), SIDES, Film(flash=0.002, fps=15))
    assert fault.value.code == "flash.unseen"


def test_without_a_face_nothing_is_made():
    made = FlashCapture(ScreenParams(calibration=True))
    made.begin(0.0)
    assert made.is_over(LENGTH_S)
    with pytest.raises(Fault, match="No face"):
        made.finish(1.6)
    assert made.stage == "failed"


def test_it_is_off_by_default_and_never_begins_for_who_declined():
    assert not FlashCapture(ScreenParams()).is_offered
    made = FlashCapture(ScreenParams(calibration=True))
    assert made.is_offered
    assert made.levels(5.0) == (0, 0, 0, 0)
    made.decline()
    assert not made.is_offered
    with pytest.raises(ValueError, match="decline"):
        made.begin(0.0)


def test_nothing_of_the_guest_stays(layers):
    made = calibrated(*layers, a_face(), SIDES, Film(fps=15))
    assert not made._kept
    made.reset()
    assert made.normals is None


def near(x_cm: float = 0.0, away_cm: float = 45.0) -> Face:
    matrix = np.eye(4, dtype=np.float32)
    matrix[:3, 3] = x_cm, 0.0, -away_cm
    return replace(a_face(), matrix=matrix)


def test_the_screens_left_is_the_sitters_left_and_so_image_right():
    screen = ScreenParams(width_mm=600, lens_x=0.5, lens_y=0.0)
    lamps = {part: lamp_of_part(part, near(), screen, 16 / 9)[0] for part in ("left", "right", "top", "bottom")}
    assert lamps["left"].az_deg > 15 > -15 > lamps["right"].az_deg
    assert lamps["top"].el_deg > lamps["bottom"].el_deg
    assert lamps["bottom"].el_deg < -15  # the lens stands above the screen


def test_a_nearer_part_of_the_screen_counts_for_more():
    screen = ScreenParams(width_mm=600)
    left, right = (lamp_of_part(part, near(x_cm=12.0), screen, 16 / 9)[1] for part in ("left", "right"))
    assert left > 1.2 * right


@pytest.mark.long
def test_a_small_screen_far_away_is_refused(layers):
    made = FlashCapture(ScreenParams(calibration=True, width_mm=300))
    made.begin(BEGIN_S)
    for analysis in analyses(*layers, near(away_cm=110.0), Film(fps=15)):
        made.process(analysis)
    with pytest.raises(Fault) as fault:
        made.finish(16 / 9)
    assert fault.value.code == "flash.narrow"


class FakeMirror:
    """Only what is worn."""

    normals: np.ndarray | None = None


def a_relief() -> tuple[FlashCalibration, FakeMirror, list[str]]:
    mirror, held = FakeMirror(), []
    return (
        FlashCalibration(ScreenParams(calibration=True, width_mm=600), mirror, lambda: held.append("held")),
        mirror,
        held,
    )


def test_only_a_yes_begins_it_and_only_once():
    relief, _, held = a_relief()
    relief.ask()
    assert relief.facts(BEGIN_S).stage == "asking"
    relief.answer(Event.AGREE, BEGIN_S)
    relief.answer(Event.AGREE, BEGIN_S + 1.0)
    assert held == ["held"]
    assert relief.facts(BEGIN_S + 0.9).levels[0] > 0.9
    assert relief.is_over(BEGIN_S + LENGTH_S + 0.01)


def test_a_no_is_not_asked_again_in_this_session_but_the_next_guest_is():
    relief, _, _ = a_relief()
    relief.answer(Event.DECLINE, 0.0)
    relief.ask()
    assert not relief.facts(0.0).is_offered
    relief.end()
    assert relief.facts(0.0).is_offered


@pytest.mark.long
def test_what_was_found_is_on_the_mirror_until_the_session_ends(layers):
    relief, mirror, _ = a_relief()
    relief.answer(Event.AGREE, BEGIN_S)
    for analysis in analyses(*layers, near(), Film(fps=15)):
        relief.process(analysis)
    assert relief.finish((1280, 720)) is None
    assert mirror.normals is not None
    relief.end()
    assert mirror.normals is None


def test_a_failure_is_told_and_nothing_is_worn():
    relief, mirror, _ = a_relief()
    relief.answer(Event.AGREE, BEGIN_S)
    assert relief.finish((1280, 720)) == FAILED
    assert mirror.normals is None


def test_the_still_forgets_the_relief_with_the_portrait():
    shelf, own = RendererCache(), np.ones((4, 3), np.float32)
    with shelf.knowing(own):
        assert shelf(load_look("studio-grey")).__self__.normals is own
    assert shelf._normals is None
    assert shelf._renderer.normals is None
