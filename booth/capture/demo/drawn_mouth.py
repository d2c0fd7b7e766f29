"""The demo sitter's mouth: closes the lips over the portrait's teeth, opens them again to smile or to talk.

Every picture column between the corners has four lip edges. They are moved, the skin between them is stretched with
them, and where the lips part the inside of the mouth is seen: teeth, which stay with the skull, and dark behind them.
All lengths are portrait pixels (she has 43 of them between the eyes); `scale` turns them into texture pixels.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

CORNERS = ((61, 78), (291, 308))  # face mesh points: outer and inner corner, image left and right
UPPER_OUTER = (185, 40, 39, 37, 0, 267, 269, 270, 409)
UPPER_INNER = (191, 80, 81, 82, 13, 312, 311, 310, 415)
LOWER_INNER = (95, 88, 178, 87, 14, 317, 402, 318, 324)
LOWER_OUTER = (146, 91, 181, 84, 17, 314, 405, 321, 375)
FOLDS = ((129, 203, 206, 216, 57), (358, 423, 426, 436, 410, 287))  # nose wing to mouth corner

REACH_PX = (58.0, 29.0, 66.0)  # sideways, up and down from the middle of the mouth: the patch that is repainted
NEUTRAL_WIDTH = 0.84  # of the smiling mouth
NEUTRAL_DROP_PX = 1.3  # the upper lip comes down by this much when the smile goes
JAW_DROP_PX = 14.0  # of the lower lip, at jaw = 1
CORNER_DROP_PX = 4.0  # the corners follow the jaw this far
CHIN_LIFT_PX = 2.0  # the smile holds the chin lower than closed lips do
CHIN_PX = 35.0  # from the lip line down to the edge of the chin
DARK_RGB = (58.0, 26.0, 24.0)  # inside of the mouth
TONGUE_RGB = (112.0, 52.0, 50.0)
LINE_SHADE = np.array([0.42, 0.55, 0.55], np.float32)  # darkest the line between closed lips takes away
CHEEK_PX = 22.0  # beyond the corners, the skin that follows them
EDGE = np.float32(0.35)  # thinnest lip, so that no edge ever crosses the next


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """The four lip edges and the top and bottom of what moves, as heights over the patch's columns."""

    top: np.ndarray
    upper_outer: np.ndarray
    upper_inner: np.ndarray
    lower_inner: np.ndarray
    lower_outer: np.ndarray
    chin: np.ndarray
    inside: np.ndarray  # 0 in the middle of the mouth, 1 at the corners and beyond

    def rows(self) -> tuple[np.ndarray, ...]:
        return self.top, self.upper_outer, self.upper_inner, self.lower_inner, self.lower_outer, self.chin


