"""Lends the finish room what it may not know: the tracker, the still matte and the darkroom.

The one place where perception, looks and finish meet. `make_lab` is what worker processes call by name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from booth.assets import asset, sha256_of
from booth.clock import utc_now
from booth.dress.clothes import clothes_mask
from booth.dress.outfit import Outfit
from booth.dress.wear import wear
from booth.finish.credentials import booth_identity, sign
from booth.finish.encode import MIME, encode, write_whole
from booth.finish.measures import measure_portrait
from booth.finish.record import EditRecord, ModelEntry, StageEntry, to_xmp
from booth.finish.still import Lab, Order, develop_still, find_sitter
from booth.finish.warp import warp_alpha, warp_rgb
from booth.looks.canvas import Canvas
from booth.looks.darkroom import Darkroom
from booth.looks.look import Look, load_look
from booth.params import Params
from booth.params.finish import EncodeParams
from booth.params.matte import MatteParams
from booth.perception.face import FaceTracker
from booth.perception.still_matte import StillSegmenters, still_matte, warm_edges
from booth.types import Face, Sight, frozen

MODELS = ("face_landmarker.task", "selfie_segmenter.tflite", "selfie_multiclass_256x256.tflite")


def config_folder() -> Path:
    """Where the booth keeps its own keys; mode 0700."""
    folder = Path("~/.config/booth").expanduser()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


class DarkroomShelf:
    """Gives the still darkroom of a look; keeps the last one, since a folder is mostly developed with one."""

    def __init__(self) -> None:
        self._darkroom: Darkroom | None = None
        self._normals: np.ndarray | None = None

    @contextmanager
    def knowing(self, normals: np.ndarray | None) -> Iterator[None]:
        """Develop with a sitter's own relief while this lasts; nothing of it stays afterwards."""
        self._normals = normals
        try:
            yield
        finally:
            self._normals = None
            if self._darkroom is not None:
                self._darkroom.normals = None

    def __call__(self, look: Look) -> Callable[[Canvas], np.ndarray]:
        """Return the develop of the look's still darkroom."""
        if self._darkroom is None:
            self._darkroom = Darkroom(look, still=True)
        elif self._darkroom.look != look:
            self._darkroom.set_look(look)
        self._darkroom.normals = self._normals
        return self._darkroom.develop


class StillEyes:
    """The models that look at stills, loaded once; close when done."""

    def __init__(self, params: MatteParams | None = None) -> None:
        self._params = params or MatteParams()
        self._tracker = FaceTracker(video=False)
        self._segmenters = StillSegmenters(self._params.plugin)
        self._found: tuple[Face, ...] = ()

    def find_faces(self, rgb: np.ndarray) -> tuple[Face, ...]:
        """Return the faces in a picture."""
        self._found = self._tracker.find(rgb)
        return self._found

    def matte(self, rgb: np.ndarray, face: Face):  # type: ignore[no-untyped-def]
        """Return the still matte of a picture."""
        others = tuple(other for other in self._found if other is not face)
        return still_matte(rgb, face, self._segmenters, others, keep_others=self._params.keep_others)

    def close(self) -> None:
        """Free the models."""
        self._tracker.close()
        self._segmenters.close()


def warm_still() -> None:
    """Load the still's compiled loops on a picture of nobody: while a photograph is opened this costs no time."""
    warm_edges()
    grey, alpha = np.full((64, 48, 3), 0.5, np.float32), np.zeros((64, 48), np.float32)
    alpha[20:] = 0.5
    Darkroom(load_look("studio-grey"), still=True).develop(Canvas(grey, alpha, None))


def model_entries() -> tuple[ModelEntry, ...]:
    """Return the models that take part in every still, with their hashes."""
    return tuple(ModelEntry(name, sha256_of(asset("models", name))) for name in MODELS)


def lab_of(eyes: StillEyes, shelf: DarkroomShelf | None = None) -> Lab:
    """Return a Lab that looks with these eyes."""
    return Lab(eyes.find_faces, eyes.matte, shelf or DarkroomShelf(), model_entries(), eyes.close, warm_still)


def remembering(lab: Lab) -> Lab:
    """Find the face and the matte of one picture once, however often it is developed."""
    faces: list[object] = []
    mattes: list[object] = []

    def find_faces(rgb: np.ndarray):  # type: ignore[no-untyped-def]
        if not faces:
            faces.append(lab.find_faces(rgb))
        return faces[0]

    def matte(rgb: np.ndarray, face):  # type: ignore[no-untyped-def]
        if not mattes:
            mattes.append(lab.matte(rgb, face))
        return mattes[0]

    return Lab(find_faces, matte, lab.darkroom, lab.models, lab.close)  # type: ignore[arg-type]


