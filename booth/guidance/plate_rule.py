"""When the empty place may be remembered: nobody there, seen so twice and for seconds, and nothing that moves.

Pure: what was seen and when goes in, what may be done with the picture comes out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

LOOK_EVERY_S = 1.0  # between two pictures of the empty place
EMPTY_S = 3.0  # nobody there for this long
LEAST_LOOKS = 2  # and seen so at least this often
PERSON_MOST_FRAC = 0.004  # of the frame: more that looks like a person may be one, with their back to the lens
THING_S = 60.0  # what looks like a person and has not moved for this long is a coat or a plant; nobody stands so still


@dataclass(frozen=True, slots=True)
class EmptyLook:
    """One look at the place while nobody is measured."""

    t_s: float
    someone: bool  # a face was found
    person_frac: float  # of the frame that looks like a person, 0..1
    moved: bool  # something is not where it was at the look before


@dataclass(frozen=True, slots=True)
class PlateRule:
    """What is known so far; `may_keep` says that the picture before this one showed the empty place."""

    empty_since_s: float | None = None
    looked_s: float = -1e9
    n_looks: int = 0
    may_keep: bool = False

    def wants(self, t_s: float) -> bool:
        """True when it is time to look again."""
        return not 0 <= t_s - self.looked_s < LOOK_EVERY_S

    def step(self, look: EmptyLook) -> PlateRule:
        """Take in a look. The picture of the look before is kept only where this one, too, shows nobody and no change.

        So nobody who is just walking in is ever in a picture that is kept.
        """
        if look.someone or look.moved or look.t_s < self.looked_s:
            return PlateRule(looked_s=look.t_s)
        since = look.t_s if self.empty_since_s is None else self.empty_since_s
        waited_s = look.t_s - since
        enough = THING_S if look.person_frac > PERSON_MOST_FRAC else EMPTY_S
        n_looks = self.n_looks + 1
        may_keep = n_looks > LEAST_LOOKS and waited_s >= enough
        return replace(self, empty_since_s=since, looked_s=look.t_s, n_looks=n_looks, may_keep=may_keep)
