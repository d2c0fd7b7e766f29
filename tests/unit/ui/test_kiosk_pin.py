"""The operator's PIN: no default, kept as a digest, guessing gets slow."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from booth.app.operator.pin import MAX_WAIT_S, PinPad, wait_after
from booth.core.faults import Fault


def typed(pad: PinPad, pin: str, now_s: float) -> bool:
    for digit in pin:
        pad.press(digit, now_s)
    return pad.is_unlocked


def test_the_first_visit_chooses_the_pin(tmp_path: Path) -> None:
    file = tmp_path / "booth" / "pin.json"
    pad = PinPad(file)
    assert pad.facts(0).wants_new_pin
    assert not typed(pad, "271828", 0) and pad.facts(0).is_again and not file.exists(), "once is not enough"
    assert typed(pad, "271828", 0)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "271828" not in file.read_text()
    assert not typed(PinPad(file), "314159", 0)
    assert typed(PinPad(file), "271828", 0)


def test_rows_are_shown_only_behind_the_pin(tmp_path: Path) -> None:
    pad = PinPad(tmp_path / "pin.json")
    rows = (("Portraits today", "12"),)
    assert pad.facts(0, rows).rows == ()
    typed(pad, "271828" * 2, 0)
    assert pad.facts(0, rows).rows == rows
    pad.lock()
    assert pad.facts(0, rows).rows == ()


def test_wrong_pins_wait_longer_and_longer(tmp_path: Path) -> None:
    file = tmp_path / "pin.json"
    typed(PinPad(file), "271828" * 2, 0)
    pad, now_s, waits = PinPad(file), 0.0, []
    for _ in range(5):
        typed(pad, "000000", now_s)
        waits.append(pad.facts(now_s).wait_s)
        now_s += waits[-1]
    assert waits == [0, 0, 2, 4, 8]
    typed(pad, "000000", now_s)
    assert not typed(pad, "271828", now_s + 1), "even the right PIN waits"
    assert typed(pad, "271828", now_s + 20)


def test_no_wait_is_longer_than_five_minutes() -> None:
    assert wait_after(50) == MAX_WAIT_S


def test_a_slip_can_be_erased(tmp_path: Path) -> None:
    pad = PinPad(tmp_path / "pin.json")
    typed(pad, "27", 0)
    pad.press("erase", 0)
    assert pad.facts(0).digits == 1
    pad.press("enter", 0)
    assert pad.facts(0).digits == 1


def test_a_damaged_file_is_a_fault_and_no_open_door(tmp_path: Path) -> None:
    file = tmp_path / "pin.json"
    file.write_text("{}")
    with pytest.raises(Fault) as met:
        typed(PinPad(file), "271828", 0)
    assert met.value.code == "pin.broken"


def test_a_weak_pin_is_refused_at_the_first_time_and_two_that_differ_are_none(tmp_path: Path) -> None:
    pad = PinPad(tmp_path / "pin.json")
    for weak in ("123456", "000000", "121212", "654321"):
        with pytest.raises(Fault) as met:
            typed(pad, weak, 0)
        assert met.value.code == "pin.weak" and not pad.facts(0).is_again
    typed(pad, "271828", 0)
    with pytest.raises(Fault) as met:
        typed(pad, "271829", 0)
    assert met.value.code == "pin.differs" and pad.wants_new_pin and not pad.facts(0).is_again
    typed(pad, "271828", 0)
    pad.lock()
    assert not pad.facts(0).is_again, "whoever comes next begins anew"
    assert typed(pad, "314159" * 2, 0) and not pad.wants_new_pin
