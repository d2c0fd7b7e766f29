"""How much a retouch changed a face, computed from the two pictures and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from booth.config.params.finish import RetouchParams

VISIBLE_DE = 1.0  # dE76 from which a difference can be seen side by side
FINE_FACES = 0.006  # pores and lines are finer than this, in face heights


@dataclass(frozen=True, slots=True)
class Authenticity:
    """What the retouch did to the face: 0, 0 and 1 when it is untouched."""

    changed_frac: float  # share of face pixels that differ visibly
    mean_change: float  # mean dE76 over the face
    texture_kept: float  # fine contrast after / before

    def as_dict(self) -> dict[str, float]:
        """The three figures, rounded for a record."""
        return {
            "changed_frac": round(self.changed_frac, 4),
            "mean_change": round(self.mean_change, 3),
            "texture_kept": round(self.texture_kept, 4),
        }

    def over(self, limits: RetouchParams) -> float:
        """How far the worst figure is past its limit, as a ratio; 1 or less is inside."""
        lost, may_lose = 1 - self.texture_kept, 1 - limits.min_texture_kept
        ratios = (
            _ratio(self.changed_frac, limits.max_changed_frac),
            _ratio(self.mean_change, limits.max_mean_change),
            _ratio(lost, may_lose),
        )
        return max(ratios)


UNTOUCHED = Authenticity(0.0, 0.0, 1.0)


def authenticity(before: np.ndarray, after: np.ndarray, face: np.ndarray, face_h_px: float) -> Authenticity:
    """Compare two (H, W, 3) float32 0..1 sRGB pictures where the mask `face` (H, W) is true."""
    if not face.any() or np.array_equal(before, after):
        return UNTOUCHED
    lab_before, lab_after = (cv2.cvtColor(p, cv2.COLOR_RGB2Lab) for p in (before, after))
    moved = np.sqrt(((lab_after - lab_before) ** 2).sum(2))[face]
    radius = max(FINE_FACES * face_h_px, 0.8)
    fine_before, fine_after = (_fine(lab[..., 0], radius)[face] for lab in (lab_before, lab_after))
    kept = float(np.abs(fine_after).mean() / max(float(np.abs(fine_before).mean()), 1e-6))
    return Authenticity(float((moved > VISIBLE_DE).mean()), float(moved.mean()), kept)


def _fine(lightness: np.ndarray, radius: float) -> np.ndarray:
    return lightness - cv2.GaussianBlur(lightness, (0, 0), radius)


def _ratio(value: float, limit: float) -> float:
    if value <= 0:
        return 0.0
    return value / limit if limit > 0 else np.inf
