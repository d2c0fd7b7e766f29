"""How the booth's cost grows: with pixels, people in the picture and portraits in the store. `make scale-bench`.

Processor time of all threads, so that other programs on the machine hardly count; medians. ARGS: sizes of the store.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.update(GLOG_minloglevel="3", TF_CPP_MIN_LOG_LEVEL="3", SDL_VIDEODRIVER="dummy", SDL_AUDIODRIVER="dummy")

import cv2
import msgspec
import numpy as np
import pytest

from booth.app.operator.gallery import MAX_SHOWN
from booth.capture.demo.demo_sitter import DemoSitter
from booth.capture.frames import frame_of
from booth.capture.jpeg import Jpeg
from booth.config.params import load_params
from booth.config.params.deliver import DeliverParams, StoreParams
from booth.core.cores import one_core_each
from booth.delivery.store import finished, vault
from booth.delivery.store.consent_log import _START, ConsentLine, _digest
from booth.delivery.store.kept import Consent, Facts, KeptRecord
from booth.delivery.store.portrait_store import Store
from booth.delivery.store.retention import RECORD
from booth.delivery.store.vault import new_id
from booth.looks.look import load_look
from booth.looks.preview import PreviewRenderer
from booth.perception.frame_analyzer import FrameAnalyzer

SIZES = {"1280 x 720": (1280, 720), "1920 x 1080": (1920, 1080), "3840 x 2160": (3840, 2160)}
FIRST, WARM, TIMED = 270, 12, 20  # frames: she stands before the lens; plates are painted; these are timed
JPEG_QUALITY = 92
STORE_SIZES = (250, 1000)
KEPT_AS_GUESTS = 100  # the last of each size are kept one by one, timed; those before are filled in
EXPIRING = 20  # portraits whose time is over at the same look at the clocks
SMALL = 2000  # portraits; a larger store is not listed again to see that those are gone
LINKED = 1000  # portraits of a filled store whose files are one file's names
CONTENT = b"\xff\xd8" * 4000
NOW = datetime.datetime(2026, 6, 1, 12, 0, tzinfo=datetime.UTC)
CONSENT = Consent("c" * 32, NOW.isoformat(timespec="seconds"), "en", "0123456789ab", True, "delete")


def crowded(rgb: np.ndarray, people: int) -> np.ndarray:
    """Return the picture with its middle so many times side by side, the same size."""
    height, width = rgb.shape[:2]
    edges = np.linspace(0, width, people + 1).round().astype(int)
    parts = []
    for wide in np.diff(edges):
        shown = cv2.resize(rgb, None, fx=1 / people**0.5, fy=1 / people**0.5, interpolation=cv2.INTER_AREA)
        shown = cv2.copyMakeBorder(shown, height - shown.shape[0], 0, 0, 0, cv2.BORDER_REPLICATE)
        left = (shown.shape[1] - wide) // 2
        parts.append(shown[:, left : left + wide])
    return np.hstack(parts)


def coded(size: tuple[int, int], people: int) -> list[np.ndarray]:
    """Return JPEG frames as a camera sends them, each (n,) uint8."""
    sitter, clip = DemoSitter(size=size), []
    for n in range(FIRST, FIRST + WARM + TIMED):
        rgb = crowded(sitter.frame(n), people) if people > 1 else sitter.frame(n)
        bgr = cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2BGR)
        clip.append(cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1].reshape(-1))
    return clip


def frame_costs(size: tuple[int, int], people: int) -> tuple[dict[str, float], int]:
    """Return the median ms of decoding, seeing and rendering a frame, and how many faces were seen in the last."""
    params = load_params()
    mirror = PreviewRenderer(load_look(params.kiosk.look))
    spent: dict[str, list[float]] = {"decode": [], "see": [], "render": []}
    n_faces = 0
    with FrameAnalyzer(params) as eye:
        for n, data in enumerate(coded(size, people)):
            frame = timed(spent["decode"], partial(frame_of, Jpeg(data), n, n / 30, params.capture))
            analysis = timed(spent["see"], partial(eye.analyze, frame))
            timed(spent["render"], partial(mirror.show, analysis))
            n_faces = len(analysis.faces)
    return {name: statistics.median(laps[WARM:]) for name, laps in spent.items()}, n_faces


def timed(laps: list[float], work: Callable[[], Any]) -> Any:
    """Run it, and note its processor time in ms."""
    start_s = time.process_time()
    made = work()
    laps.append((time.process_time() - start_s) * 1e3)
    return made


def fill(store: Store, out: Path, numbers: range) -> None:
    """Put portraits into a store without keeping them one by one, for a store of many.

    Each has a record, a key, a name, a row and a line of the consent log of its own; a thousand share a file's bytes.
    """
    rows: list[tuple[object, ...]] = []
    paths: list[Path] = []
    lines: list[bytes] = []
    before = store.consents._end()[1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vault, "write_whole", lambda path, content, replace: path.write_bytes(content))
        for n in numbers:
            path, number = out / f"{n:06}.jpg", new_id()
            if n % LINKED and n != numbers[0]:
                os.link(paths[-1], path)
            else:
                path.write_bytes(CONTENT)
            record = KeptRecord(
                str(path), hashlib.sha256(CONTENT).hexdigest(), f"{n:064}", CONSENT.id,
                NOW.isoformat(timespec="seconds"), CONSENT.locale, (), *finished.whereabouts(path),
            )  # fmt: skip
            sealed, made_s = msgspec.json.encode(record), int(NOW.timestamp())
            store._vault.put((number, RECORD), msgspec.json.encode(Facts(made_s, None, len(sealed))), sealed)
            rows.append((number, RECORD, "kept", made_s, None, len(sealed)))
            paths.append(path)
            line = ConsentLine("given", record.made_utc, CONSENT.id, before=_digest(before) if before else _START)
            lines.append(before := msgspec.json.encode(line))
    store._index._base.execute("BEGIN")
    store._index._base.executemany("INSERT INTO items VALUES (?, ?, ?, ?, ?, ?)", rows)
    store._index._base.execute("COMMIT")
    store._names.add(paths)
    with store.consents._path.open("ab") as file:
        file.write(b"".join(line + b"\n" for line in lines))
    if lines:
        store.consents._sign_end(len(store.consents._raw()), lines[-1])


def run_out(store: Store, number: str) -> None:
    """Set a portrait's clock to its end."""
    store._index._base.execute("UPDATE items SET left_s = 0 WHERE id = ?", (number,))


