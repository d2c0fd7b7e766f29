"""Kills a driven booth in every stage of its visits and searches all it left: `make kill9` kills fifty in one home.

Nothing kept may be half, lost, changed or there twice, nothing of a guest may be readable, and the next start is quick.
`make kill9 TIMES=10 FIRST=20` kills ten times, at the twenty-first moment and those after it.
"""

from __future__ import annotations

import hashlib
import math
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from booth.core.clock import utc_now
from booth.delivery.delivery_service import DeliveryService
from booth.delivery.store.portrait_store import Store
from booth.session.session import sweep
from tests.whole.driven import ERASE_LINE, KEEP_LINE, params_in

PICTURE = re.compile(
    rb"\xff\xd8\xff[\xe0-\xef]..(?:JFIF|Exif|ICC_PROFILE|http)|\xff\xd8\xff\xdb\x00[\x43\x84]\x00|\x89PNG\r\n\x1a\n"
    rb"|RIFF....WEBP|ftypavif|II\*\x00\x08\x00\x00\x00|MM\x00\*\x00\x00\x00\x08",
    re.DOTALL,
)
"""How the files of a picture begin; long enough that noise does not look like one."""
LAST_S = 120.0  # and at the last then, where a slow machine has not come so far
START_S = 3.0  # from a start to its first drawn page, on a warm and quiet machine
KEPT_SHARE = 0.8  # of all kills come after the booth has kept a portrait since its start


class Moment(NamedTuple):
    """A point of a visit near which a booth is killed."""

    line: str  # what the driven booth says
    guest: int  # and during the visit of which guest: the first keeps, the second erases
    within_s: float  # killed so soon after it, at random


WRITE_S, PAGE_S = 0.15, 1.2  # a write takes about a tenth of a second, a page stands for half a second or more
MOMENTS = (
    Moment("share", 1, WRITE_S),  # the original and what the phone's page shows are still being sealed
    Moment("share", 1, PAGE_S),
    Moment("goodbye", 1, PAGE_S),
    Moment("consent", 2, PAGE_S),
    Moment("try", 2, PAGE_S),
    Moment("coach", 2, PAGE_S),
    Moment("hold", 2, PAGE_S),
    Moment("review", 2, PAGE_S),
    Moment(KEEP_LINE, 2, WRITE_S),
    Moment("share", 2, WRITE_S),
    Moment(ERASE_LINE, 2, WRITE_S),
    Moment("goodbye", 2, PAGE_S),
    Moment("coach", 1, PAGE_S),  # from here on nothing has been kept before, or perhaps
    Moment("review", 1, PAGE_S),
    Moment(KEEP_LINE, 1, WRITE_S),
)
"""Every stage of a visit, most of them in a visit after one that kept: a kill takes the next in turn."""
BUSY = Moment("try", 1, 9.0)  # anywhere in the first visit


class Killed(NamedTuple):
    """What a driven booth did until it was killed."""

    pages: list[str]
    first_page_s: float  # from its start to the first drawn page
    answers_s: float  # and until what a guest pressed there after a moment was answered; NaN: it was killed before


def killed_booth(home: Path, chance: random.Random, at: Moment = BUSY) -> Killed:
    """Start a driven booth in a home folder and kill it at a random time after a moment; returns what it did."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "tmp").mkdir(exist_ok=True)
    root = Path(__file__).resolve().parents[2]
    environment = {
        **os.environ, "HOME": str(home), "TMPDIR": str(home / "tmp"), "SDL_VIDEODRIVER": "dummy",
        "SDL_AUDIODRIVER": "dummy", "PYTHONPATH": str(root), "OPENBLAS_NUM_THREADS": "1",
        "PYGAME_HIDE_SUPPORT_PROMPT": "1",
    }  # fmt: skip
    began_s = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.whole.driven", str(home)],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    lines: list[str] = []
    first_s: dict[str, float] = {}
    at_last = threading.Timer(LAST_S, process.send_signal, (signal.SIGKILL,))
    at_last.start()
    killer: threading.Timer | None = None
    for line in process.stdout:
        lines.append(line.strip())
        first_s.setdefault(lines[-1], time.monotonic() - began_s)
        if line.strip() == at.line and lines.count("consent") == at.guest and killer is None:
            killer = threading.Timer(chance.uniform(0, at.within_s), process.send_signal, (signal.SIGKILL,))
            killer.start()
    assert process.wait() == -signal.SIGKILL, "it was killed, it did not fail"
    at_last.cancel()
    process.stdout.close()
    pages = [line for line in lines if line not in (KEEP_LINE, ERASE_LINE)]
    return Killed(pages, first_s.get("attract", math.nan), first_s.get("consent", math.nan))


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
    """Tell whether every finished portrait is complete: a JPEG to its last two bytes, and every pixel can be read."""
    for path in portraits(home):
        content = path.read_bytes()
        if not (content.startswith(b"\xff\xd8\xff") and content.rstrip(b"\0").endswith(b"\xff\xd9")):
            return False
        try:
            with Image.open(path) as picture:
                picture.load()
        except OSError:
            return False
    return True


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


def contents(home: Path) -> dict[str, str]:
    """Return the digest of every finished portrait by its name."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in portraits(home)}


