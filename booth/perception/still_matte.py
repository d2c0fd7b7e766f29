"""The still's matte and parsing: several crops through both networks, fused, then carried to the picture's own edges.

Slower and finer than the live matte; keeps nothing between pictures. An operator's own network may take the matte's
place: see docs/matting-plugin.md.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np

from booth.core.compiled import read_only
from booth.core.faults import Fault
from booth.core.types import Face, frozen
from booth.perception.clean_plate import fit_plate
from booth.perception.foreground import estimate_foreground
from booth.perception.matte_crop import CropWindow, WholeBody, feather, head_window, stance_px
from booth.perception.matte_edges import edge_colors, solve_edges
from booth.perception.matte_holes import open_gaps
from booth.perception.matte_people import keep_sitter, somebody
from booth.perception.matte_pixels import apply_still, certain_cells, guided_coefficients
from booth.perception.plain_wall import off_cloth, wall_plate, without_haze
from booth.perception.plate_edges import plate_zone, solve_with_plate
from booth.perception.plate_furniture import without_furniture
from booth.perception.segmenter import N_PARTS, PartsSegmenter, PersonSegmenter

# Chosen on people laid over cluttered scenes (booth bench --matte); crops: half a side in face heights, weight.
PERSON_CROPS = ((1.0, 1.0), (1.25, 1.0))
PARTS_CROPS = ((1.0, 1.0), (1.5, 0.5))
PARTS_WHOLE, PERSON_SQUARE, PERSON_WHOLE = 0.2, 0.1, 0.02
PERSON_SLOPE, PARTS_SLOPE = 1.2, 2.4  # the networks are surer than they say
LOGIT_MOST = 6.0  # no crop outvotes the others for ever
HAIR_LOGIT = 0.95  # both networks draw hair too tight; more measures better and shows as a rim of old wall
WORK_PX = 1280  # longest side of the picture that is fused and guided; detail beyond comes from the picture itself
PARSING_PX = 512
GUIDE_RADIUS_FACES = 0.02
GUIDE_EPS = 2e-4
OTHER_MOST, CLOTHES_LEAST, FACE_LEAST = 0.12, 0.2, 0.1  # shares of a person; jellyfish had .21, .22 and .02
STEP = (0.05, 0.95)
FEATHER_FRAC = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class StillMatte:
    """How much of each pixel of a still is the sitter, and what each part of them is."""

    alpha: np.ndarray  # (H, W) float32 0..1
    parsing: np.ndarray  # (h, w) uint8: 0 background, 1 hair, 2 body skin, 3 face skin, 4 clothes, 5 other
    knew_room: bool = False  # a photograph of the empty place helped

    def __post_init__(self) -> None:
        frozen(self.alpha)
        frozen(self.parsing)


class MattingNetwork(Protocol):
    """An operator's own matting network for stills."""

    def alpha(self, rgb: np.ndarray) -> np.ndarray:
        """Return (H, W) float32 0..1 of an (H, W, 3) uint8 sRGB picture."""
        ...


class StillSegmenters:
    """The networks a still needs, loaded once; closed with `close()` or by `with`."""

    def __init__(self, plugin: str = "") -> None:
        self.own = load_network(plugin) if plugin else None
        self.person = PersonSegmenter()
        self.parts = PartsSegmenter()

    def close(self) -> None:
        """Free the models; must happen before the interpreter shuts down."""
        self.person.close()
        self.parts.close()

    def __enter__(self) -> StillSegmenters:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def load_network(where: str) -> MattingNetwork:
    """Make the network named `package.module:Class`; Fault `matte.plugin` when it cannot be had."""
    hint = "Name it package.module:Class in matte.plugin, see docs/matting-plugin.md."
    module_name, _, class_name = where.partition(":")
    try:
        network = getattr(importlib.import_module(module_name), class_name)()
    except Exception as error:  # an operator's code may fail in any way
        raise Fault("matte.plugin", f"The matting network {where} cannot be loaded: {error}.", hint) from error
    if not callable(getattr(network, "alpha", None)):
        raise Fault("matte.plugin", f"The matting network {where} has no alpha(rgb).", hint)
    return network