def make_lab(params: MatteParams | None = None) -> Lab:
    """Return a fresh Lab; worker processes build theirs with this."""
    return lab_of(StillEyes(params))


@dataclass(frozen=True, slots=True, eq=False)
class Developed:
    """A portrait of a guest, ready for the review and for keeping."""

    before: np.ndarray  # (h, w, 3) uint8: the shot as the camera saw it, cut alike
    after: np.ndarray  # (h, w, 3) uint8: the portrait
    alpha: np.ndarray | None  # (h, w) uint8 where the file keeps one
    record: EditRecord
    params: Params

    @property
    def changes(self) -> tuple[str, ...]:
        """What was done, in plain sentences."""
        return tuple(stage.says for stage in self.record.stages)

    def file_bytes(self) -> bytes:
        """Return the finished file: encoded, with its record, signed where the profile says so."""
        wants = self.params.finish.encode
        if self.alpha is not None and wants.format == "jpeg":
            wants = msgspec.structs.replace(wants, format="png")
        content = encode(self.after, wants, alpha=self.alpha, xmp=to_xmp(self.record))
        if not wants.sign:
            return content
        return sign(content, MIME[wants.format], self.record, booth_identity(config_folder(), utc_now()))

    def original_bytes(self) -> bytes:
        """Return the photograph as the camera saw it, cut as the portrait is, without loss."""
        return encode(self.before, EncodeParams(format="png", sign=False))

    def write(self, path: Path, *, force: bool = False) -> Path:
        """Write the portrait whole or not at all; returns the path used."""
        return write_whole(path, self.file_bytes(), force=force)


class Developer:
    """Develops shots of the session; owned by the worker's thread."""

    def __init__(self, params: Params) -> None:
        self._params = params
        self._eyes = StillEyes(params.matte)
        self._shelf = DarkroomShelf()
        self._lab = lab_of(self._eyes, self._shelf)

    def portrait(
        self, sight: Sight, look: Look, normals: np.ndarray | None = None, outfit: Outfit | None = None
    ) -> Developed:
        """Develop the full-size frame of a Sight with a look; `normals` are the sitter's own, if they are known.

        An `outfit` is put on only where the guest wanted it in the picture; the record then names all of it.
        """
        if sight.someone is None and not sight.faces and sight.matte is None:
            return self._untouched(sight)
        rgb = sight.frame.rgb
        order = Order(
            params_digest=self._params.digest,
            source_digest=hashlib.sha256(rgb.tobytes()).hexdigest(),
            made_utc=utc_now().isoformat(timespec="seconds"),
            was_on_mirror=True,
        )
        lab, dressed = (self._lab, rgb) if outfit is None else self._dressed(rgb, outfit)
        with self._shelf.knowing(normals):
            done = develop_still(dressed, look, lab, self._params.finish, order)
        measures = measure_portrait(done, warp_alpha(done.matte, done.plan), self._lab)
        record = msgspec.structs.replace(done.record, measures=measures)
        before = done.before
        if outfit is not None:
            added = tuple(StageEntry(stage, says) for stage, says in outfit.changes())
            record = msgspec.structs.replace(record, stages=(*record.stages, *added), source_type="composite")
            before = frozen(warp_rgb(rgb, done.plan))
        return Developed(before, done.rgb, done.alpha, record, self._params)

    def _dressed(self, rgb: np.ndarray, outfit: Outfit) -> tuple[Lab, np.ndarray]:
        """Put an outfit on; the lab that comes with it sees the sitter as they stood there, without it."""
        lab = remembering(self._lab)
        face, _ = find_sitter(rgb, lab)
        matte = lab.matte(rgb, face)
        return lab, wear(rgb, face, outfit, clothes_mask(rgb, matte.parsing, matte.alpha, face), matte.alpha)

    def _untouched(self, sight: Sight) -> Developed:
        """The camera's own picture, for the guest who did not want to be measured: nothing found, nothing changed."""
        rgb = sight.frame.rgb
        record = EditRecord(
            look="as-you-are",
            light="natural",
            stages=(),
            models=(),
            params_digest=self._params.digest,
            source_digest=hashlib.sha256(rgb.tobytes()).hexdigest(),
            source_type="digitalCapture",
            crop="none",
            size=sight.frame.size,
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
