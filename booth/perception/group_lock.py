"""Keeps the frame with the people who are in the picture together: they stay the group, whoever walks past behind.

Who is about as large in the frame as the largest face and stays in place joins while there is room; smaller faces, and
faces that pass, are left out as beside a single sitter. Nobody takes another's place: a face that comes back elsewhere
is somebody new.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from booth.core.types import Face
from booth.perception.sitter_lock import PATIENCE_S, REACH, face_distance, standing

JOIN_SHARE, LEAVE_SHARE = 0.25, 0.18  # of the largest face's area; a face twice as far from the lens has a quarter
STAY_S = 0.5  # in one place before somebody joins: who walks past crosses two faces in that time
STAY_FACES = 0.5  # of the face's height: how far one may sway meanwhile


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One face followed from frame to frame."""

    id: int
    face: Face
    seen_s: float
    since_s: float  # in one place
    start: Face  # as it was at `since_s`


Members = tuple[tuple[int, Face], ...]


@dataclass(frozen=True, slots=True, eq=False)
class GroupLock:
    """Who is in the picture; `step` returns the lock after a frame, the members in it, and the other faces."""

    most: int  # people
    at_once: bool = False  # a single picture: nobody can be seen to stay
    members: tuple[Track, ...] = ()
    others: tuple[Track, ...] = ()
    next_id: int = 0

    @property
    def size(self) -> int:
        """How many belong to the group, also those lost a moment ago."""
        return len(self.members)

    @property
    def ids(self) -> frozenset[int]:
        """The members' ids."""
        return frozenset(track.id for track in self.members)

    def step(self, faces: tuple[Face, ...], t_s: float, aspect: float) -> tuple[GroupLock, Members, tuple[Face, ...]]:
        """Follow everybody, take in who has stayed, let go of who has left; other faces come largest first."""
        known = [track for track in (*self.members, *self.others) if t_s - track.seen_s <= PATIENCE_S]
        followed, new = _matched(known, faces, t_s, aspect)
        fresh = [Track(self.next_id + i, face, t_s, t_s, face) for i, face in enumerate(new)]
        tracks = [_stayed(track, t_s, aspect) for track in (*followed, *fresh)]
        largest = max((track.face.box.area for track in tracks if track.seen_s == t_s), default=0.0)
        is_member = self.ids
        members = [t for t in tracks if t.id in is_member and self._is_large(t, largest, t_s, LEAVE_SHARE)]
        for track in sorted((t for t in tracks if t not in members), key=lambda t: -standing(t.face)):
            may_join = track.seen_s == t_s and (not members or self.at_once or t_s - track.since_s >= STAY_S - 1e-6)
            if may_join and len(members) < self.most and self._is_large(track, largest, t_s, JOIN_SHARE):
                members.append(track)
        members.sort(key=lambda t: t.id)
        others = [t for t in tracks if t not in members]
        lock = replace(self, members=tuple(members), others=tuple(others), next_id=self.next_id + len(fresh))
        left_out = sorted((t.face for t in others if t.seen_s == t_s), key=lambda face: -face.box.area)
        return lock, tuple((t.id, t.face) for t in members if t.seen_s == t_s), tuple(left_out)

    @staticmethod
    def _is_large(track: Track, largest: float, t_s: float, share: float) -> bool:
        return track.seen_s != t_s or track.face.box.area >= share * largest


def _matched(known: list[Track], faces: tuple[Face, ...], t_s: float, aspect: float) -> tuple[list[Track], list[Face]]:
    """Give each face to the nearest track that may have moved there; the second list holds faces without one."""
    pairs = sorted(
        ((face_distance(face.box, track.face.box, aspect), i, j)
         for i, track in enumerate(known) for j, face in enumerate(faces) if _may_be(track, face, t_s, aspect)),
    )  # fmt: skip
    of_track: dict[int, int] = {}
    for _, i, j in pairs:
        if i not in of_track and j not in of_track.values():
            of_track[i] = j
    followed = [
        replace(track, face=faces[of_track[i]], seen_s=t_s) if i in of_track else track for i, track in enumerate(known)
    ]
    return followed, [face for j, face in enumerate(faces) if j not in of_track.values()]


def _may_be(track: Track, face: Face, t_s: float, aspect: float) -> bool:
    """Tell whether a face is near enough to where a track was, and of a like size; more way for more time."""
    was = track.face.box
    reach = REACH * (1 + 2 * (t_s - track.seen_s)) * (was.y1 - was.y0)
    alike = 0.5 < (face.box.y1 - face.box.y0) / max(was.y1 - was.y0, 1e-6) < 2.0
    return alike and face_distance(face.box, was, aspect) <= reach


def _stayed(track: Track, t_s: float, aspect: float) -> Track:
    """Return the track with its time in one place begun anew where it has moved on."""
    start = track.start.box
    moved = face_distance(track.face.box, start, aspect) > STAY_FACES * (start.y1 - start.y0)
    return replace(track, since_s=t_s, start=track.face) if moved else track
