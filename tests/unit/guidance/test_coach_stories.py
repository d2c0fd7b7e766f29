"""What sitters live through: minutes of behaviour, told in seconds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from booth.config.params.guidance import GuidanceParams, Times
from booth.core.types import Light
from booth.guidance.rule_context import PoseTarget
from booth.guidance.rules import RULES
from tests.unit.guidance.sitters import LIT, SEEN, Sitter, blinking, play, run, smiling

URGENCY = {rule.reading: i for i, rule in enumerate(RULES)}
DARK = Light(frame_level=0.01, clipped_frac=0.0, crushed_frac=0.6, ratio_stops=0.0)


def talking(seconds: float, fps: float = 30.0) -> list[Sitter]:
    return [
        Sitter(lip_gap=gap, lip_height=0.15 + gap)
        for i in range(round(seconds * fps))
        for gap in [0.05 if i // 4 % 2 else 0.005]
    ]


@pytest.mark.parametrize(
    ("sitter", "advice"),
    [
        (Sitter(yaw_deg=13), "pose.turn_right"),
        (Sitter(yaw_deg=-13), "pose.turn_left"),
        (Sitter(pitch_deg=13), "pose.chin_down"),
        (Sitter(pitch_deg=-13), "pose.chin_up"),
        (Sitter(roll_deg=9), "pose.tilt_left"),
        (Sitter(roll_deg=-9), "pose.tilt_right"),
        (Sitter(x=0.75), "framing.step_right"),
        (Sitter(x=0.25), "framing.step_left"),
        (Sitter(x=0.98), "framing.step_right"),
        (Sitter(x=0.02), "framing.step_left"),
        (Sitter(y=0.75), "framing.higher"),
        (Sitter(y=0.08), "framing.lower"),
        (Sitter(height=0.15), "framing.closer"),
        (Sitter(height=0.028), "framing.closer"),
        (Sitter(height=0.8, y=0.5), "framing.back"),
        (Sitter(others=(0.35,)), "presence.alone"),
        (Sitter(gaze_deg=(14, 0)), "gaze.lens"),
        (Sitter(light=replace(LIT, ratio_stops=3.0)), "light.face_left"),
        (Sitter(light=replace(LIT, ratio_stops=-3.0)), "light.face_right"),
        (Sitter(light=replace(LIT, clipped_frac=0.2)), "light.too_bright"),
        (Sitter(light=DARK), "light.too_dark"),
        (Sitter(cover=replace(SEEN, eyes_visible=0.0)), "cover.eyes"),
        (Sitter(cover=replace(SEEN, face_visible_share=0.3)), "cover.face"),
    ],
)
def test_each_fault_has_its_own_sentence_naming_the_sitters_own_side(sitter, advice):
    assert play((sitter, 1.5)).said()[0] == advice


@pytest.mark.parametrize(
    ("light", "advice"),
    [
        (replace(LIT, azimuth_deg=95.0, key_share=0.9), "light.face_left"),
        (replace(LIT, azimuth_deg=-95.0, key_share=0.9), "light.face_right"),
        (replace(LIT, mixed_stops=-0.9), "light.mixed"),
    ],
)
def test_side_light_and_two_colours_of_light_are_spoken_of(light, advice):
    assert advice in play((Sitter(light=light), 4.0)).said()


@pytest.mark.parametrize(
    "light",
    [
        replace(LIT, azimuth_deg=95.0, key_share=0.6),  # soft: the far side is lit as well
        replace(LIT, azimuth_deg=45.0, key_share=0.95),  # a portrait light
        replace(LIT, mixed_stops=0.3),
        replace(LIT, cast_stops=1.5),  # a warm room is a room
    ],
)
def test_pleasant_light_is_left_alone(light):
    assert not any(key.startswith("light.") for key in play((Sitter(light=light), 2.0)).said())


def test_side_light_and_two_colours_are_spoken_of_but_do_not_keep_the_shutter():
    light = replace(LIT, azimuth_deg=95.0, key_share=0.9, mixed_stops=1.2)
    played = play((smiling(Sitter(light=light)), 6.0))
    assert played.taken


def test_a_nose_toward_image_right_is_a_positive_yaw_reading():
    reading = play((Sitter(yaw_deg=12.1), 0.5)).log[-1].readings["pose.yaw_deg"]
    assert reading.value == pytest.approx(12.1, abs=0.01)
    assert reading.ok is False


@pytest.mark.parametrize(
    "sitter",
    [
        None,
        Sitter(others=(0.38,)),
        Sitter(cover=replace(SEEN, face_visible_share=0.3)),
        Sitter(cover=replace(SEEN, eyes_visible=0.0, face_visible_share=0.3)),
    ],
)
def test_nobody_someone_else_in_front_or_hands_over_the_face_are_never_taken(sitter):
    played = play((sitter, 36.0), fps=8.0, ends=True)
    assert played.taken == []


NO_PORTRAITS = {
    "far": Sitter(height=0.028),
    "cut": Sitter(x=0.0),
    "hidden": Sitter(cover=replace(SEEN, eyes_visible=0.0)),
    "light": Sitter(light=DARK),
    "pose": Sitter(yaw_deg=-22),
    "gaze": Sitter(gaze_deg=(18, 0)),
}
MISREAD = {
    "eyes": Sitter(lid_gap=0.03, blink=0.5, cover=replace(SEEN, lids_open=0.2)),
    "talking": Sitter(lip_gap=0.12, lip_height=0.26),
    "grimace": Sitter(blend={"mouthStretchLeft": 0.8, "mouthStretchRight": 0.8}),
}


@pytest.mark.parametrize("doubt", NO_PORTRAITS)
def test_whoever_does_not_do_what_is_asked_is_taken_after_twenty_seconds_and_the_doubt_is_told(doubt):
    taken = play((NO_PORTRAITS[doubt], 21.0), fps=8.0).taken
    assert [t.by for t in taken] == ["timeout"]
    assert taken[0].t_s == pytest.approx(20.0, abs=0.2)
    assert taken[0].choice.doubts[0] == doubt


@pytest.mark.parametrize("doubt", MISREAD)
def test_a_face_that_may_be_misread_is_taken_after_eight_seconds_and_the_doubt_is_told(doubt):
    taken = play((MISREAD[doubt], 9.0), fps=15.0).taken
    assert [t.by for t in taken] == ["willing"]
    assert taken[0].t_s == pytest.approx(8.0, abs=0.2)
    assert taken[0].choice.doubts[0] == doubt


@pytest.mark.parametrize("doubt", [*NO_PORTRAITS, *MISREAD])
def test_a_profile_may_want_no_doubtful_picture(doubt):
    params = GuidanceParams(times=Times(takes_doubtful=False))
    sitter = {**NO_PORTRAITS, **MISREAD}[doubt]
    assert play((sitter, 24.0), fps=8.0, params=params).taken == []


def test_of_frames_that_all_have_something_against_them_the_least_shut_eyes_are_taken():
    narrow = Sitter(lid_gap=0.03, blink=0.5, cover=replace(SEEN, lids_open=0.2))
    parts = [(narrow, 0.9), (blinking(), 0.4)] * 8
    played = play(*parts, fps=15.0)
    taken = played.taken[0]
    shut = [g.t_s for g in played.log if g.readings["eyes.blink"].value > 0.6]
    assert taken.by == "willing"
    assert min(abs(t - taken.choice.t_s) for t in shut) > 0.05


def test_whoever_comes_next_gets_no_picture_of_the_one_before():
    turned = Sitter(yaw_deg=18)
    played = play((turned, 15.0), (None, 3.0), (turned, 19.0), fps=8.0)
    assert played.taken == []
    assert play((turned, 15.0), (None, 3.0), (turned, 21.0), fps=8.0).taken[0].choice.t_s >= 18.0


def test_a_good_moment_of_less_than_a_second_is_enough():
    away, chatting = smiling(Sitter(yaw_deg=18)), talking(2.0)
    between_turns = play((away, 2.0), (smiling(), 0.8), (away, 2.0))
    between_words = run([*chatting, *[Sitter()] * 24, *chatting])
    for played, first_s in ((between_turns, 2.0), (between_words, 2.0)):
        assert first_s < played.taken[0].choice.t_s < first_s + 0.8
        assert played.taken[0].by == "hold"


def test_what_is_said_within_a_second_is_the_first_thing_in_the_way():
    dark = replace(LIT, crushed_frac=0.4)
    parts = (
        (Sitter(yaw_deg=18, light=dark), 3.0, "light.too_dark"),
        (Sitter(yaw_deg=18), 3.0, "pose.turn_right"),
        (Sitter(gaze_deg=(18, 0)), 3.0, "gaze.lens"),
        (smiling(blinking()), 3.0, "eyes.open"),
        (Sitter(blend={"mouthFunnel": 0.5}), 3.0, "expression.relax"),
        (Sitter(others=(0.38,)), 3.0, "presence.alone"),
    )
    played = play(*((sitter, seconds) for sitter, seconds, _ in parts))
    for number, (_, _, sentence) in enumerate(parts):
        later = {g.advice for g in played.log if 3 * number + 1.0 <= g.t_s < 3 * number + 2.95}
        assert later == {sentence}


def test_nobody_is_met_with_silence_first_and_an_invitation_then():
    log = play((None, 3.0)).log
    assert {g.advice for g in log if g.t_s < 0.55} == {None}
    assert {g.advice for g in log if g.t_s > 1.0} == {"presence.come_in"}
    assert log[-1].advice == "presence.come_in"
    assert log[-1].rejects == ("nobody",)
    assert log[-1].score is None


def test_a_good_sitter_is_taken_by_itself_within_three_seconds_looking_back_before_the_hold():
    played = play((smiling(), 3.0))
    taken = played.taken[0]
    assert taken.by == "hold"
    assert taken.t_s <= 2.2
    assert 0.0 <= taken.choice.t_s <= 2.0
    assert len(taken.choice.alternatives) == 2
    assert "reason.smiling" in taken.choice.reasons


def test_the_smile_that_comes_late_is_waited_for():
    played = play((Sitter(), 3.0), (smiling(), 2.0))
    assert played.taken[0].choice.t_s > 3.0


def test_whoever_cannot_smile_gets_a_portrait_all_the_same():
    played = play((Sitter(), 9.0))
    assert played.taken
    assert played.taken[0].t_s < 7.0
    assert "expression.smile" in played.said()


def test_a_serious_look_asks_for_no_smile():
    played = play((Sitter(), 3.0), target=PoseTarget(expression="serious"))
    assert "expression.smile" not in played.said()
    assert played.taken[0].t_s < 2.5


def test_a_three_quarter_look_wants_the_turn_and_a_frontal_head_is_told_to_turn():
    target = PoseTarget(yaw_deg=25, expression="any")
    assert play((Sitter(), 1.5), target=target).said()[0] == "pose.turn_left"
    assert play((Sitter(yaw_deg=25, gaze_deg=(0, 0)), 3.0), target=target).taken


@pytest.mark.parametrize("wanted_deg", [12, 15, 25, -15])
def test_whoever_does_not_turn_gets_a_portrait_all_the_same(wanted_deg):
    target, times = PoseTarget(yaw_deg=wanted_deg, expression="any"), GuidanceParams().times
    played = play((Sitter(yaw_deg=-0.6), 10.0), target=target)
    assert played.said()[0] == ("pose.turn_left" if wanted_deg > 0 else "pose.turn_right")
    assert played.taken[0].t_s < times.fault_s + times.yield_s + times.hold_s + times.after_s + times.patience_s + 0.5


def test_a_head_turned_away_from_what_a_look_wants_is_no_portrait():
    target = PoseTarget(yaw_deg=15, expression="any")
    assert all("pose" in g.rejects for g in play((Sitter(yaw_deg=-17), 2.0), target=target).log)
    assert all("pose" in g.rejects for g in play((Sitter(yaw_deg=31), 2.0), target=target).log)


@pytest.mark.parametrize("first_s", [0.05, 0.2, 0.4, 0.55])
def test_no_picture_within_a_tenth_of_a_second_of_a_blink(first_s):
    parts = [(blinking(smiling()), 0.15), (smiling(), 0.55)] * 8
    played = play((smiling(), first_s), *parts)
    shut = {g.t_s for g in played.log if "eyes" in g.rejects}
    assert shut
    assert min(abs(t - played.taken[0].choice.t_s) for t in shut) > 0.09


def test_praise_gives_way_to_a_blink_and_goes_on_after_it():
    played = play((smiling(), 0.7), (blinking(smiling()), 0.15), (smiling(), 0.5))
    assert played.said() == ["hold.still", "eyes.open", "hold.still"]
    assert all(not g.blocks for g in played.log if g.advice == "hold.still")


def test_narrow_eyes_wide_open_are_open():
    narrow = Sitter(lid_gap=0.05, blink=0.4, cover=replace(SEEN, lids_open=0.7))
    played = play((smiling(narrow), 4.0))
    assert played.taken


def test_lids_half_down_against_their_own_width_are_not():
    half = Sitter(lid_gap=0.048, blink=0.3)
    played = play((smiling(), 0.5), (smiling(half), 3.0), ends=True)
    assert all(t.choice.t_s < 0.5 for t in played.taken)


def test_talk_is_sat_out_and_the_silence_after_it_taken():
    silent = [Sitter()] * 45
    played = run([*talking(6.0), *silent], ends=True)
    assert played.taken
    assert all(t.choice.t_s > 6.15 for t in played.taken)
    assert "expression.pause" in played.said() or "expression.smile" in played.said()


def test_a_two_second_clip_that_ends_inside_the_window_gives_what_it_has():
    played = play((Sitter(height=0.5), 2.0), fps=25.0, ends=True)
    assert [t.by for t in played.taken] == ["end"]


def test_a_gif_of_twelve_frames_a_second_works():
    played = play((smiling(), 2.5), fps=12.5, ends=True)
    assert played.taken


def test_a_head_that_stays_a_little_tilted_is_asked_for_four_seconds_and_then_taken_as_it_is():
    played = play((smiling(Sitter(roll_deg=8.5)), 12.0), fps=15.0)
    asked = [(start, end) for start, end, key in played.advice if key == "pose.tilt_left"]
    assert sum(end - start for start, end in asked) == pytest.approx(4.0, abs=0.6)
    assert played.taken[0].by == "hold"
    assert played.taken[0].t_s < 8.0


def test_a_turn_beyond_the_limit_is_asked_for_all_the_time():
    played = play((Sitter(yaw_deg=18), 19.0), fps=15.0)
    assert {g.advice for g in played.log if g.t_s > 1.0} == {"pose.turn_right"}


def test_a_glance_aside_does_not_spoil_the_hold():
    played = play((smiling(), 1.0), (smiling(Sitter(gaze_deg=(20, 0))), 0.15), (smiling(), 1.5))
    taken = played.taken[0]
    assert taken.t_s < 2.3
    assert not 0.95 < taken.choice.t_s < 1.2


def test_what_clears_is_praised():
    played = play((Sitter(yaw_deg=13), 2.2), (Sitter(), 2.0))
    assert played.said()[:2] == ["pose.turn_right", "praise.good"]


def test_a_new_sitter_starts_from_the_populations_zero():
    first = play((Sitter(pitch_deg=8), 4.0), (None, 3.0), (Sitter(pitch_deg=8), 0.1))
    before, after = first.log[100], first.log[-1]
    assert before.readings["pose.pitch_deg"].ok is True
    assert after.readings["pose.pitch_deg"].ok is False


def test_dark_skin_before_a_bright_wall_is_not_told_off_for_light_from_behind():
    bright_wall = replace(LIT, backlight_stops=3.9, crushed_frac=0.0)
    played = play((smiling(Sitter(light=bright_wall)), 3.0))
    assert played.taken
    assert "light.behind" not in played.said()


def test_two_people_are_fine_where_the_profile_says_two():
    params = GuidanceParams(people=2)
    played = play((smiling(Sitter(others=(0.38,))), 3.0), params=params)
    assert "presence.alone" not in played.said()


def test_the_same_frames_give_the_same_guidance_twice():
    sitters = [*talking(1.0), *[smiling()] * 40]
    assert run(sitters).log == run(sitters).log
