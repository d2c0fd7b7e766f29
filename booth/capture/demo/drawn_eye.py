"""The demo sitter's eyes: draws the upper lid over the eye as it closes, and turns the iris aside.

One instance an eye. Lid and lash line are painted in the colour of her own skin, because the portrait shows too little
of her lids to be stretched. Lengths are portrait pixels, `scale` turns them into texture pixels.
"""

from __future__ import annotations

import cv2
import numpy as np

from booth.core.landmarks import LEFT_EYE, LEFT_IRIS, RIGHT_EYE, RIGHT_IRIS

_RINGS = {"image_left": RIGHT_EYE, "image_right": LEFT_EYE}
UPPER = {side: ring[:9] for side, ring in _RINGS.items()}
LOWER = {side: (ring[0], *ring[:7:-1]) for side, ring in _RINGS.items()}
IRIS = {"image_left": RIGHT_IRIS, "image_right": LEFT_IRIS}

REACH_PX = (17.0, 11.0, 9.0)  # sideways, up and down from the middle of the eye: the patch that is repainted
LASH_PX = 2.1  # thickness of the upper lash line
LASH_ABOVE_MESH_PX = 0.9  # the mesh puts the lid's edge this much too low on her, in mid-eye
LID_PX = 2.7  # lid that shows above the lashes when the eye is open
SKIN_ABOVE_PX = 5.6  # where clean skin between lid and brow is found, above the lid's edge
LID_TINT = np.array([1.0, 0.968, 0.945], np.float32)  # lids are thinner skin: a little redder than the brow's
IRIS_RADIUS_PX = 4.4
IRIS_PX_PER_DEG = 0.13  # an eyeball is 24 mm across, and 63 mm lie between her eyes' 43 px


