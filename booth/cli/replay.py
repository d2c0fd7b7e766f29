"""`booth replay`: the same loop without a window, on the source's own clock."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import cv2
import typer

from booth.app.engine import Step
from booth.app.guest_script import CoachedGuest, ScriptedGuest, read_script
from booth.app.replay import ReplayLog, ReplayOptions, play
from booth.app.screen import NoScreen, Screen
from booth.capture.source import Source, open_source
from booth.cli.options import JsonFile, LookName, Profile, ensure_folder, tell, write_json
from booth.config.brand_folder import with_brand_marks
from booth.config.params import Params, load_params
from booth.core.turning import turned_note
from booth.core.types import Matte, Shot
from booth.looks.look import Look, load_look
from booth.perception.frame_analyzer import FrameAnalyzer

Out = Annotated[Path | None, typer.Option("--out", help="Folder for the portraits.")]
Video = Annotated[Path | None, typer.Option("--video", help="Video file of what the sitter would have seen.")]
Mattes = Annotated[Path | None, typer.Option("--mattes", help="Folder for each frame's live alpha as SEQ.png.")]
MaxSeconds = Annotated[
    float | None, typer.Option("--max-seconds", min=0.01, help="Stop after this much of the source.")
]

Script = Annotated[
    Path | None, typer.Option("--script", help="What the guest does and when: see docs/architecture.md.")
]


def replay(
    src: Annotated[str, typer.Argument(help="Camera, video, folder or glob of pictures, stream address, or demo.")],
    profile: Profile = None,
    look: LookName = None,
    out: Out = None,
    json: JsonFile = None,
    video: Video = None,
    mattes: Mattes = None,
    max_seconds: MaxSeconds = None,
    script: Script = None,
) -> int:
    """Run the booth over a source without a window; takes portraits as the booth would."""
    params = with_brand_marks(load_params(profile))
    chosen = load_look(look or params.kiosk.look)
    for folder in (out, mattes, video.parent if video else None):
        if folder is not None:
            ensure_folder(folder)
    if src == "demo" and max_seconds is None:
        max_seconds = 60.0  # the demo sitter never ends
    source = open_source(src, params.capture)
    log = ReplayLog(
        src if src == "demo" else Path(src).name, chosen.name, params.screen.locale, source.size, source.fps
    )
    sinks = _Sinks(params, chosen, out if script is None else None, mattes)
    if video is not None:
        sinks.film(video, source.fps)
    options = ReplayOptions(
        screen=sinks.screen,
        guest=ScriptedGuest(read_script(script)) if script else CoachedGuest(),
        max_s=max_seconds,
        portraits=out,
        develops=script is not None,
    )
    turns = [0]
    try:
        with FrameAnalyzer(params) as analyzer:
            for played in play(source, analyzer, params, chosen, options):
                log.record(played, sinks.take(played))
                if (turned_deg := analyzer.turned_deg) not in turns:
                    turns.append(turned_deg)
                    tell(" ".join(turned_note(turned_deg, f"From frame {played.analysis.frame.seq} the picture")), json)
    finally:
        source.close()
    _report(log, source, json)
    return 1 if getattr(source, "left_out", []) else 0


def _report(log: ReplayLog, source: Source, json: str | None) -> None:
    """Write the log where it was asked for; say the portraits and the files that could not be read."""
    if json:
        write_json(json, log.as_json())
    for shot in log.shots:
        tell(f"portrait at {shot['t_s']:.2f} s (frame {shot['seq']}, score {shot['score']:.2f})", json)
    tell(f"{log.tally.frames} frames, {log.tally.with_face} with a face, {len(log.shots)} portraits", json)
    for left in getattr(source, "left_out", []):
        tell(f"not read: {left}", "-")


class _Sinks:
    """What a replay writes besides its log: portraits, video, mattes."""

    def __init__(self, params: Params, look: Look, out: Path | None, mattes: Path | None) -> None:
        self._params, self._look, self._out, self._mattes = params, look, out, mattes
        self._n_portraits = 0
        self.screen: Screen = NoScreen()

    def film(self, path: Path, fps: float) -> None:
        """Write what the sitter would have seen to a video file."""
        from booth.app.video_export import VideoExport

        self.screen = VideoExport(path, self._params.screen, fps)

    def take(self, played: Step) -> str | None:
        """Write what one frame gives; returns the portrait's file name if there is one."""
        if self._mattes is not None and played.analysis.matte is not None:
            _write_matte(self._mattes, played.analysis.matte, played.analysis.frame.size)
        if played.shot is None:
            return None
        self._n_portraits += 1
        name = f"portrait-{self._n_portraits:04d}.jpg"
        if self._out is not None:
            self._develop(played.shot, self._out / name)
        return name

    def _develop(self, shot: Shot, path: Path) -> None:
        from booth.still.developer import Developer

        with Developer(self._params) as developer:
            developer.portrait(shot.analysis, self._look, burst=shot.burst(0)).write(path, force=True)


def _write_matte(folder: Path, matte: Matte, size: tuple[int, int]) -> None:
    alpha = matte.alpha
    if (alpha.shape[1], alpha.shape[0]) != size:
        alpha = cv2.resize(alpha, size, interpolation=cv2.INTER_LINEAR)
    cv2.imwrite(str(folder / f"{matte.of_seq}.png"), alpha)
