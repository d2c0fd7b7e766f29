"""The operator's profile: comments stay, a wrong value is never written, a file is whole or as it was."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from booth.app.operator.profile_file import ProfileFile, operator_profile, profile_to_run
from booth.config.params import load_params
from booth.core.faults import Fault

WRITTEN = """# The booth in the hall
name = "hall" # told in the log

[kiosk] # life of a session
retakes = 3 # three is enough
look = "navy"

[guidance.bands]
too_small = { enter = 0.17, leave = 0.15 } # standing
"""


@pytest.fixture
def hall(tmp_path: Path) -> ProfileFile:
    (tmp_path / "hall.toml").write_text(WRITTEN, encoding="utf-8")
    return ProfileFile(tmp_path / "hall.toml")


def test_comments_and_order_stay(hall: ProfileFile) -> None:
    params = hall.change({"kiosk.retakes": 5, "screen.locale": "de", "kiosk.looks_off": ("navy", "stage")})
    text = hall.file.read_text(encoding="utf-8")
    assert (params.kiosk.retakes, params.screen.locale) == (5, "de")
    assert load_params(hall.file) == params
    assert "retakes = 5 # three is enough" in text
    assert [line for line in WRITTEN.splitlines() if line not in text.splitlines()] == ["retakes = 3 # three is enough"]


@pytest.mark.parametrize(
    "values", [{"kiosk.retakes": 99}, {"screen.locale": "xx"}, {"extends": "nowhere"}, {"screen.colour": "red"}]
)
def test_what_would_break_it_is_not_written(hall: ProfileFile, values: dict[str, object]) -> None:
    with pytest.raises(Fault) as met:
        hall.change({"kiosk.look": "stage", **values})
    assert met.value.code.startswith("profile.")
    assert hall.file.read_text(encoding="utf-8") == WRITTEN
    assert [path.name for path in hall.file.parent.iterdir()] == ["hall.toml"]


def test_another_place_comes_before_all_tables(hall: ProfileFile) -> None:
    assert hall.change({"extends": "office"}).guidance.bands.roll_deg.enter == 4
    assert hall.base() == "office"
    assert hall.change({"extends": "home"}).guidance.eye_line == 0.45


def test_a_profile_broken_by_hand_is_left_alone(hall: ProfileFile) -> None:
    hall.file.write_text("retakes = = 3", encoding="utf-8")
    with pytest.raises(Fault) as met:
        hall.change({"kiosk.retakes": 5})
    assert met.value.code == "profile.broken"
    assert hall.file.read_text(encoding="utf-8") == "retakes = = 3"


def test_a_full_disk_keeps_the_old_profile(hall: ProfileFile, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(Fault) as met:
        hall.change({"kiosk.retakes": 5})
    assert met.value.code == "profile.unwritable"
    assert hall.file.read_text(encoding="utf-8") == WRITTEN
    assert len(list(hall.file.parent.iterdir())) == 1


def test_a_packaged_profile_is_never_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    packaged = load_params("office")
    assert profile_to_run(None) is None
    file = ProfileFile.of("office")
    params = file.change({"kiosk.retakes": 1})
    assert params.guidance == packaged.guidance
    assert load_params("office") == packaged
    assert file.file == operator_profile() == profile_to_run(None)
    assert stat.S_IMODE(file.file.stat().st_mode) == 0o600
    assert profile_to_run("event") == "event", "a profile that is named is the one that runs"
