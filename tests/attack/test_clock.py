"""A wrong clock, put right: nothing is erased early, and nothing is kept for more than a day too long."""

from __future__ import annotations

import datetime
import random
from pathlib import Path

import msgspec
import pytest

from booth.delivery.store.plausible import DAY_S, Believed, Reading, advance, first
from booth.delivery.store.portrait_store import Store, StoreEntry
from booth.delivery.store.retention import ORIGINAL
from tests.unit.store.conftest import CONSENT, JPEG, NOON, Shop

HOUR_S = 3600.0
JUMPS = 1000


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    shop.set(portrait_days=30)
    return shop


def _kept(shop: Shop, store: Store, name: str = "one.jpg") -> StoreEntry:
    entry, _ = store.keep(shop.portraits / name, JPEG, CONSENT, shop.now)
    store.add(entry.id, ORIGINAL, JPEG, shop.now)
    return entry


def _reboot(shop: Shop, *, off_s: float = 0.0, calendar: datetime.datetime | None = None) -> Store:
    """Switch the machine off for a while and on again, with whatever its calendar then shows."""
    shop.close()
    shop.now = calendar or shop.now + datetime.timedelta(seconds=off_s)
    shop.boot, shop.up_s = f"{shop.boot}+", 5.0
    return shop.open()


def test_a_boot_in_2020_put_right_by_a_time_service_erases_nothing(shop: Shop) -> None:
    shop.now = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    store = shop.open()
    entry = _kept(shop, store)
    shop.later(hours=1)
    shop.now = NOON
    assert store.tick(shop.now) == [] and store.is_kept(entry.id) and store.read(entry.id, ORIGINAL) == JPEG
    assert len(store.consents.lines()) == 1 and store.shorten_consents(shop.now) == 0
    shop.later(days=29.9)
    assert store.tick(shop.now) == []
    assert len(store.tick(shop.later(hours=2.5))) == 1, "and at its end it goes, by the days that really passed"


def test_a_calendar_forty_years_ahead_for_a_tick_empties_nothing(shop: Shop) -> None:
    store = shop.open()
    entry = _kept(shop, store)
    store.tick(shop.jump(days=40 * 365))
    store.shorten_consents(shop.now)
    store.tick(shop.jump(days=-40 * 365))
    assert store.is_kept(entry.id) and [line.event for line in store.consents.lines()] == ["given"]
    shop.close()
    shop.jump(days=40 * 365)
    assert shop.open().is_kept(entry.id), "nor does a start, or a command beside the booth"


