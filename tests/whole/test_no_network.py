"""No process of the booth opens a socket beyond this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.whole.conftest import BOOTH

pytestmark = pytest.mark.slow
PLAY = ["replay", "demo", "--max-seconds", "3"]


def test_a_run_opens_no_socket_beyond_loopback(tmp_path: Path) -> None:
    environment = {**os.environ, "HOME": str(tmp_path)}
    if shutil.which("strace") is None:
        if shutil.which("unshare") is None or os.geteuid() != 0:
            pytest.skip("needs strace, or a network namespace")
        done = subprocess.run(["unshare", "--net", *BOOTH, *PLAY], env=environment, check=False, timeout=240)
        assert done.returncode == 0, "the booth runs in a machine without any network"
        return
    log = tmp_path / "calls.txt"
    command = ["strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmsg,bind", "-o", str(log), *BOOTH, *PLAY]
    done = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr[-2000:]
    calls = [line for line in log.read_text(errors="replace").splitlines() if "AF_INET" in line]
    beyond = [line for line in calls if '"127.' not in line and '"::1"' not in line]
    assert not beyond, beyond[:5]


def test_the_guard_would_notice_a_call_home(tmp_path: Path) -> None:
    if shutil.which("strace") is None:
        pytest.skip("needs strace")
    log = tmp_path / "calls.txt"
    talker = "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.connect(('192.0.2.1', 9))"
    command = ["strace", "-f", "-qq", "-e", "trace=connect", "-o", str(log), *BOOTH[:1], "-c", talker]
    subprocess.run(command, check=False, timeout=60, capture_output=True)
    assert any("AF_INET" in line and '"127.' not in line for line in log.read_text().splitlines())
