"""A few of the sessions of `make groups`: a portrait of all of them, in time, and nobody's eyes shut."""

from __future__ import annotations

import pytest

from tests.shared_media.simulated_groups import LEAST_SHARE, MEDIAN_MOST_S, all_sessions, figures, report
from tests.shared_media.simulated_sitters import CACHE

pytestmark = [pytest.mark.shared, pytest.mark.model]


@pytest.mark.long
def test_every_group_with_a_moment_gets_a_portrait_of_all(shared):
    outcomes = list(all_sessions(shared, 8, folder=CACHE, every=24))
    share, median_s, shut = figures(outcomes)
    assert sum(outcome.had_moment for outcome in outcomes) >= 5
    assert share >= LEAST_SHARE and median_s <= MEDIAN_MOST_S and shut == 0, report(outcomes)
