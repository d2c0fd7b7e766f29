"""Lends the finish room what it may not know: the tracker, the still matte and the renderer.

The one place where perception, looks and finish meet. `make_lab` is what worker processes call by name.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from booth.capture.frames import shrunk
from booth.config.params import Params
from booth.config.params.finish import EncodeParams
from booth.config.params.matte import MatteParams
from booth.core.assets import asset, sha256_of
from booth.core.clock import utc_now
from booth.core.faults import Fault
from booth.core.paths import config_folder
from booth.core.types import Burst, Face, FrameAnalysis, frozen
from booth.looks.canvas import Canvas
from booth.looks.light.shape import Applied
from booth.looks.look import Look, load_look
from booth.looks.renderer import LookRenderer
from booth.looks.tryon.apply_outfit import apply_outfit
from booth.looks.tryon.clothes import clothes_mask
from booth.looks.tryon.outfit import Outfit
from booth.perception.clean_plate import check_size
from booth.perception.face_tracker import MAX_FACES, FaceTracker
from booth.perception.still_matte import StillSegmenters, still_matte, warm_edges
from booth.perception.upright import Upright
from booth.still.credentials import booth_identity, sign
from booth.still.crop import LINKEDIN, LINKEDIN_PX
from booth.still.develop_still import FIND_PX, StillModels, StillRequest, develop_still, find_sitter
from booth.still.encode import MIME, encode, taken_exif, write_whole
from booth.still.open_picture import open_picture
from booth.still.portrait_measures import measure_portrait
from booth.still.record import EditRecord, ModelEntry, StageEntry, to_xmp
from booth.still.size import PRINT_DPI, Sizing, density_dpi
from booth.still.warp import warp_alpha, warp_rgb

log = logging.getLogger(__name__)

MODELS = ("face_landmarker.task", "selfie_segmenter.tflite", "selfie_multiclass_256x256.tflite")


class RendererCache:
    """Gives the still renderer of a look; keeps the last one, since a folder is mostly developed with one."""

    def __init__(self) -> None:
        self._renderer: LookRenderer | None = None
        self._normals: np.ndarray | None = None

    @contextmanager
    def knowing(self, normals: np.ndarray | None) -> Iterator[None]:
        """Develop with a sitter's own relief while this lasts; nothing of it stays afterwards."""
        self._normals = normals
        try:
            yield
        finally:
            self._normals = None
            if self._renderer is not None:
                self._renderer.normals = None

    def __call__(self, look: Look) -> Callable[[Canvas], np.ndarray]:
        """Return the develop of the look's still renderer."""
        if self._renderer is None:
            self._renderer = LookRenderer(look, still=True)
        elif self._renderer.look != look:
            self._renderer.set_look(look)
        self._renderer.normals = self._normals
        return self._renderer.develop

    def applied(self) -> Applied:
        """Return what was done to the light of the last still."""
        return Applied() if self._renderer is None else self._renderer.applied


class StillAnalyzer:
    """The models that look at stills, loaded once; close when done.

    With `frees_networks` the matte's networks are there only while a matte is made: they hold 85 MB, which the rest of
    a develop needs, and to load them again costs 50 ms. An operator's own network stays.
    """

    def __init__(
        self, params: MatteParams | None = None, plate: np.ndarray | None = None, *, frees_networks: bool = False
    ) -> None:
        self._params = params or MatteParams()
        self._max_faces = MAX_FACES
        self._plate = plate  # (H, W, 3) uint8: the empty place, which every picture must then show
        self._tracker = FaceTracker(video=False)
        self._upright = Upright()
        self._frees_networks = frees_networks and not self._params.plugin
        self._segmenters = None if self._frees_networks else StillSegmenters(self._params.plugin)
        self._found: tuple[Face, ...] = ()
        self._remembered: np.ndarray | None = None

    def know(self, plate: np.ndarray | None) -> None:
        """Take the empty place as the booth remembers it for the next picture; where it does not fit it is no help."""
        self._remembered = plate

    def find_faces(self, rgb: np.ndarray) -> tuple[Face, ...]:
        """Return the faces in a picture."""
        self._found = self._tracker.find(rgb)
        return self._found

    def expect(self, people: int) -> None:
        """Make sure that so many people, and one more, are found in a picture."""
        if people + 1 > self._max_faces:
            self._max_faces = people + 1
            self._tracker.close()
            self._tracker = FaceTracker(video=False, max_faces=self._max_faces)

    def turn_of(self, rgb: np.ndarray) -> int:
        """Return how far a photograph has to be turned clockwise to be upright, degrees; 0 where that is not known."""
        small = shrunk(rgb, FIND_PX)
        found = self._tracker.find(small)
        return self._upright.judge(small, max(found, key=lambda f: f.box.area) if found else None).turn_deg or 0

    def matte(self, rgb: np.ndarray, face: Face, company: tuple[Face, ...] = ()):  # type: ignore[no-untyped-def]
        """Return the still matte of a picture: of the sitter and their company."""
        others = tuple(other for other in self._found if all(other is not one for one in (face, *company)))
        if self._plate is not None:
            check_size(rgb, self._plate)
        remembered = self._remembered if self._remembered is not None and self._remembered.shape == rgb.shape else None
        plate = remembered if self._plate is None else self._plate
        segmenters = self._segmenters or StillSegmenters()
        keep = self._params.keep_others
        try:
            matte = still_matte(rgb, face, segmenters, others, keep_others=keep, company=company, plate=plate)
        finally:
            if self._segmenters is None:
                segmenters.close()
        if self._plate is not None and not matte.knew_room:
            hint = "Take both from the same place, with the camera standing still and the light as it was."
            raise Fault("plate.place", "The empty picture shows another place than the photograph.", hint)
        return matte

    def close(self) -> None:
        """Free the models."""
        self._tracker.close()
        self._upright.close()
        if self._segmenters is not None:
            self._segmenters.close()


