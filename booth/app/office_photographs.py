"""An office run without a window: photographs stand before the lens as the people of the list, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from booth.app.replay import play_frames
from booth.capture.frames import frames
from booth.capture.pictures import Pictures
from booth.config.params import Params
from booth.core.clock import utc_now
from booth.core.faults import Fault
from booth.core.turning import turned_note
from booth.core.types import Shot
from booth.looks.look import Look
from booth.office.office_session import OfficeSession
from booth.office.people_list import Person
from booth.office.reasons import not_taken_words
from booth.perception.frame_analyzer import FrameAnalyzer
from booth.session.session import ConsentRecord
from booth.still.developer import Developer

TIMEOUT_S, PICTURE_S, FPS = 5.0, 9.0, 10  # nothing moves: ten frames a second are enough


@dataclass(frozen=True, slots=True)
class SittingResult:
    """What became of one person: a portrait in the folder, or why there is none."""

    person: Person
    photograph: Path
    file: str | None
    why: str = ""
    notes: tuple[str, ...] = ()  # what reading the photograph took, in sentences


Progress = Callable[[int, int, SittingResult], None]


def sit_all(
    office_session: OfficeSession, pairs: Sequence[tuple[Person, Path]], params: Params, look: Look,
    consent: Callable[[], ConsentRecord],
    progress: Progress = lambda done, of, sat: None,
) -> list[SittingResult]:  # fmt: skip
    """Take, develop and keep everybody's portrait as the booth would; failures are reported, the rest go on."""
    results = []
    params = unhurried(params)
    with FrameAnalyzer(params) as analyzer, Developer(params, is_set=True) as developer:
        for person, path in pairs:
            office_session.seat(person.key)
            try:
                source = Pictures(str(path), params.capture)
                shot = _take(source, analyzer, params, look, office_session)
                portrait = developer.portrait(shot.analysis, look, burst=shot.burst(0))
                kept = office_session.keep(portrait, portrait.changes, consent(), utc_now())
                sat = SittingResult(
                    person, path, kept.path.name, notes=(*source.notes, *turned_note(analyzer.turned_deg, path.name))
                )
            except Fault as fault:
                sat = SittingResult(person, path, None, str(fault))
            office_session.clear()
            analyzer.next_picture()
            results.append(sat)
            progress(len(results), len(pairs), sat)
    return results


def unhurried(params: Params) -> Params:
    """A photograph cannot do what the coach asks for: after a few seconds the booth takes what nothing forbids."""
    replace = msgspec.structs.replace
    times = replace(params.guidance.times, timeout_s=TIMEOUT_S, takes_doubtful=False)
    guidance = replace(params.guidance, times=times)
    return replace(params, guidance=guidance, capture=replace(params.capture, picture_s=PICTURE_S, fps=FPS))


def _take(source: Pictures, analyzer: FrameAnalyzer, params: Params, look: Look, office_session: OfficeSession) -> Shot:
    """Hold one photograph before the lens until the booth takes it; Fault `office.not_taken` says what was against."""
    against: tuple[tuple[str, ...], str | None] = ((), None)
    for played in play_frames(frames(source, params.capture), analyzer, params, look, office_session.gate):
        if played.shot is not None:
            return played.shot
        if played.guidance is not None:
            against = (played.guidance.blocks, played.guidance.advice or against[1])
    reasons = not_taken_words(*against)
    raise Fault("office.not_taken", f"No picture was taken: {reasons}.", "Use another photograph.", exit_code=1)
