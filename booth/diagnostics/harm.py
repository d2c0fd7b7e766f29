"""Is the portrait ever worse than the photograph? Every shared picture developed with a profile's default look.

Finds faces and mattes once and keeps them in a folder, so that a second run spends its time on the looks alone.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from booth.capture.clip import Clip
from booth.config.params import Params
from booth.core.faults import Fault
from booth.core.types import Box, Face, Pose
from booth.diagnostics.light_change import LightChange, light_change, skin_luminance
from booth.looks.look import Look, load_look
from booth.perception.still_matte import StillMatte
from booth.still.develop_still import Finished, StillModels, StillRequest, develop_still
from booth.still.developer import RendererCache, StillAnalyzer
from booth.still.open_picture import open_picture

LONGEST_PX = 900  # pictures are shrunk to this first: the figures are taken on a face 200 pixels wide
EVERY_S = 1.0  # of a clip
STUDIO = "london"  # the set that was taken under flat studio light; all others are real rooms, streets and webcams
MATTE_SUFFIXES = (".png", ".jpg", ".jpeg")
CLIP_SUFFIXES = (".mp4", ".mkv", ".mpg", ".gif")


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One photograph or frame, with what the models see in it."""

    name: str
    rgb: np.ndarray  # (H, W, 3) uint8
    face: Face
    matte: StillMatte

    @property
    def group(self) -> str:
        """`studio`, `real` or `clips`."""
        if self.name.startswith(STUDIO):
            return "studio"
        return "clips" if "@" in self.name else "real"

    @property
    def person(self) -> str:
        """Who it shows, as far as the name says: pictures of one person stay in one half."""
        return re.sub(r"(@.*|_neutral|_smiling|_?\d+cm)", "", self.name)

    @property
    def half(self) -> int:
        """0 or 1: the half of the people that this person belongs to."""
        return zlib.crc32(self.person.encode()) % 2


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One picture under one look."""

    picture: Picture
    change: LightChange
    l_before: float  # median L* of the skin
    l_after: float
    finished: Finished


def pictures(folder: Path, cache: Path, wanted: Callable[[str], bool] = lambda _: True) -> Iterator[Picture]:
    """Yield every still and one frame a second of every clip under `folder` that shows a face."""
    analyzers: list[StillAnalyzer] = []
    try:
        for name, read in _sources(folder):
            if not wanted(name):
                continue
            found = _remembered(name, read, cache, analyzers)
            if found is not None:
                yield found
    finally:
        for each in analyzers:
            each.close()


def _sources(folder: Path) -> Iterator[tuple[str, Callable[[], np.ndarray]]]:
    for path in sorted((folder / "stills").iterdir()):
        if path.suffix.lower() in MATTE_SUFFIXES:
            yield path.stem, lambda path=path: open_picture(path).rgb  # type: ignore[misc]
    for path in sorted((folder / "videos").iterdir()):
        if path.suffix.lower() in CLIP_SUFFIXES:
            for second, rgb in enumerate(_seconds(path)):
                yield f"{path.stem}@{second:02d}", lambda rgb=rgb: rgb  # type: ignore[misc]


def _seconds(path: Path) -> Iterator[np.ndarray]:
    clip, due_s = Clip(path), 0.0
    while (read := clip.read()) is not None:
        rgb, t_s = read
        if t_s >= due_s:
            due_s += EVERY_S
            yield rgb if isinstance(rgb, np.ndarray) else rgb.rgb()
    clip.close()


def _remembered(
    name: str, read: Callable[[], np.ndarray], cache: Path, analyzers: list[StillAnalyzer]
) -> Picture | None:
    path = cache / f"{name}.npz"
    if not path.is_file():
        if not analyzers:
            analyzers.append(StillAnalyzer())
        cache.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(path, **_seen(read(), analyzers[0]))  # type: ignore[arg-type]
    with np.load(path) as kept:
        if "alpha" not in kept.files:
            return None
        box, pose = kept["box"].tolist(), kept["pose"].tolist()
        face = Face(kept["landmarks"], kept["blend"], kept["matrix"], Pose(*pose), Box(*box))
        alpha = kept["alpha"].astype(np.float32) / np.float32(255)
        return Picture(name, kept["rgb"], face, StillMatte(alpha, kept["parsing"]))


def _seen(rgb: np.ndarray, analyzer: StillAnalyzer) -> dict[str, np.ndarray]:
    """Return what is worth keeping of a picture: itself at measuring size, its largest face and the matte."""
    scale = min(1.0, LONGEST_PX / max(rgb.shape[:2]))
    if scale < 1:
        rgb = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    faces = analyzer.find_faces(rgb)
    if not faces:
        return {"rgb": rgb[:1, :1]}
    face = max(faces, key=lambda f: f.box.area)
    matte = analyzer.matte(rgb, face)
    pose, box = face.pose, face.box
    return {
        "rgb": rgb,
        "landmarks": face.landmarks,
        "blend": face.blend,
        "matrix": face.matrix,
        "pose": np.array([pose.yaw_deg, pose.pitch_deg, pose.roll_deg]),
        "box": np.array([box.x0, box.y0, box.x1, box.y1]),
        "alpha": np.round(matte.alpha * 255).astype(np.uint8),
        "parsing": matte.parsing,
    }


class Bench:
    """Develops pictures whose faces and mattes are known already."""

    def __init__(self, params: Params) -> None:
        self._params = params
        self._catalog = RendererCache()

    def row(self, picture: Picture, look: Look) -> Row | None:
        """Develop one picture with a look and measure the change; None where it cannot be finished or judged."""
        models = StillModels(
            lambda _: (picture.face,), lambda *_: picture.matte, self._catalog, applied=self._catalog.applied
        )
        try:
            done = develop_still(picture.rgb, look, models, self._params.finish, StillRequest())
        except Fault:
            return None
        change = light_change(done.before, done.face, done.rgb, done.face)
        if change is None:
            return None
        return Row(picture, change, skin_luminance(done.before, done.face), skin_luminance(done.rgb, done.face), done)


def default_look(params: Params) -> Look:
    """Return the look that a profile begins with, under the light it begins with."""
    look = load_look(params.kiosk.look)
    return look.with_light(params.kiosk.light) if params.kiosk.light else look


def table(rows: Sequence[Row]) -> str:
    """Return the figures by set and by halves of the people, as lines of text."""
    lines = [f"{'set':<16}{'n':>5} {'contrast med/p90/worst':>24} {'edge med/p90':>14} {'lit p10':>8} {'grey p10':>9}"]
    for group in ("studio", "real", "clips", "all"):
        for half in (None, 0, 1):
            part = [r for r in rows if group in ("all", r.picture.group) and half in (None, r.picture.half)]
            if part:
                lines.append(_line(group if half is None else f"  half {half}", [r.change for r in part]))
    return "\n".join(lines)


def _line(name: str, changes: Sequence[LightChange]) -> str:
    contrast, edge, lit, grey = (
        np.array([getattr(c, key) for c in changes]) for key in ("contrast_stops", "edge_stops", "lit_stops", "grey")
    )
    spread = f"{np.median(contrast):.2f} {np.percentile(contrast, 90):.2f} {contrast.max():.2f}"
    edges = f"{np.median(edge):.1f} {np.percentile(edge, 90):.1f}"
    return (
        f"{name:<16}{len(changes):>5} {spread:>24} {edges:>14} {np.percentile(lit, 10):>8.2f}"
        f" {np.percentile(grey, 10):>9.3f}"
    )


def worst(rows: Sequence[Row], count: int = 8) -> str:
    """Return the names of the pictures whose contrast and edges grew most, and who were darkened or greyed most."""
    kinds: tuple[tuple[str, Callable[[LightChange], float]], ...] = (
        ("contrast", lambda c: c.contrast_stops),
        ("edge", lambda c: c.edge_stops),
        ("darkened", lambda c: -c.lit_stops),
        ("greyed", lambda c: -c.grey),
    )
    lines = []
    for name, of in kinds:
        ranked = sorted(rows, key=lambda r: -of(r.change))[:count]
        lines.append(f"{name}: " + ", ".join(f"{r.picture.name} {abs(of(r.change)):.2f}" for r in ranked))
    return "\n".join(lines)