def still_matte(  # noqa: PLR0913 - who is kept and who is not
    rgb: np.ndarray,
    face: Face | None,
    segmenters: StillSegmenters,
    others: tuple[Face, ...] = (),
    *,
    keep_others: bool = False,
    company: tuple[Face, ...] = (),
    plate: np.ndarray | None = None,
) -> StillMatte:
    """Return the matte and parsing of an (H, W, 3) uint8 picture; all empty when nobody is there.

    `company` is in the picture with the sitter, `others` are left out unless `keep_others`. `plate` (H, W, 3) uint8 is
    the same place without anybody, from the same camera at the same size, if there is one.
    """
    height, width = rgb.shape[:2]
    scale = min(1.0, WORK_PX / max(height, width))
    size = (max(2, round(width * scale)), max(2, round(height * scale)))
    work = rgb if scale == 1.0 else cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    logit, parts = _fused(work, (face, *company) if face is not None else (), segmenters)
    own = None if segmenters.own is None else _asked(segmenters.own, rgb)
    seen = _sigmoid(logit) if own is None else cv2.resize(own, size, interpolation=cv2.INTER_AREA)
    placed = (CropWindow(0, 0, *size), size)
    if face is None:
        kept = somebody(seen, placed)
        kept = kept if kept is not None and _dressed(parts, kept) else None
    else:
        kept = keep_sitter(seen, placed, face, () if keep_others else others, keep_others, company)
    if kept is None:
        return StillMatte(np.zeros((height, width), np.float32), np.zeros(parts.shape[:2], np.uint8))
    present = cv2.resize(kept, parts.shape[1::-1], interpolation=cv2.INTER_AREA) > 0.5
    parsing = np.where(present, 1 + parts[..., 1:].argmax(-1), 0).astype(np.uint8)
    if own is not None:
        return StillMatte(_inside(own, kept), parsing)
    for one in (face, *company) if face is not None else ():
        kept = open_gaps(work, kept, parsing, one)
    carried = _carried(rgb, work, kept, _radius_px(face, size[1]))
    face_px = _face_px(face, size[1])
    zone, fitted = plate_zone(kept, face_px), None if plate is None else fit_plate(rgb, kept, plate, face_px)
    if fitted is not None:
        alpha = solve_with_plate(rgb, carried, _fore(work, carried), zone, fitted)
        return StillMatte(without_furniture(alpha, rgb, fitted, face_px * height / size[1]), parsing, knew_room=True)
    alpha, wall = solve_edges(rgb, carried, edge_colors(work, kept, face_px)), wall_plate(rgb, kept, face_px)
    if wall is not None:
        zone *= off_cloth(parsing, kept.shape, face_px)
        with_wall = solve_with_plate(rgb, alpha, _fore(work, carried), zone, wall)
        alpha = without_haze(with_wall, alpha, face_px * height / size[1])
    return StillMatte(alpha, parsing)


def _fore(work: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Return the sitter's own colours (h, w, 3) float32 0..1 in the working picture (h, w, 3) uint8."""
    small = cv2.resize(alpha, work.shape[1::-1], interpolation=cv2.INTER_AREA)
    return estimate_foreground(work.astype(np.float32) / 255, small)[0]


def _dressed(parts: np.ndarray, seen: np.ndarray) -> bool:
    """True when what was seen looks like a person: what is not falls to the class of other things."""
    where = cv2.resize(seen, parts.shape[1::-1], interpolation=cv2.INTER_AREA) > 0.5
    if not where.any():
        return False
    classes = np.bincount(1 + parts[where][:, 1:].argmax(-1), minlength=N_PARTS) / where.sum()
    return bool(classes[5] < OTHER_MOST and (classes[4] > CLOTHES_LEAST or classes[3] > FACE_LEAST))


def _sigmoid(logit: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-(logit + np.float32(HAIR_LOGIT))))


def _face_px(face: Face | None, height: int) -> float:
    return height / 3 if face is None else (face.box.y1 - face.box.y0) * height


def _radius_px(face: Face | None, height: int) -> int:
    return int(np.clip(round(GUIDE_RADIUS_FACES * _face_px(face, height)), 1, 24))


def _asked(network: MattingNetwork, rgb: np.ndarray) -> np.ndarray:
    """Return what an operator's network says, checked; Fault `matte.plugin` when it is not a matte of this picture."""
    hint = "It must be (H, W) float32 of the picture's own size, 0..1."
    try:
        alpha = np.asarray(network.alpha(rgb), np.float32)
    except Exception as error:  # an operator's code may fail in any way
        raise Fault("matte.plugin", f"The matting network failed: {error}.", hint, exit_code=1) from error
    if alpha.shape != rgb.shape[:2] or not np.isfinite(alpha).all():
        raise Fault("matte.plugin", f"The matting network gave {alpha.shape}, not a matte.", hint, exit_code=1)
    return np.clip(alpha, 0, 1)


