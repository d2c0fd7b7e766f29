"""Passport and identity sizes as data: `assets/crops/*.toml`, each with the office that published it.

A crop of this kind is cut as the rule says and nothing else is done to the picture: no light, no retouch, no other
background, no correction of exposure, colour or noise, unless the file says that the rule allows it. That no officer
has checked the result is said in the record.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from booth.config.params.finish import EncodeParams, FinishParams
from booth.core.assets import asset
from booth.looks.backdrop.backdrop_spec import Untouched
from booth.looks.grade import Grade
from booth.looks.look import LightChoice, Look
from booth.still.crop import CropSpec

MESH_OF_HEAD = 0.75  # the mesh's box, hairline to chin, against crown to chin; as in the crop `passport`
EYE_LINE_FRAC = 0.45  # from the top, where a rule names none; as in the crop `passport`
HEAD_OF_HEIGHT = 0.75  # crown to chin, where a rule names none: the middle of ICAO Doc 9303 part 3
PRINT_DPI = 300  # of a crop that is given in mm alone
UNCHECKED = "Cut to the published size; no officer has checked this photograph."
LEFT_ALONE = "For an official photograph light, retouch, background and colours were left alone."

Mm = Annotated[float, Meta(gt=0, le=200)]


class OfficialCrop(Struct, frozen=True, forbid_unknown_fields=True):
    """One published size. What the rule does not say, or we are not certain of, is left out."""

    title: str
    source: str  # the office and its page or paper
    width_mm: Mm
    height_mm: Mm
    head_height_mm: tuple[Mm, Mm] | None = None  # least and most from crown to chin
    eyes_above_bottom_mm: tuple[Mm, Mm] | None = None
    width_px: Annotated[int, Meta(ge=100, le=10000)] | None = None  # of a file that is handed in
    height_px: Annotated[int, Meta(ge=100, le=10000)] | None = None
    dpi: Annotated[int, Meta(ge=72, le=1200)] = PRINT_DPI
    max_kb: Annotated[int, Meta(ge=20)] | None = None
    allows: tuple[Literal["light", "retouch", "backdrop", "correct"], ...] = ()

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the file: the rule's own, else the print at `dpi`."""
        if self.width_px is not None and self.height_px is not None:
            return self.width_px, self.height_px
        return round(self.width_mm / 25.4 * self.dpi), round(self.height_mm / 25.4 * self.dpi)

    def spec(self, name: str) -> CropSpec:
        """Return the crop: the middle of what the rule allows."""
        head_mm = sum(self.head_height_mm) / 2 if self.head_height_mm else HEAD_OF_HEIGHT * self.height_mm
        eyes_mm = self.eyes_above_bottom_mm
        eye_line = 1 - sum(eyes_mm) / 2 / self.height_mm if eyes_mm else EYE_LINE_FRAC
        return CropSpec(
            name,
            self.width_mm / self.height_mm,
            eye_line_frac=eye_line,
            head_height_frac=MESH_OF_HEAD * head_mm / self.height_mm,
            size_mm=(self.width_mm, self.height_mm),
            note=f"{UNCHECKED} Source of the size: {self.source}.",
        )


@lru_cache(maxsize=1)
def official_crops() -> dict[str, OfficialCrop]:
    """Return every published size by name. Raises what msgspec or tomllib raise at a broken file of the package."""
    found = sorted(asset("crops").glob("*.toml"))
    return {path.stem: msgspec.convert(tomllib.loads(path.read_text("utf-8-sig")), OfficialCrop) for path in found}


def as_the_rule_allows(name: str, look: Look, params: FinishParams) -> tuple[Look, FinishParams, tuple[str, ...]]:
    """Return look and parameters without what an official crop's rule forbids, and a note of that."""
    crop = official_crops().get(name)
    if crop is None:
        return look, params, ()
    replace, wants = msgspec.structs.replace, set(crop.allows)
    look = look if "light" in wants else replace(look, light=LightChoice(), grade=Grade())
    look = look if "backdrop" in wants else replace(look, backdrop=Untouched())
    params = params if "retouch" in wants else replace(params, retouch=replace(params.retouch, strength=0.0))
    if "correct" not in wants:
        plain = {"denoise": 0.0, "white_balance_max": 0.0, "exposure_max_stops": 0.0, "sharpen": 0.0}
        params = replace(params, correct=replace(params.correct, **plain, sharpen_output=0.0))
    return look, params, (LEFT_ALONE,)


def head_out_of_range(name: str, mesh_height_frac: float) -> tuple[str, ...]:
    """Return a sentence where the head in the cut is, by its mesh's share of the height, not what the rule wants."""
    crop = official_crops().get(name)
    if crop is None or crop.head_height_mm is None:
        return ()
    least_mm, most_mm = crop.head_height_mm
    head_mm = mesh_height_frac / MESH_OF_HEAD * crop.height_mm
    if least_mm <= head_mm <= most_mm:
        return ()
    return (
        f"The head is about {head_mm:.0f} mm high, the rule wants {least_mm:g} to {most_mm:g}: step back and retake.",
    )


def encoded_as_asked(name: str, wants: EncodeParams) -> EncodeParams:
    """Return how a file of this crop is written: a JPEG within the rule's limit where it has one."""
    crop = official_crops().get(name)
    if crop is None or crop.max_kb is None:
        return wants
    most = crop.max_kb if wants.max_kb is None else min(wants.max_kb, crop.max_kb)
    return msgspec.structs.replace(wants, format="jpeg", max_kb=most)
