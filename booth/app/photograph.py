"""The tethered camera's picture of a shot: tracked anew and held against the frame that was judged, or not used.

The shutter judged the viewfinder's frame; the camera fired a moment later: eyes may have shut, a head turned.
"""

from __future__ import annotations

from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from dataclasses import dataclass

from booth.capture.frames import shrunk
from booth.config.params import Params
from booth.core.fault_table import fault
from booth.core.faults import Fault
from booth.core.types import Face, Frame, FrameAnalysis
from booth.still.open_picture import open_bytes
from booth.still.photo_checker import SMALL_PX, PhotoChecker
from booth.still.record import StageEntry

WAIT_S = 20.0  # for the file: bulb, mirror, a large file over USB 2
POSE_DEG = (
    14.0  # two cameras beside each other see one head from up to 10 degrees apart, and a head is never quite still
)
ROLL_DEG = 7.0  # the tilt of a head is the same for both


@dataclass(frozen=True, slots=True, eq=False)
class PhotographResult:
    """What is developed, and how it was taken, for the record and the review."""

    analysis: FrameAnalysis
    stage: StageEntry


def photograph_of(exposure: Future[bytes], judged: FrameAnalysis, params: Params) -> PhotographResult:
    """Wait for the camera's file and return its analysis, or the judged frame where the file will not do."""
    try:
        opened = open_bytes(exposure.result(WAIT_S), "tethered.jpg", max_mpx=params.finish.max_mpx)
        frame = Frame(judged.frame.seq, judged.frame.t_s, opened.rgb, shrunk(opened.rgb, SMALL_PX))
        taken = FrameAnalysis(frame, (), None) if judged.sitter is None else _tracked(frame, judged.sitter, params)
    except NotInTime:
        return _stands_in(judged, fault("tether.asleep", name="tethered camera").message)
    except Fault as trouble:
        return _stands_in(judged, trouble.message)
    width, height = opened.source_px
    says = f"Taken by the tethered camera, {width}x{height}."
    return PhotographResult(taken, StageEntry("capture.tethered", says, {"width_px": width, "height_px": height}))


def _stands_in(judged: FrameAnalysis, why: str) -> PhotographResult:
    says = f"Taken by the finder, not by the tethered camera. {why}"
    return PhotographResult(judged, StageEntry("capture.stand_in", says))


def _tracked(frame: Frame, judged: Face, params: Params) -> FrameAnalysis:
    """Find the sitter in the camera's picture; Fault `tether.differs` where it is not what was judged."""
    with PhotoChecker(params) as judge:
        analysis, guidance = judge.analyze(frame.rgb)
    if analysis.sitter is None:
        raise fault("tether.differs", why="nobody was on it")
    if "eyes" in guidance.rejects:
        raise fault("tether.differs", why="the eyes were shut")
    if not is_same_pose(analysis.sitter, judged):
        raise fault("tether.differs", why="the head had turned")
    return FrameAnalysis(frame, analysis.faces, None, analysis.light, analysis.focus, analysis.cover)


def is_same_pose(taken: Face, judged: Face) -> bool:
    """True where two faces look the same way, seen by two cameras beside each other."""
    a, b = taken.pose, judged.pose
    turned = max(abs(a.yaw_deg - b.yaw_deg), abs(a.pitch_deg - b.pitch_deg))
    return turned <= POSE_DEG and abs(a.roll_deg - b.roll_deg) <= ROLL_DEG
