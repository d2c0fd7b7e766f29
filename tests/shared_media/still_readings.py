"""What the booth reads off a photograph, as it is and with something done to it; read once and kept in a cache.

The cache holds readings, no pixels, below `build/`; it is read anew when the photograph or anything that measures
changes.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import cv2
import numpy as np

import booth
from booth.config.params import Params
from booth.core.types import Face, Focus, Frame, FrameAnalysis, Light, Occlusion, frozen
from booth.looks.tryon.spectacles import FRAMES, draw
from booth.perception.frame_analyzer import FrameAnalyzer
from tests.shared_media import painting

VARIANTS = ("plain", "narrow", "spectacles")
NARROW_SHARE = 0.35  # of the opening that a lid painted on its own skin takes away
LONGEST_PX = 1280  # as wide as the mirror: the measures are tuned there


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """Everything the coach needs of one picture, without its pixels."""

    size: tuple[int, int]
    face: Face
    light: Light
    focus: Focus
    cover: Occlusion

    @classmethod
    def of(cls, analysis: FrameAnalysis) -> Reading | None:
        """Keep what was seen of the sitter; None where there is none."""
        face = analysis.sitter
        return None if face is None else cls(analysis.frame.size, face, analysis.light, analysis.focus, analysis.cover)


def blank(seq: int, t_s: float, size: tuple[int, int]) -> Frame:
    """Return a frame of that size that takes no memory: nobody looks at its pixels."""
    none = np.lib.stride_tricks.as_strided(frozen(np.zeros(3, np.uint8)), (size[1], size[0], 3), (0, 0, 1))
    return Frame(seq, t_s, none, none)


class StillReader:
    """Reads photographs; closed with `close()`. One a run: its models take a second to load."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._eye: FrameAnalyzer | None = None
        folder.mkdir(parents=True, exist_ok=True)

    def read(self, path: Path) -> dict[str, Reading]:
        """Return the readings by variant; empty where no face is found."""
        kept = self._folder / f"{path.stem}-{_digest(path)}.pickle"
        if kept.is_file():
            return pickle.loads(kept.read_bytes())  # noqa: S301 - our own file
        found = self._look(path)
        kept.write_bytes(pickle.dumps(found))
        return found

    def _look(self, path: Path) -> dict[str, Reading]:
        if self._eye is None:
            self._eye = FrameAnalyzer(Params(), video=False)
        rgb = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
        scale = min(1.0, LONGEST_PX / max(rgb.shape[:2]))
        rgb = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        plain = Reading.of(self._eye.analyze(Frame(0, 0.0, rgb, rgb)))
        if plain is None:
            return {}
        found = {"plain": plain}
        for name, changed in _changed(rgb, plain.face):
            found[name] = Reading.of(self._eye.analyze(Frame(0, 0.0, changed, changed))) or plain
        return found

    def close(self) -> None:
        """Free the models."""
        if self._eye is not None:
            self._eye.close()


def _changed(rgb: np.ndarray, face: Face) -> Iterator[tuple[str, np.ndarray]]:
    yield "narrow", np.ascontiguousarray(painting.lids(rgb, face, NARROW_SHARE))
    yield "spectacles", np.ascontiguousarray(draw(rgb, face, FRAMES["square"]))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes() + _sources()).hexdigest()[:16]


@cache
def _sources() -> bytes:
    """Return a digest of everything that measures, so that a change of it reads the photographs anew."""
    root = Path(booth.__file__).parent
    files = [path for name in ("perception",) for path in sorted((root / name).glob("*.py"))]
    files += [root / "guidance" / "face_measures.py", Path(__file__), Path(painting.__file__)]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).digest()


def standing(reading: Reading, size: tuple[int, int], head_height: float, at: tuple[float, float]) -> Reading:
    """Return the reading as if the sitter stood before a booth's lens: `size` in pixels, head and eyes placed.

    `head_height` is the landmarks' box over the frame's height; `at` where the eyes are, 0..1 of the frame.
    """
    face = reading.face
    points = face.points_px(*reading.size).astype(np.float64)
    scale = head_height * size[1] / max(float(np.ptp(points[:, 1])), 1e-6)
    eyes = points[[33, 133, 362, 263]].mean(0)
    moved = (points - eyes) * scale + np.array(at) * size
    landmarks = face.landmarks.copy()
    landmarks[:, :2] = moved / size
    landmarks[:, 2] = face.landmarks[:, 2] * reading.size[0] * scale / size[0]
    return replace(reading, size=size, face=placed(face, landmarks))


def placed(face: Face, landmarks: np.ndarray) -> Face:
    """Return the face with other landmarks, and the box that belongs to them."""
    low, high = landmarks[:, :2].min(0), landmarks[:, :2].max(0)
    box = type(face.box)(float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    return replace(face, landmarks=landmarks.astype(np.float32), box=box)
