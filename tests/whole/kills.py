"""Kills a driven booth at random moments and searches all it left. `make kills` runs twenty of them in one home."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from pathlib import Path

from booth.core.clock import utc_now
from booth.delivery.delivery_service import DeliveryService
from booth.delivery.store.portrait_store import Store
from booth.session.session import sweep
from tests.whole.driven import params_in

PICTURE = re.compile(
    rb"\xff\xd8\xff[\xe0-\xef]..(?:JFIF|Exif|ICC_PROFILE|http)|\xff\xd8\xff\xdb\x00[\x43\x84]\x00|\x89PNG\r\n\x1a\n"
    rb"|RIFF....WEBP|ftypavif|II\*\x00\x08\x00\x00\x00|MM\x00\*\x00\x00\x00\x08",
    re.DOTALL,
)
"""How the files of a picture begin; long enough that noise does not look like one."""
BUSY_S = 9.0  # killed within this time of the first yes


def killed_booth(home: Path, chance: random.Random) -> Counter[str]:
    """Start a driven booth in a home folder and kill it at a random moment after its first yes; returns states seen."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "tmp").mkdir(exist_ok=True)
    root = Path(__file__).resolve().parents[2]
    environment = {
        **os.environ, "HOME": str(home), "TMPDIR": str(home / "tmp"), "SDL_VIDEODRIVER": "dummy",
        "SDL_AUDIODRIVER": "dummy", "PYTHONPATH": str(root), "OPENBLAS_NUM_THREADS": "1",
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.whole.driven", str(home)],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    seen: Counter[str] = Counter()
    killer: threading.Timer | None = None
    for line in process.stdout:
        seen[line.strip()] += 1
        if line.strip() == "try" and killer is None:
            killer = threading.Timer(chance.uniform(0, BUSY_S), process.send_signal, (signal.SIGKILL,))
            killer.start()
    assert process.wait() == -signal.SIGKILL, "it was killed, it did not fail"
    process.stdout.close()
    return seen


def readable_pictures(home: Path) -> list[str]:
    """Return every file below a home, its finished portraits aside, that holds the beginning of a picture."""
    ours = [path for path in home.rglob("*") if path.is_file() and path.parent != home / "portraits"]
    return [str(path.relative_to(home)) for path in ours if PICTURE.search(path.read_bytes())]


def orphans(home: Path) -> list[str]:
    """Open the store as a start does and return what nothing knows of afterwards."""
    sessions = home / ".local/share/booth/sessions"
    sweep(sessions)
    data, deliver = home / ".local/share/booth", params_in(home).deliver
    with DeliveryService(deliver, data):
        pass
    store = Store(deliver, data / "store", utc_now())
    try:
        known = {entry.path for entry in store.kept()}
        numbers = {entry.id for entry in store.kept()}
    finally:
        store.close()
    folder = home / "portraits"
    lost = [str(path) for path in (folder.iterdir() if folder.is_dir() else ()) if path not in known]
    sealed = [p for part in ("items", "keys") for p in (data / "store" / part).iterdir()]
    lost += [str(path) for path in sealed if path.name.split(".")[0] not in numbers]
    lost += [str(path) for path in sessions.glob("session-*")] if sessions.is_dir() else []
    items, keys = ({p.name for p in (data / "store" / part).iterdir()} for part in ("items", "keys"))
    return lost + sorted(items ^ keys)


def whole_portraits(home: Path) -> bool:
    """Tell whether every finished portrait is complete: a JPEG to its last two bytes."""
    folder = home / "portraits"
    files = [path.read_bytes() for path in folder.iterdir()] if folder.is_dir() else []
    return all(content.startswith(b"\xff\xd8\xff") and content.rstrip(b"\0").endswith(b"\xff\xd9") for content in files)


def erased_everything(home: Path) -> list[str]:
    """Erase all that is kept and return what can still be read or found of it."""
    data, deliver = home / ".local/share/booth", params_in(home).deliver
    store = Store(deliver, data / "store", utc_now())
    try:
        for entry in store.kept():
            store.erase(entry.id, utc_now())
    finally:
        store.close()
    left = list((home / "portraits").iterdir()) if (home / "portraits").is_dir() else []
    left += [p for part in ("items", "keys") for p in (data / "store" / part).iterdir()]
    return readable_pictures(home) + [str(path) for path in left]


def main(n: int) -> int:
    """Kill a booth n times in one home, look after each kill, and tell."""
    chance, seen = random.Random(20), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        for number in range(n):
            states = killed_booth(home, chance)
            seen.update(states)
            open_pictures = readable_pictures(home)
            lost = orphans(home)
            print(
                f"kill {number + 1}: {sum(states.values())} pages, readable {open_pictures}, orphans {lost}", flush=True
            )
            if open_pictures or lost or not whole_portraits(home):
                return 1
        kept = len(list((home / "portraits").iterdir())) if (home / "portraits").is_dir() else 0
        left = erased_everything(home)
        print(f"{n} kills over {dict(seen)}; {kept} portraits kept, after erasing all of them left: {left}")
        return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
