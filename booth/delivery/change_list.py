"""Changes to a portrait as shown to the guest: one word key a change, in place of the record's own English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from booth.session.view import Change
from booth.still.record import EditRecord, StageEntry

CHANGE_KEYS: Mapping[str, str] = MappingProxyType(
    {
        "stand_in": "change.stand_in",
        "capture.tethered": "change.tethered",
        "capture.stand_in": "change.webcam_in",
        "crop": "change.crop",
        "sheet": "change.sheet",
        "size.shrink": "change.shrink",
        "size.enlarge": "change.enlarge",
        "burst.merge": "change.merge",
        "correct.level": "change.level",
        "correct.exposure": "change.exposure",
        "correct.white_balance": "change.white_balance",
        "correct.denoise": "change.denoise",
        "correct.fill": "change.fill",
        "retouch.blemish": "change.blemish",
        "retouch.redness": "change.redness",
        "retouch.shine": "change.shine",
        "retouch.under_eye": "change.under_eye",
        "retouch.teeth": "change.teeth",
        "retouch.eye_white": "change.eye_white",
        "retouch.lint": "change.lint",
        "retouch.glare": "change.glare",
        "retouch.glare_left": "change.glare_left",
        "retouch.held_back": "change.held_back",
        "look.backdrop": "change.backdrop",
        "look.light": "change.light",
        "look.light_held": "change.light_held",
        "look.grade": "change.grade",
        "brand.overlay": "change.overlay",
        "brand.logo": "change.logo",
        "sharpen.capture": "change.sharpen",
        "sharpen.output": "change.sharpen_size",
    }
)
"""Stage of a record -> word key. A stage that is not here is shown in the record's own words."""


def changes_of(record: EditRecord, backdrop: str) -> tuple[Change, ...]:
    """Return the changes of a record for the review page; `backdrop` is the kind of the look's backdrop."""
    return tuple(_told(stage, record, backdrop) for stage in record.stages)


def _told(stage: StageEntry, record: EditRecord, backdrop: str) -> Change:
    key = CHANGE_KEYS.get(stage.name, "")
    if stage.name == "look.backdrop":
        key += {"room": "_blurred", "transparent": "_removed"}.get(backdrop, "")
    light = f"light_name.{record.light}"
    fillers = {"look.light": light, "look.light_held": light, "look.grade": f"look_name.{record.look}"}
    of = fillers.get(stage.name, "")
    return Change(key, of, stage.says)


def coded(change: Change) -> str:
    """Return a change as one line that can be translated later: its key, and the key of what fills it."""
    return f"{change.key}:{change.of}".rstrip(":") if change.key else change.says
