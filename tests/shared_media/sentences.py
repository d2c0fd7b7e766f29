"""What the coach says on clips at every second without a shot, and whether it names a measured cause.

    make sentences                      # every shared clip
    make sentences ARGS="a.mp4 b.mp4"

A sentence names a measured cause where its reject has been among the frame's `rejects` within the last second, or, for
what would only be nicer, where its reading is not ok.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2

from booth.app.engine import Step
from booth.app.replay import play_frames
from booth.config.params import Params
from booth.core.types import Frame
from booth.looks.look import DEFAULT_LOOK, load_look
from booth.perception.frame_analyzer import FrameAnalyzer
from booth.session.state_machine import State

SHARED = Path(__file__).resolve().parents[3] / "shared"
WITHIN_S = 1.0
CAUSES: dict[str, tuple[str, ...]] = {
    "presence.come_in": ("nobody",),
    "presence.alone": ("others",),
    "light.lens_covered": ("nobody",),
    "light.room_dark": ("nobody",),
    "framing.closer": ("far", "framing"),
    "framing.back": ("framing",),
    "framing.step_left": ("framing", "cut"),
    "framing.step_right": ("framing", "cut"),
    "framing.lower": ("framing", "cut"),
    "framing.higher": ("framing", "cut"),
    "cover.eyes": ("hidden",),
    "cover.face": ("hidden",),
    "gaze.lens": ("gaze",),
    "eyes.open": ("eyes",),
    "expression.pause": ("talking",),
    "expression.lips": ("talking",),
    "expression.relax": ("grimace",),
    "focus.still": ("blur",),
}
NICER = {
    "expression.smile": "expression.smile",
    "expression.brows": "expression.brow_rise",
    "light.mixed": "light.mixed_stops",
    "cover.glare": "glasses.glare",
    "light.face_left": "light.azimuth_deg",
    "light.face_right": "light.azimuth_deg",
}
PRAISE = ("hold.still", "praise.good")


@dataclass(frozen=True, slots=True)
class Row:
    """One second of one clip."""

    t_s: int
    advice: str | None
    blocks: tuple[str, ...]  # of that frame
    cause: str  # what the sentence rests on, "" where nothing measured supports it


def causes_of(advice: str) -> tuple[str, ...]:
    """Return the rejects that a sentence may stand for."""
    return CAUSES.get(advice) or (advice.split(".")[0],)


def cause(advice: str | None, lately: Sequence[Step]) -> str:
    """Return what was measured in the last second that the sentence on the last frame names."""
    now = lately[-1].guidance
    if advice is None:
        return ""
    if advice in PRAISE:
        return "nothing is in the way" if not now.blocks else ""
    seen = {key for played in lately for key in played.guidance.blocks}
    found = next((key for key in causes_of(advice) if key in seen), "")
    reading = now.readings.get(NICER.get(advice, ""))
    if not found and reading is not None and any(_is_bad(played, NICER[advice]) for played in lately):
        return f"{NICER[advice]} {reading.value}"
    return found


def _is_bad(played: Step, key: str) -> bool:
    reading = played.guidance.readings.get(key)
    return reading is not None and reading.ok is False


def rows(log: Sequence[Step]) -> Iterator[Row]:
    """Yield every full second of a clip at which no picture is being taken, developed or looked at."""
    second = 1
    for i, played in enumerate(log):
        t_s = played.guidance.t_s
        if t_s < second:
            continue
        second = int(t_s) + 1
        if played.state not in (State.COACH, State.HOLD) or played.shot is not None:
            continue
        lately = [p for p in log[: i + 1] if t_s - p.guidance.t_s <= WITHIN_S + 1e-6]
        yield Row(int(t_s), played.guidance.advice, played.guidance.blocks, cause(played.guidance.advice, lately))


def frames(path: Path) -> Iterator[Frame]:
    """Yield the frames of a clip."""
    reader = cv2.VideoCapture(str(path))
    fps = reader.get(cv2.CAP_PROP_FPS) or 30.0
    seq = 0
    while True:
        ok, bgr = reader.read()
        if not ok:
            return
        rgb = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
        yield Frame(seq, seq / fps, rgb, rgb)
        seq += 1


def main() -> int:
    """Print the table; 1 where a sentence has no measured cause."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("clips", nargs="*", type=Path)
    given = parser.parse_args()
    clips = given.clips or sorted((SHARED / "media" / "videos").glob("*"))
    if not clips:
        raise SystemExit("Needs ../shared, which this clone does not have, or clips to look at.")
    unfounded = total = 0
    for path in clips:
        with FrameAnalyzer(Params(), matte=False) as eye:
            log = list(play_frames(frames(path), eye, Params(), load_look(DEFAULT_LOOK)))
        for row in rows(log):
            total += 1
            unfounded += not row.cause
            against = ", ".join(row.blocks) or "-"
            sys.stdout.write(
                f"{path.name:52} {row.t_s:3} s  {row.advice!s:20} for: {row.cause or 'NOTHING':24} now: {against}\n"
            )
    sys.stdout.write(
        f"{total} seconds without a shot, {unfounded} of them with a sentence that nothing measured supports\n"
    )
    return 1 if unfounded else 0


if __name__ == "__main__":
    raise SystemExit(main())
