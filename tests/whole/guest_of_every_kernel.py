"""A guest who does all that a guest can, while the compiler is watched: nothing may be compiled on a guest's time.

`make kernels`, some minutes, does it at every size, alone and in company, before an empty room that is remembered,
with a turned camera, and develops photographs of all kinds; it ends with 1 and the names where anything was compiled.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
import msgspec
import numpy as np

from booth.__main__ import main as booth_main
from booth.app.guest_script import ScriptedAct, ScriptedGuest
from booth.app.replay import ReplayOptions, play
from booth.app.screen import NoScreen
from booth.capture.demo.demo_sitter import DemoSitter
from booth.capture.jpeg import Jpeg
from booth.config.params import load_params
from booth.core.kernel_cache import cache_place
from booth.draw.scene import Signal
from booth.looks.light.light_spec import LIGHTS
from booth.looks.look import load_look, look_names
from booth.perception.frame_analyzer import FrameAnalyzer
from booth.session.state_machine import Event, State
from tests.rig.compiler import watched

FROM_S = 9.0  # of the sitter's script: she stands before the lens by then
LOOKS = (
    "your-room",
    "keynote",
    "cut-out",
    "as-you-are",
    "brand",
)  # one of every kind
STEP_S = 0.2  # a look or a light is looked at this long
DEVELOP_S = 3.0
EMPTY_S = 5.0  # the room is remembered after two looks a second apart


class Shown(NoScreen):
    """A screen that only has a size, so that the mirror's pictures are made."""

    is_drawn = True


