"""The live matte: how much of each pixel of one frame is the sitter, within a few milliseconds.

Two crops round the tracked face take turns in the person segmenter: one of the head, for hair, and one of all that may
be sitter, for shoulders and arms. Each keeps a running mean that follows movement at once; a colour guided filter
carries the outline to the frame's own edges. Every matte is made for, and laid on, its own frame.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import cv2
import numpy as np

from booth.config.params.matte import MatteParams
from booth.core.compiled import read_only
from booth.core.types import Face, Frame, Matte
from booth.perception.live_plate import LivePlate, with_plate
from booth.perception.live_views import CALM_GAIN, UNREST_FACES, Sketch, View, change_in, face_shift, laid_whole
from booth.perception.matte_crop import CropWindow, Stance, WholeBody, feather, head_window, stance_px
from booth.perception.matte_people import Placed, keep_sitter, still_there
from booth.perception.matte_pixels import apply_coefficients, certain_cells, guided_coefficients
from booth.perception.segmenter import SIDE_PX, PersonSegmenter

# Tuned on people laid over cluttered scenes (booth bench --matte): larger radii and eps bleed into the room.
GRID_PX = 128  # the guided filter's grid: cells along the frame's shorter side
GUIDE_RADIUS_FACES = 0.04
GUIDE_EPS = 3e-4
STEP_LOW, STEP_HIGH = 0.05, 0.95
HAIR_ODDS = math.exp(0.4)  # the network draws hair a little too tight
PIXEL_NOISE, PIXEL_MOVED = 0.1, 0.25  # a pixel's alpha changes by camera noise, and by movement
JUMP_FACES = 0.05  # a face that moved this far between frames has both crops looked at afresh
SOFT_PX = 0.45  # standard deviation of the softening of the halved frame that edges are read from
BODY_SWAY = (0.7, 0.3)  # how much of the head's movement across and down the shoulders follow
CALM_CHANGE = 1.5  # mean grey-level change below which nothing moves but camera noise: the network sees every 2nd frame
CUT_CHANGE = 24.0  # mean grey-level change of a frame that is another scene altogether


def smooth_step_table(low: float, high: float) -> np.ndarray:
    """Return (1024,) uint8: the smooth step from `low` to `high` for alpha 0..1."""
    t = np.clip((np.linspace(0, 1, 1024) - low) / (high - low), 0, 1)
    return np.round(t * t * (3 - 2 * t) * 255).astype(np.uint8)


def calm_gain_table() -> np.ndarray:
    """Return (256,) float32: the share taken of a pixel's change by its size, little of noise and all of movement."""
    change = np.arange(256, dtype=np.float32) / 255
    return np.clip(CALM_GAIN + np.clip((change - PIXEL_NOISE) / (PIXEL_MOVED - PIXEL_NOISE), 0, 1), 0, 1).astype(
        np.float32
    )


@dataclass(slots=True)
class _Memory:
    """All that is remembered of the sitter between frames."""

    head: View = field(default_factory=View)
    body: View = field(default_factory=View)
    company: list[View] = field(default_factory=list)  # the heads of those who are in the picture with the sitter
    stances: list[Stance] = field(default_factory=list)  # theirs
    reach: WholeBody = field(default_factory=WholeBody)
    stance: Stance | None = None
    thumb: np.ndarray | None = None  # (36, 64) grey of the frame before
    fine: np.ndarray | None = None  # (h, w) uint8: the matte before, at the sketch's size
    shape: tuple[int, int] | None = None  # of the frame before, px
    last: tuple[np.ndarray, Placed] | None = None  # the matte before, to know a sitter again whose face is turned away


