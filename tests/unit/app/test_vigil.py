"""What the loop watches beside the guest, in seconds of its own turns; and the watchdog beside the loop."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path

import pytest

from booth.app.fault_state import SHOWN_S, FaultState
from booth.app.health_monitor import GAP_S, STUCK_S, HealthMonitor, Machine
from booth.app.watchdog import STUCK_S as LOOP_STUCK_S
from booth.app.watchdog import Watchdog
from booth.core.fault_table import fault
from booth.core.faults import Fault
from booth.session.state_machine import State


@dataclass
class Part:
    trouble: Fault | None = None
    busy_since_s: float | None = None
    has_looked: bool = True


class Place:
    """A machine whose disk and sleep are told."""

    def __init__(self) -> None:
        self.free, self.suspended_s, self.n_rooms = 50_000_000_000, 0.0, 0

    @property
    def machine(self) -> Machine:
        return Machine(lambda: self.free, lambda: self.suspended_s, 2_000_000_000, self._make_room)

    def _make_room(self) -> None:
        self.n_rooms += 1


def _run(health_monitor: HealthMonitor, start_s: float, seconds: float) -> list[Fault | None]:
    return [health_monitor.step(start_s + n / 30) for n in range(round(seconds * 30))]


def test_a_booth_in_order_is_left_alone() -> None:
    place = Place()
    health_monitor = HealthMonitor(Part(), Part(), place.machine)
    assert _run(health_monitor, 0, 60) == [None] * 1800
    assert not health_monitor.notes
    assert place.n_rooms == 0


def test_a_slow_camera_is_a_note_and_a_lost_one_a_pause() -> None:
    camera = Part(fault("camera.slow", name="camera 0", rate=5))
    health_monitor = HealthMonitor(camera, Part(), Place().machine)
    assert health_monitor.step(0) is None
    assert "camera.slow" in health_monitor.notes
    camera.trouble = fault("camera.lost", name="camera 0")
    assert health_monitor.step(0.1) is camera.trouble
    assert not health_monitor.notes


def test_sight_that_does_not_answer_ends_the_program_but_the_first_look_may_take_long() -> None:
    looking = Part(busy_since_s=0.0, has_looked=False)
    health_monitor = HealthMonitor(Part(), looking, Place().machine)
    assert _run(health_monitor, 0, STUCK_S + 5)[-1] is None
    looking.has_looked = True
    told = health_monitor.step(STUCK_S + 5.1)
    assert told is not None
    assert told.code == "perception.stuck"
    assert told.exit_code == 1


def test_a_disk_that_fills_is_told_and_room_is_made() -> None:
    place = Place()
    health_monitor = HealthMonitor(Part(), Part(), place.machine)
    health_monitor.step(0)
    place.free = 900_000_000
    _run(health_monitor, 1, 12)
    assert "0.9 GB" in health_monitor.notes["disk.low"].message
    assert place.n_rooms == 1
    place.free = 9_000_000_000
    _run(health_monitor, 13, 12)
    assert not health_monitor.notes


def test_sleep_is_noticed_whether_the_clock_ran_meanwhile_or_not() -> None:
    place = Place()
    health_monitor = HealthMonitor(Part(), Part(), place.machine)
    health_monitor.step(0)
    place.suspended_s = 3600.0
    health_monitor.step(0.03)
    assert health_monitor.has_slept
    health_monitor.step(0.06)
    assert not health_monitor.has_slept
    health_monitor.step(0.06 + GAP_S + 1)
    assert health_monitor.has_slept


def test_a_folder_that_is_gone_is_no_reason_to_stop() -> None:
    def gone() -> int:
        raise FileNotFoundError

    health_monitor = HealthMonitor(Part(), Part(), Machine(gone, lambda: 0.0, 1))
    assert health_monitor.step(0) is None


@pytest.fixture
def standing() -> FaultState:
    return FaultState(HealthMonitor(Part(), Part(), Place().machine), Watchdog(notify=lambda text: None))


def test_a_camera_s_trouble_does_not_disturb_a_guest_who_looks_at_the_portrait(standing: FaultState) -> None:
    lost = fault("camera.lost", name="camera 0")
    assert not standing.handle_fault(lost, State.REVIEW, 0)
    assert standing.handle_fault(lost, State.COACH, 0)
    assert standing.handle_fault(fault("deliver.disk"), State.REVIEW, 0)


def test_a_fault_stays_long_enough_to_be_read_and_no_longer_than_it_lasts(standing: FaultState) -> None:
    standing.handle_fault(fault("camera.lost", name="camera 0"), State.COACH, 10.0)
    assert not standing.may_recover(10.0 + SHOWN_S - 0.1)
    assert standing.may_recover(10.0 + SHOWN_S)


def test_what_stops_the_booth_is_handed_on_and_the_end_of_a_source_is_none(standing: FaultState) -> None:
    standing.handle_fault(fault("source.ended"), State.COACH, 0)
    assert standing.has_ended
    assert standing.failed is None
    standing.handle_fault(fault("perception.broken"), State.COACH, 0)
    assert standing.failed is not None


def test_the_service_manager_hears_that_the_booth_lives_until_it_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    address = Path("notify")  # from here: a socket's path may have 107 bytes, and a temporary folder's may have more
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(address))
        ear.settimeout(2)
        monkeypatch.setenv("NOTIFY_SOCKET", str(address))
        now, ended = [100.0], []
        watchdog = Watchdog(give_up=lambda: ended.append(now[0]), now_s=lambda: now[0])
        assert watchdog.check(), "before the first turn nothing is expected"
        watchdog.beat()
        assert watchdog.check()
        assert [ear.recv(100) for _ in range(3)] == [b"READY=1", b"STATUS=open", b"WATCHDOG=1"]
        watchdog.beat("camera.lost")
        assert ear.recv(100) == b"STATUS=camera.lost"
        now[0] += LOOP_STUCK_S - 1
        assert watchdog.check()
        now[0] += 2
        assert not watchdog.check()
        assert ended
        ear.settimeout(0.05)
        with pytest.raises(TimeoutError):
            ear.recv(100)
        watchdog.close()


def test_a_camera_that_stands_over_head_is_told_once(caplog) -> None:
    from types import SimpleNamespace

    from booth.app.health_monitor import HealthMonitor, Machine

    looking = SimpleNamespace(trouble=None, busy_since_s=None, has_looked=True, mounted_deg=None)
    machine = Machine(lambda: 10**12, lambda: 0.0, 1)
    health_monitor = HealthMonitor(SimpleNamespace(trouble=None), looking, machine)  # type: ignore[arg-type]
    assert health_monitor.step(0.0) is None and "camera.turned" not in health_monitor.notes
    looking.mounted_deg = 180
    caplog.clear()
    for now_s in (0.1, 0.2, 0.3):
        assert health_monitor.step(now_s) is None
    assert "180" in health_monitor.notes["camera.turned"].hint
    assert sum("camera.turned" in line for line in caplog.messages) == 1