@dataclass
class Camera:
    """The demo sitter as cameras give her: of any size, coded, turned, beside another, after an empty room."""

    size: tuple[int, int]
    fps: float = 10.0
    is_coded: bool = False
    is_turned: bool = False
    is_pair: bool = False
    empty_s: float = 0.0
    name: str = "camera"
    is_live: bool = False

    def __post_init__(self) -> None:
        self._sitter, self._n = DemoSitter(size=self.size), 0
        self._room = self._sitter.frame(0)

    def read(self) -> tuple[np.ndarray | Jpeg, float]:
        """Return the next picture and its time."""
        t_s = self._n / self.fps
        rgb = self._picture(t_s)
        self._n += 1
        if self.is_pair:
            middle = rgb[:, self.size[0] // 4 : self.size[0] * 3 // 4]
            rgb = np.concatenate([middle, middle[:, ::-1]], 1)
        rgb = np.ascontiguousarray(np.rot90(rgb) if self.is_turned else rgb)
        if not self.is_coded:
            return rgb, t_s
        return Jpeg(cv2.imencode(".jpg", rgb[..., ::-1])[1].reshape(-1)), t_s

    def _picture(self, t_s: float) -> np.ndarray:
        if t_s < self.empty_s:
            noise = np.random.default_rng(self._n).normal(0, 1, (*self._room.shape[:2], 1))
            return np.clip(self._sitter._rooms["window"] + noise, 0, 255).astype(np.uint8)
        return self._sitter.frame(round((FROM_S + t_s) * self._sitter.fps))

    def close(self) -> None:
        """Nothing to close."""


def acts(looks: Iterable[str], lights: Iterable[str], start: Event, begin_s: float) -> tuple[ScriptedAct, ...]:
    """Return a visit: the wall, dressing up, every look and light, the picture, other looks on it, and to keep it."""
    at_s, done = begin_s + STEP_S, []

    def then(kind: str, value: object, wait_s: float = STEP_S) -> None:
        nonlocal at_s
        done.append(ScriptedAct(at_s, Signal(kind, value)))  # type: ignore[arg-type]
        at_s += wait_s

    for event in (start, Event.AGREE):
        then("event", event)
    then("page", 1)
    then("event", Event.DRESS_UP)
    for worn in ("clothes.navy", "spectacles.round", "pin.lapel", "include"):
        then("wear", worn)
    then("event", Event.BACK, 2 * STEP_S)
    then("event", Event.CHOSEN)
    for look in (*looks, "studio-grey"):
        then("look", look)
    for light in lights:
        then("light", light)
        for strength in (0.0, 0.5, 1.0):
            then("strength", strength)
    then("event", Event.MANUAL, DEVELOP_S)
    then("look", "keynote", DEVELOP_S)
    then("event", Event.KEEP)
    return tuple(done)


def visit(camera: Camera, looks: Iterable[str], lights: Iterable[str]) -> set[State]:
    """Walk through one visit; returns the pages it came to."""
    replace, params = msgspec.structs.replace, load_params("event")
    params = replace(params, kiosk=replace(params.kiosk, together=2))
    params = replace(params, capture=replace(params.capture, rotate_deg=90 if camera.is_turned else 0))
    script = acts(looks, lights, Event.TOGETHER if camera.is_pair else Event.START, camera.empty_s)
    options = ReplayOptions(
        screen=Shown(), guest=ScriptedGuest(script), max_s=script[-1].t_s + STEP_S, develops=True
    )  # fmt: skip
    with FrameAnalyzer(params) as analyzer:
        return {step.state for step in play(camera, analyzer, params, load_look("studio-grey"), options)}


def photographs(folder: Path) -> None:
    """Develop photographs of every kind, in looks of every kind, and light one with every light."""
    sitter = DemoSitter(size=(4096, 3072))
    rgb = sitter.frame(round(FROM_S * sitter.fps))
    empty = np.ascontiguousarray(sitter._rooms[sitter.behaviour(FROM_S).light]).astype(np.uint8)
    small, small_empty = (cv2.resize(whole, (1280, 960), interpolation=cv2.INTER_AREA) for whole in (rgb, empty))
    half = small[:, 320:960]
    files = {
        "large.jpg": rgb[..., ::-1], "small.jpg": small[..., ::-1], "grey.png": cv2.cvtColor(small, cv2.COLOR_RGB2GRAY),
        "deep.png": small[..., ::-1].astype(np.uint16) * 257,
        "pair.jpg": np.concatenate([half, half[:, ::-1]], 1)[..., ::-1],
        "large-empty.jpg": empty[..., ::-1], "small-empty.jpg": small_empty[..., ::-1],
    }  # fmt: skip
    for name, bgr in files.items():
        cv2.imwrite(str(folder / name), np.ascontiguousarray(bgr))
    of = {name: str(folder / name) for name in files}
    for words in (
        [of["large.jpg"], "--retouch", "1", "--matte"],
        [of["large.jpg"], "--plate", of["large-empty.jpg"]],
        [of["small.jpg"], "--plate", of["small-empty.jpg"], "--retouch", "0"],
        [of["grey.png"]], [of["deep.png"], "--format", "tiff"], [of["pair.jpg"]],
        *([of["small.jpg"], "--look", look] for look in LOOKS),
    ):  # fmt: skip
        _run("finish", *words, "--workers", "1", "--force", "--out", str(folder / "out"))
    for light, strength in (*((light, "1") for light in LIGHTS), (LIGHTS[1], "0")):
        out = str(folder / f"{light}-{strength}.jpg")
        _run("relight", of["small.jpg"], "--light", light, "--strength", strength, "--out", out)


def _run(*words: str) -> None:
    try:
        booth_main(list(words))
    except SystemExit as ended:
        if ended.code:
            raise RuntimeError(f"{words} ended with {ended.code}") from ended


def main() -> int:
    """Do everything, and say what was compiled."""
    cameras = (
        Camera((1280, 720)), Camera((1280, 720), empty_s=EMPTY_S), Camera((1920, 1080), is_pair=True),
        Camera((1920, 1080), is_coded=True, is_turned=True), Camera((1280, 720), is_turned=True),
        Camera((3840, 2160), 5.0, is_coded=True), Camera((3840, 2160), 5.0),
    )  # fmt: skip
    before = kept_loops()
    with watched() as compiled, tempfile.TemporaryDirectory(prefix="booth-kernels-") as folder:
        for number, camera in enumerate(cameras):
            visit(camera, look_names() if number == 0 else ("your-room",), LIGHTS if number == 0 else LIGHTS[:2])
            print(camera, len(compiled.names), flush=True)
        photographs(Path(folder))
    made = [*compiled.names, *sorted(kept_loops() - before)]
    print(*made or ["nothing was compiled"], sep="\n")
    return 1 if made else 0


def kept_loops() -> set[str]:
    """Name the files of the compiled loops: what a worker of another process compiles is seen by them alone."""
    return {path.name for path in cache_place().folder.rglob("*.nb?")}


if __name__ == "__main__":
    sys.exit(main())
