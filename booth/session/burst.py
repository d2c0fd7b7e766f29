"""The frames round a chosen one, cut to the sitter, so that a review holds a second of them in little memory."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from booth.core.types import Box, Burst, Frame, FrameAnalysis, frozen

MAX_FRAMES = 12
REACH_S = 0.35  # before and after: in this time a guest who holds still has hardly moved
MAX_BYTES = 60_000_000  # of one burst: a shot holds up to three, and 4K frames are large
BESIDE_FACES, ABOVE_FACES, BELOW_FACES = 1.6, 1.2, 1.5  # room kept round the face's box, in its heights


def burst_of(analysis: FrameAnalysis, neighbours: Sequence[Frame]) -> Burst | None:
    """Return the burst about an analysis's frame from the frames near it; None without a face or without neighbours.

    Frames of another size and such as repeat the chosen one to the bit (a photograph before the lens) are left out.
    """
    if analysis.sitter is None:
        return None
    chosen = analysis.frame
    boxes = [member.face.box for member in analysis.group] or [analysis.sitter.box]
    rows, columns = _round(boxes, chosen.size)
    parts = {chosen.seq: (chosen.t_s, chosen.rgb[rows, columns])}
    n_most = min(MAX_FRAMES, MAX_BYTES // max(1, parts[chosen.seq][1].size))
    near = sorted(neighbours, key=lambda frame: (abs(frame.t_s - chosen.t_s), frame.seq))
    for frame in near:
        is_near = abs(frame.t_s - chosen.t_s) <= REACH_S and frame.size == chosen.size
        if len(parts) < n_most and is_near and frame.seq not in parts:
            part = frame.rgb[rows, columns]
            if not np.array_equal(part, parts[chosen.seq][1]):
                parts[frame.seq] = (frame.t_s, part)
    if len(parts) < 2:
        return None
    seqs = sorted(parts)
    frames = tuple(frozen(np.ascontiguousarray(parts[seq][1])) for seq in seqs)
    times_s = tuple(parts[seq][0] for seq in seqs)
    return Burst(frames, seqs.index(chosen.seq), times_s, (columns.start, rows.start))


def _round(faces: Sequence[Box], size: tuple[int, int]) -> tuple[slice, slice]:
    """Rows and columns of a frame of that size, in which a head-and-shoulders cut of the faces lies."""
    width, height = size
    tall = max(face.y1 - face.y0 for face in faces) * height
    face = Box(min(f.x0 for f in faces), min(f.y0 for f in faces), max(f.x1 for f in faces), max(f.y1 for f in faces))
    spans = ((face.y0 * height - ABOVE_FACES * tall, face.y1 * height + BELOW_FACES * tall, height),
             (face.x0 * width - BESIDE_FACES * tall, face.x1 * width + BESIDE_FACES * tall, width))  # fmt: skip
    found = []
    for low, high, side in spans:
        start = int(np.clip(low, 0, side - 1))
        found.append(slice(start, int(np.clip(high, start + 1, side))))
    return found[0], found[1]
