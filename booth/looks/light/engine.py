"""The live engine: one face, some lamps, one light field a frame; and laying that field on the picture.

Mirror and still run the same code on a coarser and a finer grid. Nothing here asks the time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from booth.core.color import REC709_LUMA, SRGB8_TO_LINEAR
from booth.core.landmarks import SKIN_COLOR_POINTS
from booth.core.types import Face
from booth.looks.light import hair_and_cloth as person
from booth.looks.light import kernels
from booth.looks.light.apply_light import blend_stops
from booth.looks.light.catchlight import glints
from booth.looks.light.cell_grid import CellGrid, grid_over
from booth.looks.light.change import Limits
from booth.looks.light.head_fit import FittedHead, HeadFitter
from booth.looks.light.head_model import Head, load_head
from booth.looks.light.lamp_lookup import LampReader, toward
from booth.looks.light.light_estimation import FLAT, LightFinder
from booth.looks.light.light_field import LightField, apply, as_field
from booth.looks.light.light_spec import Lamp
from booth.looks.light.pose_fade import PoseFade
from booth.looks.light.restrained import SKIN_RANGE, Restrained
from booth.looks.light.shape import Applied
from booth.looks.light.surface_detail import read_detail, relief_shows

MARCH_SHARE = 0.4  # of a cast shadow taken from the sitter's own fitted surface, the rest from the baked head
MARCH_LOWEST = -0.2  # nearness of a lamp's direction below which the surface hides it anyway
MARCH_REACH_CM = 6.3  # a nose and a brow throw no longer shadows on a face
UNDER_FLOOR, GLOSS = 0.04, 0.30
FIELD_BLUR_CM = 0.20
GLOSS_RANGE = (-0.1, 0.6)
FINDER_GRID_PX = 160
BEHIND = -0.3  # nearness of a lamp's direction below which it only grazes the outline
NORMAL_DOUBT = 0.2  # sine of what the fitted normals are off by: the mean of a cosine over it has a softer foot
OUTLINE_CM = 1.2
SKIN_PATCH_FRAC = 0.01  # of the face's height, each way: a pore or a pixel of noise is not a colour
METER_PERCENTILE, METER_TARGET, METER_RANGE, METER_SETTLE_S = 90, 1.0, (0.65, 1.7), 0.3
METER_SKIN, METER_EVERY = 0.5, 3  # weight of the face in a cell from which it is metered; hair and shoulders are not


class Relighter:
    """Makes light fields for one sitter at a time. One instance a thread: it holds buffers and what it saw before.

    `still=True` takes each picture by itself; use it with a grid of 512 or so for the finished portrait.
    """

    def __init__(self, grid_px: int = 160, still: bool = False) -> None:
        self._grid_px, self._still = grid_px, still
        self._head: Head = load_head()
        self._fitter = HeadFitter(self._head, still=still)
        self._reader = LampReader(self._head)
        self._finder = LightFinder(self._head, still=still)
        self._presence = PoseFade(still=still)
        self._restrained = Restrained(still=still)
        n = len(self._head.vertices)
        self._lit, self._under = np.zeros((n, 3), np.float32), np.zeros((n, 3), np.float32)
        self._depth = np.empty((grid_px, grid_px), np.float32)
        self._exposure: float | None = None
        self._t_s = 0.0
        self._last: LightField | None = None

    @property
    def applied(self) -> Applied:
        """What was done to the light of the last picture."""
        return self._restrained.applied

    def reset(self) -> None:
        """Forget the sitter: call it when a session ends or another face takes over."""
        self._fitter.reset()
        self._finder.reset()
        self._presence.reset()
        self._restrained.reset()
        self._exposure = self._last = None

    def field(  # noqa: PLR0913 - one frame's facts, most of them by name
        self,
        rgb: np.ndarray,
        alpha: np.ndarray | None,
        face: Face | None,
        lamps: Sequence[Lamp],
        *,
        seq: int,
        t_s: float,
        strength: float = 1.0,
        normals: np.ndarray | None = None,
        under: Sequence[Lamp] | None = None,
        limits: Limits | None = None,
    ) -> LightField | None:
        """Return the light for one picture, or None when nothing changes (no lamps, strength 0, nobody there).

        rgb       (H, W, 3) uint8 sRGB
        alpha     (H, W) uint8 matte of the same frame, or None
        face      the sitter; None, a profile or half a face fade the light out over some frames
        strength  0..1, blended in stops
        normals   (n, 3) unit normals in the head's frame from a flash calibration, or None
        under     the light already on the face where it is known; otherwise it is estimated
        limits    how far the light on the face may change: soft, large lamps, held back; None: the lamps as they are
        """
        strength, presence = min(max(strength, 0.0), 1.0), self._presence.level(face, t_s)
        level = presence * strength if lamps else presence * (limits is not None)
        if level <= 0.002 or (not lamps and self._restrained.rests(t_s)):
            return None
        if face is None:
            return self._faded(level, seq)
        width, height = rgb.shape[1::-1]
        placed = self._fitter.place(face, (width, height), t_s, normals)
        grid = grid_over(placed, self._grid_px)
        small, grids = grid.cut(rgb), (grid, grid_over(placed, FINDER_GRID_PX))
        is_restrained = limits is not None and self._restrained.watch(rgb, face, grids, small, t_s)
        if not (lamps or (is_restrained and self._restrained.is_needed)):
            return None
        skin_rgb = _skin_colour(rgb, face)
        under = self._light_there(placed, grid, (small, rgb), skin_rgb, t_s) if under is None else tuple(under)
        shows = relief_shows(face, grid, (width, height)) if normals is None else None
        packed, rim = self._shaded(placed, grid, small, alpha, _Task(tuple(lamps), under, skin_rgb, shows))
        if limits is None or not is_restrained:
            blend_stops(packed, np.float32(level), np.float32(self._metered(packed, small, self._on_face, t_s)))
        else:
            seen, wanted = (packed, small, self._under_there), (strength if lamps else 0.0, limits)
            packed, level = self._restrained.field(seen, skin_rgb, wanted, t_s), presence * self.applied.applied
            blend_stops(packed, np.float32(presence), np.float32(1))
        parts = {"catchlights": glints(face, lamps, width / height), "rim": rim, "cover": self._cover}
        self._last = as_field(packed, grid.box((width, height)), level, seq, **parts)
        return self._last

    def _faded(self, level: float, seq: int) -> LightField | None:
        """Return the last field at a lower level: the sitter has gone, the light follows softly."""
        last = self._last
        if last is None:
            return None
        packed = last.packed.copy()
        blend_stops(packed, np.float32(min(level / last.level, 1.0)), np.float32(1))
        return as_field(packed, last.roi, level, seq, catchlights=(), rim=last.rim, cover=last.cover)

    def _light_there(self, placed: FittedHead, grid: CellGrid, pictures: tuple, skin_rgb: np.ndarray, t_s: float):
        small, rgb = pictures
        if self._finder.due(t_s):
            if grid.side != FINDER_GRID_PX:  # mirror and still must find the same light: judge it on the same cells
                grid = grid_over(placed, FINDER_GRID_PX)
                small = grid.cut(rgb)
            self._finder.estimate(placed, grid.luminance_at(small, placed), skin_rgb, t_s)
        return self._finder.lamps(t_s)

    def _shaded(self, placed: FittedHead, grid: CellGrid, small: np.ndarray, alpha: np.ndarray | None, task: _Task):
        keys = [lamp for lamp in task.lamps if lamp.kind == "area" and lamp.strength > 0]
        cells, skin, neck = self._drawn(placed, grid, keys, task)
        self._under_there = np.ascontiguousarray(cells[..., kernels.UNDER : kernels.UNDER + 3])
        cover = (self._depth > kernels.FAR).astype(np.float32)
        self._on_face = np.flatnonzero((skin > METER_SKIN) & (cover > 0))[::METER_EVERY]
        if task.shows is not None:
            read_detail(cells, small, cover, task.shows, grid.cells_per_cm)
        shape = grid.cut(alpha).astype(np.float32) * np.float32(1 / 255) if alpha is not None else cover
        if alpha is not None and any(toward(key.az_deg, key.el_deg)[2] < BEHIND for key in keys):
            _veil(cells, keys, person.veil(shape, grid.cells_per_cm))
        marched, mix = self._marched(keys, grid, cells, cover)
        out = np.zeros((self._grid_px, self._grid_px, 6), np.float32)
        beams, colours = _beams(keys, NORMAL_DOUBT if task.shows is not None else 0.0)
        kernels.shade(
            cells,
            self._depth,
            grid.places_cm,
            beams,
            colours,
            marched,
            mix,
            task.skin_rgb,
            _gloss_under(task.under),
            out,
        )
        np.clip(out[..., 3:], *GLOSS_RANGE, out=out[..., 3:])
        person.compose(out, cover, skin, neck)
        edge = person.rim(shape, keys, grid.cells_per_cm)
        if edge is not None:
            person.lay_rim(out, edge, np.clip(1 - 3 * skin, 0, 1))
        out = cv2.GaussianBlur(out, (0, 0), FIELD_BLUR_CM * grid.cells_per_cm)
        self._cover = cover if alpha is not None else _widened(cover, grid.cells_per_cm)  # read only without a matte
        return out, edge

    def _drawn(self, placed: FittedHead, grid: CellGrid, keys: list[Lamp], task: _Task):
        """Draw all that varies over the head into the grid; return cells, skin and neck weights."""
        head = self._head
        values = np.empty((len(head.vertices), kernels.SEEN + len(keys)), np.float32)
        fills = [lamp for lamp in task.lamps if lamp.kind == "ambient"]
        values[:, :3] = self._reader.irradiance(fills, placed, task.skin_rgb, self._lit)
        for number, key in enumerate(keys):
            tint = np.float32(key.strength) * np.array(key.colour, np.float32) * task.skin_rgb
            values[:, :3] += self._reader.bounce(key, placed)[:, None] * tint
            values[:, kernels.SEEN + number] = self._reader.aimed(key, placed)
        values[:, 3:6] = self._reader.irradiance(task.under, placed, task.skin_rgb, self._under)
        values[:, 6:9] = placed.normals
        values[:, kernels.SKIN] = head.skin - head.neck  # one column for both: below zero is the neck
        cells = np.zeros((self._grid_px, self._grid_px, values.shape[1]), np.float32)
        kernels.draw(grid.columns_rows(placed), head.faces, values, self._depth, cells)
        both = cells[..., kernels.SKIN]
        return cells, np.maximum(both, 0), np.maximum(-both, 0)

    def _marched(self, keys: list[Lamp], grid: CellGrid, cells: np.ndarray, cover: np.ndarray):
        """Return what of each key the fitted surface leaves visible (keys, g, g), and how far it counts (keys,)."""
        count, side = len(keys), self._grid_px
        marched, mix = np.ones((count, side, side), np.float32), np.zeros(count, np.float32)
        ways = [toward(key.az_deg, key.el_deg) for key in keys]
        if not any(way[2] > MARCH_LOWEST for way in ways):
            return marched, mix
        covered = cover > 0
        ground = self._depth[covered].min() if covered.any() else 0.0
        height = cv2.GaussianBlur(np.where(covered, self._depth, ground), (0, 0), 0.17 * grid.cells_per_cm)
        wanted = covered & (cells[..., kernels.SKIN] > 0.02)
        reach = np.float32(MARCH_REACH_CM * grid.cells_per_cm)
        for number, (key, way) in enumerate(zip(keys, ways, strict=True)):
            if way[2] > MARCH_LOWEST:
                kernels.march(height, wanted, way, np.float32(key.softness_rad), reach, marched[number])
                marched[number] = cv2.GaussianBlur(marched[number], (0, 0), 0.17 * grid.cells_per_cm)
                mix[number] = MARCH_SHARE
        return marched, mix

    def _metered(self, packed: np.ndarray, small: np.ndarray, on_face: np.ndarray, t_s: float) -> float:
        """Return the exposure that keeps the lit side of the face about as bright as its lit side was, steadied."""
        before = SRGB8_TO_LINEAR[small.reshape(-1, 3)[on_face]] @ REC709_LUMA
        cells = packed.reshape(-1, 6)[on_face]
        after = before * cells[:, 1] + cells[:, 4]
        goal = 1.0
        if before.size:
            was, lit = np.percentile(before, METER_PERCENTILE), np.percentile(after, METER_PERCENTILE)
            goal = min(max(METER_TARGET * float(was) / max(float(lit), 1e-3), METER_RANGE[0]), METER_RANGE[1])
        dt_s, self._t_s = t_s - self._t_s, t_s
        if self._exposure is None or self._still or not 0 <= dt_s < 1:
            self._exposure = goal
        else:
            self._exposure += (1 - math.exp(-dt_s / METER_SETTLE_S)) * (goal - self._exposure)
        return self._exposure


@dataclass(frozen=True, slots=True, eq=False)
class _Task:
    """What one picture asks for."""

    lamps: tuple[Lamp, ...]
    under: tuple[Lamp, ...]
    skin_rgb: np.ndarray
    shows: np.ndarray | None  # (g, g) where relief may be read from the picture; None: the sitter's normals are known


def _widened(cover: np.ndarray, cells_per_cm: float) -> np.ndarray:
    """Return the head's outline (g, g) grown by OUTLINE_CM and softened: the fitted jaw may lie inside the true."""
    grown = cv2.dilate(cover, np.ones((3, 3), np.uint8), iterations=max(round(OUTLINE_CM * cells_per_cm), 1))
    return cv2.GaussianBlur(grown, (0, 0), 0.4 * OUTLINE_CM * cells_per_cm)


