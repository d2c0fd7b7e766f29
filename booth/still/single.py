"""One photograph from a file's bytes to a finished file's bytes: the same here, in a worker and on a cluster."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass

import msgspec
import numpy as np
from PIL import Image

from booth.capture.photo.reader import open_bytes
from booth.config.params.finish import EncodeParams, FinishParams
from booth.core.faults import Fault
from booth.core.turning import turned, turned_note
from booth.looks.backdrop.backdrop_spec import Transparent
from booth.looks.look import Look
from booth.still.crop import crop_spec
from booth.still.develop_still import StillModels, StillRequest, develop_still
from booth.still.encode import MIME, encode
from booth.still.official import encoded_as_asked, official_crops
from booth.still.portrait_measures import measure_portrait
from booth.still.record import EditRecord, to_xmp
from booth.still.size import PRINT_DPI, Sizing, density_dpi
from booth.still.strip import strip_of
from booth.still.warp import warp_alpha


class BatchConfig(msgspec.Struct, frozen=True):
    """What all portraits of one run have in common; travels to workers."""

    look: Look
    params: FinishParams
    crop: str = ""
    want_px: tuple[int, int] | None = None  # --size: exactly this
    min_height_px: int = 0
    is_set: bool = False  # all portraits of the run have one size
    retouch: float | None = None
    people: int = 1  # how many may be in a portrait
    with_matte: bool = False
    plate_digest: str = ""  # of the photograph of the empty place, where there is one
    made_utc: str = ""

    @property
    def digest(self) -> str:
        """Twelve hex digits that change with anything that changes pixels or their file."""
        same = msgspec.structs.replace(self, made_utc="", with_matte=False)
        return hashlib.sha256(msgspec.json.encode(same, order="sorted")).hexdigest()[:12]

    @property
    def crop_name(self) -> str:
        """The crop it comes to: its own, else the brand's, else the look's."""
        return self.crop or self.params.brand.crop or self.look.crop

    @property
    def sizing(self) -> Sizing:
        """What is wanted of each picture's size; a strip's pictures are as large as they are, the strip is fitted."""
        official = official_crops().get(self.crop_name)
        want = self.want_px or (official.size_px if official is not None else None)
        return Sizing(None if self.crop_name == "strip" else want, self.min_height_px, self.is_set)


@dataclass(frozen=True, slots=True)
class DevelopedFile:
    """A finished file's content, not yet signed, its record, and the matte as PNG where it was asked for."""

    content: bytes
    mime: str
    record: EditRecord
    matte_png: bytes | None = None


def finish_bytes(raw: bytes, name: str, recipe: BatchConfig, lab: StillModels) -> DevelopedFile:
    """Develop one photograph. Raises Fault for what cannot be finished."""
    opened = open_bytes(raw, name, max_mpx=recipe.params.max_mpx)
    turn_deg = lab.upright(opened.rgb)
    rgb = np.ascontiguousarray(turned(opened.rgb, turn_deg))
    order = StillRequest(
        crop=recipe.crop,
        sizing=recipe.sizing,
        retouch=recipe.retouch,
        people=recipe.people,
        params_digest=recipe.digest,
        source_digest=opened.digest,
        made_utc=recipe.made_utc,
        notes=(*opened.notes, *turned_note(turn_deg)),
        source_alpha=None if opened.alpha is None else turned(opened.alpha, turn_deg),
    )
    finished = develop_still(rgb, recipe.look, lab, recipe.params, order)
    cut_alpha = warp_alpha(finished.matte, finished.plan)
    record = msgspec.structs.replace(finished.record, measures=measure_portrait(finished, cut_alpha, lab))
    wants = file_params(recipe)
    spec = finished.plan.spec
    picture = strip_of([finished.rgb], recipe.want_px) if spec.name == "strip" else finished.rgb
    record = msgspec.structs.replace(record, size=(picture.shape[1], picture.shape[0]))
    dpi = PRINT_DPI if spec.name == "strip" else density_dpi(finished.plan.size_px, spec.size_mm)
    content = encode(picture, wants, alpha=finished.alpha, xmp=to_xmp(record), exif=opened.exif, dpi=dpi)
    matte = _matte_png(turned(finished.matte, -turn_deg % 360), opened.source_px) if recipe.with_matte else None
    return DevelopedFile(content, MIME[wants.format], record, matte)


def file_params(recipe: BatchConfig) -> EncodeParams:
    """What the file is encoded as: the profile's choice, but PNG where a JPEG would lose round corners or alpha."""
    name = recipe.crop_name
    wants = encoded_as_asked(name, recipe.params.encode)
    is_cut_out = crop_spec(name, recipe.params.brand).is_round or (
        isinstance(recipe.look.backdrop, Transparent) and name not in official_crops()
    )
    return msgspec.structs.replace(wants, format="png") if is_cut_out and wants.format == "jpeg" else wants


def _matte_png(alpha: np.ndarray, size_px: tuple[int, int]) -> bytes:
    image = Image.fromarray(alpha)
    if image.size != size_px:
        image = image.resize(size_px, Image.Resampling.BILINEAR)
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=3)
    return out.getvalue()


def explained(error: Exception) -> Fault:
    """Turn anything that went wrong with one photograph into a Fault; the others go on."""
    if isinstance(error, Fault):
        return error
    kind = "too little memory" if isinstance(error, MemoryError) else type(error).__name__
    hint = "Run with --debug on this file alone to see where."
    return Fault("finish.failed", f"The portrait could not be finished ({kind}).", hint, exit_code=1)
