"""What the operator changed is taken over by a booth that starts anew in the same process."""

from __future__ import annotations

import msgspec

from booth.app.watchdog import Watchdog
from booth.cli.run import CommandLineOverrides
from booth.config.params import Params, load_params


def with_source(params: Params, source: str) -> Params:
    return msgspec.structs.replace(params, capture=msgspec.structs.replace(params.capture, source=source))


def test_the_command_line_counts_until_the_operator_chose_otherwise() -> None:
    params = load_params("event")
    overrides = CommandLineOverrides(source="demo", look="navy", locale="ja")
    asked = overrides.over(params)
    assert (asked.capture.source, asked.kiosk.look, asked.screen.locale) == ("demo", "navy", "ja")
    assert overrides.after(params, params) == overrides
    assert overrides.after(params, with_source(params, "Good camera")) == CommandLineOverrides(None, "navy", "ja")


def test_a_look_that_is_asked_for_keeps_its_own_light() -> None:
    params = load_params("event")
    lit = msgspec.structs.replace(params, kiosk=msgspec.structs.replace(params.kiosk, light="rim"))
    assert CommandLineOverrides().over(lit).kiosk.light == "rim"
    assert CommandLineOverrides(look="navy").over(lit).kiosk.light == ""


def test_the_service_manager_is_not_told_of_an_end_that_is_none() -> None:
    for starts_anew in (False, True):
        told: list[str] = []
        with Watchdog(give_up=lambda: None, notify=told.append, now_s=lambda: 0.0) as watchdog:
            watchdog.beat("")
            watchdog.starts_anew = starts_anew
        assert ("STOPPING=1" in told) is not starts_anew
