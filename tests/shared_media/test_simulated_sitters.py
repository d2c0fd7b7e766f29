"""A few of the sessions of `make sitters`: everybody gets a portrait in time, and nobody is praised in vain."""

from __future__ import annotations

import pytest

from tests.shared_media.simulated_sitters import CACHE, all_sessions, holds, report

pytestmark = [pytest.mark.shared, pytest.mark.model]


@pytest.mark.long
def test_every_sitter_gets_a_portrait_in_time(shared):
    outcomes = list(all_sessions(shared, every=24, folder=CACHE))
    assert len(outcomes) >= 35
    assert holds(outcomes), report(outcomes)
    assert sum(outcome.in_vain for outcome in outcomes) == 0
    assert [o for o in outcomes if not o.is_good and not o.doubt] == [], "shut eyes or talk, and nothing said of it"
