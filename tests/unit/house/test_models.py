"""Models that are missing or altered are told by name before anything is shown."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from booth.core import assets
from booth.core.faults import Fault
from booth.core.models import check_models, models


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(assets.asset("models"), tmp_path / "models")
    monkeypatch.setattr(assets, "ROOT", tmp_path)
    return tmp_path / "models"


def test_the_delivered_models_are_intact(copied: Path) -> None:
    assert len(models()) == 4
    check_models()


def test_one_altered_byte_is_told(copied: Path) -> None:
    path = copied / "selfie_segmenter.tflite"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(Fault) as caught:
        check_models()
    assert caught.value.code == "model.altered"
    assert "selfie_segmenter" in caught.value.message
    assert caught.value.exit_code == 1


def test_a_missing_model_is_told(copied: Path) -> None:
    (copied / "face_landmarker.task").unlink()
    with pytest.raises(Fault) as caught:
        check_models()
    assert caught.value.code == "model.missing"


def test_the_body_model_is_checked_when_it_is_used_and_not_before(copied: Path) -> None:
    (copied / "pose_landmarker_full.task").unlink()
    check_models()
    with pytest.raises(Fault) as caught:
        check_models(frozenset({"pose_landmarker_full.task"}))
    assert caught.value.code == "model.missing"
