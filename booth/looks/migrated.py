"""What looks were once called, and painted scenes that real places have replaced: old files still name them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

log = logging.getLogger(__name__)

LOOKS: Mapping[str, str] = MappingProxyType({"brick-studio": "warehouse"})
SCENES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "office": {"place": "lobby", "az_deg": -48.0, "width_deg": 65.0},
        "brick": {"place": "warehouse", "az_deg": 0.0, "width_deg": 64.0},
        "skyline": {"place": "piazza", "az_deg": 60.0, "width_deg": 62.0, "exposure_stops": -1.1},
        "foliage": {"place": "park", "az_deg": 0.0, "width_deg": 52.0},
    }
)
KEPT = ("f_number",)  # what a painted scene and a place have in common


def look_today(name: str) -> str | None:
    """Return the look that has taken a name's place, and say so in the log; None for a name that never was one."""
    now = LOOKS.get(name)
    if now is not None:
        log.warning("The look %s is gone; %s is shown in its place.", name, now)
    return now


def backdrop_today(backdrop: Any, look: str) -> Any:
    """Return a look's backdrop table with a painted scene that is gone replaced by a place; any other as it is."""
    if not isinstance(backdrop, dict) or backdrop.get("kind") not in SCENES:
        return backdrop
    place = SCENES[backdrop["kind"]]
    says = 'The look %s names the painted scene %s, which is gone; the place %s stands there (kind = "place").'
    log.warning(says, look, backdrop["kind"], place["place"])
    return {"kind": "place", **place, **{key: backdrop[key] for key in KEPT if key in backdrop}}
