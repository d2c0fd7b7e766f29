"""How often the mirror's light is worked out anew: rarely for a head at rest, at once for one that moves."""

from __future__ import annotations

import numpy as np
import pytest

from booth.looks.canvas import Canvas
from booth.looks.look import load_look
from booth.looks.renderer import LookRenderer
from booth.looks.sitter_light import LIGHT_RESTS
from tests.unit.light.sitters import a_face

FRAMES = 24
SIZE_PX = (640, 360)


def renewals(yaws_deg: list[float], light_every: int, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the frames in which the light was worked out, for a head that turns so."""
    mirror, seen = LookRenderer(load_look("studio-grey")), []
    mirror.light_every = light_every
    monkeypatch.setattr(mirror._light.relighter, "field", lambda *_, seq, **__: seen.append(seq) or FIELD)
    monkeypatch.setattr("booth.looks.renderer.apply", lambda field, rgb, alpha, out=None: rgb)
    monkeypatch.setattr("booth.looks.sitter_light.replace", lambda field, **_: field)
    rgb, alpha = np.full((*SIZE_PX[::-1], 3), 120, np.uint8), np.full(SIZE_PX[::-1], 255, np.uint8)
    for seq, yaw_deg in enumerate(yaws_deg):
        mirror.light(Canvas(rgb, alpha, a_face(yaw_deg), seq), seq / 30)
    return seen


class FIELD:
    """Stands for a light field."""

    class roi:  # noqa: N801 - named as the field's own
        """Its place."""

        x0 = y0 = x1 = y1 = 0.0


@pytest.mark.parametrize("light_every", [2, 3])
def test_a_head_at_rest_keeps_its_light_longer(light_every: int, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = list(range(0, FRAMES, LIGHT_RESTS * light_every))
    assert renewals([0.4 * (seq % 2) for seq in range(FRAMES)], light_every, monkeypatch) == expected


def test_a_head_that_turns_by_thirty_degrees_a_second_has_new_light_every_other_frame(monkeypatch) -> None:
    assert renewals([float(seq) for seq in range(FRAMES)], 2, monkeypatch) == list(range(0, FRAMES, 2))


def test_without_carrying_every_frame_has_its_own_light(monkeypatch: pytest.MonkeyPatch) -> None:
    assert renewals([0.0] * 6, 1, monkeypatch) == list(range(6))


def test_no_pixel_of_the_last_sitter_stays_after_a_reset() -> None:
    mirror = LookRenderer(load_look("studio-grey"))
    rgb, alpha = np.full((*SIZE_PX[::-1], 3), 120, np.uint8), np.full(SIZE_PX[::-1], 255, np.uint8)
    mirror.develop(Canvas(rgb, alpha, a_face(), 0))
    mirror.reset()
    held = [value for value in vars(mirror).values() if isinstance(value, np.ndarray) and value.shape == rgb.shape]
    assert held == []
