"""Lamps and the named lights of the studio: plain numbers, as a look's TOML gives them.

Azimuth > 0 comes from image right, elevation > 0 from above, 180 degrees is behind the sitter.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from booth.core.faults import Fault
from booth.core.near import did_you_mean
from booth.core.types import Face

Side = Literal["auto", "left", "right"]
Channel = Annotated[float, Meta(ge=0, le=4)]

DAYLIGHT_K = 5600.0  # the warmth that is white
LIGHTS: tuple[str, ...] = (
    "natural", "butterfly", "loop", "rembrandt", "split", "broad", "short", "clamshell", "rim", "highkey", "lowkey",
    "window",
)  # fmt: skip
OF_PLACE = "place"  # the light of a look's own place; its lamps are in the look
TURN_MIN_DEG = 3.0  # a face turned less than this has no near side: short and broad light it from image right


class Lamp(Struct, frozen=True, forbid_unknown_fields=True):
    """One source. `strength` is the light on a surface that faces it, relative to 1.

    An `ambient` lamp lights from everywhere; only its strength and colour count. `warmth_k`, where given, sets the
    colour in place of `rgb`: below 5600 warm, above it cool. `sh`, where given, says how an ambient lamp's light
    differs by direction: 9 harmonics x red, green, blue, as booth/looks/light/harmonics.py defines them.
    """

    kind: Literal["area", "ambient"] = "area"
    az_deg: Annotated[float, Meta(ge=-180, le=180)] = 0.0
    el_deg: Annotated[float, Meta(ge=-90, le=90)] = 0.0
    dist_cm: Annotated[float, Meta(ge=30, le=1000)] = 130.0
    radius_cm: Annotated[float, Meta(ge=1, le=300)] = 28.0
    strength: Annotated[float, Meta(ge=0, le=2)] = 1.0
    rgb: tuple[Channel, Channel, Channel] = (1.0, 1.0, 1.0)
    warmth_k: Annotated[float, Meta(ge=2000, le=15000)] | None = None
    sh: tuple[float, ...] = ()  # 27 numbers, or none for light that is even all round

    def __post_init__(self) -> None:
        """ValueError where the harmonics are not all there: a look's file says it with its name."""
        if len(self.sh) not in (0, 27):
            raise ValueError(f"a lamp has 27 harmonics or none, not {len(self.sh)}")

    @property
    def colour(self) -> tuple[float, float, float]:
        """Linear red, green and blue of the lamp, strength not included."""
        return self.rgb if self.warmth_k is None else warmth_rgb(self.warmth_k)

    @property
    def softness_rad(self) -> float:
        """Half the angle under which the sitter sees the lamp."""
        return math.atan2(self.radius_cm, self.dist_cm)


def warmth_rgb(warmth_k: float) -> tuple[float, float, float]:
    """Return linear RGB of a lamp of that correlated temperature as a camera set to daylight records it.

    Green stays 1, so exposure hardly moves. Red and blue follow a power of the temperature fitted to Planck's law
    through the sRGB primaries between 2500 and 10000 K, good to a twentieth there.
    """
    ratio = warmth_k / DAYLIGHT_K
    return min(ratio**-0.72, 2.1), 1.0, min(ratio**1.05, 1.9)


