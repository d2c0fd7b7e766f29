"""A window that nobody sees."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from booth.config.params.kiosk import ScreenParams
from booth.ui.window import Window


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    """A 1280 x 720 window on SDL's own unseen screen, without sound."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with Window(ScreenParams(sound=False), (1280, 720)) as opened:
        opened.poll()
        yield opened
