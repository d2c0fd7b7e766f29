"""Measures the matte: against exact truth, for flicker on a still sitter and trailing on a moving one, and in time.

Truth is made by laying cut-outs (foreground colour and alpha, RGBA PNG in `cutouts/`) over photographs of places
(`scenes/`). The raw segmenter on the whole frame, stretched back, is measured in the same run: ratios to it count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from booth.config.params.matte import MatteParams
from booth.core.clock import WallClock, stopwatch_ms
from booth.core.faults import Fault
from booth.core.types import Frame
from booth.diagnostics.plate_bench import Composite, by_halves, plate_truth
from booth.looks.edge_colors import live_foreground, still_foreground
from booth.perception.face_tracker import FaceTracker
from booth.perception.floor import Floor
from booth.perception.live_matte import LiveMatte
from booth.perception.segmenter import PersonSegmenter
from booth.perception.still_matte import StillSegmenters, still_matte

NOISE = 2.0  # grey levels, of the composites' camera
SHAKE_NOISE = 3.0  # of the still sitter's: a webcam indoors
BAND_LOW, BAND_HIGH, BAND_GROW_PX = 0.02, 0.98, 7
STEP_FRAC = 0.1  # of the width: the moving sitter's one jump
RESTED = 1.05
FPS = 30.0
STILL_12MP = (4000, 3000)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a cut-out stands in a frame: centre of its width as a share, and its scale; its foot is the frame's."""

    width: int
    height: int
    centre: float
    scale: float


LAYOUTS = (
    Layout(1280, 720, 0.5, 0.8),
    Layout(1280, 720, 0.3, 0.8),
    Layout(1280, 720, 0.7, 0.72),
    Layout(1280, 720, 0.5, 1.0),
    Layout(1280, 720, 0.42, 0.55),
    Layout(900, 900, 0.5, 1.0),
)


def run(media_folder: Path | str, *, plate: bool = False) -> dict[str, Any]:
    """Measure everything on the cut-outs and scenes of a folder; Fault `bench.media` where there are none.

    With `plate` only the still is measured, with and without a photograph of the empty place.
    """
    cutouts, scenes = _pictures(Path(media_folder), "cutouts"), _pictures(Path(media_folder), "scenes")
    if plate:
        rows = plate_truth(_with_places(cutouts, scenes), _errors)
        return {"composites": len(cutouts) * len(scenes), "plate": by_halves(rows, len(cutouts), len(scenes))}
    return {
        "composites": len(cutouts) * len(scenes),
        "truth": truth(cutouts, scenes),
        "flicker": flicker(cutouts, scenes),
        "step": step(cutouts, scenes),
        "ms": timing(cutouts[0], scenes[0]),
    }


def _pictures(folder: Path, name: str) -> list[Path]:
    found = sorted(p for p in (folder / name).glob("*") if p.suffix.lower() in (".png", ".jpg", ".jpeg"))
    if not found:
        raise Fault(
            "bench.media", f"There are no pictures in {folder / name}.", "It needs cutouts/ (RGBA) and scenes/."
        )
    return found


def _read(path: Path, flags: int) -> np.ndarray:
    picture = cv2.imread(str(path), flags)
    if picture is None:
        raise Fault("bench.media", f"{path} cannot be read.", "It must be a PNG or JPEG.")
    return picture


