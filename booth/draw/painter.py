"""Turns scene items into pixels of one pygame surface; keeps what is drawn again as it was.

Cached pictures live no longer than the scene that shows them, so nothing of a guest stays here after a wipe.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
import pygame

from booth.draw.focus_marks import draw_focus, draw_pointer
from booth.draw.icon import icon_rgba
from booth.draw.scene import (
    Button,
    Code,
    Emblem,
    FocusMark,
    Glow,
    Icon,
    Image,
    Item,
    Meter,
    Panel,
    Pointer,
    Rect,
    Scene,
    Slider,
    Spinner,
    Sun,
    Text,
)
from booth.draw.theme import Colour, Palette
from booth.draw.typeface import bleed_px, pitch_px, render

_HEAD_W, _HEAD_H, _HEAD_Y = 0.25, 0.32, 0.38  # the sign's head: half width, half height and middle, of its size
_OVER = 4  # shapes are drawn this much larger and averaged


def surface_of(rgba: np.ndarray) -> pygame.Surface:
    """Copy an (h, w, 4) uint8 array into a surface with alpha."""
    return pygame.image.frombytes(np.ascontiguousarray(rgba).tobytes(), (rgba.shape[1], rgba.shape[0]), "RGBA")


@lru_cache(maxsize=256)
def _box(size: tuple[int, int], radius: int, fill: tuple[int, int, int, int], outline: Colour | None) -> pygame.Surface:
    """A box with round corners; only the corners are drawn finely."""
    w, h = size
    radius = min(radius, w // 2, h // 2)
    surface = pygame.Surface(size, pygame.SRCALPHA)
    pygame.draw.rect(surface, fill, surface.get_rect())
    if outline is not None:
        pygame.draw.rect(surface, outline, surface.get_rect(), _outline_px(h))
    if radius > 0:
        corner = _corner(radius, fill, outline, _outline_px(h))
        for flip_x, flip_y, place in _corners(w, h, radius):
            surface.fill((0, 0, 0, 0), pygame.Rect(place, (radius, radius)))
            surface.blit(pygame.transform.flip(corner, flip_x, flip_y), place)
    return surface


def _outline_px(height_px: int) -> int:
    return max(2, height_px // 48)


def _corners(w: int, h: int, r: int) -> tuple[tuple[bool, bool, tuple[int, int]], ...]:
    right, low = w - r, h - r
    return (False, False, (0, 0)), (True, False, (right, 0)), (False, True, (0, low)), (True, True, (right, low))


def _corner(radius: int, fill: tuple[int, int, int, int], outline: Colour | None, edge_px: int) -> pygame.Surface:
    over = radius * _OVER
    inside = np.zeros((over, over), np.uint8)
    cv2.circle(inside, (over, over), over, 255, -1)
    alpha = cv2.resize(inside, (radius, radius), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    rgba: np.ndarray = np.empty((radius, radius, 4), np.float32)
    rgba[...] = fill
    if outline is not None:
        core = np.zeros((over, over), np.uint8)
        cv2.circle(core, (over, over), max(0, over - edge_px * _OVER), 255, -1)
        inner = cv2.resize(core, (radius, radius), interpolation=cv2.INTER_AREA).astype(np.float32)[..., None] / 255
        rgba = inner * rgba + (1 - inner) * np.array([*outline, 255], np.float32)
    rgba[..., 3] *= alpha
    return surface_of(np.round(rgba).astype(np.uint8))


@lru_cache(maxsize=128)
def _icon(name: str, size_px: int, colour: Colour) -> pygame.Surface:
    return surface_of(icon_rgba(name, size_px, colour))


@lru_cache(maxsize=512)
def _line(line: str, px: int, bold: bool, colour: Colour, locale: str) -> pygame.Surface:
    return render(line, px, bold, colour, locale)


@lru_cache(maxsize=8)
def _mask(size: tuple[int, int], radius: int, colour: Colour) -> pygame.Surface:
    """Everything outside round corners, in the page's colour: laid over a picture it rounds it."""
    hole = pygame.Surface(size, pygame.SRCALPHA)
    hole.fill((*colour, 255))
    white = _box(size, radius, (255, 255, 255, 255), None)
    hole.blit(white, (0, 0), special_flags=pygame.BLEND_RGBA_SUB)
    hole.fill((*colour, 0), special_flags=pygame.BLEND_RGBA_MAX)
    return hole