class DrawnEye:
    """Repaints one eye of one portrait; `box` is where, in texture pixels (x0, y0, x1, y1)."""

    def __init__(self, rgb: np.ndarray, points_px: np.ndarray, scale: float, side: str) -> None:
        """`rgb` (H, W, 3) uint8 texture, `points_px` (478, 2) portrait pixels, `side` image_left or image_right."""
        self._scale = scale
        upper, lower = points_px[list(UPPER[side])], points_px[list(LOWER[side])]
        self._iris = points_px[IRIS[side]]
        middle = (upper[0] + upper[-1]) / 2
        across, up, down = REACH_PX
        low = np.round((middle - (across, up)) * scale).astype(int)
        high = np.round((middle + (across, down)) * scale).astype(int)
        self.box = (int(low[0]), int(low[1]), int(high[0]), int(high[1]))
        self._x = ((np.arange(low[0], high[0]) + 0.5) / scale - 0.5).astype(np.float32)
        self._y = ((np.arange(low[1], high[1]) + 0.5) / scale - 0.5).astype(np.float32)[:, None]
        self._tex = rgb[low[1] : high[1], low[0] : high[0]].copy()
        t = (self._x - upper[0, 0]) / (upper[-1, 0] - upper[0, 0])
        self._bulge = np.sqrt(np.clip(4 * t * (1 - t), 0, 1)).astype(np.float32)  # 0 at the corners, 1 in mid-eye
        self._near = np.clip(1.25 - np.abs(2 * t - 1), 0, 0.25).astype(np.float32) * 4  # 1 over the eye, 0 beyond it
        self._upper = self._curve(upper) - LASH_ABOVE_MESH_PX * self._bulge
        self._lower = np.maximum(self._curve(lower) + 0.4 * self._bulge, self._upper + 0.05)
        self._lid_rgb = self._lid_skin()

    def _curve(self, points: np.ndarray) -> np.ndarray:
        """A lid's edge over the patch's columns: a smooth polynomial through the mesh, straight on beyond its ends."""
        span = np.clip(self._x, points[0, 0], points[-1, 0])
        middle = points[:, 0].mean()
        fit = np.polynomial.Polynomial.fit(points[:, 0] - middle, points[:, 1], 4)
        heights: np.ndarray = fit(span - middle).astype(np.float32)
        return heights

    def _at(self, px: np.ndarray, origin: int) -> np.ndarray:
        return ((px + 0.5) * self._scale - 0.5 - origin).astype(np.float32)

    def _lid_skin(self) -> np.ndarray:
        """(1, w, 3) float32: the colour of her lid over the columns, taken from the skin below the brow."""
        rows = (self._upper - SKIN_ABOVE_PX)[None] + np.linspace(-0.8, 0.8, 5, dtype=np.float32)[:, None]
        columns = np.broadcast_to(self._at(self._x, self.box[0]), rows.shape)
        seen = cv2.remap(self._tex, np.ascontiguousarray(columns), self._at(rows, self.box[1]), cv2.INTER_LINEAR,
                         borderMode=cv2.BORDER_REPLICATE)  # fmt: skip
        mean = seen.astype(np.float32).mean(0, keepdims=True)
        skin: np.ndarray = cv2.GaussianBlur(mean, (0, 0), 2.5 * self._scale, borderType=cv2.BORDER_REPLICATE).reshape(
            1, -1, 3
        )
        return skin

    def paint(self, blink: float, gaze_x_deg: float, gaze_y_deg: float) -> np.ndarray:
        """Return the (h, w, 3) uint8 patch for `box`: lid closure 0..1 and where the eye looks beyond the head."""
        out = self._tex
        if abs(gaze_x_deg) + abs(gaze_y_deg) > 0.3:
            out = self._looking(out, gaze_x_deg * IRIS_PX_PER_DEG, -gaze_y_deg * IRIS_PX_PER_DEG)
        return self._shut(out, blink) if blink > 0.02 else out

    def _looking(self, tex: np.ndarray, dx: float, dy: float) -> np.ndarray:
        """Move the iris by (dx, dy) portrait pixels within the opening; the white is stretched and squeezed."""
        dx, dy = float(np.clip(dx, -2.6, 2.6)), float(np.clip(dy, -1.2, 1.2))
        off = np.abs(self._x - self._iris[0] - dx)
        hold = np.clip(1 - (off - IRIS_RADIUS_PX) / 4.5, 0, 1)
        hold = hold * hold * (3 - 2 * hold)
        soft = np.clip((self._y - self._upper + 0.4) / 0.8, 0, 1) * np.clip((self._lower + 0.2 - self._y) / 0.8, 0, 1)
        move = hold * soft
        map_x = self._at(self._x - dx * move, self.box[0])
        map_y = self._at(self._y - dy * move, self.box[1])
        return cv2.remap(tex, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)

    def _shut(self, tex: np.ndarray, blink: float) -> np.ndarray:
        """Draw the lid down to `blink` of the way: painted skin above, her own lashes along its edge."""
        travel = self._lower + 0.5 * self._bulge - self._upper
        edge = self._upper + blink * travel
        y = self._y
        lash = self._lash(tex, edge, blink)
        fold = self._upper - LASH_PX - LID_PX
        depth = np.clip((y - fold) / np.maximum(edge - LASH_PX * 0.5 - fold, 0.5), 0, 1)
        shade = 0.945 + 0.05 * np.sin(np.pi * depth) - 0.12 * depth**2
        crease = 1 - 0.09 * np.exp(-(((y - fold - 1.2) / 1.1) ** 2)) * self._bulge
        lid = self._lid_rgb * (shade * crease)[..., None] * LID_TINT
        cover = np.clip((y - fold) / 3.8 + 0.1, 0, 1) * np.clip((edge - y) / 0.7 + 0.5, 0, 1) * self._near
        cover = (cover * float(np.clip(blink * 4, 0, 1)))[..., None]
        out = tex * (1 - cover) + lid * cover
        drawn: np.ndarray = np.clip(out * lash, 0, 255).astype(np.uint8)
        return drawn

    def _lash(self, tex: np.ndarray, edge: np.ndarray, blink: float) -> np.ndarray:
        """(h, w, 1 or 3) factors: a dark line along the lid's edge, thinning toward the inner corner."""
        thick = (0.75 + 0.35 * blink) * (0.5 + 0.5 * self._bulge)
        line = np.exp(-(((self._y - edge - 0.2) / thick) ** 2))
        below = 0.32 * np.exp(-np.clip(self._y - edge, 0, None) / 1.1) * (self._y > edge)
        strength = self._near * (0.35 + 0.65 * self._bulge) * float(np.clip(blink * 3, 0, 1))
        dark = np.maximum(line * 0.72, below) * strength
        factors: np.ndarray = 1 - dark[..., None] * np.array([0.86, 0.95, 0.98], np.float32)
        return factors
