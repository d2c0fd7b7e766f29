"""What a source of pictures is, and how the words of `--source` become one."""

from __future__ import annotations

import glob
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol

import numpy as np

from booth.capture.jpeg import Jpeg
from booth.capture.photo.folder import PICTURE_SUFFIXES
from booth.config.params.capture import CaptureParams
from booth.core.faults import Fault

PLUGIN_START, PLUGIN_GROUP = "plugin:", "booth.sources"
DEMO_SIZE_PX = (1280, 720)
TETHER = "tether"  # `tether:D750` where there are several
STREAM_STARTS = ("http://", "https://", "rtsp://", "rtsps://")


class Source(Protocol):
    """Somewhere pictures come from. `read` gives a picture and seconds since the first one, or None at the end."""

    name: str
    fps: float
    size: tuple[int, int]
    is_live: bool  # a live source sets its own pace; a recorded one can be read at any speed

    def read(self) -> tuple[np.ndarray | Jpeg, float] | None:
        """Return (H, W, 3) uint8 RGB pixels, or the JPEG they came in, and seconds since the first; None at the end."""

    def close(self) -> None:
        """Release the device or file."""


def _plugged(name: str, params: CaptureParams) -> Source:
    """Open the source of an installed plug-in; Fault `source.plugin` where it is missing or fails."""
    points = {point.name: point for point in entry_points(group=PLUGIN_GROUP)}
    if name not in points:
        hint = f"Installed: {', '.join(sorted(points)) or 'none'}."
        raise Fault("source.plugin", f"No plug-in offers a source {name}.", hint)
    try:
        made: Source = points[name].load()(params)
    except Fault:
        raise
    except Exception as error:  # third-party code may fail in any way
        raise Fault("source.plugin", f"The source {name} cannot be opened: {error}.", "See docs/plugins.md.") from error
    return made


def open_source(text: str, params: CaptureParams) -> Source:
    """Open what `text` names: a camera, file, folder, glob, stream, `tether` or `demo`. Fault `source.*`."""
    from booth.capture import clip, pictures, webcam
    from booth.capture.certificate import check_certificate
    from booth.capture.demo.demo_sitter import DemoSitter

    if text == "demo":
        size = (params.width_px, params.height_px or params.width_px * 9 // 16) if params.width_px else DEMO_SIZE_PX
        return DemoSitter(size=size, fps=float(params.fps))
    if text.startswith(STREAM_STARTS):
        if not params.insecure:
            check_certificate(text)
        return clip.Stream(text)
    if text == TETHER or text.startswith(f"{TETHER}:"):
        from booth.capture.tether import open_tethered

        return open_tethered(text.partition(":")[2], params)
    if text.startswith(PLUGIN_START):
        return _plugged(text.removeprefix(PLUGIN_START), params)
    if text.isdecimal():
        return webcam.Webcam(int(text), params)
    path = Path(text).expanduser()
    if path.is_file() and path.suffix.lower() not in PICTURE_SUFFIXES:
        return clip.Clip(path)  # first: a name may hold brackets, which a glob would take for its own
    if path.is_dir() or glob.has_magic(text) or path.suffix.lower() in PICTURE_SUFFIXES:
        return pictures.Pictures(text, params)
    index = webcam.index_of(text)
    if index is not None:
        return webcam.Webcam(index, params)
    hint = f"Give a camera ({webcam.listing()}), a video, a folder of pictures, a stream address or demo."
    raise Fault("source.missing", f"There is no file or camera called {text}.", hint)


def open_default(params: CaptureParams) -> tuple[Source, bool]:
    """Open the profile's source, else the first working camera, else the demo sitter; True says it is the stand-in."""
    from booth.capture import webcam

    if params.source:
        return open_source(params.source, params), False
    for index in webcam.indices():
        try:
            return webcam.Webcam(index, params), False
        except Fault:
            continue
    return open_source("demo", params), True
