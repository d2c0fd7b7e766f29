"""A hold that is lost does not begin the session anew: what was seen so far may still become the picture."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from booth.app.engine import Engine
from booth.session.state_machine import State


@pytest.mark.parametrize(("before", "begins"), [(State.HOLD, 0), (State.REVIEW, 1), (State.TRY, 1)])
def test_only_a_coach_page_that_does_not_follow_a_hold_begins_anew(before: State, begins: int) -> None:
    begun: list[str] = []
    booth = SimpleNamespace(
        upkeep=SimpleNamespace(hooks=SimpleNamespace(record=lambda *_: None)),
        _enter={State.COACH: lambda: begun.append("anew")},
    )
    Engine._enter_state(booth, State.COACH, before)  # type: ignore[arg-type]
    assert len(begun) == begins
