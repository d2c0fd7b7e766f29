"""`booth finish --plate`: what is refused before any work is done, and what counts as another recipe."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest

from booth.capture.demo.demo_sitter import DemoSitter
from booth.cli.finish import _batch_config, _empty_place
from booth.config.params import load_params
from booth.core.faults import Fault
from booth.looks.look import load_look
from booth.still.developer import StillAnalyzer
from booth.still.single import BatchConfig

NEUTRAL, EMPTY = 300, 0  # frames of the demo sitter: eyes open before the lens, and nobody there


@pytest.fixture
def recipe() -> BatchConfig:
    params = load_params()
    return _batch_config(params, load_look(params.kiosk.look), None, None, None, None, False)


def test_an_empty_picture_is_opened_before_the_work_begins(recipe: BatchConfig, tmp_path: Path) -> None:
    path = tmp_path / "empty.jpg"
    cv2.imwrite(str(path), np.full((480, 640, 3), 120, np.uint8))
    assert _empty_place(str(path), recipe, None) == path
    path.write_text("no picture")
    with pytest.raises(Fault) as raised:
        _empty_place(str(path), recipe, None)
    assert raised.value.code.startswith("picture.") and raised.value.exit_code == 2


def test_a_missing_empty_picture_and_a_cluster_are_refused(recipe: BatchConfig, tmp_path: Path) -> None:
    with pytest.raises(Fault) as raised:
        _empty_place(str(tmp_path / "none.jpg"), recipe, None)
    assert raised.value.code == "file.missing"
    with pytest.raises(Fault) as raised:
        _empty_place(str(tmp_path), recipe, "tcp://host:8786")
    assert raised.value.code == "plate.cluster"


def test_a_portrait_made_with_another_empty_picture_is_made_again(recipe: BatchConfig) -> None:
    one, two = (msgspec.structs.replace(recipe, plate_digest=digest) for digest in ("", "a"))
    assert one.digest != two.digest


@pytest.mark.model
def test_a_remembered_place_of_another_size_or_place_is_no_help_and_no_fault() -> None:
    demo = DemoSitter(size=(640, 360))
    rgb = demo.frame(NEUTRAL)
    patches = np.random.default_rng(2).integers(30, 230, (9, 16, 3), np.uint8)
    other = cv2.resize(patches, (640, 360), interpolation=cv2.INTER_NEAREST)
    with closing(StillAnalyzer()) as eyes:
        face = eyes.find_faces(rgb)[0]
        without = eyes.matte(rgb, face)
        for plate in (np.full((720, 1280, 3), 90, np.uint8), other):
            eyes.know(plate)
            matte = eyes.matte(rgb, face)
            assert not matte.knew_room and np.array_equal(matte.alpha, without.alpha)
        eyes.know(demo.frame(EMPTY))
        assert eyes.matte(rgb, face).knew_room
