"""The poses of the guide: `assets/poses/*.toml`, one a file."""

from __future__ import annotations

import difflib
import tomllib
from functools import lru_cache

import msgspec

from booth.core.assets import asset
from booth.core.faults import Fault
from booth.core.types import FrameAnalysis
from booth.guidance.body_measures import measure_body
from booth.guidance.pose_guide import Pose

POSE_KIND = "pose"  # as a choice of the page of clothes
FRONTAL_DEG = 9.0  # of the shoulders' turn; people who face the lens read -5 to 5 (90 of 100)


@lru_cache(maxsize=1)
def poses() -> dict[str, Pose]:
    """Return every pose by name. Raises what msgspec or tomllib raise at a broken file of the package."""
    found = sorted(asset("poses").glob("*.toml"))
    return {path.stem: _read(path.stem, path.read_text("utf-8")) for path in found}


def _read(name: str, text: str) -> Pose:
    return msgspec.convert({**tomllib.loads(text), "name": name}, Pose)


def find_pose(name: str) -> Pose:
    """Return a pose by name; Fault `pose.unknown` names those there are."""
    pose = poses().get(name)
    if pose is None:
        near = difflib.get_close_matches(name, poses(), n=2, cutoff=0.4)
        hint = f"Did you mean {' or '.join(near)}?" if near else f"Poses: {', '.join(poses())}."
        raise Fault("pose.unknown", f"There is no pose called {name}.", hint)
    return pose


def pose_words(name: str, analysis: FrameAnalysis | None) -> str:
    """Return the words key for the pose chosen: a reason that is true of this body now, else what it is good for.

    Empty where no pose is chosen.
    """
    if not name:
        return ""
    if analysis is not None and analysis.body is not None and analysis.sitter is not None:
        body = measure_body(analysis.body, analysis.sitter, analysis.frame.size)
        pose = find_pose(name)
        is_turn = pose.turned_deg is not None or (
            pose.turn_deg is not None and not pose.turn_deg[0] < 0 < pose.turn_deg[1]
        )
        if is_turn and body is not None and body.turn_deg is not None and abs(body.turn_deg) <= FRONTAL_DEG:
            return "pose_good.faces_lens"
    return f"pose_good.{name}"
