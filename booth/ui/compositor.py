"""Draws views: the mirror, the guides over it and the page, onto one surface; needs no display.

The picture is mirrored here, once. Nothing of a guest stays after a view without pictures has been drawn.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pygame

from booth.core.types import Face
from booth.draw.frame_transform import FrameTransform, Shade
from booth.draw.painter import Painter
from booth.draw.scene import Item, Scene
from booth.draw.theme import LayoutGrid, Palette, palette_of
from booth.looks.pose_library import poses
from booth.overlays.advice import way_of
from booth.overlays.glow import draw_glow
from booth.overlays.guide import Oval, draw_shoulders, followed, ideal_oval, oval_of
from booth.overlays.hold_ring import RingFill, draw_chevrons, draw_marker, draw_ring
from booth.overlays.lens import draw_lens, lens_at
from booth.overlays.mesh import draw_mesh
from booth.overlays.silhouette import draw_silhouette
from booth.session.state_machine import State
from booth.session.view import View
from booth.ui.layout import compose, grid_of
from booth.ui.view_state import ViewState

_FRAMING = ("framing.head_height", "framing.centre_x", "framing.centre_y", "framing.inside", "presence.faces")
_GUIDED = frozenset({State.COACH, State.HOLD})
_CHEVRON_S = 1.2  # one run of the chevrons


class Compositor:
    """What the sitter sees, as pixels of size (w, h); remembers toggles and the place of the ring, no guest."""

    def __init__(self, size: tuple[int, int], ui: ViewState | None = None) -> None:
        self.size = size
        self.ui = ui or ViewState()
        self.scene = Scene(())
        self.marks: tuple[Item, ...] = ()  # laid over the page by what presses without a finger
        self._canvas = np.zeros((size[1], size[0], 3), np.uint8)
        self._state: State | None = None
        self._painter: Painter | None = None
        self._look_key: tuple[object, ...] = ()

    def draw(self, view: View, onto: pygame.Surface) -> None:
        """Draw a view onto a surface of this size."""
        if view.state is not self._state:
            self.ui = replace(self.ui, wall_page=0, shown="after", account_page=0, shows_about=False)
            if view.state not in _GUIDED:
                self.ui = replace(self.ui, oval=None)
            self._state = view.state
        grid = grid_of(view, self.size)
        palette = palette_of(view.params)
        self.scene = compose(view, self.size, self.ui)
        self._background(view, grid, palette, onto)
        scene = replace(self.scene, items=(*self.scene.items, *self.marks))
        self._painter_for(view, grid, palette).paint(scene, onto)

    def _painter_for(self, view: View, grid: LayoutGrid, palette: Palette) -> Painter:
        key = (view.locale, palette)
        if self._painter is None or self._look_key != key:
            self._painter = Painter(palette, view.locale, grid.is_rtl)
            self._look_key = key
        return self._painter

    def _background(self, view: View, grid: LayoutGrid, palette: Palette, onto: pygame.Surface) -> None:
        mirror = self.scene.mirror
        if mirror is None or view.picture is None:
            self._canvas[...] = 0
            onto.fill(palette.ink)
            return
        transform = FrameTransform(self._canvas, mirror, (view.picture.shape[1], view.picture.shape[0]))
        transform.mirror(view.picture, Shade(self.scene.shade, self.scene.shade_side, palette.ink))
        if view.state in _GUIDED:
            draw_glow(self._canvas, mirror, view.fill.level, view.fill.rgb, grid.unit)
            self._guides(view, transform, grid, palette)
        picture = pygame.image.frombuffer(self._canvas.data, self.size, "RGB")
        if mirror.h < self.size[1] or mirror.w < self.size[0]:
            onto.fill(palette.ink)
        onto.blit(picture, (mirror.x, mirror.y), (mirror.x, mirror.y, mirror.w, mirror.h))

    def _guides(self, view: View, transform: FrameTransform, grid: LayoutGrid, palette: Palette) -> None:
        if self.ui.shows_mesh and view.analysis is not None:
            draw_mesh(transform, view.analysis, palette.accent, max(1, grid.px(0.3)))
        still = view.params.reduced_motion
        sitter = view.analysis.sitter if view.analysis is not None else None
        if view.guidance is not None and view.guidance.pose and sitter is not None:
            outline = poses()[view.guidance.pose].outline
            draw_silhouette(transform, outline, sitter, view.guidance.pose_fill, (palette.text, palette.accent))
        if view.session.measures:
            self._ring(view, transform, grid, palette)
        at = lens_at(transform.rect, view.params, grid.unit)
        draw_lens(transform, at, grid.unit, palette.accent, None if still else view.now_s)

    def _ring(self, view: View, transform: FrameTransform, grid: LayoutGrid, palette: Palette) -> None:
        if view.analysis is not None and len(view.analysis.group) > 1:
            self._group_rings(view, transform, grid, palette)
            return
        ideal = ideal_oval(view.eye_line)
        is_placed = _is_placed(view)
        sitter = view.analysis.sitter if view.analysis is not None else None
        target = oval_of(sitter) if is_placed and sitter is not None else ideal
        oval = followed(self.ui.oval, target, view.now_s, at_once=view.params.reduced_motion)
        self.ui = replace(self.ui, oval=oval)
        width = max(2.0, grid.unit * 0.55)
        if not is_placed:
            draw_shoulders(transform, ideal, max(2.0, grid.unit * 0.4))
        guidance = view.guidance
        progress = guidance.progress if guidance is not None else 0.0
        hold = view.hold_frac if view.state is State.HOLD else 0.0
        filled = 1.0 if view.state is State.HOLD else progress
        draw_ring(
            transform, oval, RingFill(filled, hold, 0.3 if is_placed else 0.6), (palette.text, palette.accent), width
        )
        way = way_of(guidance.advice) if guidance is not None else None
        if way is not None and view.state is State.COACH:
            phase = 0.25 if view.params.reduced_motion else (view.now_s / _CHEVRON_S) % 1.0
            draw_chevrons(transform, oval if is_placed else _seen(sitter, oval), way, phase, palette.accent, width)

    def _group_rings(self, view: View, transform: FrameTransform, grid: LayoutGrid, palette: Palette) -> None:
        """Draw a ring round every head; the one whom the sentence is for is marked in the accent, with its way."""
        assert view.analysis is not None
        guidance, is_held = view.guidance, view.state is State.HOLD
        progress = guidance.progress if guidance is not None else 0.0
        width = max(2.0, grid.unit * 0.45)
        whose = guidance.member if guidance is not None and not is_held else None
        way = way_of(guidance.advice) if guidance is not None and not is_held else None
        phase = 0.25 if view.params.reduced_motion else (view.now_s / _CHEVRON_S) % 1.0
        for member in view.analysis.group:
            oval, is_meant = oval_of(member.face), member.id == whose
            filled = RingFill(1.0 if is_held else 0.0 if is_meant else progress, view.hold_frac if is_held else 0.0)
            draw_ring(transform, oval, filled, (palette.text, palette.accent), width)
            if is_meant:
                draw_marker(transform, oval, phase, palette.accent, width)
            if way is not None and whose in (None, member.id):
                draw_chevrons(transform, oval, way, phase, palette.accent, width)


def _seen(sitter: Face | None, oval: Oval) -> Oval:
    """Where the sitter is now, or the oval itself where nobody is."""
    return oval if sitter is None else oval_of(sitter)


def _is_placed(view: View) -> bool:
    """True once everything about where to stand is right; the ring then leaves its place for the face."""
    if view.guidance is None or view.analysis is None or view.analysis.sitter is None:
        return False
    readings = view.guidance.readings
    return all(readings[name].ok for name in _FRAMING if name in readings)


def pixels_of(surface: pygame.Surface) -> np.ndarray:
    """Return a surface as an (H, W, 3) uint8 RGB array of its own."""
    w, h = surface.get_size()
    return np.frombuffer(pygame.image.tobytes(surface, "RGB"), np.uint8).reshape(h, w, 3).copy()