@lru_cache(maxsize=2)
def _head(size: int, fill: Colour, line: Colour) -> pygame.Surface:
    """Head and shoulders in plain shapes with the ring's track round the head."""
    over = size * 2
    rgba = np.zeros((over, over, 4), np.uint8)
    rgba[..., :3] = fill
    body = np.zeros((over, over), np.uint8)
    middle = (over // 2, round(over * _HEAD_Y))
    cv2.ellipse(body, (over // 2, round(over * 1.02)), (round(over * 0.42), round(over * 0.30)), 0, 180, 360, 255, -1)
    cv2.rectangle(body, (round(over * 0.43), round(over * 0.5)), (round(over * 0.57), round(over * 0.8)), 255, -1)
    cv2.ellipse(body, middle, (round(over * _HEAD_W * 0.86), round(over * _HEAD_H * 0.86)), 0, 0, 360, 255, -1)
    rgba[..., 3] = body
    ring = np.zeros((over, over), np.uint8)
    axes = (round(over * _HEAD_W * 1.04), round(over * _HEAD_H * 1.04))
    cv2.ellipse(ring, middle, axes, 0, 0, 360, 255, max(4, over // 80), cv2.LINE_AA)
    rgba[ring > 0, :3] = line
    rgba[..., 3] = np.maximum(body, ring)
    return surface_of(cv2.resize(rgba, (size, size), interpolation=cv2.INTER_AREA))


def clear_surfaces() -> None:
    """Forget every cached shape and line; needed before pygame is shut down."""
    for cache in (_box, _icon, _line, _mask, _head):
        cache.cache_clear()


def fit_picture(rgb: np.ndarray, size: tuple[int, int], *, contain: bool = False) -> np.ndarray:
    """Return the picture cut from its middle, or with borders, and scaled to size (w, h); untouched where it fits."""
    h, w = rgb.shape[:2]
    scale = (min if contain else max)(size[0] / w, size[1] / h)
    if not contain:
        rgb = cut_to_shape(rgb, size)
    else:
        size = max(1, round(w * scale)), max(1, round(h * scale))
    if (rgb.shape[1], rgb.shape[0]) == size:
        return rgb
    shrinks = scale < 0.6
    return cv2.resize(rgb, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)


def cut_to_shape(rgb: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Return the middle of the picture that has the shape of `size` (w, h), unscaled."""
    h, w = rgb.shape[:2]
    scale = max(size[0] / w, size[1] / h)
    cut_w, cut_h = min(w, round(size[0] / scale)), min(h, round(size[1] / scale))
    x, y = (w - cut_w) // 2, (h - cut_h) // 2
    return rgb[y : y + cut_h, x : x + cut_w]


class Painter:
    """Paints scenes of one locale and palette onto surfaces of any size."""

    def __init__(self, palette: Palette, locale: str, is_rtl: bool) -> None:
        self.palette, self.locale, self.is_rtl = palette, locale, is_rtl
        self._pictures: dict[tuple[int, Rect, bool], tuple[np.ndarray, pygame.Surface]] = {}
        self._used: set[tuple[int, Rect, bool]] = set()
        self._how: dict[type[Item], Callable[[Any, pygame.Surface], None]] = {
            Text: self._text,
            Emblem: self._emblem,
            Button: self._button,
            Panel: self._panel,
            Image: self._image,
            Meter: self._meter,
            Spinner: self._spinner,
            Code: self._code,
            Slider: self._slider,
            Sun: self._sun,
            Glow: self._glow,
            FocusMark: lambda item, onto: draw_focus(item, self.palette, onto),
            Pointer: lambda item, onto: draw_pointer(item, self.palette, onto),
        }

    def paint(self, scene: Scene, onto: pygame.Surface) -> None:
        """Paint every item of the scene, back to front."""
        self._used = set()
        for item in scene.items:
            self._paint(item, onto)
        self._pictures = {key: held for key, held in self._pictures.items() if key in self._used}

    def _paint(self, item: Item, onto: pygame.Surface) -> None:
        if isinstance(item, Icon):
            self._draw_icon(item.icon, item.rect, item.colour, onto, fixed=item.fixed)
        else:
            self._how[type(item)](item, onto)

    def _text(self, text: Text, onto: pygame.Surface) -> None:
        setting = text.setting
        pitch = pitch_px(setting.px)
        y = text.rect.y + max(0, (text.rect.h - pitch * len(setting.lines)) // 2)
        for line in setting.lines:
            if line:
                glyphs = _line(line, setting.px, text.bold, self.palette.of(text.colour), self.locale)
                onto.blit(glyphs, (self._line_x(text, glyphs.get_width()), y - bleed_px(setting.px)))
            y += pitch

    def _line_x(self, text: Text, width_px: int) -> int:
        spare = text.rect.w - width_px
        if text.align == "centre":
            return text.rect.x + spare // 2
        at_right = (text.align == "end") != self.is_rtl
        return text.rect.x + (spare if at_right else 0)

    def _panel(self, panel: Panel, onto: pygame.Surface) -> None:
        fill = (*self.palette.of(panel.colour), panel.alpha)
        outline = self.palette.of(panel.outline) if panel.outline else None
        onto.blit(_box((panel.rect.w, panel.rect.h), panel.radius, fill, outline), (panel.rect.x, panel.rect.y))

    def _button(self, button: Button, onto: pygame.Surface) -> None:
        rect, palette = button.rect, self.palette
        radius = rect.h // 2 if button.kind in ("primary", "quiet", "chip", "icon", "danger") else rect.h // 12
        if button.kind == "primary" and button.is_enabled:
            fill, outline = (*palette.accent, 255), None
        elif button.kind == "tile":
            fill, outline = (0, 0, 0, 0), palette.accent if button.is_on else None
        else:
            fill = (*palette.panel, palette.panel_alpha)
            outline = palette.accent if button.is_on else palette.line
        onto.blit(_box((rect.w, rect.h), radius, fill, outline), (rect.x, rect.y))
        if button.icon is not None and button.icon_rect is not None:
            self._draw_icon(button.icon, button.icon_rect, self._ink(button), onto)
        if button.label is not None:
            self._text(button.label, onto)

    @staticmethod
    def _ink(button: Button) -> str:
        if not button.is_enabled:
            return "line"
        return {"primary": "on_accent", "danger": "danger"}.get(button.kind, "text")

    def _image(self, image: Image, onto: pygame.Surface) -> None:
        key = (id(image.rgb), image.rect, image.mirrored)
        self._used.add(key)
        if key not in self._pictures:
            rgb = fit_picture(image.rgb, (image.rect.w, image.rect.h), contain=image.contain)
            rgb = cv2.flip(rgb, 1) if image.mirrored else np.ascontiguousarray(rgb)
            self._pictures[key] = (image.rgb, pygame.image.frombytes(rgb.tobytes(), rgb.shape[1::-1], "RGB"))
        surface = self._pictures[key][1]
        x = image.rect.x + (image.rect.w - surface.get_width()) // 2
        y = image.rect.y + (image.rect.h - surface.get_height()) // 2
        onto.blit(surface, (x, y))
        if image.radius:
            onto.blit(_mask(surface.get_size(), image.radius, self.palette.ink), (x, y))
        if image.outline is not None:
            size = surface.get_size()
            onto.blit(_box(size, image.radius, (0, 0, 0, 0), self.palette.of(image.outline)), (x, y))

    def _draw_icon(self, name: str, rect: Rect, colour: str, onto: pygame.Surface, *, fixed: bool = False) -> None:
        size = min(rect.w, rect.h)
        turned = {"next": "previous", "previous": "next"} if self.is_rtl and not fixed else {}
        x, y = rect.x + (rect.w - size) // 2, rect.y + (rect.h - size) // 2
        onto.blit(_icon(turned.get(name, name), size, self.palette.of(colour)), (x, y))

    def _meter(self, meter: Meter, onto: pygame.Surface) -> None:
        rect = meter.rect
        onto.blit(_box((rect.w, rect.h), rect.h // 2, (*self.palette.line, 255), None), (rect.x, rect.y))
        full = round(rect.w * min(1.0, max(0.0, meter.frac)))
        if full > 0:
            x = rect.right - full if self.is_rtl else rect.x
            fill = (*self.palette.of(meter.colour), 255)
            pygame.draw.rect(onto, fill, (x, rect.y, full, rect.h), border_radius=rect.h // 2)

    def _spinner(self, spinner: Spinner, onto: pygame.Surface) -> None:
        size = min(spinner.rect.w, spinner.rect.h)
        ring = np.zeros((size, size, 4), np.uint8)
        ring[..., :3] = self.palette.accent
        alpha = np.zeros((size, size), np.uint8)
        edge = max(2, size // 12)
        start = 360 * spinner.turn_frac - 90
        sweep = 360 * (1 - spinner.open_frac)
        cv2.ellipse(
            alpha, (size // 2, size // 2), (size // 2 - edge,) * 2, 0, start, start + sweep, 255, edge, cv2.LINE_AA
        )
        ring[..., 3] = alpha
        onto.blit(surface_of(ring), (spinner.rect.x, spinner.rect.y))

    def _emblem(self, emblem: Emblem, onto: pygame.Surface) -> None:
        size, palette = emblem.rect.w, self.palette
        onto.blit(_head(size, palette.panel, palette.line), (emblem.rect.x, emblem.rect.y))
        if emblem.turn_frac is None:
            return
        edge = max(3, size // 60)
        axes = (round(size * _HEAD_W * 1.04), round(size * _HEAD_H * 1.04))
        rgba = np.zeros((2 * (axes[1] + edge), 2 * (axes[0] + edge), 4), np.uint8)
        middle = (axes[0] + edge, axes[1] + edge)
        end = 360 * (1 - abs(2 * emblem.turn_frac - 1) ** 2)  # fills, then empties, slower at its fullest
        cv2.ellipse(rgba, middle, axes, 0, -90, end - 90, (*palette.accent, 255), edge, cv2.LINE_AA)
        rgba[..., :3] = palette.accent
        place = emblem.rect.x + size // 2 - middle[0], emblem.rect.y + round(size * _HEAD_Y) - middle[1]
        onto.blit(surface_of(rgba), place)

    def _glow(self, glow: Glow, onto: pygame.Surface) -> None:
        white = round(255 * min(1.0, max(0.0, glow.level)) ** (1 / 2.2))
        if white > max(self.palette.ink):
            pygame.draw.rect(onto, (white, white, white), (glow.rect.x, glow.rect.y, glow.rect.w, glow.rect.h))

    def _slider(self, slider: Slider, onto: pygame.Surface) -> None:
        track, palette = slider.track, self.palette
        thick = max(3, track.h // 5)
        line = Rect(track.x, track.y + (track.h - thick) // 2, track.w, thick)
        onto.blit(_box((line.w, line.h), thick // 2, (*palette.line, 255), None), (line.x, line.y))
        at = round(track.w * min(1.0, max(0.0, slider.frac)))
        x = track.right - at if self.is_rtl else track.x + at
        colour = palette.accent if slider.is_on else palette.muted
        begin = x if self.is_rtl else track.x
        if at > 0:
            onto.blit(_box((at, thick), thick // 2, (*colour, 255), None), (begin, line.y))
        knob = track.h
        onto.blit(_box((knob, knob), knob // 2, (*colour, 255), palette.ink), (x - knob // 2, track.y))

    def _sun(self, sun: Sun, onto: pygame.Surface) -> None:
        """A disc with rays on the page's own colour, so that it reads on any picture."""
        rect, palette = sun.rect, self.palette
        edge = palette.accent if sun.is_on else palette.line
        onto.blit(_box((rect.w, rect.h), rect.w // 2, (*palette.panel, 225), edge), (rect.x, rect.y))
        inner = rect.inset(rect.w // 6)
        self._draw_icon("sun", inner, "accent" if sun.is_on else "muted", onto, fixed=True)

    def _code(self, code: Code, onto: pygame.Surface) -> None:
        size = min(code.rect.w, code.rect.h)
        pygame.draw.rect(onto, (255, 255, 255), (code.rect.x, code.rect.y, size, size))
        quiet = 4  # modules of white round a code, as the QR standard asks
        module = size // (code.dark.shape[0] + 2 * quiet)
        start = (size - module * code.dark.shape[0]) // 2
        for row, column in zip(*np.nonzero(code.dark), strict=True):
            x, y = code.rect.x + start + module * int(column), code.rect.y + start + module * int(row)
            pygame.draw.rect(onto, (0, 0, 0), (x, y, module, module))


def pulse(now_s: float, period_s: float = 1.4) -> float:
    """Return 0..1, slowly up and down: for things that should draw the eye without flashing."""
    return 0.5 - 0.5 * math.cos(2 * math.pi * now_s / period_s)