@dataclass
class Tally:
    """What many kills in one home came to."""

    starts: list[Killed] = field(default_factory=list)
    pages: Counter[str] = field(default_factory=Counter)
    n_kept: int = 0  # portraits
    n_unsure: int = 0  # killed between the press and the page that answers it: either is right
    n_twice: int = 0
    n_after_a_keep: int = 0  # kills of a booth that had kept a portrait since its start

    def wrong_after(self, home: Path, killed: Killed, before: dict[str, str]) -> list[str]:
        """Add a kill; returns what is not as it should be."""
        readable = readable_pictures(home)
        lost, now = orphans(home), contents(home)
        fewest, most = promised(killed.pages)
        new = now.keys() - before.keys()
        self.starts.append(killed)
        self.pages.update(killed.pages)
        self.n_kept, self.n_unsure = self.n_kept + len(new), self.n_unsure + most - fewest
        self.n_twice += alike([path for path in portraits(home) if path.name in new])
        self.n_after_a_keep += "share" in killed.pages
        wrong = [f"{name} went or changed" for name, digest in before.items() if now.get(name) != digest]
        wrong += [f"{len(new)} new portraits, promised {fewest} to {most}"] if not fewest <= len(new) <= most else []
        wrong += [] if whole_portraits(home) else ["a portrait is not whole"]
        return wrong + [f"readable: {name}" for name in readable] + [f"orphan: {name}" for name in lost]

    def told(self) -> bool:
        """Print the figures; True where all bars are met."""
        n = len(self.starts)
        print(
            f"{n} kills over {dict(self.pages)}\nafter a keep {self.n_after_a_keep} (at least {KEPT_SHARE * n:.0f});"
            f" portraits kept {self.n_kept}, lost 0, twice {self.n_twice}, unsure {self.n_unsure}"
        )
        warm = self.starts[1:] or self.starts  # the first start makes the key and the folders
        first_s = statistics.median(start.first_page_s for start in warm)
        answers_s = statistics.median(start.answers_s for start in warm)
        longest_s = max(start.first_page_s for start in warm)
        print(
            f"next start: first page after {first_s:.2f} s (longest {longest_s:.2f}, limit {START_S:.0f}),"
            f" a press on it answered after {answers_s:.2f} s (medians)"
        )
        return not self.n_twice and self.n_after_a_keep >= KEPT_SHARE * n and first_s <= START_S


def main(n: int, first: int = 0) -> int:
    """Kill a booth n times in one home, look after each kill, and tell; `first` is the number of the first moment."""
    chance, tally = random.Random(20 + first), Tally()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        before: dict[str, str] = {}
        for number in range(first, first + n):
            at = MOMENTS[number % len(MOMENTS)]
            killed = killed_booth(home, chance, at)
            wrong = tally.wrong_after(home, killed, before)
            before = contents(home)
            print(
                f"kill {number + 1}: after {at.line} of guest {at.guest}, on {killed.pages[-1]}; "
                f"{len(before)} portraits, first page after {killed.first_page_s:.2f} s; wrong: {wrong}",
                flush=True,
            )
            if wrong:
                return 1
        is_good = tally.told()
        left = erased_everything(home)
        print(f"after erasing all of them left: {left}")
        return 0 if is_good and not left else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:] or ["50"])))
