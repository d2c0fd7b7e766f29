"""A command starts with what it needs: each is found by its name, and a still waits for no screen and no server."""

from __future__ import annotations

import subprocess
import sys

from booth.cli import COMMANDS, command

NOT_FOR_A_STILL = (
    "booth.app.engine",
    "booth.app.health",
    "booth.session.view",
    "uvicorn",
    "dask",
    "scipy.optimize",
    "sqlite3",
)


def test_every_command_is_found_by_its_name() -> None:
    for name in COMMANDS:
        assert command(name).__doc__


def test_a_still_waits_for_no_screen_and_no_server() -> None:
    words = "import sys; from booth.cli import command; command('finish'); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True).stdout.split()
    assert "booth.still.developer" in loaded
    assert [name for name in NOT_FOR_A_STILL if name in loaded] == []
