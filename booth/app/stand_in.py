"""The mirror's picture of a shot at full size: kept where the guest asked for it and the develop came to nothing."""

from __future__ import annotations

import hashlib
import logging

import cv2
import numpy as np

from booth.config.params import Params
from booth.core.clock import utc_now
from booth.core.faults import Fault
from booth.core.types import FrameAnalysis, frozen
from booth.looks.canvas import Canvas
from booth.looks.look import Look
from booth.looks.renderer import LookRenderer
from booth.still.crop import CropPlan
from booth.still.develop_still import replaces_backdrop
from booth.still.developer import Developed
from booth.still.group_crop import CropWish, plan_people
from booth.still.record import EditRecord, StageEntry, source_type_of
from booth.still.warp import warp_rgb

log = logging.getLogger(__name__)

STAGE = "stand_in"
SAYS = "The develop failed: this is the mirror's picture at full size, neither corrected nor retouched"


def stand_in(analysis: FrameAnalysis, look: Look, params: Params, normals: np.ndarray | None = None) -> Developed:
    """Return the full-size frame as the mirror shows it, cut like a portrait, and a record that says so.

    Where not even the mirror's work succeeds the camera's own picture stands in. Takes some tenths of a second.
    """
    rgb = analysis.frame.rgb
    stages, shown = [StageEntry(STAGE, SAYS)], _as_in_mirror(analysis, look, normals)
    has_look = shown is not None
    plan = _plan(analysis, look, params)
    before, after = (p if plan is None else warp_rgb(p, plan) for p in (rgb, rgb if shown is None else shown))
    if has_look:
        stages.append(StageEntry("look.grade", f"Light, background and colours of the look {look.name} were put on"))
    if plan is not None:
        stages.append(StageEntry("crop", "Cut to shape"))
    record = EditRecord(
        look=look.name if has_look else "as-you-are",
        light=look.light.name if has_look else "natural",
        stages=tuple(stages),
        models=(),
        params_digest=params.digest,
        source_digest=hashlib.sha256(rgb.tobytes()).hexdigest(),
        source_type=source_type_of(backdrop_replaced=has_look and replaces_backdrop(look), pixels_changed=has_look),
        crop=(params.finish.brand.crop or look.crop) if plan is not None else "none",
        size=(after.shape[1], after.shape[0]),
        made_utc=utc_now().isoformat(timespec="seconds"),
    )
    return Developed(frozen(np.ascontiguousarray(before)), frozen(np.ascontiguousarray(after)), None, record, params)


def _as_in_mirror(analysis: FrameAnalysis, look: Look, normals: np.ndarray | None) -> np.ndarray | None:
    """Return the look on the full-size frame; None where nothing was measured or the look cannot be put on."""
    if analysis.matte is None or analysis.sitter is None:
        return None
    size = analysis.frame.rgb.shape[1], analysis.frame.rgb.shape[0]
    try:
        look_renderer = LookRenderer(look)
        look_renderer.normals = normals
        alpha = cv2.resize(analysis.matte.alpha, size, interpolation=cv2.INTER_LINEAR)
        company = tuple(member.face for member in analysis.group[1:])
        canvas = Canvas(analysis.frame.rgb, alpha, analysis.sitter, analysis.frame.seq, company=company)
        return look_renderer.develop(canvas).copy()
    except Exception:
        log.exception("stand-in without its look")
        return None


def _plan(analysis: FrameAnalysis, look: Look, params: Params) -> CropPlan | None:
    if analysis.sitter is None or analysis.matte is None:
        return None
    rgb, finish = analysis.frame.rgb, params.finish
    size = rgb.shape[1], rgb.shape[0]
    alpha = cv2.resize(analysis.matte.alpha, size, interpolation=cv2.INTER_LINEAR)
    people = tuple(member.face for member in analysis.group) or (analysis.sitter,)
    wish = CropWish(finish.brand.crop or look.crop, finish.brand, finish.correct, replaces_backdrop(look))
    try:
        return plan_people(people, alpha, wish)
    except Fault:
        return None
