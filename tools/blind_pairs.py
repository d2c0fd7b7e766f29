"""Before and After side by side, order hidden, for a judge who does not know which is which: `make blind-pairs`.

Writes build/pairs/sheetNN.jpg, four pairs a sheet, and build/pairs/key.json. With --score it takes the judge's answers,
a text of "1 A,2 B,3 =,..." (= where they see no difference that matters), and prints the count and what was lost.
Needs the shared photographs and clips beside the repository.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from booth.config.params import load_params
from booth.diagnostics.harm import Bench, Picture, default_look, pictures
from booth.looks.look import load_look

MEDIA = Path(__file__).resolve().parents[2] / "shared" / "media"
SHARES = {"real": 32, "clips": 14, "studio": 14}  # of sixty pairs
TILE_PX = (368, 460)
A_SHEET = 4


def chosen(seen: Sequence[Picture], seed: int) -> list[Picture]:
    """Draw the pictures of sixty pairs."""
    dice = random.Random(seed)
    drawn = []
    for group, count in SHARES.items():
        part = [p for p in seen if p.group == group]
        drawn += dice.sample(part, min(count, len(part)))
    dice.shuffle(drawn)
    return drawn


def pair(number: int, tiles: Sequence[np.ndarray]) -> np.ndarray:
    """Return two pictures beside each other under their number."""
    small = [cv2.resize(np.ascontiguousarray(t), TILE_PX, interpolation=cv2.INTER_AREA) for t in tiles]
    label = np.full((24, 2 * TILE_PX[0], 3), 30, np.uint8)
    white = (255, 255, 255)
    cv2.putText(label, f"pair {number}:  A (left)     B (right)", (6, 17), 0, 0.5, white, 1, cv2.LINE_AA)
    return np.vstack([label, np.hstack(small)])


def make(out: Path, cache: Path, profile: str, look_name: str, seed: int) -> None:
    """Write the sheets and their key."""
    params = load_params(profile)
    look = load_look(look_name) if look_name else default_look(params)
    bench, dice = Bench(params), random.Random()  # the order is nobody's to know
    key: dict[str, Any] = {}
    tiles: list[np.ndarray] = []
    for picture in chosen(list(pictures(MEDIA, cache)), seed):
        row = bench.row(picture, look)
        if row is None:
            continue
        both, after = [row.finished.before, row.finished.rgb], "B"
        if dice.random() < 0.5:
            both, after = both[::-1], "A"
        number = len(key) + 1
        key[str(number)] = {"name": picture.name, "after": after}
        tiles.append(pair(number, both))
    out.mkdir(parents=True, exist_ok=True)
    for n in range(0, len(tiles), A_SHEET):
        four = [*tiles[n : n + A_SHEET], *[np.zeros_like(tiles[0])] * 3][:A_SHEET]
        sheet = np.vstack([np.hstack(four[:2]), np.hstack(four[2:])])
        cv2.imwrite(str(out / f"sheet{n // A_SHEET + 1:02d}.jpg"), sheet[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 90])
    (out / "key.json").write_text(json.dumps(key, indent=1), encoding="utf-8")
    print(f"{len(key)} pairs of {look.name} in {out}")


def score(out: Path, answers: str) -> None:
    """Print how often After, neither and Before was preferred."""
    key = json.loads((out / "key.json").read_text(encoding="utf-8"))
    given = dict(answer.split() for answer in answers.replace("\n", ",").split(",") if answer.strip())
    lost = [key[n]["name"] for n, side in given.items() if side not in ("=", key[n]["after"])]
    even = sum(side == "=" for side in given.values())
    print(f"After {len(given) - even - len(lost)}, no difference {even}, Before {len(lost)}: {', '.join(lost)}")


def main() -> int:
    """Make sheets, or score a judge's answers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("build/pairs"))
    parser.add_argument("--cache", type=Path, default=Path("build/harm"), help="folder of what the models saw")
    parser.add_argument("--profile", default="event")
    parser.add_argument("--look", default="", help="empty: the profile's own")
    parser.add_argument("--seed", type=int, default=1, help="which sixty pictures are drawn")
    parser.add_argument("--score", type=Path, help="a file with a judge's answers")
    args = parser.parse_args()
    if args.score is not None:
        score(args.out, args.score.read_text(encoding="utf-8"))
    elif not MEDIA.is_dir():
        print("The shared photographs do not lie beside the repository: nothing to judge.")
    else:
        make(args.out, args.cache, args.profile, args.look, args.seed)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