class LiveMatte:
    """Makes the matte of every frame of one source; owned by one thread."""

    def __init__(self, params: MatteParams) -> None:
        self._params = params
        self._segmenter = PersonSegmenter()
        self._tables = (smooth_step_table(STEP_LOW, STEP_HIGH), calm_gain_table())
        self._plate: LivePlate | None = None
        self._memory = _Memory()
        self._rested = 0
        self._told_to_rest: bool | None = None
        self.segment_every_n = 1  # frames; between them both maps only follow the face

    def reset(self) -> None:
        """Drop all memory of the sitter."""
        self._memory = _Memory()

    def close(self) -> None:
        """Free the model; must happen before the interpreter shuts down."""
        self._segmenter.close()

    def sees_people(self, rgb: np.ndarray) -> np.ndarray:
        """Return (256, 256) float32 0..1: how much of each place of a whole picture is a person, whoever it is."""
        return self._segmenter(rgb)

    def process(  # noqa: PLR0913 - the frame, and who and what is known of it
        self,
        frame: Frame,
        face: Face | None,
        others: tuple[Face, ...] = (),
        company: tuple[Face, ...] = (),
        plate: np.ndarray | None = None,
        rests: bool | None = None,
    ) -> Matte:
        """Return the matte of `frame`, the size of `frame.small`: of the sitter whose face it is, empty without one.

        `others` are the faces of people who are left out, unless the profile keeps them; `company` is in the picture
        with the sitter. Without a face a person who was there before is kept. `plate` (H, W, 3) uint8 is the empty
        place, if it is known. `rests` says whether the network may rest in this frame; None: as `segment_every_n` says.
        """
        self._told_to_rest = rests
        height, width = frame.small.shape[:2]
        if self._memory.shape not in (None, (height, width)):
            self._memory, self._plate = _Memory(), None  # the same place at another size
        changed = self._watch(frame.small)
        sketch = Sketch.of(frame.small)
        if face is None:
            self._look_everywhere(sketch)
        elif company:
            self._look_at_group(sketch, (face, *company), changed)
        else:
            self._look_at(sketch, face, changed)
        coarse = self._coarse(face, others, (width, height), company)
        if face is not None and not company and coarse is not None and self._grown(sketch, face, coarse):
            coarse = self._coarse(face, others, (width, height))
        fine = np.zeros(sketch.rgb.shape[:2], np.uint8)
        if coarse is not None:
            behind = self._plate_under(plate, sketch)
            self._carry(coarse, sketch, self._radius_px(face, (width, height)), fine, behind, face)
        self._memory.fine, self._memory.shape = fine, (height, width)
        alpha = fine if fine.shape == (height, width) else cv2.resize(fine, (width, height))
        return Matte(alpha, frame.seq)

    def _plate_under(self, plate: np.ndarray | None, sketch: Sketch) -> LivePlate | None:
        """Return the plate at the sketch's size, reduced only when it is another one."""
        if plate is None:
            self._plate = None
        elif self._plate is None or not self._plate.is_of(plate):
            self._plate = LivePlate(plate, sketch.rgb.shape[1::-1])
        return self._plate

    def _carry(  # noqa: PLR0913 - one step of the matte with all that it is made of
        self,
        coarse: np.ndarray,
        sketch: Sketch,
        radius_px: int,
        fine: np.ndarray,
        plate: LivePlate | None,
        face: Face | None,
    ) -> None:
        """Write the coarse matte of the body's crop into `fine`, at the sketch's size, edges those of the picture."""
        window = self._memory.body.window
        assert window is not None
        guide = sketch.guide(window, coarse.shape)
        if plate is not None and face is not None:
            face_cells = (face.box.y1 - face.box.y0) * sketch.size[1] * coarse.shape[0] / window.height
            coarse = with_plate(coarse, guide, plate.under(window, sketch.size, coarse.shape), face_cells)
        certain = certain_cells(coarse, STEP_LOW / 2, 1 - STEP_LOW / 2, radius_px + 1)
        coefficients = guided_coefficients(guide, coarse, radius_px, GUIDE_EPS)
        before = fine if self._memory.fine is None else self._memory.fine  # still empty: no new matte is near to it
        soft = cv2.GaussianBlur(sketch.cut(window), (3, 3), SOFT_PX)  # camera noise is not hair
        inputs = (soft, coefficients, certain, self._tables, read_only(sketch.cut_of(window, before)))
        apply_coefficients(*inputs, sketch.cut_of(window, fine))

    def _watch(self, rgb: np.ndarray) -> np.ndarray | None:
        """Return what changed since the frame before, (36, 64) grey levels; forget everything at a cut."""
        grey = cv2.cvtColor(cv2.resize(rgb, (64, 36), interpolation=cv2.INTER_NEAREST_EXACT), cv2.COLOR_RGB2GRAY)
        thumb = cv2.blur(grey.astype(np.float32), (3, 3))
        before, self._memory.thumb = self._memory.thumb, thumb
        changed = None if before is None else cv2.absdiff(thumb, before)
        if changed is not None and changed.mean() > CUT_CHANGE:
            self._memory = _Memory(thumb=thumb)
            return None
        return changed

    def _look_everywhere(self, sketch: Sketch) -> None:
        memory = self._memory
        memory.head, memory.stance, memory.company = View(), None, []
        self._look(memory.body, sketch, CropWindow(0, 0, *sketch.size), np.eye(2, 3))

    def _look_at(self, sketch: Sketch, face: Face, changed: np.ndarray | None) -> None:
        """Refresh the crop that owes most; both after a jump or at the start."""
        memory, (width, height) = self._memory, sketch.size
        if memory.company:
            memory.company, memory.head, memory.body, memory.stance = [], View(), View(), None
        stance = stance_px(face, width, height)
        back, moved = face_shift(memory.stance, stance)
        memory.stance = stance
        sway = back @ (*stance[:2], 1.0) - stance[:2]
        body_back = np.array([[1, 0, BODY_SWAY[0] * sway[0]], [0, 1, BODY_SWAY[1] * sway[1]]])
        head, body = head_window(stance, width, height), self._body_window(stance, face, sketch)
        if memory.head.window is not None and memory.head.window.is_near(head):
            head = memory.head.window  # a crop that stays put keeps its map quiet
        unrest = change_in(changed, head, width, height), change_in(changed, body, width, height, without=head)
        memory.head.debt += 1.0 + unrest[0]
        memory.body.debt += 0.7 + unrest[1]
        fresh = memory.head.mean is None or memory.body.mean is None or moved > JUMP_FACES
        head_first = memory.head.debt >= memory.body.debt
        is_calm = moved < UNREST_FACES and max(unrest) < CALM_CHANGE
        rests = not fresh and self._rests(is_calm)
        if fresh or (head_first and not rests):
            self._look(memory.head, sketch, head, back)
        else:
            memory.head.follow(head, back)
        if fresh or not (head_first or rests):
            self._look(memory.body, sketch, body, body_back)
        else:
            memory.body.follow(body, body_back)

    def _look_at_group(self, sketch: Sketch, faces: tuple[Face, ...], changed: np.ndarray | None) -> None:
        """Refresh the crop that owes most: one of each head, and one of the whole frame; all when somebody joins."""
        memory, (width, height) = self._memory, sketch.size
        if len(memory.company) != len(faces) - 1:
            memory.head, memory.body, memory.stance = View(), View(), None
            memory.company, memory.stances = [View() for _ in faces[1:]], []
        views = [memory.head, *memory.company]
        stances = [stance_px(face, width, height) for face in faces]
        before = [memory.stance, *memory.stances] if memory.stances else [None] * len(faces)
        memory.stance, memory.stances = stances[0], stances[1:]
        shifts = [face_shift(old, new) for old, new in zip(before, stances, strict=True)]
        heads = [head_window(stance, width, height) for stance in stances]
        heads = [v.window if v.window is not None and v.window.is_near(w) else w
                 for v, w in zip(views, heads, strict=True)]  # fmt: skip
        jobs = [(v, w, back) for v, w, (back, _) in zip(views, heads, shifts, strict=True)]
        jobs.append((memory.body, CropWindow(0, 0, width, height), np.eye(2, 3)))
        for view, window, _ in jobs:
            view.debt += (0.7 if view is memory.body else 1.0) + change_in(changed, window, width, height)
        fresh = [i for i, (view, _, _) in enumerate(jobs) if view.mean is None]
        fresh = list(range(len(jobs))) if any(moved > JUMP_FACES for _, moved in shifts) else fresh
        most = max(range(len(jobs)), key=lambda i: jobs[i][0].debt)
        chosen = fresh or ([] if self._rests() else [most])
        for i, (view, window, back) in enumerate(jobs):
            if i in chosen:
                self._look(view, sketch, window, back)
            else:
                view.follow(window, back)

    def _rests(self, is_calm: bool = False) -> bool:
        """Tell whether the network rests in this frame: as it was told, else by turns, every second one while calm."""
        if self._told_to_rest is not None:
            return self._told_to_rest
        self._rested = (self._rested + 1) % max(2 if is_calm else 1, self.segment_every_n)
        return self._rested != 0

    def _body_window(self, stance: Stance, face: Face, sketch: Sketch) -> CropWindow:
        if self._params.keep_others:
            return CropWindow(0, 0, *sketch.size)  # they may be anywhere
        return self._memory.reach.window(stance, face, *sketch.size)

    def _grown(self, sketch: Sketch, face: Face, coarse: np.ndarray) -> bool:
        """Look again with a wider crop when the sitter reaches past the body's; True when it was done."""
        memory, (width, height) = self._memory, sketch.size
        assert memory.body.window is not None and memory.stance is not None
        if not memory.reach.wants_more(coarse, memory.body.window, width):
            return False
        memory.body.mean = None  # cut arms are no help to the wider map
        self._look(memory.body, sketch, memory.reach.window(memory.stance, face, width, height), np.eye(2, 3))
        return True

    def _look(self, view: View, sketch: Sketch, window: CropWindow, back: np.ndarray) -> None:
        view.follow(window, back)
        view.take(self._segmenter(sketch.part(window)))

    def _coarse(
        self, face: Face | None, others: tuple[Face, ...], size: tuple[int, int], company: tuple[Face, ...] = ()
    ) -> np.ndarray | None:
        """Return the matte of all who are kept on the guided filter's grid over the body's crop; None: nobody."""
        memory, step = self._memory, min(size) / GRID_PX
        window = memory.body.window
        assert memory.body.mean is not None and window is not None
        grid = (max(2, round(window.width / step)), max(2, round(window.height / step)))
        coarse = cv2.resize(memory.body.mean, grid, interpolation=cv2.INTER_LINEAR)
        for head in (memory.head, *memory.company):
            if head.mean is not None and head.window is not None:
                self._lay_head(coarse, window, head)
        placed = (window, size)
        if face is None:
            kept = still_there(coarse, self._last_seen())
        else:
            left_out = () if self._params.keep_others else others
            kept = keep_sitter(coarse, placed, face, left_out, self._params.keep_others, company)
        memory.last = None if kept is None else (kept, placed)
        return kept

    def _last_seen(self) -> np.ndarray | None:
        """Return the coarse matte of the frame before, (36, 64) of the whole frame, or None when it was empty."""
        if self._memory.last is None:
            return None
        kept, (window, size) = self._memory.last
        return cv2.resize(laid_whole(kept, window, size), (64, 36), interpolation=cv2.INTER_AREA)

    def _lay_head(self, coarse: np.ndarray, window: CropWindow, view: View) -> None:
        """Blend a head's map into the body's, feathered."""
        head = view.window
        assert view.mean is not None and head is not None
        share, part = feather(head, window, coarse.shape)
        to_head = head.to_map(SIDE_PX) @ part.within(window, coarse.shape)
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        size = (part.width, part.height)
        tight = cv2.warpAffine(view.mean, to_head[:2], size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        tight *= np.float32(HAIR_ODDS) / (1 + tight * np.float32(HAIR_ODDS - 1))
        tight -= part.cut(coarse)
        part.cut(coarse)[:] += share * tight

    def _radius_px(self, face: Face | None, size: tuple[int, int]) -> int:
        face_px = size[1] / 3 if face is None else (face.box.y1 - face.box.y0) * size[1]
        return int(np.clip(round(GUIDE_RADIUS_FACES * face_px * GRID_PX / min(size)), 1, 8))
