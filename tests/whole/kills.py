"""Kills a driven booth at random moments and searches all it left. `make kills` runs fifty of them in one home."""

from __future__ import annotations

import hashlib
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

from PIL import Image

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
PAGES = ("try", "coach", "develop", "review", "share", "goodbye")  # near which `make kills` kills
NEAR_S = 3.0  # or within this time of the page that was asked for
LAST_S = 120.0  # and at the last then, where a slow machine has not come so far


def killed_booth(home: Path, chance: random.Random, *, at: tuple[str, int] | None = None) -> list[str]:
    """Start a driven booth in a home folder, kill it at a random moment after its first yes; returns its states.

    `at` is the page near which it is killed instead, and the how manieth time it shows.
    """
    page, count = at or ("try", 1)
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
    states: list[str] = []
    at_last = threading.Timer(LAST_S, process.send_signal, (signal.SIGKILL,))
    at_last.start()
    killer: threading.Timer | None = None
    for line in process.stdout:
        states.append(line.strip())
        if states.count(page) == count and killer is None:
            wait_s = chance.uniform(0, NEAR_S if at else BUSY_S)
            killer = threading.Timer(wait_s, process.send_signal, (signal.SIGKILL,))
            killer.start()
    assert process.wait() == -signal.SIGKILL, "it was killed, it did not fail"
    at_last.cancel()
    process.stdout.close()
    return states


def promised(states: list[str]) -> tuple[int, int]:
    """Return the fewest and the most portraits that a driven booth's guests must find after it was killed.

    The page of the hand-over says that a portrait is kept. Every second guest erases there, and is told so by the next
    page. Between a guest's last press and the page that answers it either may have happened.
    """
    fewest = most = guests = 0
    for state, after in zip(states, [*states[1:], ""], strict=True):
        guests += state == "consent"
        if state == "share":
            is_erased = guests % 2 == 0
            fewest += not is_erased
            most += not is_erased or not after
        most += state == "review" and not after
    return fewest, most


def portraits(home: Path) -> list[Path]:
    """Return the finished portraits of a home."""
    folder = home / "portraits"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def alike(files: list[Path]) -> int:
    """Return how many files show what another one shows: a portrait written twice; signatures differ, pixels do not.

    Of one start of the booth: the demo sitter makes the same faces at every start, and the same frame may be chosen.
    """
    shown = Counter[bytes]()
    for path in files:
        with Image.open(path) as picture:
            shown[hashlib.sha256(picture.tobytes()).digest()] += 1
    return sum(count - 1 for count in shown.values())


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
    lost = [str(path) for path in portraits(home) if path not in known]
    sealed = [p for part in ("items", "keys") for p in (data / "store" / part).iterdir()]
    lost += [str(path) for path in sealed if path.name.split(".")[0] not in numbers]
    lost += [str(path) for path in sessions.glob("session-*")] if sessions.is_dir() else []
    items, keys = ({p.name for p in (data / "store" / part).iterdir()} for part in ("items", "keys"))
    return lost + sorted(items ^ keys)


def whole_portraits(home: Path) -> bool:
    """Tell whether every finished portrait is complete: a JPEG to its last two bytes."""
    files = [path.read_bytes() for path in portraits(home)]
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
    left = portraits(home)
    left += [p for part in ("items", "keys") for p in (data / "store" / part).iterdir()]
    return readable_pictures(home) + [str(path) for path in left]


def main(n: int) -> int:
    """Kill a booth n times in one home, look after each kill, and tell."""
    chance, seen, n_kept, n_unsure, n_twice = random.Random(20), Counter[str](), 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        for number in range(n):
            before = set(portraits(home))
            states = killed_booth(home, chance, at=(chance.choice(PAGES), chance.randint(1, 3)))
            seen.update(states)
            open_pictures = readable_pictures(home)
            lost = orphans(home)
            now = set(portraits(home))
            fewest, most = promised(states)
            new, gone = len(now - before), sorted(path.name for path in before - now)
            n_kept, n_unsure = n_kept + new, n_unsure + most - fewest
            n_twice += alike(sorted(now - before))
            is_wrong = not fewest <= new <= most or bool(gone)
            print(
                f"kill {number + 1}: {len(states)} pages, on {states[-1]}; {new} portraits, promised {fewest} to {most}"
                f", earlier ones gone {gone}; readable {open_pictures}, orphans {lost}",
                flush=True,
            )
            if is_wrong or open_pictures or lost or not whole_portraits(home):
                return 1
        print(f"{n} kills over {dict(seen)}; portraits kept {n_kept}, lost 0, twice {n_twice}, unsure {n_unsure}")
        left = erased_everything(home)
        print(f"after erasing all of them left: {left}")
        return 1 if left or n_twice else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
