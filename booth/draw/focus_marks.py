"""What is laid over a page for those who press without a finger: the focus's frame and the nose's pointer."""

from __future__ import annotations

import math

import pygame

from booth.draw.scene import FocusMark, Pointer
from booth.draw.theme import Palette


def draw_focus(focus: FocusMark, palette: Palette, onto: pygame.Surface) -> None:
    """A light frame within a dark one: it shows on every ground, and not by its colour alone."""
    edge = max(3, min(onto.get_size()) // 160)
    outer = focus.rect.inset(-2 * edge)
    for colour, inset in ((palette.ink, 0), (palette.text, edge)):
        box = outer.inset(inset)
        pygame.draw.rect(onto, colour, (box.x, box.y, box.w, box.h), edge + 1, border_radius=2 * edge)


def draw_pointer(pointer: Pointer, palette: Palette, onto: pygame.Surface) -> None:
    """A dot in a disc, and a ring round it that fills clockwise from the top."""
    x, y = pointer.rect.centre
    size = pointer.rect.w
    pygame.draw.circle(onto, palette.ink, (x, y), size // 2)
    pygame.draw.circle(onto, palette.text, (x, y), size // 2, max(2, size // 16))
    pygame.draw.circle(onto, palette.accent, (x, y), max(3, size // 8))
    if pointer.frac > 0:
        top = math.pi / 2
        box = pygame.Rect(pointer.rect.x, pointer.rect.y, size, size)
        pygame.draw.arc(onto, palette.accent, box, top - 2 * math.pi * pointer.frac, top, max(4, size // 8))
