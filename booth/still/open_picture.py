"""The reader of photographs under its earlier name; it lives in `booth.capture.photo.reader`."""

from __future__ import annotations

from booth.capture.photo.reader import MAX_FILE_BYTES, MIN_SIDE_PX, Opened, open_bytes, open_picture

__all__ = ["MAX_FILE_BYTES", "MIN_SIDE_PX", "Opened", "open_bytes", "open_picture"]
