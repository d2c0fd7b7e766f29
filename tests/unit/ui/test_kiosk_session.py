"""A session: private while it lasts, gone when it ends."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from booth.core.faults import Fault
from booth.core.types import Shot
from booth.session.session import ConsentRecord, Session, sweep
from tests.kiosk_views import an_analysis


def a_yes() -> ConsentRecord:
    return ConsentRecord("2026-01-01T12:00:00+00:00", "en", "1", True, "Only what is kept.", "delete")


def a_shot() -> Shot:
    return Shot(an_analysis(), 0.9, "studio-grey", ("reason.level",))


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_folder_is_private_and_gone_after_the_visit(tmp_path: Path) -> None:
    root = tmp_path / "sessions"
    with Session.open(a_yes(), root) as session:
        folder = session.folder
        (folder / "portrait.jpg").write_bytes(b"pixels")
        session.keep(a_shot())
        assert (mode_of(root), mode_of(folder)) == (0o700, 0o700)
        assert len(session.shots) == 1
    assert not folder.exists()
    assert session.shots == ()
    assert not session.is_open


def test_a_crash_inside_the_visit_wipes_too(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), Session.open(a_yes(), tmp_path) as session:
        session.keep(a_shot())
        raise RuntimeError("camera on fire")
    assert list(tmp_path.iterdir()) == []


def test_nothing_can_be_kept_after_the_wipe(tmp_path: Path) -> None:
    session = Session.open(a_yes(), tmp_path)
    session.wipe()
    session.wipe()
    with pytest.raises(ValueError, match="over"):
        session.keep(a_shot())
    with pytest.raises(ValueError, match="over"):
        _ = session.folder


def test_a_deleted_shot_leaves_the_others(tmp_path: Path) -> None:
    with Session.open(a_yes(), tmp_path) as session:
        first, second = a_shot(), a_shot()
        assert [session.keep(first), session.keep(second)] == [0, 1]
        session.drop(0)
        assert session.shots == (second,)


def test_only_the_newest_shot_keeps_the_frames_round_it(tmp_path: Path) -> None:
    shot = replace(a_shot(), alternatives=(an_analysis(),), bursts=(None, None))
    with Session.open(a_yes(), tmp_path) as session:
        session.keep(shot)
        session.keep(shot)
        earlier, newest = session.shots
        assert (earlier.alternatives, earlier.bursts) == ((), ())
        assert newest == shot


def test_what_a_power_cut_left_is_swept_at_the_next_start(tmp_path: Path) -> None:
    left = Session.open(a_yes(), tmp_path)
    (left.folder / "frame.png").write_bytes(b"pixels")
    (tmp_path / "unrelated").mkdir()
    assert sweep(tmp_path) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["unrelated"]
    assert sweep(tmp_path / "absent") == 0


def test_a_place_that_cannot_be_written_is_a_fault_with_a_hint(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    with pytest.raises(Fault) as met:
        Session.open(a_yes(), file / "sessions")
    assert met.value.code == "session.folder"
    assert met.value.hint


def test_the_record_names_nobody() -> None:
    record = a_yes().as_json()
    assert set(record) == {"given_at", "locale", "text_version", "measure", "retention", "on_timeout", "id"}
    assert a_yes().id != a_yes().id
