"""An office run without a window: photographs stand before the lens as the people of the list, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from booth.app.replay import ReplaySession, lived
from booth.capture.frames import frames
from booth.capture.pictures import Pictures
from booth.config.params import Params
from booth.core.clock import utc_now
from booth.core.faults import Fault
from booth.core.types import Shot
from booth.looks.look import Look
from booth.office.naming import same_name
from booth.office.office_desk import OfficeDesk
from booth.office.people_list import Person
from booth.perception.frame_analyzer import FrameAnalyzer
from booth.session.session import ConsentRecord
from booth.still.batch import pictures_in
from booth.still.developer import Developer

TIMEOUT_S, PICTURE_S, FPS = 5.0, 9.0, 10  # nothing moves: ten frames a second tell all there is


@dataclass(frozen=True, slots=True)
class Sat:
    """What became of one person: a portrait in the folder, or why there is none."""

    person: Person
    photograph: Path
    file: str | None
    why: str = ""


Told = Callable[[int, int, Sat], None]


def matched(people: Sequence[Person], folder: Path) -> list[tuple[Person, Path]]:
    """Say which photograph stands for whom: by ID or name where files are called so, else in order.

    Fault `office.photographs` where names match only some of the files: in order would then be a guess.
    """
    files = pictures_in([folder])
    by_stem = {same_name(path.stem): path for path in files}
    called = [(p, (p.id and by_stem.get(same_name(p.id))) or by_stem.get(same_name(p.name))) for p in people]
    named = [(person, path) for person, path in called if path]
    if not named:
        return list(zip(people, files, strict=False))
    if len({path for _, path in named}) < len(named) or len(named) < min(len(people), len(files)):
        hint = "Call every photograph by its person's ID or name, or none of them: then they go in order."
        raise Fault("office.photographs", f"Only some photographs in {folder.name} can be told from their names.", hint)
    return named


def sit_all(
    desk: OfficeDesk, pairs: Sequence[tuple[Person, Path]], params: Params, look: Look, consent: Callable[[], ConsentRecord],
    told: Told = lambda done, of, sat: None,
) -> list[Sat]:  # fmt: skip
    """Take, develop and keep everybody's portrait as the booth would; whoever fails is told, the rest go on."""
    results = []
    params = unhurried(params)
    with FrameAnalyzer(params) as eye, Developer(params, is_set=True) as developer:
        for person, path in pairs:
            desk.seat(person.key)
            try:
                shot = _take(Pictures(str(path), params.capture), eye, params, look, desk)
                portrait = developer.portrait(shot.analysis, look, burst=shot.burst(0))
                kept = desk.keep(portrait, portrait.changes, consent(), utc_now())
                sat = Sat(person, path, kept.path.name)
            except Fault as fault:
                sat = Sat(person, path, None, str(fault))
            desk.clear()
            eye.reset()
            results.append(sat)
            told(len(results), len(pairs), sat)
    return results


def unhurried(params: Params) -> Params:
    """A photograph cannot do what the coach asks for: after a few seconds the booth takes what nothing forbids."""
    replace = msgspec.structs.replace
    times = replace(params.guidance.times, timeout_s=TIMEOUT_S)
    guidance = replace(params.guidance, times=times)
    return replace(params, guidance=guidance, capture=replace(params.capture, picture_s=PICTURE_S, fps=FPS))


def _take(source: Pictures, eye: FrameAnalyzer, params: Params, look: Look, desk: OfficeDesk) -> Shot:
    """Hold one photograph before the lens until the booth takes it; Fault `office.not_taken` says what was against."""
    rehearsal = ReplaySession(params, look, desk.gate)
    against: tuple[str, ...] = ()
    for played in lived(frames(source, params.capture), eye, rehearsal):
        if played.shot is not None:
            return played.shot
        against = played.guidance.rejects or ((played.guidance.advice,) if played.guidance.advice else against)
    reasons = ", ".join(against) or "nothing held long enough"
    raise Fault("office.not_taken", f"No picture was taken: {reasons}.", "Use another photograph.", exit_code=1)
