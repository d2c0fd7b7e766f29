"""`booth looks --edit`: the booth's mirror on the demo sitter, with a look renewed whenever its file is saved."""

from __future__ import annotations

import logging

import msgspec

from booth.app.engine import Engine
from booth.app.feed import ThreadedFeed
from booth.app.guest_script import PreviewGuest
from booth.app.parts import EngineSetup
from booth.app.screen import ScriptedScreen
from booth.capture.source import open_source
from booth.config.params import Params
from booth.core.faults import Fault
from booth.looks.look import Look, find_look, load_look
from booth.ui.window import Window

log = logging.getLogger(__name__)


def edit_look(name: str, params: Params) -> int:
    """Show the look live until the window is closed; a broken file is reported and the last valid look stays on."""
    look, path = load_look(name), find_look(name)
    kiosk = msgspec.structs.replace(params.kiosk, coach_s=3600, session_limit_s=24 * 3600)
    params = msgspec.structs.replace(params, kiosk=kiosk)
    source = open_source(params.capture.source or "demo", params.capture)
    screen = ScriptedScreen(Window(params.screen), PreviewGuest())
    engine = Engine(params, look, EngineSetup(ThreadedFeed(params, source), screen, develops=False))
    saved_ns = path.stat().st_mtime_ns

    def reload(engine: Engine) -> bool:
        nonlocal saved_ns
        if (now_ns := path.stat().st_mtime_ns) != saved_ns:
            saved_ns = now_ns
            engine.set_look(_reloaded(name, engine.mirror.preview.look))
        return False

    engine.run(reload)
    return 0


def _reloaded(name: str, last_good: Look) -> Look:
    try:
        return load_look(name)
    except Fault as fault:
        log.error("%s", fault)
        return last_good