def store_costs(sizes: tuple[int, ...]) -> Iterator[tuple[int, dict[str, float]]]:
    """Yield ms of what is done with a store that holds so many portraits, growing one store."""
    with tempfile.TemporaryDirectory(prefix="booth-scale-") as name:
        folder = Path(name)
        params = DeliverParams(folder=str(folder / "out"), store=StoreParams(key_file=str(folder / "store.key")))
        (folder / "out").mkdir()
        held = named = 0
        for size in sizes:
            works = ("keep", "open", "newest", "list", "clocks", "expire", "erase")
            spent: dict[str, list[float]] = {work: [] for work in works}
            store = Store(params, folder / "data", NOW)
            by_hand = max(0, size - held - KEPT_AS_GUESTS)
            fill(store, folder / "out", range(named, named + by_hand))
            held, named = held + by_hand, named + by_hand
            while held < size:
                path = folder / "out" / f"{named:06}.jpg"
                timed(spent["keep"], partial(store.keep, path, CONTENT, CONSENT, NOW))
                held, named = held + 1, named + 1
            store.close()
            store = timed(spent["open"], lambda: Store(params, folder / "data", NOW))
            timed(spent["newest"], partial(store.newest, MAX_SHOWN))
            entries = timed(spent["list"], store.kept)
            timed(spent["clocks"], partial(store.tick, NOW))
            for entry in entries[-EXPIRING:]:
                run_out(store, entry.id)
            timed(spent["expire"], partial(store.tick, NOW))
            assert len(store.newest(size)) == size - EXPIRING if size <= SMALL else True
            spent["expire"][-1] = (spent["expire"][-1] - spent["clocks"][-1]) / EXPIRING
            held -= EXPIRING
            for entry in entries[:5]:
                timed(spent["erase"], partial(store.erase, entry.id, NOW))
            held -= len(entries[:5])
            store.close()
            yield size, {work: statistics.median(laps) for work, laps in spent.items()}


def main() -> None:
    """Print the tables of docs/scale.md."""
    one_core_each()
    print("| camera | people seen | decode | see | render | all, ms |\n|---|---|---|---|---|---|")
    for name, size, people in [(name, size, 1) for name, size in SIZES.items()] + [
        ("1280 x 720", SIZES["1280 x 720"], 3)
    ]:
        costs, n_faces = frame_costs(size, people)
        row = " | ".join(f"{ms:.1f}" for ms in costs.values())
        print(f"| {name} | {n_faces} | {row} | {sum(costs.values()):.1f} |", flush=True)
    print(
        "\n| portraits | keep one | open the store | newest 120 | list all | clocks | expire one | erase one, ms |"
        "\n|---|---|---|---|---|---|---|---|"
    )
    for held, costs in store_costs(tuple(map(int, sys.argv[1:])) or STORE_SIZES):
        print(f"| {held} | {' | '.join(f'{ms:.1f}' for ms in costs.values())} |", flush=True)


if __name__ == "__main__":
    main()
