"""The wheel carries its assets: installed into a clean environment, the booth works from another folder."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


@pytest.mark.long
def test_an_installed_wheel_runs_from_another_folder(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path / "dist"), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, timeout=240)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "clean")], check=True, timeout=240)
    python = tmp_path / "clean" / "bin" / "python"
    site = Path(
        subprocess.run(
            [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            check=True, capture_output=True, text=True,
        ).stdout.strip()
    )  # fmt: skip
    # The dependencies are lent from here; the booth itself is not, since a path file does not read path files.
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip = [sys.executable, "-m", "pip", "--python", str(python)]
    install = [*pip, "install", "--quiet", "--no-deps", "--no-index", "--no-compile", str(wheel)]
    subprocess.run(install, check=True, timeout=240)
    where = "import booth, booth.core.assets; print(booth.__file__); print(booth.core.assets.ROOT)"
    told = subprocess.run([python, "-c", where], check=True, capture_output=True, text=True, cwd=tmp_path).stdout
    assert all(line.startswith(str(site)) for line in told.split())
    looks = subprocess.run(
        [tmp_path / "clean" / "bin" / "booth", "looks"], check=True, capture_output=True, text=True, cwd=tmp_path
    )
    assert "studio-grey" in looks.stdout
    carried = {path.relative_to(site / "booth" / "assets") for path in (site / "booth" / "assets").rglob("*")}
    assert carried == {path.relative_to(ROOT / "assets") for path in (ROOT / "assets").rglob("*")}
    # Judging a photograph loads every model; a replay would compile this copy's loops first, for a minute.
    portrait = site / "booth" / "assets" / "portraits" / "eileen_collins.png"
    judge = [tmp_path / "clean" / "bin" / "booth", "check", str(portrait), "--json", "-"]
    judged = subprocess.run(judge, capture_output=True, text=True, cwd=tmp_path, check=False, timeout=240)
    assert judged.returncode in (0, 1), judged.stderr
    assert 'eileen_collins.png"' in judged.stdout
