"""Machines whose calendars are thrown about, beside the true time, and how early or late they erase.

    python -m tests.attack.clock_worlds [SEEDS]      1,000 jumps of each kind for every seed, 20 unless told

Five kinds. `put_right`: thrown about while the machine runs, with restarts, and put right within a day of running.
`nobody`: the same and never put right; the clock chip runs rightly while the machine is off. `chip`: also set wrong
while the machine is off, several times and with several restarts before it is put right, within 20 hours of running.
`chip_trusted`: the same after eight days without a jump. `slow`: restarts and small wrongs of minutes to a day.
"""

from __future__ import annotations

import random
import sys
from concurrent.futures import ProcessPoolExecutor

import msgspec

from booth.delivery.store.plausible import DAY_S, Believed, Reading, advance, first

HOUR_S = 3600.0
JUMPS = 1000


class World:
    """True time, and a machine whose calendar is thrown about; what is kept counts down as in the store."""

    def __init__(self, seed: int, look_s: float = 3600.0) -> None:
        self.look_s = look_s
        self.chance = random.Random(seed)
        self.true_s = self.wrong_s = 0.0
        self.boot, self.up_s = 0, 1000.0
        self.state: Believed = first(self.reading())
        self.left: list[list[float]] = []  # what is left, its true end, the store's time when it was made
        self.early = self.latest_s = 0.0
        self.n_ended = 0

    def reading(self) -> Reading:
        return Reading(1.8e9 + self.true_s + self.wrong_s, str(self.boot), self.up_s)

    def run(self, span_s: float) -> None:
        """Let the machine run, looking every `look_s` at the most."""
        while span_s > 0:
            step_s = min(span_s, self.look_s)
            span_s -= step_s
            self.true_s += step_s
            self.up_s += step_s
            self._look()

    def keep(self, life_s: float) -> None:
        self._look()
        self.left.append([life_s, self.true_s + life_s, self.state.time_s])

    def jump(self, most: float = 9.1) -> None:
        """Throw the calendar from the true time by ten seconds to 10 ** `most` of them, forty years."""
        self.wrong_s = self.chance.choice((-1, 1)) * 10 ** self.chance.uniform(1, most)
        self._look()

    def keep_and_jump(self) -> None:
        """Keep a portrait, let hours pass, throw the calendar about, sometimes switch off, and let hours pass again."""
        self.keep(self.chance.choice((HOUR_S, DAY_S, 30 * DAY_S)))
        self.run(self.chance.uniform(60.0, 6 * HOUR_S))
        self.jump()
        if self.chance.random() < 0.3:
            self.off(self.chance.uniform(60.0, 4 * HOUR_S))
        self.run(self.chance.uniform(60.0, 12 * HOUR_S))

    def put_right(self) -> None:
        self.wrong_s = 0.0
        self._look()

    def off(self, span_s: float) -> None:
        self.true_s += span_s
        self.boot, self.up_s = self.boot + 1, 5.0
        self._look()

    def _look(self) -> None:
        passed = advance(self.state, self.reading())
        self.state = msgspec.json.decode(msgspec.json.encode(passed.state), type=Believed)
        going = []
        for one in self.left:
            one[0] -= passed.ran_s + sum(a.off_s for a in passed.absences if one[2] < a.before_s)
            if one[0] > 1e-6:
                going.append(one)
                continue
            late_s = self.true_s - one[1]
            self.n_ended += 1
            self.early = max(self.early, -late_s)
            self.latest_s = max(self.latest_s, late_s)
        self.left = going


def put_right(seed: int, jumps: int = JUMPS) -> World:
    """The calendar is thrown about, wrong at most for a day, and the machine is switched off in between."""
    world = World(seed)
    world.jump()
    world.put_right()
    for _ in range(jumps):
        world.keep_and_jump()
        world.put_right()
    return _to_the_end(world)


def nobody(seed: int, jumps: int = JUMPS) -> World:
    """Nobody ever puts it right."""
    world = World(seed)
    for _ in range(jumps):
        world.keep_and_jump()
    world.put_right()
    return _to_the_end(world)


def chip(seed: int, spells: int = 300, *, before_s: float = 0.0, most: float = 9.1) -> World:
    """Set wrong while the machine runs and while it is off, again and again before it is put right."""
    world = World(seed)
    chance = world.chance
    world.run(before_s)
    for _ in range(spells):
        world.keep(chance.choice((HOUR_S, DAY_S, 10 * DAY_S, 30 * DAY_S)))
        world.run(chance.uniform(60.0, 20 * HOUR_S))
        is_wrong, left_s = False, 20 * HOUR_S
        for _ in range(chance.choice((1, 1, 2, 3))):
            act = chance.random()
            if act < 0.35:
                world.jump(most)
                is_wrong = True
            elif 0.45 < act < 0.6:
                world.wrong_s += chance.choice((-1, 1)) * 10 ** chance.uniform(0.0, most)
                is_wrong = True
            if act < 0.6:
                world.off(10 ** chance.uniform(0.3, 5.3))
            span_s = chance.uniform(10.0, 8 * HOUR_S)
            span_s = min(span_s, left_s) if is_wrong else span_s
            left_s -= span_s if is_wrong else 0.0
            world.run(span_s)
        world.put_right()
    return _to_the_end(world)


def chip_trusted(seed: int, spells: int = 30) -> World:
    """The same on a machine whose calendar has not jumped for a week."""
    return chip(seed, spells, before_s=8 * DAY_S)


def slow(seed: int, spells: int = 300) -> World:
    """Wrong by seconds to a day, the places close together."""
    return chip(seed, spells, most=4.9)


def _to_the_end(world: World) -> World:
    for _ in range(3):
        world.run(30 * DAY_S)
    return world


KINDS = {"put_right": put_right, "nobody": nobody, "chip": chip, "chip_trusted": chip_trusted, "slow": slow}


def _figures(kind: str, seed: int) -> tuple[str, int, float, float, int]:
    world = KINDS[kind](seed)  # type: ignore[operator]
    return kind, seed, world.early / HOUR_S, world.latest_s / HOUR_S, len(world.left)


def main(seeds: int, kinds: list[str]) -> None:
    """Print the worst of every kind."""
    with ProcessPoolExecutor(2) as pool:
        for kind in kinds:
            rows = list(pool.map(_figures, [kind] * seeds, range(100, 100 + seeds)))
            early, late = max(rows, key=lambda row: row[2]), max(rows, key=lambda row: row[3])
            n_early = sum(row[2] * HOUR_S > 1.0 for row in rows)
            print(
                f"{kind}: {seeds} seeds, {n_early} early (at most {early[2]:.3f} h, seed {early[1]}), "
                f"late by {late[3]:.1f} h at most (seed {late[1]}), never erased: {sum(row[4] for row in rows)}",
                flush=True,
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20, sys.argv[2:] or list(KINDS))