class DrawnMouth:
    """Repaints the lower face of one portrait; `box` is where, in texture pixels (x0, y0, x1, y1)."""

    def __init__(self, rgb: np.ndarray, points_px: np.ndarray, scale: float) -> None:
        """`rgb` (H, W, 3) uint8 texture, `points_px` (478, 2) portrait pixels, `scale` texture px a portrait px."""
        self._scale = scale
        self._corner = [points_px[list(pair)].mean(0) for pair in CORNERS]
        self._centre = (self._corner[0] + self._corner[1]) / 2
        self._half_px = float(self._corner[1][0] - self._corner[0][0]) / 2
        side, up, down = REACH_PX
        low = np.round((self._centre - (side, up)) * scale).astype(int)
        high = np.round((self._centre + (side, down)) * scale).astype(int)
        self.box = (int(low[0]), int(low[1]), int(high[0]), int(high[1]))
        self._x = ((np.arange(low[0], high[0]) + 0.5) / scale - 0.5).astype(np.float32)
        self._y = ((np.arange(low[1], high[1]) + 0.5) / scale - 0.5).astype(np.float32)[:, None]
        self._lms = points_px
        self._pixel_x = np.arange(len(self._x), dtype=np.float32)[None]
        self._pixel_y = np.arange(len(self._y), dtype=np.float32)[:, None]
        off = self._x - self._centre[0]
        self._chin_share = np.exp(-((off / 44.0) ** 2)) * np.clip((side - 2 - np.abs(off)) / 18.0, 0, 1)
        self._smiling = self._portrait_edges(self._x)
        self._tex = rgb[low[1] : high[1], low[0] : high[0]].copy()
        self._calm = _without_folds(self._tex, [self._local(points_px[list(f)]) for f in FOLDS], scale)
        self._inside = self._teeth()

    def _local(self, points: np.ndarray) -> np.ndarray:
        pixels: np.ndarray = (points + 0.5) * self._scale - 0.5 - np.array(self.box[:2])
        return pixels

    def _portrait_edges(self, x: np.ndarray) -> _Edges:
        """Return the lip edges of the portrait at portrait columns `x`; beyond the corners they are one line."""
        left, right = self._corner

        def edge(indices: tuple[int, ...]) -> np.ndarray:
            knots = np.array([left, *self._lms[list(indices)], right])
            heights: np.ndarray = np.interp(x, knots[:, 0], knots[:, 1]).astype(np.float32)
            return heights

        upper_inner, lower_inner = edge(UPPER_INNER), edge(LOWER_INNER)
        lower_inner = np.maximum(lower_inner, upper_inner + EDGE)
        t = np.abs(x - self._centre[0]) / self._half_px
        return _Edges(
            top=np.interp(t, (0.3, 1.1), (self._centre[1] - 7.0, self._centre[1] - 21.0)).astype(np.float32),
            upper_outer=np.minimum(edge(UPPER_OUTER), upper_inner - EDGE),
            upper_inner=upper_inner,
            lower_inner=lower_inner,
            lower_outer=np.maximum(edge(LOWER_OUTER), lower_inner + EDGE),
            chin=np.full_like(x, self._centre[1] + CHIN_PX),
            inside=np.clip(t, 0, 1),
        )

    def _teeth(self) -> np.ndarray:
        """What is seen between parted lips: the portrait's teeth, and the dark where it shows none."""
        e, soft = self._smiling, np.float32(0.7)
        below, above = self._y - e.upper_inner + 0.8, e.lower_inner + 0.3 - self._y
        seen = np.clip(below / soft, 0, 1) * np.clip(above / soft, 0, 1)
        seen = (seen * np.clip((0.97 - e.inside) / 0.1, 0, 1))[..., None]
        depth = np.clip((self._y - self._centre[1]) / 18, 0, 1)[..., None]
        middle = np.clip(1 - (e.inside / 0.75) ** 2, 0, 1)[:, None]
        tongue = np.clip((self._y - self._centre[1] - 11) / 5, 0, 1)[..., None] * middle
        dark = np.array(DARK_RGB, np.float32) * (1 - 0.35 * depth)
        dark = dark * (1 - tongue) + np.array(TONGUE_RGB, np.float32) * tongue
        inside: np.ndarray = (self._tex * seen + dark * (1 - seen)).astype(np.float32)
        return inside

    def _columns(self, wide: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """For a mouth of that width (1 = the portrait's): portrait column seen at lip height, place in the mouth, fade.

        The place is 0 in the middle and 1 at the corners; the fade falls from 1 at the corners to 0 on the cheeks.
        """
        half_px = self._half_px * wide
        off = self._x - self._centre[0]
        reach = np.abs(off)
        beyond = np.clip(1 - (reach - half_px) / CHEEK_PX, 0, 1)
        fade = beyond * beyond * (3 - 2 * beyond)
        column = self._x + np.sign(off) * np.minimum(reach, half_px) * (1 / wide - 1) * fade
        return column.astype(np.float32), np.clip(reach / half_px, 0, 1), fade

    def _edges(self, smile: float, jaw: float) -> tuple[_Edges, np.ndarray]:
        """Return the edges to paint and, for every column of the patch, the portrait column seen at lip height."""
        wide = NEUTRAL_WIDTH + (1 - NEUTRAL_WIDTH) * smile - 0.15 * jaw * (1 - 0.7 * smile)
        column, inside, fade = self._columns(wide)
        lips = self._portrait_edges(column)
        rest = self._neutral_line(inside)
        parted = smile * smile * (3 - 2 * smile)
        stays = (1 - fade) + fade * parted  # share of the portrait's own lip line
        droop = CORNER_DROP_PX * jaw * (1 - 0.75 * smile) * inside**2 * fade
        opening = jaw * (1 - inside**2.6) ** 0.62
        upper = rest + (lips.upper_inner - rest) * stays + droop - 0.2 * opening
        lower = rest + (lips.lower_inner - rest) * stays + droop + JAW_DROP_PX * (1 - 0.45 * smile) * opening
        lower = np.maximum(lower, upper + 0.02)
        upper_lip = (lips.upper_inner - lips.upper_outer) * (1 + 0.55 * (1 - smile))
        lower_lip = (lips.lower_outer - lips.lower_inner) * (1 + 0.10 * (1 - smile))
        chin = lips.chin + (JAW_DROP_PX * 0.95 * jaw - CHIN_LIFT_PX * (1 - parted)) * self._chin_share
        rows = (lips.top, upper - upper_lip, upper, lower, lower + lower_lip, chin, inside)
        return _Edges(*(row.astype(np.float32) for row in rows)), column

    def _neutral_line(self, inside: np.ndarray) -> np.ndarray:
        """Height of the closed lips: a shallow bow, the corners in line with its middle."""
        middle = self._smiling.upper_inner[len(self._x) // 2] + NEUTRAL_DROP_PX - 0.4
        slope = (self._corner[1][1] - self._corner[0][1]) / (2 * self._half_px)
        bow = 0.55 * np.cos(np.pi * 1.6 * inside) * (1 - inside) + 0.25 * inside**2
        line: np.ndarray = middle + bow + slope * (self._x - self._centre[0])
        return line

    def paint(self, smile: float, jaw: float) -> np.ndarray:
        """Return the (h, w, 3) uint8 patch for `box`, for a smile and a jaw opening of 0..1."""
        to, column = self._edges(smile, jaw)
        map_x, map_y = self._maps(to, self._portrait_edges(column), column)
        calm = float(np.clip(1 - 1.25 * smile, 0, 1))
        skin = cv2.addWeighted(self._calm, calm, self._tex, 1 - calm, 0) if calm > 0 else self._tex
        out = cv2.remap(skin, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        self._lay_inside(out, to)
        return out

    def _maps(self, to: _Edges, lips: _Edges, column: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Inverse maps in patch pixels: piecewise stretching between the edges, cut along the lip line."""
        y = self._y
        ends = y[0], np.float32(y[-1, 0])
        knots_to = (ends[0], *to.rows(), ends[1])
        knots_from = (ends[0], *lips.rows(), ends[1])
        seam = (to.upper_inner + to.lower_inner) / 2
        move = np.zeros((len(y), len(column)), np.float32)
        for i in (1, 2, 4, 5, 6):
            stretch = (knots_from[i + 1] - knots_from[i]) / (knots_to[i + 1] - knots_to[i]) - 1
            start = knots_from[i] - knots_to[i]
            if i == 4:  # the lower lip's own skin begins at the lip line, whatever gapes above it
                move = np.where(y >= seam, start, move)
            move = np.where(y >= knots_to[i], start + (y - knots_to[i]) * stretch, move)
        above = (y - to.top) / np.maximum(to.upper_outer - to.top, 1)
        under = (to.chin + 4 - y) / np.maximum(to.chin + 4 - to.lower_outer, 1)
        pull = np.clip(np.minimum(above, under), 0, 1)
        aside = (column - self._x) * (pull * pull * (3 - 2 * pull))
        return self._pixel_x + aside * np.float32(self._scale), self._pixel_y + move * np.float32(self._scale)

    def _lay_inside(self, out: np.ndarray, to: _Edges) -> None:
        """Lay teeth and dark into the gap of `out` and draw the shadow where the lips meet."""
        low, high = to.upper_inner.min() - 2.5, to.lower_inner.max() + 2.5
        band = slice(*np.searchsorted(self._y[:, 0], (low, high)))
        y, skin, inner = self._y[band], out[band], self._inside[band]
        gap = to.lower_inner - to.upper_inner
        ends = 1 - to.inside
        hole = np.clip(np.minimum(y - to.upper_inner, to.lower_inner - y) * 1.6 + 0.5, 0, 1)
        hole *= np.clip(gap * 1.5 - 0.1, 0, 1) * np.clip(ends / 0.06, 0, 1)
        seam = (to.upper_inner + to.lower_inner) / 2
        line = np.exp(-(((y - seam) / 0.75) ** 2)) * (np.clip(ends / 0.12, 0, 1) * np.clip(1 - gap / 1.5, 0, 1))
        under_lip = 1 - 0.30 * np.exp(-np.clip(y - to.upper_inner, 0, None) / 1.6)
        shaded = skin * (1 - line[..., None] * LINE_SHADE)
        laid = shaded + (inner * under_lip[..., None] - shaded) * hole[..., None]
        out[band] = np.clip(laid, 0, 255).astype(np.uint8)


def _without_folds(tex: np.ndarray, folds: list[np.ndarray], scale: float) -> np.ndarray:
    """Return the texture with the folds of the smile smoothed out of the cheeks."""
    mask = np.zeros(tex.shape[:2], np.uint8)
    for fold in folds:
        cv2.polylines(mask, [np.round(fold).astype(np.int32)], False, 255, round(2.6 * scale), cv2.LINE_AA)
    filled = cv2.inpaint(tex, (mask > 60).astype(np.uint8), 3 * scale, cv2.INPAINT_TELEA)
    filled = cv2.GaussianBlur(filled, (0, 0), 1.4 * scale)
    weight = 0.8 * cv2.GaussianBlur(mask, (0, 0), 1.1 * scale)[..., None] / np.float32(255)
    softened: np.ndarray = np.round(tex * (1 - weight) + filled * weight).astype(np.uint8)
    return softened
