"""The target for the eyes: a dot on the screen as near to the lens as the screen allows."""

from __future__ import annotations

from booth.config.params.kiosk import ScreenParams
from booth.draw.frame_transform import FrameTransform
from booth.draw.painter import pulse
from booth.draw.scene import Rect
from booth.draw.theme import Colour

_RADIUS = 1.5  # grid units


def lens_at(rect: Rect, params: ScreenParams, unit_px: float) -> tuple[float, float]:
    """Return the point of the box that is nearest to the lens, in pixels of the screen.

    `lens_x` is as the sitter sees the screen, so it isn't mirrored.
    """
    edge = 3.2 * unit_px
    x = rect.x + min(max(params.lens_x * rect.w, edge), rect.w - edge)
    y = rect.y + min(max(params.lens_y * rect.h, edge), rect.h - edge)
    return x, y


def draw_lens(
    transform: FrameTransform, at_px: tuple[float, float], unit_px: float, colour: Colour, now_s: float | None
) -> None:
    """Draw the dot and its halo; the halo breathes with `now_s`, or stands still for None (reduced motion)."""
    beat = 0.5 if now_s is None else pulse(now_s)
    transform.disc(at_px, unit_px * (_RADIUS + 0.9 + 0.9 * beat), colour, 0.30)
    transform.disc(at_px, unit_px * (_RADIUS + 0.25), (20, 18, 16), 0.6)
    transform.disc(at_px, unit_px * _RADIUS, colour)
    transform.disc(at_px, unit_px * _RADIUS * 0.36, (255, 252, 246))
