"""The loop's core on any frames, without a window or threads: see, coach, shutter. What `replay` runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from booth.guidance.coach import Coach
from booth.guidance.shutter import Shutter, ShutterEvent, Taken
from booth.perception.eye import Eye
from booth.types import Frame, Guidance, Sight

Step = tuple[Sight, Guidance, tuple[ShutterEvent, ...]]


def rehearse(frames: Iterable[Frame], eye: Eye, coach: Coach, shutter: Shutter) -> Iterator[Step]:
    """Yield every sight with its guidance and the shutter's events; after a portrait the shutter is armed again.

    When the frames end inside an open window, the last step is yielded once more with the events of the end.
    """
    last: tuple[Sight, Guidance] | None = None
    for frame in frames:
        sight = eye.see(frame)
        coach, guidance = coach.step(sight)
        shutter, events = shutter.step(guidance)
        if any(isinstance(event, Taken) for event in events):
            shutter = shutter.rearmed()
        last = (sight, guidance)
        yield sight, guidance, events
    _, events = shutter.finish()
    if last is not None and events:
        yield *last, events
