"""A window fits its desktop: 1280 x 720 on 1280 x 720 is whole, and a smaller one keeps its frame."""

from __future__ import annotations

import pytest

from booth.ui.window_size import fitted


@pytest.mark.parametrize(
    ("wanted", "desktop", "size", "is_bare"),
    [
        ((1280, 720), (1280, 720), (1280, 720), True),
        ((1280, 720), (1366, 768), (1280, 720), True),
        ((1280, 720), (1920, 1080), (1280, 720), False),
        ((1280, 720), (1024, 600), (1024, 600), True),
        ((800, 480), (1024, 600), (800, 480), False),
    ],
)
def test_the_window_fits_its_desktop(
    wanted: tuple[int, int], desktop: tuple[int, int], size: tuple[int, int], is_bare: bool
) -> None:
    assert fitted(wanted, desktop) == (size, is_bare)