def _veil(cells: np.ndarray, keys: list[Lamp], veil: np.ndarray) -> None:
    """Keep lamps behind the sitter off what lies away from the outline, in place."""
    for number, key in enumerate(keys):
        if toward(key.az_deg, key.el_deg)[2] < BEHIND:
            cells[..., kernels.SEEN + number] *= veil


def _beams(keys: list[Lamp], normal_doubt: float) -> tuple[np.ndarray, np.ndarray]:
    """Return (keys, 5) direction, width, distance and (keys, 3) colour with strength, as the kernel wants them."""
    beams, colours = np.zeros((len(keys), 5), np.float32), np.zeros((len(keys), 3), np.float32)
    for number, key in enumerate(keys):
        beams[number, :3] = toward(key.az_deg, key.el_deg)
        doubt = normal_doubt * min(max(1 - float(beams[number, 2]) / BEHIND, 0.0), 1.0)
        beams[number, 3:] = math.hypot(math.sin(key.softness_rad), doubt), key.dist_cm
        colours[number] = np.float32(key.strength) * np.array(key.colour, np.float32)
    return beams, colours


def _gloss_under(under: Sequence[Lamp]) -> np.ndarray:
    """Return (6,) the strongest lamp already on the face, whose gloss is taken away, with floor and gloss share."""
    strongest = max((lamp for lamp in under if lamp.kind == "area"), key=lambda lamp: lamp.strength, default=None)
    out = np.array([0, 0, 1, 0, UNDER_FLOOR, GLOSS], np.float32)
    if strongest is not None:
        out[:3], out[3] = toward(strongest.az_deg, strongest.el_deg), strongest.strength
    return out


def _skin_colour(rgb: np.ndarray, face: Face) -> np.ndarray:
    """Return the linear colour of the skin where cheeks and brow show it, (3,) float32."""
    height, width = rgb.shape[:2]
    reach = max(round(SKIN_PATCH_FRAC * (face.box.y1 - face.box.y0) * height), 1)
    seen = []
    for x, y in face.points_px(width, height)[list(SKIN_COLOR_POINTS)].astype(int):
        if reach <= x < width - reach and reach <= y < height - reach:
            patch = rgb[y - reach : y + reach + 1, x - reach : x + reach + 1]
            seen.append(SRGB8_TO_LINEAR[patch.reshape(-1, 3)].mean(0))
    if not seen:
        return np.full(3, 0.3, np.float32)
    return np.clip(np.median(seen, 0), *SKIN_RANGE).astype(np.float32)


__all__ = ["FLAT", "LightField", "Relighter", "apply"]
