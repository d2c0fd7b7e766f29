"""Makes the virtual environment and installs the pinned dependencies; says exactly what is missing when it cannot.

    python tools/set_up.py FOLDER [--run-only]      --run-only leaves out what only tests need

Every package is one whose SHA-256 stands in requirements*.txt. Runs on the bare interpreter, before anything is
installed: standard library only.
"""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxcb.so.1": "libxcb1",
    "libEGL.so.1": "libegl1",
    "libGLESv2.so.2": "libgles2",
}
TEST_PROGRAMS = {
    "Xvfb": "xvfb",
    "import": "imagemagick",
    "openbox": "openbox",
    "xdotool": "xdotool",
    "strace": "strace",
    "chromium": "chromium",
    "cupsd": "cups",
}
STANDS_IN = {"chromium": ("chromium-browser", "google-chrome")}  # tests take any of them


WHEELS = {"linux": ("x86_64", "amd64"), "darwin": ("arm64",), "win32": ("amd64", "x86_64")}
"""Where mediapipe 0.10.31, the only release that runs without a usage logger, has wheels: system and processors."""
RUNS_ON = "mediapipe 0.10.31 comes for Linux on x86-64, macOS on Apple silicon and Windows on x86-64"


def unsupported(system: str = sys.platform, machine: str | None = None, libc: str | None = None) -> str | None:
    """Return a sentence where no wheel of mediapipe fits this machine, before pip says it in a page of its own."""
    machine = (platform.machine() if machine is None else machine).lower()
    libc = platform.libc_ver()[0] if libc is None else libc
    if machine not in WHEELS.get(system, ()):
        return f"No face tracker for this machine ({system}, {machine or 'unknown'}): {RUNS_ON}."
    if system == "linux" and libc != "glibc":
        return (
            f"No face tracker for a Linux without glibc, such as Alpine: {RUNS_ON}. Debian, Ubuntu and Fedora have it."
        )
    return None


def missing_packages() -> list[str]:
    """Return the Debian packages whose libraries cannot be loaded, and python3-venv where that is absent."""
    packages = []
    if sys.platform.startswith("linux"):
        for library, package in LIBRARIES.items():
            try:
                ctypes.CDLL(library)
            except OSError:
                packages.append(package)
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        packages.append("python3-venv")
    return packages


def install(packages: list[str], *, needed: bool) -> None:
    """Install Debian packages as root; otherwise say the command, and stop where they are needed."""
    if not packages:
        return
    command = f"apt-get install -y {' '.join(packages)}"
    may = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None
    if may:
        print(f"Installing {', '.join(packages)}")
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        done = subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], check=False)
        if done.returncode == 0:
            return
    print(f"Missing on this system: {', '.join(packages)}. Install with:\n  sudo {command}", file=sys.stderr)
    if needed:
        sys.exit(1)


def steps(python: str, *, run_only: bool) -> list[list[str]]:
    """Return the commands that install the project at the pinned versions: what builds it, what it needs, itself.

    Nothing is fetched but by hash: without isolation no package brings tools of its own to be built with.
    """
    pip = [python, "-m", "pip", "install", "--quiet"]
    locked, built = [*pip, "--require-hashes", "--requirement"], ["--no-build-isolation", "--use-pep517"]
    needed = "requirements.txt" if run_only else "requirements-test.txt"
    return [
        [*locked, "requirements-build.txt"],
        [*locked, needed, *built],
        [*pip, "--no-deps", *built, *([] if run_only else ["--editable"]), "."],
    ]


def preparation(python: str) -> list[str]:
    """Return the command that compiles the pixel loops of the booth that was installed, not of the checkout."""
    return [python, "-P", "-m", "booth", "prepare"]


def make_environment(folder: Path, *, run_only: bool) -> None:
    """Create the environment and install the project in it."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    for step in steps(str(python.absolute()), run_only=run_only):
        subprocess.run(step, cwd=ROOT, check=True)


def install_test_programs() -> None:
    """Install what the tests drive, one by one: one that is missing keeps no other away."""
    for program, package in TEST_PROGRAMS.items():
        if shutil.which(program) is None and not any(map(shutil.which, STANDS_IN.get(program, ()))):
            install([package], needed=False)


def main() -> None:
    """Set everything up."""
    if sys.version_info < (3, 11):  # noqa: UP036 - the bare interpreter may be older than the project allows
        sys.exit(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}. Try: make PYTHON=python3.11 ...")
    if sentence := unsupported():
        sys.exit(sentence)
    run_only = "--run-only" in sys.argv[1:]
    (folder,) = (Path(word) for word in sys.argv[1:] if word != "--run-only")
    install(missing_packages(), needed=True)
    if not run_only and (os.environ.get("CI") or (hasattr(os, "geteuid") and os.geteuid() == 0)):
        install_test_programs()
    make_environment(folder, run_only=run_only)
    python = (folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")).absolute()
    subprocess.run(preparation(str(python)), cwd=ROOT, check=False)  # a booth does it itself otherwise


if __name__ == "__main__":
    main()
