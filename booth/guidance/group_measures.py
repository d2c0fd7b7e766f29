"""What is judged of several people together: who is missing, who is too many, and where in the frame they all are."""

from __future__ import annotations

from dataclasses import dataclass

from booth.config.params.guidance import Band, GuidanceParams
from booth.core.types import Box, FrameAnalysis, GroupMember

PLACES: dict[int, tuple[str, ...]] = {
    1: ("",),
    2: ("left", "right"),
    3: ("left", "middle", "right"),
    4: ("left", "second_left", "second_right", "right"),
}
"""Names of the places in a group of so many, from the left in the mirror: image right comes first."""


@dataclass(frozen=True, slots=True)
class GroupRule:
    """One thing about the whole group; as `Rule`, of which only what a group needs is here."""

    reading: str
    reject: str  # empty: only a wish
    advice: str
    urgency: int  # against the single sitter's rules, which count from 0
    value: float | None
    band: Band
    beyond: float = 0.0  # times its limit, above 1; 0 within
    bars: bool = False
    mendable: bool = True


def place_of(member: GroupMember, group: tuple[GroupMember, ...]) -> str:
    """Return the words key of where a member stands, as the group sees itself in the mirror."""
    order = sorted(group, key=lambda one: -_middle(one.face.box))
    name = PLACES[min(len(order), 4)][min(order.index(member), 3)]
    return f"place.{name}" if name else ""


def group_rules(analysis: FrameAnalysis, least: int, params: GuidanceParams) -> tuple[GroupRule, ...]:
    """Return what is judged of the group in one frame, in coaching order; `least` people are wanted at least."""
    group, bands = analysis.group, params.group
    others = _largest_other(analysis)
    limit = others / max(params.bands.others.leave, 1e-6)
    has_room = analysis.group_size < params.people
    is_joining = has_room and limit > 1  # near enough, and on the way into the group: nothing to say
    missing = max(0, least - analysis.group_size)
    together = "presence.together" if missing and not is_joining else ""
    uninvited = "presence.uninvited" if not has_room and others > params.bands.others.enter else ""
    away = _off_centre(group)
    high = sum(_eye_line(one) for one in group) / len(group) - params.eye_line
    return (
        GroupRule("presence.company", "company", together, -2, float(missing), Band(0.5, 0.5),
                  1.5 * (missing > 0)),
        GroupRule("presence.seen", "company", "", -2, float(analysis.group_size - len(group)), Band(0.5, 0.5),
                  1.5 * (analysis.group_size > len(group)), mendable=False),
        GroupRule("presence.largest_share", "others", uninvited, -1, others, params.bands.others,
                  limit if limit > 1 else 0.0, bars=True),
        GroupRule("framing.centre_x", "framing", "framing.all_right" if away > 0 else "framing.all_left", 4, abs(away),
                  bands.off_centre),
        GroupRule("framing.centre_y", "framing", "framing.lower" if high < 0 else "framing.higher", 5, abs(high),
                  bands.off_height),
        GroupRule("framing.apart", "", "framing.together", 100, _widest_gap(group, analysis.frame.size), bands.apart),
    )  # fmt: skip


def signed(analysis: FrameAnalysis, params: GuidanceParams) -> dict[str, float]:
    """Return the readings of the log that have a sign: where all heads are, in shares of the frame."""
    group = analysis.group
    return {
        "framing.centre_x": _off_centre(group),
        "framing.centre_y": sum(_eye_line(one) for one in group) / len(group) - params.eye_line,
        "presence.largest_share": 1 - _largest_other(analysis),
        "presence.faces": float(len(analysis.faces)),
    }


def _middle(box: Box) -> float:
    return (box.x0 + box.x1) / 2


def _off_centre(group: tuple[GroupMember, ...]) -> float:
    """Return how far the middle of all heads is from the frame's, in widths; > 0 toward image right."""
    boxes = [one.face.box for one in group]
    return (min(box.x0 for box in boxes) + max(box.x1 for box in boxes)) / 2 - 0.5


def _eye_line(member: GroupMember) -> float:
    """Return about where the eyes are, 0..1 from the top: two fifths down the landmarks' box."""
    box = member.face.box
    return box.y0 + 0.4 * (box.y1 - box.y0)


def _largest_other(analysis: FrameAnalysis) -> float:
    """Return the area of the largest face that is left out over the largest of the group."""
    most = max(one.face.box.area for one in analysis.group)
    return max((face.box.area for face in analysis.faces[len(analysis.group) :]), default=0.0) / max(most, 1e-9)


def _widest_gap(group: tuple[GroupMember, ...], size_px: tuple[int, int]) -> float | None:
    """Return the widest gap between neighbours' middles in heights of the larger face; None for one alone."""
    if len(group) < 2:
        return None
    aspect = size_px[0] / size_px[1]
    boxes = sorted((one.face.box for one in group), key=_middle)
    return max(
        (_middle(b) - _middle(a)) * aspect / max(a.y1 - a.y0, b.y1 - b.y0, 1e-6)
        for a, b in zip(boxes, boxes[1:], strict=False)
    )
