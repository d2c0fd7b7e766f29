"""Four looks and four lights on the demo sitter against their kept pictures: what a portrait looks like."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from booth.capture.demo.demo_sitter import DemoSitter
from booth.capture.frames import frame_of
from booth.config.params import load_params
from booth.core.types import FrameAnalysis
from booth.looks.canvas import Canvas
from booth.looks.look import load_look
from booth.looks.preview import canvas_of
from booth.looks.renderer import LookRenderer
from booth.perception.frame_analyzer import FrameAnalyzer
from tests.rig.golden import Limits, is_as_kept

KEPT = Path(__file__).parent / "faces"
LIMITS = Limits(mean=1.0, most=16.0, smooth_px=5, quality=92)
SETTLE_FRAMES = 8  # the matte is steady by then
LOOKS = ("your-room", "studio-grey", "silver", "keynote", "high-key")
LIGHTS = ("loop", "rembrandt", "split", "clamshell")
pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def analysis() -> FrameAnalysis:
    """The demo sitter at rest."""
    params = load_params()
    rgb = DemoSitter(size=(640, 360)).frame(318)
    with FrameAnalyzer(params) as analyzer:
        return [analyzer.analyze(frame_of(rgb.copy(), n, n / 30, params.capture)) for n in range(SETTLE_FRAMES)][-1]


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize("name", LOOKS)
def test_a_face_under_a_look_and_a_light_is_as_it_was_accepted(analysis: FrameAnalysis, name: str, light: str) -> None:
    seen = canvas_of(analysis)
    assert seen.alpha is not None and seen.face is not None
    still = Canvas(seen.rgb.astype(np.float32) / 255, seen.alpha.astype(np.float32) / 255, seen.face)
    developed = LookRenderer(load_look(name).with_light(light), still=True).develop(still)
    actual = (np.clip(developed, 0, 1) * 255 + 0.5).astype(np.uint8)[:, 160:480]
    assert is_as_kept(KEPT / f"{name}-{light}.webp", actual, LIMITS)
