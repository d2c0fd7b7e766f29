"""A clothes model that fails takes the clothes off and ends nothing."""

from __future__ import annotations

from concurrent.futures import Future

from booth.app.try_on import TryOn
from booth.looks.tryon.outfit import NONE


def test_a_failing_clothes_model_takes_the_clothes_off_and_the_booth_goes_on() -> None:
    try_on = TryOn("#f2a65a")
    try_on.handle("clothes.navy")
    assert try_on._outfit.clothes == "navy"
    failed: Future = Future()
    failed.set_exception(RuntimeError("no model"))
    try_on._take_over(failed)
    assert try_on._outfit.clothes == NONE
    try_on.close()
