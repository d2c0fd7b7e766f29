"""A booth that is driven: its own loop, threads and window on a screen nobody sees, and a guest made of a few rules.

As a program it drives sessions in a home folder of its own until it is killed, and says each step on its output:
`python -m tests.rig.driven SECONDS`.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import msgspec

from booth.app.engine import Engine
from booth.app.feed import ThreadedFeed
from booth.app.parts import EngineSetup
from booth.capture.source import Source, open_source
from booth.config.params import Params, load_params
from booth.looks.look import load_look
from booth.session.state_machine import Event, State
from booth.ui.window import Window

PRESS_S = 0.3  # between two decisions of the guest
HAND_S = 4.0  # after so long before the mirror the guest presses the shutter


def params_of(source: str, portraits: Path) -> Params:
    """The event profile with a source and a folder of its own, at a size that two busy cores follow."""
    params = load_params("event")
    capture = msgspec.structs.replace(params.capture, source=source, width_px=640, height_px=360)
    deliver = msgspec.structs.replace(params.deliver, folder=str(portraits))
    kiosk = msgspec.structs.replace(params.kiosk, retakes=20)
    return msgspec.structs.replace(params, capture=capture, deliver=deliver, kiosk=kiosk)


@dataclass
class Guest:
    """Goes from page to page as far as `wants`, then waits there; ends the session by keeping where it may."""

    wants: State | None = None  # None: through the whole visit, again and again
    presses: bool = True  # the shutter by hand, so that a visit takes seconds
    hand_s: float = HAND_S
    _last_s: float = 0.0
    _mirror_s: float | None = None

    def step(self, booth: Engine, now_s: float) -> None:
        """Do the next thing, at a person's pace."""
        if now_s - self._last_s < PRESS_S or booth.state is self.wants:
            return
        self._last_s = now_s
        self._mirror_s = now_s if booth.state is not State.COACH or self._mirror_s is None else self._mirror_s
        event = {
            State.ATTRACT: Event.START,
            State.CONSENT: Event.AGREE,
            State.TRY: Event.CHOSEN,
            State.REVIEW: Event.KEEP,
            State.SHARE: Event.DELIVERED,
            State.GOODBYE: Event.LEAVE,
        }.get(booth.state)
        if booth.state is State.REVIEW and self.wants is State.COACH:
            event = Event.RETAKE  # the shutter fired by itself, and the guest wants to be coached on
        if booth.state is State.COACH and self.presses and now_s - self._mirror_s > self.hand_s:
            event, self._mirror_s = Event.MANUAL, now_s
        if event is not None:
            booth.signals.handle_event(event)


@dataclass
class Driven:
    """One booth and its guest. `until` runs the loop until something holds or time is over."""

    params: Params
    source: Source | None = None
    guest: Guest = field(default_factory=Guest)
    booth: Engine = field(init=False)
    states: list[State] = field(default_factory=list)

    def __post_init__(self) -> None:
        source = self.source or open_source(self.params.capture.source, self.params.capture)
        window = Window(self.params.screen, (640, 360))
        self.booth = Engine(
            self.params, load_look("studio-grey"), EngineSetup(ThreadedFeed(self.params, source), window)
        )

    def run(self, script: Callable[[Driven], bool]) -> None:
        """Run the booth's own loop; `script` is asked after every turn and ends it with True."""

        def turned(booth: Engine) -> bool:
            if not self.states or self.states[-1] is not booth.state:
                self.states.append(booth.state)
            self.guest.step(booth, time.monotonic())
            return script(self)

        self.booth.run(turned)


def main() -> int:
    """Drive visits in $HOME until the time is over or the process is killed."""
    began_s = time.monotonic()
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    driven = Driven(params_of("demo", Path.home() / "portraits"))
    told = 0

    def script(driven: Driven) -> bool:
        nonlocal told
        for state in driven.states[told:]:
            print(f"{time.monotonic() - began_s:.2f} {state.value}", flush=True)
        told = len(driven.states)
        return time.monotonic() - began_s > seconds

    driven.run(script)
    return 0


if __name__ == "__main__":
    sys.exit(main())
