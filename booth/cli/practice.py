"""`booth practice`: a page to print: where lamp, window and laptop should be, from one look at the room."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from booth.capture.frames import frame_of
from booth.capture.source import open_default, open_source
from booth.cli.options import Profile, ensure_folder, tell
from booth.config.params import load_params
from booth.core.fault_table import fault
from booth.diagnostics.practice_page import hints, html, place_of
from booth.still.encode import write_whole

DEMO = "demo"  # the sitter who stands in where there is no camera
LOOKED_AT = 20  # frames: a webcam's exposure has settled by then


def practice(
    page: Annotated[Path, typer.Option("--page", help="Write the page here, HTML to print.")] = Path("practice.html"),
    source: Annotated[str | None, typer.Option("--source", help="Camera, video, pictures, stream or demo.")] = None,
    profile: Profile = "home",
) -> int:
    """Look at you in your room for a moment and write a page how to place lamp, window and laptop. Keeps no picture."""
    params = load_params(profile)
    opened = open_source(source, params.capture) if source is not None else open_default(params.capture)[0]
    if opened.name == DEMO:
        opened.close()
        raise fault("practice.demo")
    from booth.perception.frame_analyzer import FrameAnalyzer

    best = None
    try:
        with FrameAnalyzer(params, video=False) as analyzer:
            for seq in range(LOOKED_AT):
                if (got := opened.read()) is None:
                    break
                analysis = analyzer.analyze(frame_of(got[0], seq, got[1], params.capture))
                best = analysis if analysis.sitter is not None or best is None else best
    finally:
        opened.close()
    if best is None:
        tell("The source gave no picture.")
        return 1
    place = place_of(best)
    ensure_folder(page.parent)
    write_whole(page, html(place).encode(), force=True)
    for hint in hints(place):
        tell(hint)
    tell(f"page: {page}")
    return 0