def warm_still() -> None:
    """Load the still's compiled loops on a picture of nobody: while a photograph is opened this costs no time."""
    warm_edges()
    grey, alpha = np.full((64, 48, 3), 0.5, np.float32), np.zeros((64, 48), np.float32)
    alpha[20:] = 0.5
    LookRenderer(load_look("studio-grey"), still=True).develop(Canvas(grey, alpha, None))


def model_entries() -> tuple[ModelEntry, ...]:
    """Return the models that take part in every still, with their hashes."""
    return tuple(ModelEntry(name, sha256_of(asset("models", name))) for name in MODELS)


def still_models_of(eyes: StillAnalyzer, shelf: RendererCache | None = None) -> StillModels:
    """Return a Lab that looks with these eyes."""
    shelf = shelf or RendererCache()
    return StillModels(
        eyes.find_faces,
        eyes.matte,
        shelf,
        model_entries(),
        eyes.close,
        eyes.turn_of,
        warm_still,
        eyes.expect,
        shelf.applied,
    )


def memoized_models(lab: StillModels) -> StillModels:
    """Find the face and the matte of one picture once, however often it is developed."""
    faces: list[object] = []
    mattes: list[object] = []

    def find_faces(rgb: np.ndarray):  # type: ignore[no-untyped-def]
        if not faces:
            faces.append(lab.find_faces(rgb))
        return faces[0]

    def matte(rgb: np.ndarray, face, *company):  # type: ignore[no-untyped-def]
        if not mattes:
            mattes.append(lab.matte(rgb, face, *company))
        return mattes[0]

    return StillModels(find_faces, matte, lab.renderer, lab.models, lab.close, expect=lab.expect, applied=lab.applied)  # type: ignore[arg-type]


def make_still_models(params: MatteParams | None = None, plate: Path | None = None) -> StillModels:
    """Return a fresh Lab; worker processes build theirs with this. `plate` is a photograph of the empty place."""
    return still_models_of(StillAnalyzer(params, None if plate is None else open_picture(plate).rgb))


@dataclass(frozen=True, slots=True, eq=False)
class Developed:
    """A portrait of a guest, ready for the review and for keeping."""

    before: np.ndarray  # (h, w, 3) uint8: the shot as the camera saw it, cut alike
    after: np.ndarray  # (h, w, 3) uint8: the portrait
    alpha: np.ndarray | None  # (h, w) uint8 where the file keeps one
    record: EditRecord
    params: Params
    dpi: float = PRINT_DPI

    @property
    def changes(self) -> tuple[str, ...]:
        """What was done, in plain sentences."""
        return tuple(stage.says for stage in self.record.stages)

    def file_bytes(self) -> bytes:
        """Return the finished file: encoded, with its record, signed where the profile says so and that is possible.

        A portrait that cannot be signed is kept all the same; the log and the doctor say so, and so does the file.
        """
        wants = self.params.finish.encode
        if self.alpha is not None and wants.format == "jpeg":
            wants = msgspec.structs.replace(wants, format="png")
        exif = taken_exif(self.record.made_utc)
        content = encode(self.after, wants, alpha=self.alpha, xmp=to_xmp(self.record), exif=exif, dpi=self.dpi)
        if not wants.sign:
            return content
        try:
            return sign(content, MIME[wants.format], self.record, booth_identity(config_folder(), utc_now()))
        except Fault as fault:
            log.error("fault %s: the portrait is kept unsigned", fault.code)
            return content

    def original_bytes(self) -> bytes:
        """Return the photograph as the camera saw it, cut as the portrait is, without loss."""
        return encode(self.before, EncodeParams(format="png", sign=False))

    def write(self, path: Path, *, force: bool = False) -> Path:
        """Write the portrait whole or not at all; returns the path used."""
        return write_whole(path, self.file_bytes(), force=force)


