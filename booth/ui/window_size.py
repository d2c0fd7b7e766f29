"""What size a window can have on its desktop, and whether it keeps its frame.

The window that opens first and the one the booth draws in both ask here, so that nothing moves between them.
"""

from __future__ import annotations

import os

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import pygame

# What desktops call the window; pygame has set it to the script's file name by now.
os.environ.update(SDL_APP_NAME="booth", SDL_VIDEO_X11_WMCLASS="booth", SDL_VIDEO_WAYLAND_WMCLASS="booth")

DEFAULT_SIZE = (1280, 720)  # width and height in pixels
FRAME_PX = (16, 56)  # what title bar and borders of usual desktops take, together
UNSEEN = frozenset({"offscreen", "dummy"})  # what SDL falls back to without a screen; fine where it was asked for


def fitted(wanted: tuple[int, int], desktop: tuple[int, int]) -> tuple[tuple[int, int], bool]:
    """Return the size a window of `wanted` (width, height) gets on the desktop, and whether it stands without a frame.

    A window that leaves no room for its frame has none; one larger than the desktop gets the desktop's size.
    """
    size = min(wanted[0], desktop[0]), min(wanted[1], desktop[1])
    return size, any(w + frame > most for w, frame, most in zip(size, FRAME_PX, desktop, strict=True))


def windowed(wanted: tuple[int, int]) -> tuple[tuple[int, int], int]:
    """Return size and pygame flags of a window on the first desktop; call after `pygame.display.init`."""
    if pygame.display.get_driver() in UNSEEN:
        return wanted, 0
    size, is_bare = fitted(wanted, pygame.display.get_desktop_sizes()[0])
    if is_bare:
        os.environ.setdefault("SDL_VIDEO_CENTERED", "1")
    return size, pygame.NOFRAME if is_bare else 0
