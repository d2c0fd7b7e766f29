"""What was done to the light on the face, as entries of a portrait's record."""

from __future__ import annotations

from booth.looks.light.shape import Applied
from booth.looks.look import Look
from booth.still.record import StageEntry

SEEN_STOPS = 0.03  # less is not told


def light_stages(look: Look, applied: Applied) -> list[StageEntry]:
    """Return the entries of a still's correction and light: what was asked for, and what was applied."""
    stages = []
    if applied.lift_stops >= SEEN_STOPS:
        amounts = {"stops": round(applied.lift_stops, 2)}
        stages.append(StageEntry("correct.exposure", "The face was brightened", amounts))
    if max(abs(stops) for stops in applied.cast_stops) >= SEEN_STOPS:
        red, blue = (round(stops, 2) for stops in applied.cast_stops)
        amounts = {"red_stops": red, "blue_stops": blue}
        stages.append(StageEntry("correct.white_balance", "A cast of the light on the face was lowered", amounts))
    if applied.fill_stops >= SEEN_STOPS:
        amounts = {"stops": round(applied.fill_stops, 2)}
        stages.append(StageEntry("correct.fill", "The shadow side of the face was brightened", amounts))
    if look.light.name == "natural" and not look.light.lamps:
        return stages
    amounts = {"asked": round(applied.asked, 2), "strength": round(applied.applied, 2)}
    if applied.is_held:
        says = f"The light was changed, gentler than asked: {look.light.name}"
        return [*stages, StageEntry("look.light_held", says, amounts)]
    return [*stages, StageEntry("look.light", f"The light was changed: {look.light.name}", amounts)]