def test_a_machine_that_comes_up_in_2020_and_is_put_right_an_hour_later(shop: Shop) -> None:
    store = shop.open()
    entry = _kept(shop, store)
    at = shop.later(days=2)
    store.tick(at)
    store = _reboot(shop, calendar=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
    assert store.clock_note is not None, "it is told"
    store.tick(shop.later(hours=1))
    shop.now = at + datetime.timedelta(hours=3)
    assert store.tick(shop.now) == [] and store.is_kept(entry.id)
    store.tick(shop.later(days=27.7))
    assert store.is_kept(entry.id)
    assert len(store.tick(shop.later(days=1))) == 1


def test_a_machine_that_comes_up_forty_years_ahead_is_not_believed_for_a_day(shop: Shop) -> None:
    store = shop.open()
    entry = _kept(shop, store)
    at = shop.now
    store = _reboot(shop, calendar=at + datetime.timedelta(days=40 * 365))
    for _ in range(23):
        assert store.tick(shop.later(hours=1)) == []
    shop.now = at + datetime.timedelta(hours=23)
    store.tick(shop.now)
    store.tick(shop.later(days=2))
    assert store.is_kept(entry.id) and store.read(entry.id, ORIGINAL) == JPEG


def test_a_booth_that_was_off_for_months_erases_after_a_day(shop: Shop) -> None:
    store = shop.open()
    entry = _kept(shop, store)
    store = _reboot(shop, off_s=90 * DAY_S)
    assert store.is_kept(entry.id) and store.clock_note is not None
    for _ in range(25):
        store.tick(shop.later(hours=1))
    assert not store.is_kept(entry.id) and not entry.path.exists()


def test_a_booth_that_is_off_every_night_keeps_nothing_longer(shop: Shop) -> None:
    store = shop.open()
    entry = _kept(shop, store)
    days = 0.0
    while store.is_kept(entry.id):
        for _ in range(8):
            store.tick(shop.later(hours=1))
        days += 1
        assert days < 32
        if store.is_kept(entry.id):
            store = _reboot(shop, off_s=16 * HOUR_S)
    assert 30 <= days <= 31


def test_a_time_service_that_vouches_is_believed_at_once() -> None:
    state = first(Reading(1e9, "a", 100.0))
    away_s = 60 * DAY_S
    vouched = advance(state, Reading(1e9 + away_s, "b", 10.0, vouched_s=1e9 + away_s + 1))
    assert vouched.ran_s + vouched.absences[0].off_s == pytest.approx(away_s)
    claimed_by_others = advance(state, Reading(1e9 + away_s, "b", 10.0, vouched_s=1e9))
    assert claimed_by_others.absences == (), "the service keeps another time than the one that was given"


def test_a_damaged_index_takes_its_time_from_the_copy(shop: Shop) -> None:
    store = shop.open()
    entry = _kept(shop, store)
    store.tick(shop.later(days=3))
    shop.close()
    (shop.data / "index.sqlite").write_bytes(b"no database" * 500)
    shop.jump(days=40 * 365)
    store = shop.open()
    assert store.is_kept(entry.id)
    store.tick(shop.later(days=26.9))
    assert store.is_kept(entry.id)
    assert len(store.tick(shop.later(hours=3))) == 1


def test_a_damaged_index_without_its_time_erases_nothing_within_a_day(shop: Shop) -> None:
    store = shop.open()
    entry = _kept(shop, store)
    shop.close()
    (shop.data / "index.sqlite").unlink()
    (shop.data / "clock").unlink()
    shop.jump(days=40 * 365)
    store = shop.open()
    store.tick(shop.later(hours=23))
    assert store.is_kept(entry.id)


class _World:
    """True time, and a machine whose calendar is thrown about; what is kept counts down as in the store."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.true_s = self.wrong_s = 0.0
        self.boot, self.up_s = 0, 1000.0
        self.state: Believed = first(self._reading())
        self.left: list[list[float]] = []  # what is left, its true end, the store's time when it was made
        self.early = self.latest_s = 0.0
        self.n_ended = 0

    def _reading(self) -> Reading:
        return Reading(1.8e9 + self.true_s + self.wrong_s, str(self.boot), self.up_s)

    def run(self, span_s: float) -> None:
        """Let the machine run, looking every quarter of an hour at the most."""
        while span_s > 0:
            step_s = min(span_s, 900.0)
            span_s -= step_s
            self.true_s += step_s
            self.up_s += step_s
            self._look()

    def keep(self, life_s: float) -> None:
        self._look()
        self.left.append([life_s, self.true_s + life_s, self.state.time_s])

    def jump(self) -> None:
        self.wrong_s = self.chance.choice((-1, 1)) * 10 ** self.chance.uniform(1, 9.1)
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
        passed = advance(self.state, self._reading())
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


@pytest.mark.parametrize("seed", [1, 2])
def test_a_thousand_jumps_of_a_machine_that_runs_lose_nothing_early_and_keep_nothing_late(seed: int) -> None:
    world = _World(seed)
    for _ in range(JUMPS):
        world.keep(world.chance.choice((HOUR_S, DAY_S, 30 * DAY_S)))
        world.run(world.chance.uniform(60.0, 6 * HOUR_S))
        world.jump()
        if world.chance.random() < 0.5:
            world.run(world.chance.uniform(60.0, 3 * HOUR_S))
            world.put_right()
    world.put_right()
    world.run(31 * DAY_S)
    assert world.n_ended == JUMPS and not world.left
    assert world.early < 1.0 and world.latest_s <= 900.0
    print(f"{JUMPS} jumps: early by {world.early:.3f} s at most, late by {world.latest_s:.0f} s at most")


@pytest.mark.parametrize("seed", [3, 4])
def test_a_thousand_jumps_with_restarts_lose_nothing_early_and_keep_nothing_a_day_late(seed: int) -> None:
    """The calendar is thrown about, wrong at most for a day, and the machine is switched off in between."""
    world = _World(seed)
    world.jump()
    world.put_right()
    for _ in range(JUMPS):
        world.keep_and_jump()
        world.put_right()
    for _ in range(3):
        world.run(30 * DAY_S)
    assert world.n_ended == JUMPS and not world.left
    assert world.early < 1.0 and world.latest_s <= DAY_S
    print(f"{JUMPS} jumps with restarts: early by {world.early:.3f} s, late by {world.latest_s / 3600:.1f} h at most")


def test_a_calendar_that_nobody_puts_right_for_a_thousand_jumps_loses_nothing_early() -> None:
    world = _World(5)
    for _ in range(JUMPS):
        world.keep_and_jump()
    world.put_right()
    for _ in range(3):
        world.run(30 * DAY_S)
    assert world.n_ended == JUMPS and not world.left and world.early < 1.0
    print(f"{JUMPS} jumps, never put right: late by {world.latest_s / 3600:.1f} h at most")


def test_a_weekend_off_counts_a_day_after_the_booth_is_on_again() -> None:
    """Nights are believed at once, and the weekend stands through the night that follows it."""
    world = _World(1)
    world.run(8 * DAY_S)  # a calendar that has not jumped for a week
    world.keep(30 * HOUR_S)
    world.run(8 * HOUR_S)
    world.off(64 * HOUR_S)
    world.run(8 * HOUR_S)
    assert world.left, "sixty-four hours are more than is believed at once"
    world.off(16 * HOUR_S)
    world.run(HOUR_S)
    assert not world.left and world.early == 0.0


def test_a_chip_that_stood_still_is_replaced_by_the_calendar_that_somebody_sets() -> None:
    world = _World(1)
    world.keep(5 * DAY_S)
    world.wrong_s = -4 * DAY_S  # no clock chip: the machine comes up with the time at which it went down
    world.off(4 * DAY_S)
    world.run(HOUR_S)
    world.put_right()
    world.run(22 * HOUR_S)
    assert world.left
    world.run(3 * HOUR_S)
    assert not world.left and world.early == 0.0


def test_a_start_that_is_ahead_and_set_back_counts_the_absence_that_is_left() -> None:
    world = _World(1)
    world.keep(5 * DAY_S)
    world.wrong_s = 365 * DAY_S
    world.off(3.5 * DAY_S)
    world.run(20 * HOUR_S)
    world.put_right()
    world.run(2 * DAY_S)
    assert not world.left and world.early == 0.0 and world.latest_s < DAY_S
