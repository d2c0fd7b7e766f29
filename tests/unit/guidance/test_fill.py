"""The white border in seconds of light: it helps where it is needed, rests, and goes where it does nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from booth.core.types import Light
from booth.guidance.soft_fill import LEAVE_PER_S, FillLevel, SoftFill

EVEN = Light(clipped_frac=0.0, crushed_frac=0.0, ratio_stops=0.2, frame_level=0.3)


def watched(light_at: Callable[[float, FillLevel], Light | None], seconds: float, fps: float = 30.0) -> list[FillLevel]:
    """Every frame's border; the light may answer to the border as a real face would."""
    state, seen = SoftFill(), []
    for i in range(round(seconds * fps)):
        state = state.step(light_at(i / fps, state.fill), i / fps)
        seen.append(state.fill)
    return seen


def side_lit(reach: float) -> Callable[[float, FillLevel], Light]:
    """A face 1.8 stops brighter on one side; the full border takes `reach` stops off."""
    return lambda t_s, fill: Light(crushed_frac=0.0, ratio_stops=1.8 - reach * fill.level, frame_level=0.3)


def levels(fills: list[FillLevel]) -> list[float]:
    return [fill.level for fill in fills]


def test_even_light_needs_none():
    assert max(levels(watched(lambda t_s, fill: EVEN, 5))) == 0


def test_a_side_lit_face_is_filled_and_the_border_rests_where_it_is_enough():
    seen = levels(watched(side_lit(reach=1.4), 30))
    assert 0.5 < seen[-1] < 0.75
    assert max(seen[600:]) - min(seen[600:]) < 0.02


def test_a_border_that_changes_nothing_is_taken_away_and_stays_away():
    seen = levels(watched(side_lit(reach=0.0), 40))
    assert max(seen) > 0.9
    assert max(seen[300:]) == 0


def test_it_never_flickers_however_the_measure_trembles():
    def trembling(t_s: float, fill: FillLevel) -> Light:
        return Light(crushed_frac=0.0, ratio_stops=1.1 + (0.5 if round(t_s * 30) % 2 else -0.5), frame_level=0.3)

    seen = levels(watched(trembling, 20))
    steps = [b - a for a, b in zip(seen, seen[1:], strict=False)]
    assert max(map(abs, steps)) <= LEAVE_PER_S / 30 + 1e-9
    turns = sum(a * b < 0 for a, b in zip(steps, steps[1:], strict=False))
    assert turns <= 2


def test_it_is_gone_soon_after_the_coaching():
    seen = levels(watched(lambda t_s, fill: side_lit(1.4)(t_s, fill) if t_s < 5 else None, 7))
    assert seen[149] > 0.5
    assert seen[-1] == 0


@pytest.mark.parametrize("skin_alone", [Light(backlight_stops=3.0, crushed_frac=0.0, ratio_stops=0.1, frame_level=0.3)])
def test_dark_skin_before_a_bright_wall_is_not_taken_for_bad_light(skin_alone):
    assert max(levels(watched(lambda t_s, fill: skin_alone, 5))) == 0


def test_a_dim_room_and_a_face_without_detail_are_filled():
    for light in (Light(frame_level=0.012), Light(crushed_frac=0.3, frame_level=0.3)):
        assert watched(lambda t_s, fill, light=light: light, 3)[-1].level > 0.5


def test_a_warm_room_gets_a_warm_white_and_a_shadow_too_cool_a_warmer_one():
    def room(cast: float, mixed: float) -> FillLevel:
        light = Light(crushed_frac=0.0, ratio_stops=1.8, frame_level=0.3, cast_stops=cast, mixed_stops=mixed)
        return watched(lambda t_s, fill: light, 5)[-1]

    plain, warm, cool_shadow = room(0.0, 0.0), room(1.0, 0.0), room(0.0, 0.6)
    assert warm.warm_stops > plain.warm_stops + 0.3
    assert cool_shadow.warm_stops > plain.warm_stops + 0.3
    assert warm.rgb[2] < plain.rgb[2] < 255 == warm.rgb[0]