def _inside(alpha: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Return an own network's matte where the sitter was kept, with the soft rim round them."""
    near = cv2.dilate((kept > STEP[0]).astype(np.float32), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9)))
    return alpha * cv2.resize(near, alpha.shape[::-1], interpolation=cv2.INTER_LINEAR)


class _Pool:
    """A weighted mean of maps that cover parts of one picture, feathered where they end inside it."""

    def __init__(self, size: tuple[int, int], grid: tuple[int, int], channels: int) -> None:
        self._size = size
        self._sum = np.zeros((grid[1], grid[0], channels), np.float32)
        self._weight = np.zeros((grid[1], grid[0], 1), np.float32)

    def add(self, window: CropWindow, values: np.ndarray, weight: float) -> None:
        """Lay (256, 256, channels) float32 over a window of the picture."""
        share, part = feather(window, CropWindow(0, 0, *self._size), self._sum.shape[:2], FEATHER_FRAC)
        share = share[..., None] * np.float32(weight)
        laid = cv2.resize(values, (part.width, part.height), interpolation=cv2.INTER_LINEAR)
        part.cut(self._sum)[:] += share * laid.reshape(part.height, part.width, -1)
        part.cut(self._weight)[:] += share

    def mean(self) -> np.ndarray:
        """Return (h, w, channels) float32."""
        return self._sum / np.maximum(self._weight, np.float32(1e-6))


def _fused(work: np.ndarray, faces: tuple[Face, ...], segmenters: StillSegmenters) -> tuple[np.ndarray, np.ndarray]:
    """Return the fused foreground logit (H, W) and the classes' probabilities (h, w, 6) of the working picture."""
    height, width = work.shape[:2]
    size = (width, height)
    shrink = min(1.0, PARSING_PX / max(size))
    logits = _Pool(size, size, 1)
    parts = _Pool(size, (max(2, round(width * shrink)), max(2, round(height * shrink))), N_PARTS)
    for window, weight in _person_windows(faces, size):
        said = np.clip(segmenters.person(window.cut(work)), 1e-4, 1 - 1e-4)
        logits.add(window, _bounded(PERSON_SLOPE * np.log(said / (1 - said))), weight)
    for window, weight in _parts_windows(faces, size):
        classes = np.clip(segmenters.parts(window.cut(work)), 1e-4, 1)
        logits.add(window, _bounded(PARTS_SLOPE * np.log(classes[..., 1:].max(-1) / classes[..., 0])), weight)
        parts.add(window, classes, weight)
    return logits.mean()[..., 0], parts.mean()


def _bounded(logit: np.ndarray) -> np.ndarray:
    return np.clip(logit, -LOGIT_MOST, LOGIT_MOST).astype(np.float32)


def _person_windows(faces: tuple[Face, ...], size: tuple[int, int]) -> list[tuple[CropWindow, float]]:
    windows = [(CropWindow(0, 0, *size), PERSON_WHOLE)]
    for face in faces:
        stance = stance_px(face, *size)
        windows.append((WholeBody().window(stance, face, *size), PERSON_SQUARE))
        windows += [(head_window(stance, *size, half), w) for half, w in PERSON_CROPS]
    return windows


def _parts_windows(faces: tuple[Face, ...], size: tuple[int, int]) -> list[tuple[CropWindow, float]]:
    windows = [(CropWindow(0, 0, *size), PARTS_WHOLE)]
    for face in faces:
        stance = stance_px(face, *size)
        windows += [(head_window(stance, *size, half), w) for half, w in PARTS_CROPS]
    return windows


def warm_edges() -> None:
    """Load the loops that carry a matte to a picture's edges, on a picture of nobody."""
    rgb, kept = np.zeros((64, 48, 3), np.uint8), np.full((64, 48), 0.5, np.float32)
    solve_edges(rgb, _carried(rgb, rgb, kept, 2), edge_colors(rgb, kept, 20))


def _carried(rgb: np.ndarray, work: np.ndarray, kept: np.ndarray, radius_px: int) -> np.ndarray:
    """Return the matte at full size, its edges those of the picture's own colours."""
    guide = work.astype(np.float32) * np.float32(1 / 255)
    coefficients = guided_coefficients(guide, kept, radius_px, GUIDE_EPS)
    certain = certain_cells(kept, STEP[0] / 2, 1 - STEP[0] / 2, radius_px + 2)
    alpha = np.empty(rgb.shape[:2], np.float32)
    clean = rgb if rgb is work else cv2.blur(rgb, (3, 3))
    apply_still(read_only(clean), coefficients, certain, (np.float32(STEP[0]), np.float32(STEP[1])), alpha)
    return alpha