def ambient(strength: float, rgb: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> Lamp:
    """Return fill from everywhere."""
    return Lamp(kind="ambient", strength=strength, rgb=rgb)


def filled(lamps: tuple[Lamp, ...], fill_stops: float | None) -> tuple[Lamp, ...]:
    """Return the lamps with the fill from everywhere that many stops under the strongest key; None leaves it as is.

    A fill that is there keeps its colour; several keep their shares. Without a key nothing changes.
    """
    key = max((lamp.strength for lamp in lamps if lamp.kind == "area"), default=0.0)
    if fill_stops is None or key == 0:
        return lamps
    fills = tuple(lamp for lamp in lamps if lamp.kind == "ambient" and lamp.strength > 0) or (ambient(1.0),)
    scale = key * 2.0**-fill_stops / sum(lamp.strength for lamp in fills)
    weighed = tuple(msgspec.structs.replace(lamp, strength=scale * lamp.strength) for lamp in fills)
    return tuple(lamp for lamp in lamps if lamp.kind == "area") + weighed


def _key(az_deg: float, el_deg: float, strength: float = 1.0) -> Lamp:
    return Lamp(az_deg=az_deg, el_deg=el_deg, strength=strength)


# Keys and fills of the trade (key azimuth/elevation: butterfly 0/40, loop 30/35, Rembrandt 45/45, split 90/10), all
# with the key on image right; `side` turns them over.
_RIGHT: dict[str, tuple[Lamp, ...]] = {
    "natural": (),
    "butterfly": (_key(0, 40), ambient(0.15)),
    "loop": (_key(30, 35), ambient(0.15)),
    "rembrandt": (Lamp(az_deg=46, el_deg=43, radius_cm=18), ambient(0.10)),  # smaller: the triangle needs an edge
    "split": (_key(78, 10), ambient(0.04)),
    "broad": (_key(45, 40), ambient(0.12)),
    "short": (_key(45, 40), ambient(0.12)),
    "clamshell": (_key(0, 40, 0.8), Lamp(el_deg=-35, dist_cm=110, radius_cm=35, strength=0.45), ambient(0.15)),
    "rim": (
        Lamp(az_deg=145, el_deg=25, dist_cm=140, radius_cm=25, strength=0.9),
        Lamp(az_deg=-145, el_deg=25, dist_cm=140, radius_cm=25, strength=0.9),
        Lamp(el_deg=5, dist_cm=160, radius_cm=60, strength=0.12),
        ambient(0.08),
    ),
    "highkey": (Lamp(el_deg=5, dist_cm=160, radius_cm=60, strength=0.8), _key(0, 40, 0.2), ambient(0.5)),
    "lowkey": (_key(45, 45), ambient(0.03)),
    "window": (Lamp(az_deg=70, el_deg=15, dist_cm=170, radius_cm=55, strength=0.65), ambient(0.35)),
}


def _turned_over(lamp: Lamp) -> Lamp:
    return msgspec.structs.replace(lamp, az_deg=-lamp.az_deg)


def _sign(name: str, side: Side, face: Face | None) -> int:
    """Return +1 for a key on image right, -1 on image left; `side` is the sitter's own."""
    if side != "auto":
        return 1 if side == "left" else -1
    if name not in ("short", "broad") or face is None or abs(face.pose.yaw_deg) < TURN_MIN_DEG:
        return 1
    far = 1 if face.pose.yaw_deg > 0 else -1  # the nose points at the side of the face the camera sees less of
    return far if name == "short" else -far


def named_light(name: str, side: Side = "auto", strength: float = 1.0, face: Face | None = None) -> tuple[Lamp, ...]:
    """Return the lamps of a named light; `natural`, or strength 0, gives none.

    `side` is where the key stands, the sitter's own left (image right) or right; `auto` is image right, but short and
    broad light choose by the turn of `face`. `strength` 0..1 is not the lamps' business beyond that: it blends in
    stops when the light is laid on. Fault `light.unknown` names near ones.
    """
    if name not in LIGHTS:
        hint = did_you_mean(name, LIGHTS, f"Lights: {', '.join(LIGHTS)}.")
        raise Fault("light.unknown", f"There is no light {name}.", hint)
    if side not in ("auto", "left", "right"):
        raise Fault("light.side", f"A light has no side {side}.", "Sides: auto, left, right.")
    if not 0 <= strength <= 1:
        raise Fault("light.strength", f"A light's strength is 0 to 1, not {strength:g}.", "Choose 0 to 1.")
    if strength == 0:
        return ()
    lamps = _RIGHT[name]
    return lamps if _sign(name, side, face) > 0 else tuple(_turned_over(lamp) for lamp in lamps)