def lay(cutout: Path, scene: Path, layout: Layout, noise: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return a composite, (H, W, 3) uint8, and its exact alpha, (H, W) float32."""
    width, height = layout.width, layout.height
    rgba = _read(cutout, cv2.IMREAD_UNCHANGED).astype(np.float32)
    matte = rgba[..., 3] / 255
    colour = rgba[..., 2::-1] * matte[..., None]
    # the foot on the frame's; what is taller than the frame loses its foot, not its head
    top = max(0.0, height - rgba.shape[0] * layout.scale)
    place = np.array(
        [[layout.scale, 0, width * layout.centre - rgba.shape[1] * layout.scale / 2], [0, layout.scale, top]]
    )
    small = cv2.GaussianBlur(colour, (0, 0), 0.4 / layout.scale), cv2.GaussianBlur(matte, (0, 0), 0.4 / layout.scale)
    alpha = cv2.warpAffine(small[1], place, (width, height))
    fore = cv2.warpAffine(small[0], place, (width, height))
    mixed = fore + (1 - alpha[..., None]) * _covering(scene, width, height)
    return noisy(mixed, noise, seed), alpha


def _covering(scene: Path, width: int, height: int) -> np.ndarray:
    rgb = _read(scene, cv2.IMREAD_COLOR)[..., ::-1]
    scale = max(width / rgb.shape[1], height / rgb.shape[0])
    size = (max(width, round(rgb.shape[1] * scale)), max(height, round(rgb.shape[0] * scale)))
    rgb = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    y, x = (size[1] - height) // 2, (size[0] - width) // 2
    return rgb[y : y + height, x : x + width].astype(np.float32)


def noisy(picture: np.ndarray, sigma: float, seed: int) -> np.ndarray:
    """Return the picture as uint8 with camera noise of `sigma` grey levels."""
    noise = np.random.default_rng(seed).standard_normal(picture.shape, np.float32) * np.float32(sigma)
    return np.clip(picture + noise + 0.5, 0, 255).astype(np.uint8)


def hair_band(alpha: np.ndarray) -> np.ndarray:
    """Return (H, W) bool: where the true alpha is mixed, grown by seven pixels."""
    mixed = ((alpha > BAND_LOW) & (alpha < BAND_HIGH)).astype(np.uint8)
    side = 2 * BAND_GROW_PX + 1
    return cv2.dilate(mixed, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))) > 0


def _raw(segmenter: PersonSegmenter, rgb: np.ndarray) -> np.ndarray:
    return cv2.resize(segmenter(rgb), rgb.shape[1::-1], interpolation=cv2.INTER_LINEAR)


def truth(cutouts: list[Path], scenes: list[Path]) -> dict[str, dict[str, float]]:
    """Return mean absolute alpha errors, in the hair band and overall, of raw, live and still over every pair."""
    rows: dict[str, list[tuple[float, float]]] = {"raw": [], "live": [], "still": []}
    segmenter, live = PersonSegmenter(), LiveMatte(MatteParams())
    with FaceTracker(video=False) as tracker, StillSegmenters() as networks:
        for seq, (rgb, alpha) in enumerate(composites(cutouts, scenes)):
            faces, band = tracker.find(rgb), hair_band(alpha)
            face = faces[0] if faces else None
            live.reset()
            mattes = {
                "raw": _raw(segmenter, rgb),
                "live": live.process(Frame(seq, seq / FPS, rgb, rgb), face).alpha.astype(np.float32) / 255,
                "still": still_matte(rgb, face, networks).alpha,
            }
            for name, matte in mattes.items():
                off = np.abs(matte - alpha)
                rows[name].append((float(off[band].mean()), float(off.mean())))
    segmenter.close()
    live.close()
    means = {name: np.mean(values, axis=0) for name, values in rows.items()}
    return {name: _beside(value, means["raw"]) for name, value in means.items()}


def _errors(matte: np.ndarray, alpha: np.ndarray) -> tuple[float, float]:
    off = np.abs(matte - alpha)
    return float(off[hair_band(alpha)].mean()), float(off.mean())


def _with_places(cutouts: list[Path], scenes: list[Path]) -> Iterator[Composite]:
    for k, (rgb, alpha) in enumerate(composites(cutouts, scenes)):
        height, width = alpha.shape
        yield rgb, alpha, noisy(_covering(scenes[k % len(scenes)], width, height), NOISE, seed=1000 + k)


def composites(cutouts: list[Path], scenes: list[Path]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield every cut-out over every scene once, the layouts taking turns, each with its true alpha."""
    for i, cutout in enumerate(cutouts):
        for j, scene in enumerate(scenes):
            yield lay(cutout, scene, LAYOUTS[(i * 5 + j) % len(LAYOUTS)], NOISE, seed=7 * i + j)


def _beside(value: np.ndarray, raw: np.ndarray) -> dict[str, float]:
    names = ("band", "overall")
    facts = {name: round(float(v), 5) for name, v in zip(names, value, strict=True)}
    return facts | {f"{n}_of_raw": round(float(v / r), 3) for n, v, r in zip(names, value, raw, strict=True)}


def _few(cutouts: list[Path], scenes: list[Path], count: int) -> list[tuple[Path, Path]]:
    """Return pairs spread over all sitters and scenes."""
    return [(cutouts[k * len(cutouts) // count], scenes[k % len(scenes)]) for k in range(count)]


def flicker(cutouts: list[Path], scenes: list[Path], count: int = 6, frames: int = 24) -> dict[str, float]:
    """Return mean absolute alpha changes between frames of still sitters under camera noise, and live over raw."""
    changes = {"raw": 0.0, "live": 0.0}
    segmenter = PersonSegmenter()
    for cutout, scene in _few(cutouts, scenes, count):
        quiet, _ = lay(cutout, scene, LAYOUTS[0], 0.0)
        films = {"raw": lambda rgb: _raw(segmenter, rgb)}
        with _Mirror() as mirror:
            films["live"] = mirror.process
            last: dict[str, np.ndarray] = {}
            for k in range(frames):
                rgb = noisy(quiet.astype(np.float32), SHAKE_NOISE, seed=k)
                for name, film in films.items():
                    matte = film(rgb)
                    if k >= frames // 3:
                        changes[name] += float(np.abs(matte - last[name]).mean()) / count
                    last[name] = matte
    segmenter.close()
    shown = frames - frames // 3
    facts = {name: round(value / shown, 6) for name, value in changes.items()}
    return facts | {"live_of_raw": round(changes["live"] / changes["raw"], 3)}


class _Mirror:
    """A tracker and a live matte on one sequence of frames."""

    def __init__(self) -> None:
        self._tracker, self._live, self._seq = FaceTracker(video=True), LiveMatte(MatteParams()), 0

    def process(self, rgb: np.ndarray) -> np.ndarray:
        """Return the live matte of the next frame, (H, W) float32 0..1."""
        faces = self._tracker.find(rgb, self._seq / FPS)
        matte = self._live.process(Frame(self._seq, self._seq / FPS, rgb, rgb), faces[0] if faces else None, faces[1:])
        self._seq += 1
        return matte.alpha.astype(np.float32) / 255

    def __enter__(self) -> _Mirror:
        return self

    def __exit__(self, *_: object) -> None:
        self._tracker.close()
        self._live.close()


def step(cutouts: list[Path], scenes: list[Path], count: int = 6) -> dict[str, float]:
    """Return after how many frames a sitter who jumped by a tenth of the width has their resting error again.

    The worst and the median of a few sitters; the frame of the jump itself counts as 0.
    """
    took = [_frames_to_rest(cutout, scene) for cutout, scene in _few(cutouts, scenes, count)]
    return {"frames_median": float(np.median(took)), "frames_worst": float(max(took))}


def _frames_to_rest(cutout: Path, scene: Path, before: int = 10, after: int = 16) -> int:
    errors = []
    with _Mirror() as mirror:
        for k in range(before + after):
            layout = Layout(1280, 720, 0.4 + STEP_FRAC * (k >= before), 0.7)
            rgb, alpha = lay(cutout, scene, layout, SHAKE_NOISE, seed=k)
            errors.append(float(np.abs(mirror.process(rgb) - alpha).mean()))
    resting = np.mean(errors[-4:])
    late = [k for k, error in enumerate(errors[before:]) if error > RESTED * resting]
    return late[-1] + 1 if late else 0


def timing(cutout: Path, scene: Path, frames: int = 60) -> dict[str, dict[str, float]]:
    """Return milliseconds of floor, segmenter, live matte and edge colours at 720p, and of the still at 12 MP."""
    rgb, _ = lay(cutout, scene, LAYOUTS[0], NOISE)
    coded = cv2.imencode(".jpg", rgb[..., ::-1])[1]
    floor, segmenter, live = Floor(), PersonSegmenter(), LiveMatte(MatteParams())
    part = np.ascontiguousarray(cv2.resize(rgb, (256, 256), interpolation=cv2.INTER_AREA))
    face = floor.faces(rgb, 0.0)[0]
    spent: dict[str, list[float]] = {}
    matte = live.process(Frame(0, 0.0, rgb, rgb), face)
    live_foreground(rgb, matte.alpha)
    for k in range(1, frames):
        frame = Frame(k, k / FPS, rgb, rgb)
        _timed(spent, "floor", lambda: _least(floor, coded, frame.t_s))  # noqa: B023
        _timed(spent, "segmenter", lambda: segmenter(part))
        _timed(spent, "live", lambda: live.process(frame, face))  # noqa: B023
        _timed(spent, "edge_colours", lambda: live_foreground(rgb, matte.alpha))
    for closing in (floor, segmenter, live):
        closing.close()
    facts = {name: _quantiles(values) for name, values in spent.items()}
    beyond = facts["live"]["p50"] - facts["segmenter"]["p50"]
    facts["live"]["beyond_segmenter_of_floor"] = round(beyond / facts["floor"]["p50"], 3)
    return facts | _still_timing(rgb)


def _least(floor: Floor, coded: np.ndarray, t_s: float) -> None:
    rgb = cv2.cvtColor(cv2.imdecode(coded, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    floor.faces(rgb, t_s)
    floor.person(rgb, t_s)


def _timed(spent: dict[str, list[float]], name: str, work: Callable[[], object]) -> None:
    start_s = WallClock().now_s()
    work()
    spent.setdefault(name, []).append(stopwatch_ms(start_s))


def _quantiles(values: list[float]) -> dict[str, float]:
    return {"p50": round(float(np.median(values)), 2), "p95": round(float(np.quantile(values, 0.95)), 2)}


def _still_timing(rgb: np.ndarray, times: int = 3) -> dict[str, dict[str, float]]:
    large = cv2.resize(rgb, STILL_12MP, interpolation=cv2.INTER_CUBIC)
    spent: dict[str, list[float]] = {}
    with FaceTracker(video=False) as tracker, StillSegmenters() as networks:
        face = tracker.find(large)[0]
        picture = large.astype(np.float32) / 255
        alpha = still_matte(large, face, networks).alpha
        still_foreground(picture, alpha)
        for _ in range(times):
            _timed(spent, "still_matte_12mp", lambda: still_matte(large, face, networks))
            _timed(spent, "still_colours_12mp", lambda: still_foreground(picture, alpha))
    return {name: _quantiles(values) for name, values in spent.items()}
