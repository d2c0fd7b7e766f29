"""The wheel carries its assets: installed into a clean environment, the booth works from another folder."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


def test_an_installed_wheel_runs_from_another_folder(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path / "dist"), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, timeout=240)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "clean")], check=True, timeout=240)
    python = tmp_path / "clean" / "bin" / "python"
    site = Path(
        subprocess.run(
            [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            check=True, capture_output=True, text=True,
        ).stdout.strip()
    )  # fmt: skip
    # The dependencies are lent from here; the booth itself is not, since a path file does not read path files.
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    install = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, timeout=240)
    where = "import booth, booth.core.assets; print(booth.__file__); print(booth.core.assets.ROOT)"
    told = subprocess.run([python, "-c", where], check=True, capture_output=True, text=True, cwd=tmp_path).stdout
    assert all(line.startswith(str(site)) for line in told.split())
    looks = subprocess.run(
        [tmp_path / "clean" / "bin" / "booth", "looks"], check=True, capture_output=True, text=True, cwd=tmp_path
    )
    assert "studio-grey" in looks.stdout
    play = [tmp_path / "clean" / "bin" / "booth", "replay", "demo", "--max-seconds", "1", "--json", "-"]
    played = subprocess.run(play, capture_output=True, text=True, cwd=tmp_path, check=False, timeout=240)
    assert played.returncode == 0, played.stderr
    assert '"source": "demo"' in played.stdout
