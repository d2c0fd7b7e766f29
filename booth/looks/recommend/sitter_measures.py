"""What advice is made of: measures of one sitter and traits of each look. Nothing about who anyone is."""

from __future__ import annotations

from dataclasses import dataclass

Lab = tuple[float, float, float]  # CIE L 0..100, a, b


@dataclass(frozen=True, slots=True)
class SitterMeasures:
    """What was measured of the sitter before the lens now; None where it could not be."""

    hair: Lab | None = None
    clothes: Lab | None = None
    skin: Lab | None = None
    glare_frac: float | None = None  # share of the eye region lost to reflections on glasses
    ratio_stops: float | None = None  # log2(image-right cheek / image-left cheek): > 0 is light from the sitter's left
    shadow_stops: float | None = None  # from the brighter to the darker parts of the face's skin
    yaw_deg: float = 0.0  # > 0: nose toward image right

    def mirrored(self) -> SitterMeasures:
        """The measures of the mirrored picture."""
        ratio = None if self.ratio_stops is None else -self.ratio_stops
        return SitterMeasures(
            self.hair, self.clothes, self.skin, self.glare_frac, ratio, self.shadow_stops, -self.yaw_deg
        )


@dataclass(frozen=True, slots=True)
class LookTraits:
    """What of a look can suit somebody."""

    name: str
    backdrop: Lab | None  # its mean colour; None where the real room stays
    softness: float  # of its light: 0 hard, 1 from everywhere
    is_sided: bool  # its key stands to one side, and may stand on either
    turn_deg: float = 0.0  # how far its pose is turned


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A look in its place of the order, the sentence for it, and the side its key should stand on."""

    name: str
    score: float
    why: str | None  # a key below `why`; None where nothing measured speaks for it
    side: str = "auto"  # the sitter's own left or right
