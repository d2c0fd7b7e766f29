"""Clips as telephones and editors write them: an MP4 of OpenCV's writer whose boxes are changed afterwards."""

from __future__ import annotations

import struct
from pathlib import Path

import cv2
import numpy as np

TURNS = {90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}  # matrices of ISO 14496-12, clockwise when shown
ONE = 1 << 16
_PARENTS = (b"moov", b"trak", b"edts", b"mdia", b"minf", b"stbl")


def write(path: Path, levels: list[int], size: tuple[int, int] = (64, 48), fps: float = 30) -> Path:
    """Write a clip of plain grey frames, the first row of each white to tell which way is up."""
    writer = cv2.VideoWriter(str(path.absolute()), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*"mp4v"), fps, size)
    assert writer.isOpened()
    for level in levels:
        frame = np.full((size[1], size[0], 3), level, np.uint8)
        frame[: size[1] // 4] = 255
        writer.write(frame)
    writer.release()
    return path


def _changed(data: bytes, change, inside: bytes = b"") -> bytes:  # type: ignore[no-untyped-def]
    """Return boxes after `change(kind, body)` of each that is no parent; sizes are written anew."""
    out, at = b"", 0
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        size = size or len(data) - at
        body = data[at + 8 : at + size]
        body = _changed(body, change, kind) if kind in _PARENTS else change(kind, body)
        out += struct.pack(">I4s", len(body) + 8, kind) + body
        at += size
    return out


def turned(path: Path, degrees: int) -> Path:
    """Say in the track's header that the picture is shown turned clockwise."""
    a, b, c, d = (v * ONE for v in TURNS[degrees])

    def change(kind: bytes, body: bytes) -> bytes:
        if kind != b"tkhd":
            return body
        return body[:40] + struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30) + body[76:]

    path.write_bytes(_changed(path.read_bytes(), change))
    return path


def squeezed(path: Path, across: int, down: int) -> Path:
    """Say that a pixel is `across` to `down`."""
    box = struct.pack(">I4sII", 16, b"pasp", across, down)

    def change(kind: bytes, body: bytes) -> bytes:
        if kind != b"stsd":
            return body
        head, entry = body[:8], body[8:]
        boxes = entry[86:]
        at, kept = 0, b""
        while at + 8 <= len(boxes):
            size, name = struct.unpack(">I4s", boxes[at : at + 8])
            kept += b"" if name == b"pasp" else boxes[at : at + size]
            at += size
        whole = entry[4:86] + kept + box
        return head + struct.pack(">I", len(whole) + 4) + whole

    path.write_bytes(_changed(path.read_bytes(), change))
    return path


def timed(path: Path, steps: list[tuple[int, float]]) -> Path:
    """Say how long the frames last: (count, seconds each)."""
    scale = 1

    def find(kind: bytes, body: bytes) -> bytes:
        nonlocal scale
        if kind == b"mdhd":
            scale = struct.unpack(">I", body[12:16])[0]
        return body

    def change(kind: bytes, body: bytes) -> bytes:
        if kind == b"elst":  # the edit list ends where the frames ended before
            return body[:8] + struct.pack(">I", 10**9) + body[12:]
        if kind != b"stts":
            return body
        rows = b"".join(struct.pack(">II", count, round(each_s * scale)) for count, each_s in steps)
        return struct.pack(">II", 0, len(steps)) + rows

    _changed(path.read_bytes(), find)
    path.write_bytes(_changed(path.read_bytes(), change))
    return path
