"""A photograph on its side or upside down becomes the same portrait as the upright one, and says so."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from booth.config.params.finish import FinishParams
from booth.core.turning import turned
from booth.looks.backdrop.backdrop_spec import Paper
from booth.looks.look import Look
from booth.still.single import BatchConfig, finish_bytes
from tests.unit.still.finish_fakes import SMALL, a_lab, as_u8, painted_face

LOOK = Look(name="paper", title="Paper", purpose="A test.", backdrop=Paper())


@pytest.mark.parametrize("turn_deg", [90, 180, 270])
def test_a_turned_photograph_gives_the_upright_portrait(turn_deg: int) -> None:
    lab, alpha, face = painted_face("medium", SMALL, 240)
    upright = as_u8(lab)

    def finished(rgb: np.ndarray, turn: int):  # type: ignore[no-untyped-def]
        raw = io.BytesIO()
        Image.fromarray(np.ascontiguousarray(rgb)).save(raw, "PNG")
        eyes = replace(a_lab(face, alpha), upright=lambda rgb: turn)
        return finish_bytes(raw.getvalue(), "a.png", BatchConfig(LOOK, FinishParams(), with_matte=True), eyes)

    def pixels(png: bytes) -> np.ndarray:
        return np.asarray(Image.open(io.BytesIO(png)))

    plain, other = finished(upright, 0), finished(turned(upright, -turn_deg % 360), turn_deg)
    assert np.array_equal(pixels(plain.content), pixels(other.content))
    assert any("turned" in note for note in other.record.notes)
    assert not any("turned" in note for note in plain.record.notes)
    assert plain.matte_png is not None and other.matte_png is not None
    assert np.array_equal(turned(pixels(other.matte_png), turn_deg), pixels(plain.matte_png))  # it lies as the input
