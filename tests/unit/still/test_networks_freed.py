"""The networks of a still's matte hold 85 MB: the booth's developer has them only while a matte is made."""

from __future__ import annotations

from contextlib import closing

import numpy as np
import pytest

from booth.capture.demo.demo_sitter import DemoSitter
from booth.perception.still_matte import StillSegmenters
from booth.still.developer import StillAnalyzer


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """One entry for each time that networks were freed."""
    done: list[bool] = []
    close = StillSegmenters.close

    def noted(self: StillSegmenters) -> None:
        done.append(True)
        close(self)

    monkeypatch.setattr(StillSegmenters, "close", noted)
    return done


@pytest.mark.parametrize("frees", [True, False])
def test_networks_are_freed_after_each_matte_and_the_matte_is_the_same(frees: bool, closed: list[bool]) -> None:
    rgb = DemoSitter().frame(318)
    with closing(StillAnalyzer(frees_networks=frees)) as eyes:
        face = eyes.find_faces(rgb)[0]
        first, second = (eyes.matte(rgb, face).alpha for _ in range(2))
        assert len(closed) == (2 if frees else 0)
    assert np.array_equal(first, second)
    assert len(closed) == (2 if frees else 1)
