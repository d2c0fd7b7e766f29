"""Sessions of simulated sitters: every shared photograph acts five scripts before the coach and the shutter.

    make sitters            # all of them, some minutes at first, then a minute
    make sitters ARGS="--every 8"

Prints how long each script takes to a portrait, by which rule it was taken, and which sessions were slow or spoilt.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from booth.config.params import Params
from booth.config.words import say
from booth.looks.look import DEFAULT_LOOK, load_look
from booth.session.capture_controller import CaptureController
from tests.shared_media.animation import SCRIPTS, Script, session
from tests.shared_media.still_readings import Reading, StillReader

ROOT = Path(__file__).resolve().parents[2]
SHARED, CACHE = ROOT.parent / "shared", ROOT / "build" / "sitters"
LONGEST_S = 25.0
MEDIAN_MOST_S, P95_MOST_S, MAX_S = 8.0, 15.0, 20.1  # what has to hold; the last frame comes a fifteenth later
PRAISE = frozenset({"praise.good", "hold.still"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one session went; `taken_s` is None where there was no portrait."""

    who: str
    script: str
    taken_s: float | None
    by: str = ""
    doubt: str = ""
    is_good: bool = True  # the frame shows open eyes and a mouth at rest
    in_vain: int = 0  # frames praised though something spoke against them


def people(shared: Path, every: int = 1) -> list[Path]:
    """Return the photographs of one person each, every n-th of them."""
    rows = json.loads((shared / "media" / "manifest.json").read_text())["files"]
    stills = [row for row in rows if row["kind"] == "still" and row["labels"]["people"] == 1]
    return [shared / "media" / row["path"] for row in stills][::every]


def play(reading: Reading, script: Script, who: str) -> Outcome:
    """Let one sitter act one script until a picture is taken."""
    params = Params()
    studio = CaptureController(params.guidance, load_look(DEFAULT_LOOK))
    rng = np.random.default_rng(zlib.crc32(f"{who} {script.name}".encode()))
    did, in_vain = {}, 0
    for analysis, moment in session(reading, script, LONGEST_S, rng):
        did[analysis.frame.seq] = moment
        seen = studio.step(analysis)
        in_vain += seen.guidance.advice in PRAISE and bool(seen.guidance.blocks)
        if seen.shot is not None:
            shot = seen.shot
            is_good = did[shot.analysis.frame.seq].is_portrait
            doubt = shot.doubts[0] if shot.doubts else ""
            return Outcome(who, script.name, analysis.frame.t_s, shot.by, doubt, is_good, in_vain)
    return Outcome(who, script.name, None, in_vain=in_vain)


def all_sessions(shared: Path, every: int = 1, folder: Path = CACHE) -> Iterator[Outcome]:
    """Yield the outcome of every person's every script; photographs without a face are left out."""
    reader = StillReader(folder)
    try:
        for path in people(shared, every):
            readings = reader.read(path)
            for script in SCRIPTS if readings else ():
                yield play(readings[script.variant], script, path.stem)
    finally:
        reader.close()


def times_of(outcomes: Sequence[Outcome]) -> np.ndarray:
    """Return the seconds to a portrait, endless where there was none."""
    return np.array([np.inf if o.taken_s is None else o.taken_s for o in outcomes])


def holds(outcomes: Sequence[Outcome]) -> bool:
    """Tell whether everybody got a portrait in time."""
    times = times_of(outcomes)
    return bool(np.median(times) <= MEDIAN_MOST_S and np.percentile(times, 95) <= P95_MOST_S and times.max() <= MAX_S)


def _line(name: str, outcomes: Sequence[Outcome]) -> str:
    times = times_of(outcomes)
    by = ", ".join(f"{key or 'none'} {n}" for key, n in Counter(o.by for o in outcomes).most_common())
    spoilt = sum(not o.is_good for o in outcomes)
    return (
        f"{name:16} {len(outcomes):4}  median {np.median(times):5.1f} s  p95 {np.percentile(times, 95):5.1f} s  "
        f"longest {times.max():5.1f} s  spoilt {spoilt}  praised in vain {sum(o.in_vain for o in outcomes)}  ({by})"
    )


def report(outcomes: Sequence[Outcome]) -> str:
    """Return the figures by script, what is doubted, and every slow or spoilt session."""
    lines = [_line(s.name, [o for o in outcomes if o.script == s.name]) for s in SCRIPTS]
    lines.append(_line("all", outcomes))
    doubts = Counter(o.doubt for o in outcomes if o.doubt)
    lines += [f"  {n:4} {say(f'reject.{doubt}')}" for doubt, n in doubts.most_common()]
    odd = [o for o in outcomes if o.taken_s is None or o.taken_s > P95_MOST_S or not o.is_good]
    lines += [f"  {o.who}, {o.script}: {o.taken_s} s by {o.by or 'nothing'} {o.doubt}" for o in odd]
    return "\n".join(lines)


def main() -> int:
    """Play every session and print the figures; 1 where somebody waits too long."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--every", type=int, default=1, help="only every n-th photograph")
    given = parser.parse_args()
    if not (SHARED / "media").is_dir():
        raise SystemExit("Needs ../shared, which this clone does not have.")
    outcomes = list(all_sessions(SHARED, given.every))
    print(report(outcomes))
    return 0 if holds(outcomes) else 1


if __name__ == "__main__":
    raise SystemExit(main())
