"""Turns pictures by quarter turns, and says so. Which way is up is judged in `booth.perception.upright`."""

from __future__ import annotations

import cv2
import numpy as np

TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


def turned(rgb: np.ndarray, turn_deg: int) -> np.ndarray:
    """Return a picture turned clockwise by 0, 90, 180 or 270 degrees."""
    return cv2.rotate(rgb, TURNS[turn_deg]) if turn_deg else rgb


def turned_note(turn_deg: int, name: str = "The photograph") -> tuple[str, ...]:
    """Return a sentence that says how far a photograph was turned; empty where it was not."""
    stood = {90: "lay on its side", 180: "was upside down", 270: "lay on its side"}
    return (f"{name} {stood[turn_deg]} and was turned by {turn_deg} degrees.",) if turn_deg else ()
