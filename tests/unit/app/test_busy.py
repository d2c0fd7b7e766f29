"""The bench's own load: it runs while it is asked for and is gone afterwards."""

from __future__ import annotations

from booth.diagnostics.busy import BusyMachine


def test_the_load_runs_while_it_is_entered_and_ends_with_it():
    with BusyMachine(2) as machine:
        processes = list(machine.processes)
        assert len(processes) == 2
        assert all(process.poll() is None for process in processes)
    assert all(process.returncode is not None for process in processes)


def test_no_load_starts_no_process():
    with BusyMachine(0) as machine:
        assert machine.processes == []
