"""The guest's hand on the light: where a look's key stands, and the look with its key somewhere else.

The same Look goes to the mirror and to the still, so what was dragged on the one is in the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from booth.core.types import Face
from booth.looks.light.light_spec import Lamp, named_light
from booth.looks.look import LightChoice, Look

OWN = "own"  # the name of a light that a guest has aimed
FIRST = "loop"  # what is aimed where a look has no light of its own
STRENGTH_STEP = 0.1


@dataclass(frozen=True, slots=True)
class Aim:
    """Where the key stands. Azimuth > 0 from image right, elevation > 0 from above, degrees; strength 0..1."""

    az_deg: float
    el_deg: float
    strength: float
    is_on: bool = True  # False under natural light: it would come on there once moved


def _lamps(choice: LightChoice, face: Face | None) -> tuple[tuple[Lamp, ...], bool]:
    """Return the lamps that a hand on the light would move, and whether they are on now."""
    lamps = choice.lamps_for(face)
    if any(lamp.kind == "area" for lamp in lamps):
        return lamps, True
    return named_light(FIRST, side=choice.side), False


def _key(lamps: tuple[Lamp, ...]) -> int:
    """Return which lamp is the key: the strongest with a place; the first of equals."""
    placed = [i for i, lamp in enumerate(lamps) if lamp.kind == "area"]
    return max(placed, key=lambda i: (lamps[i].strength, -i))


def aim_of(look: Look, face: Face | None = None) -> Aim:
    """Return where the key of a look stands for this face."""
    lamps, is_on = _lamps(look.light, face)
    key = lamps[_key(lamps)]
    return Aim(key.az_deg, key.el_deg, look.light.strength, is_on)


def aimed(look: Look, az_deg: float, el_deg: float, face: Face | None = None) -> Look:
    """Return the look with its key at another place; fills and other lamps stay where they are."""
    lamps, _ = _lamps(look.light, face)
    key = _key(lamps)
    moved = msgspec.structs.replace(
        lamps[key], az_deg=max(-180.0, min(180.0, az_deg)), el_deg=max(-90.0, min(90.0, el_deg))
    )
    choice = LightChoice(name=OWN, strength=look.light.strength, lamps=(*lamps[:key], moved, *lamps[key + 1 :]))
    return msgspec.structs.replace(look, light=choice)


def dimmed(look: Look, strength: float) -> Look:
    """Return the look with its light at another strength, 0..1."""
    light = msgspec.structs.replace(look.light, strength=max(0.0, min(1.0, strength)))
    return msgspec.structs.replace(look, light=light)
