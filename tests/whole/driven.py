"""A booth whose guests never stop coming: the whole program with the demo sitter and a window nobody sees.

Each guest agrees, is coached, has a portrait taken and keeps it; every second one then erases it. Run it as
`python -m tests.whole.driven HOME`; every page it draws is a line on standard output, and so are `press keep` and
`press erase` when a guest presses these. It begins as `booth run` does: the first page before everything is loaded.
"""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from booth.cli.run import run_booth
from booth.config.params import Params, load_params
from booth.config.params.deliver import DeliverParams, PageParams, StoreParams
from booth.session.state_machine import Event, State
from booth.session.view import View
from booth.ui import window
from booth.ui.window import Signal, Window

HASTE_S = 0.4  # a page is looked at this long
POSE_S = 1.5  # and the lens, before the shutter is pressed
SIZE = (640, 360)  # of the window
LOOK = "company-page"
QUICK_PX = 600  # height of a portrait where what is proven is not its pixels
_ANSWERS = {
    State.ATTRACT: Event.START,
    State.CONSENT: Event.AGREE,
    State.TRY: Event.CHOSEN,
    State.COACH: Event.MANUAL,
    State.REVIEW: Event.KEEP,
    State.SHARE: Event.DELIVERED,
    State.GOODBYE: Event.START,
}
KEEP_LINE, ERASE_LINE = "press keep", "press erase"


class Guests(Window):
    """A window with guests before it who touch what comes next."""

    _guests = 0
    _was: State | None = None

    def draw(self, view: View) -> None:
        super().draw(view)
        if view.state is not self._was:
            self._was = view.state
            self._guests += view.state is State.CONSENT
            print(view.state.value, flush=True)

    def poll(self) -> tuple[Signal, ...]:
        if put_back := super().poll():  # pressed while the booth was still loading
            return put_back
        view = self._view
        if view is None or view.in_state_s < (POSE_S if view.state is State.COACH else HASTE_S):
            return ()
        if view.state is State.REVIEW and (view.portrait is None or view.portrait.is_busy):
            return ()
        if view.state is State.SHARE and self._guests % 2 == 0:
            print(ERASE_LINE, flush=True)
            return (Signal("ask", "erase_yes"),)
        answer = _ANSWERS.get(view.state)
        if answer is Event.KEEP:
            print(KEEP_LINE, flush=True)
        return (Signal("event", answer),) if answer is not None else ()


def params_in(home: Path) -> Params:
    """A profile that keeps all there is to keep, below one folder."""
    deliver = DeliverParams(
        folder=str(home / "portraits"),
        store=StoreParams(keep_original=True, key_file=str(home / "store.key")),
        page=PageParams(address="127.0.0.1", port=0),
    )
    return msgspec.structs.replace(load_params(None), deliver=deliver)


def quick(params: Params) -> Params:
    """Return a profile with small portraits, so that a visit takes seconds on one core."""
    replace = msgspec.structs.replace
    kiosk, deliver = replace(params.kiosk, look=LOOK), replace(params.deliver, min_height_px=QUICK_PX)
    return replace(params, kiosk=kiosk, deliver=deliver)


def main(home: Path) -> None:
    """Run until killed."""
    window.Window = Guests  # type: ignore[misc]
    run_booth(quick(params_in(home)), "demo", SIZE, fullscreen=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
