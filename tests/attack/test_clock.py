"""A wrong clock, put right: nothing is erased early, and nothing is kept for more than a day too long."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from booth.delivery.store.plausible import DAY_S, Believed, Reading, advance, age_s, first
from booth.delivery.store.portrait_store import Store, StoreEntry
from booth.delivery.store.retention import ORIGINAL
from tests.attack.clock_worlds import HOUR_S, JUMPS, World, chip, chip_trusted, nobody, put_right, slow
from tests.rig.sample import sampled
from tests.unit.store.conftest import CONSENT, JPEG, NOON, Shop


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


def test_what_is_made_after_an_absence_was_counted_grows_older_as_everything_does() -> None:
    state = advance(first(Reading(1e9, "a", 100.0)), Reading(1e9 + DAY_S, "b", 10.0, vouched_s=1e9 + DAY_S)).state
    made_s = state.time_s
    later = advance(state, Reading(1e9 + 3 * DAY_S, "b", 10.0 + 2 * DAY_S)).state
    assert age_s(later, made_s) == pytest.approx(2 * DAY_S), "not a day less for every absence there ever was"
    assert age_s(later, 1e9) == pytest.approx(3 * DAY_S)


def test_a_store_that_knew_other_facts_of_the_time_goes_on_with_it() -> None:
    told = b"""{"boot": "a", "up_s": 100.0, "calendar_s": 1e9, "line_s": 1e9, "time_s": 999999000.0, "ran_s": 50.0,
        "is_open": true, "shown": [{"off_s": 5.0, "before_s": 1.0}],
        "absences": [{"off_s": 3600.0, "before_s": 9e8}]}"""
    passed = advance(msgspec.json.decode(told, type=Believed), Reading(1e9 + HOUR_S, "a", 100.0 + HOUR_S))
    assert (passed.ran_s, passed.absences, passed.jump_s) == (HOUR_S, (), 0.0)
    assert passed.state.time_s == 999999000.0 + HOUR_S


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


@pytest.mark.parametrize("seed", [1, 2])
def test_a_thousand_jumps_of_a_machine_that_runs_lose_nothing_early_and_keep_nothing_late(seed: int) -> None:
    world = World(seed, 900.0)
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


@pytest.mark.parametrize("jumps", sampled((JUMPS // 5, JUMPS), (JUMPS // 5,)))
def test_jumps_with_restarts_lose_nothing_early_and_keep_nothing_a_day_late(jumps: int) -> None:
    _assert_in_time(put_right(3, jumps), jumps)


def test_a_thousand_jumps_that_nobody_puts_right_lose_nothing_early_and_keep_nothing_a_day_late() -> None:
    _assert_in_time(nobody(5), JUMPS)


@pytest.mark.parametrize(("world", "seed"), [(chip, 94), (chip_trusted, 109), (slow, 107)])
def test_a_clock_chip_that_is_set_wrong_again_before_it_is_put_right_loses_nothing_early(
    world: Callable[[int, int], World], seed: int
) -> None:
    done = world(seed, 40)
    assert done.n_ended == 40 and not done.left and done.early < 1.0


def _assert_in_time(world: World, n: int) -> None:
    assert world.n_ended == n and not world.left
    assert world.early < 1.0 and world.latest_s <= DAY_S
    print(f"{n} jumps with restarts: early by {world.early:.3f} s, late by {world.latest_s / HOUR_S:.1f} h at most")


def test_a_weekend_off_counts_a_day_after_the_booth_is_on_again() -> None:
    """Nights are believed at once, and the weekend stands through the night that follows it."""
    world = World(1)
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
    world = World(1)
    world.run(25 * HOUR_S)
    world.keep(5 * DAY_S)
    world.wrong_s = -4 * DAY_S  # no clock chip: the machine comes up with the time at which it went down
    world.off(4 * DAY_S)
    world.run(HOUR_S)
    world.put_right()
    world.run(22 * HOUR_S)
    assert world.left
    world.run(3 * HOUR_S)
    assert not world.left and world.early == 0.0


def test_a_first_day_without_a_clock_chip_that_is_put_right_after_a_restart_erases_nothing() -> None:
    """It came up in 2020, kept portraits, was restarted, and only then found a network: nobody was off for years."""
    world = World(1)
    world.wrong_s = -6 * 365 * DAY_S
    world.boot, world.state = 7, first(world.reading())
    world.keep(30 * DAY_S)
    world.run(HOUR_S)
    world.wrong_s -= 2 * HOUR_S  # the time at which it went down
    world.off(2 * HOUR_S)
    world.run(HOUR_S)
    world.put_right()
    world.run(3 * DAY_S)
    assert world.left and world.early == 0.0


def test_a_start_that_is_ahead_and_set_back_counts_the_absence_that_is_left() -> None:
    world = World(1)
    world.keep(5 * DAY_S)
    world.wrong_s = 365 * DAY_S
    world.off(3.5 * DAY_S)
    world.run(20 * HOUR_S)
    world.put_right()
    world.run(2 * DAY_S)
    assert not world.left and world.early == 0.0 and world.latest_s < DAY_S
