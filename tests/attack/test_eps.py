"""A PostScript file under a picture's name starts no interpreter."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import EpsImagePlugin

from booth.capture.photo.reader import open_picture
from booth.core.faults import Fault

EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n%%EndComments\n{} loop\nshowpage\n%%EOF\n"


def test_eps_under_another_name_is_refused_without_ghostscript(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def started(*_: object, **__: object) -> None:
        pytest.fail("Ghostscript was started")

    monkeypatch.setattr(EpsImagePlugin, "Ghostscript", started)
    (tmp_path / "portrait.jpg").write_bytes(EPS)
    with pytest.raises(Fault):
        open_picture(tmp_path / "portrait.jpg")
