"""Faults happen to a running booth: a few of what `make faults` injects, quickly."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rig.camera import LoopbackCamera
from tests.rig.driven import Driven, params_of
from tests.rig.injection import Injected, of_stream

pytestmark = [pytest.mark.slow, pytest.mark.model]


def test_a_frozen_and_a_lost_camera_keep_the_guests_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    with LoopbackCamera() as camera:
        frozen, *_, lost, _ = of_stream(camera)
        answers = Injected(Driven(params_of(camera.address, tmp_path / "portraits")), [frozen, lost]).run()
    assert [a.code for a in answers] == ["camera.frozen", "stream.lost"]
    # Within two seconds is what `make faults` holds, on a machine that does nothing else meanwhile.
    assert all(a.noticed_s is not None and a.back_s is not None and a.kept for a in answers), answers