class Developer:
    """Develops shots of the session; owned by the worker's thread. Those of a set all have one size."""

    def __init__(self, params: Params, *, is_set: bool = False) -> None:
        self._params, self._is_set = params, is_set
        self._eyes = StillAnalyzer(params.matte, frees_networks=True)
        self._catalog = RendererCache()
        self._models = still_models_of(self._eyes, self._catalog)

    def portrait(
        self,
        analysis: FrameAnalysis,
        look: Look,
        normals: np.ndarray | None = None,
        outfit: Outfit | None = None,
        burst: Burst | None = None,
        *,
        is_wide: bool = False,
    ) -> Developed:
        """Develop the full-size frame with a look; `normals` are the sitter's own, if they are known.

        `is_wide` makes LinkedIn's background picture of it: the backdrop is painted for that size, by the face.

        An `outfit` is put on only where the guest wanted it in the picture; the record then names all of it. A `burst`
        holds the frames round the FrameAnalysis's; it is not used under an outfit, which is on one frame alone.
        """
        if analysis.someone is None and not analysis.faces and analysis.matte is None:
            return self._untouched(analysis)
        rgb = analysis.frame.rgb
        order = StillRequest(
            params_digest=self._params.digest,
            source_digest=hashlib.sha256(rgb.tobytes()).hexdigest(),
            made_utc=utc_now().isoformat(timespec="seconds"),
            crop=LINKEDIN if is_wide else "",
            was_on_mirror=not is_wide,
            burst=burst if outfit is None else None,
            sizing=Sizing(LINKEDIN_PX if is_wide else None, self._params.deliver.min_height_px, self._is_set),
            people=max(1, len(analysis.group)),
            places=tuple(member.face.box for member in analysis.group),
            seen=analysis.faces,
        )
        self._eyes.know(analysis.plate)
        lab, dressed = (self._models, rgb) if outfit is None else self._dressed(rgb, outfit, analysis.faces)
        with self._catalog.knowing(normals):
            done = develop_still(dressed, look, lab, self._params.finish, order)
        measures = measure_portrait(done, warp_alpha(done.matte, done.plan), self._models)
        record = msgspec.structs.replace(done.record, measures=measures)
        before = done.before
        if outfit is not None:
            added = tuple(StageEntry(stage, says) for stage, says in outfit.changes())
            record = msgspec.structs.replace(record, stages=(*record.stages, *added), source_type="composite")
            before = frozen(warp_rgb(rgb, done.plan.native()))
        dpi = density_dpi(done.plan.size_px, done.plan.spec.size_mm)
        return Developed(before, done.rgb, done.alpha, record, self._params, dpi)

    def _dressed(self, rgb: np.ndarray, outfit: Outfit, seen: tuple[Face, ...]) -> tuple[StillModels, np.ndarray]:
        """Put an outfit on; the lab that comes with it sees the sitter as they stood there, without it."""
        lab = memoized_models(self._models)
        face, _ = find_sitter(rgb, lab, seen)
        matte = lab.matte(rgb, face)
        return lab, apply_outfit(rgb, face, outfit, clothes_mask(rgb, matte.parsing, matte.alpha, face), matte.alpha)

    def _untouched(self, analysis: FrameAnalysis) -> Developed:
        """The camera's own picture, for the guest who did not want to be measured: nothing found, nothing changed."""
        rgb = analysis.frame.rgb
        record = EditRecord(
            look="as-you-are",
            light="natural",
            stages=(),
            models=(),
            params_digest=self._params.digest,
            source_digest=hashlib.sha256(rgb.tobytes()).hexdigest(),
            source_type="digitalCapture",
            crop="none",
            size=analysis.frame.size,
            made_utc=utc_now().isoformat(timespec="seconds"),
        )
        return Developed(rgb, rgb, None, record, self._params)

    def close(self) -> None:
        """Free the models."""
        self._eyes.close()

    def __enter__(self) -> Developer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
