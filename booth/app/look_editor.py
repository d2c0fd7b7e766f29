"""`booth looks --edit`: a mirror on the demo sitter that puts a look on again whenever its file is saved."""

from __future__ import annotations

import logging

from booth.app.view_builder import ViewBuilder
from booth.capture.frames import frame_of
from booth.capture.source import open_source
from booth.config.params import Params
from booth.core.clock import WallClock
from booth.core.faults import Fault
from booth.looks.look import Look, find_look, load_look
from booth.looks.preview import PreviewRenderer
from booth.perception.frame_analyzer import FrameAnalyzer
from booth.ui.window import Window

log = logging.getLogger(__name__)


def edit_look(name: str, params: Params) -> int:
    """Show the look live until the window is closed; a broken save is told and the last good look stays on."""
    look = load_look(name)
    path = find_look(name)
    window = Window(params.screen)
    mirror, showing, clock = PreviewRenderer(look), ViewBuilder(params, stands_in=False), WallClock()
    source = open_source(params.capture.source or "demo", params.capture)
    saved_ns = path.stat().st_mtime_ns
    seq = 0
    try:
        with FrameAnalyzer(params) as eye:
            while not any(signal.kind == "quit" for signal in window.poll()):
                got = source.read()
                if got is None:
                    break
                if (now_ns := path.stat().st_mtime_ns) != saved_ns:
                    saved_ns = now_ns
                    mirror.set_look(_reloaded(name, mirror.look))
                analysis = eye.analyze(frame_of(got[0], seq, got[1], params.capture))
                seq += 1
                showing.record(analysis, None, clock.now_s())
                showing.picture = mirror.show(analysis)
                window.draw(showing.coaching(clock.now_s(), mirror.look))
    finally:
        source.close()
        window.close()
    return 0


def _reloaded(name: str, last_good: Look) -> Look:
    try:
        return load_look(name)
    except Fault as fault:
        log.error("%s", fault)
        return last_good
