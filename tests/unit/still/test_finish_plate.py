"""`booth finish --plate`: what is refused before any work is done, and what counts as another recipe."""

from __future__ import annotations

from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest

from booth.cli.finish import _batch_config, _empty_place
from booth.config.params import load_params
from booth.core.faults import Fault
from booth.looks.look import load_look
from booth.still.single import BatchConfig


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
