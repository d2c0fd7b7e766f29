"""Walks the whole booth on a virtual screen with a window manager, full screen, by touch alone; prints the times.

`make walk` does it in three languages at three sizes; `python tools/walk.py en 1280x720` does one. The demo sitter
walks up, a finger taps what a guest would tap, the booth coaches and takes the picture, the portrait is delivered to a
folder. Every page drawn on the way is audited for clipped or overlapping text; each is left in build/walk. Fails on a
fault of the layout, on a walk without a delivered file, and on times over the limits.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.update(GLOG_minloglevel="3", TF_CPP_MIN_LOG_LEVEL="3", SDL_AUDIODRIVER="dummy")

WALKS = (("en", "1280x720"), ("ar", "1024x600"), ("ja", "1080x1920"))
LOOKS_AT_S = 3.0  # a guest reads a page this long before tapping
SEEN_S = 0.6  # when the picture of a page is taken
MAX_S, MAX_COACHING_S = 60.0, 12.0
MIN_TILE_FPS, MIN_MIRROR_FPS = 10.0, 30.0
GIVES_UP_S = 150.0
TILES = 6


def on_a_screen(size: str, words: list[str]) -> int:
    """Start a virtual screen with a window manager and this program on it; returns its exit code."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{size}x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as told:
        display = f":{told.readline().strip()}"
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "DISPLAY": display, "HOME": home, "BOOTH_WALK": "1"}
        manager = subprocess.Popen(["openbox"], env=environment, stderr=subprocess.DEVNULL)
        try:
            return subprocess.run([sys.executable, __file__, *words], env=environment, check=False).returncode
        finally:
            for process in (manager, server):
                process.terminate()
                process.wait(timeout=10)


@dataclass
class Walker:
    """The guest's finger and the clerk with the stopwatch."""

    folder: Path
    began_s: float | None = None
    entered: list[tuple[str, float]] = field(default_factory=list)
    problems: set[str] = field(default_factory=set)
    came_s: float | None = None  # when somebody was first seen
    tiles: dict[str, object] = field(default_factory=dict)
    renewed: int = 0
    try_s: float = 0.0
    mirror_fps: list[float] = field(default_factory=list)
    tapped: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)

    def __call__(self, booth) -> bool:  # type: ignore[no-untyped-def]
        """Look at the page just drawn, tap when it is time; True when home again."""
        from booth.session.state_machine import State
        from booth.ui.layout import audit

        window, state = booth.screen, booth.state
        view = window._view
        if self.began_s is None:
            self.began_s = view.now_s
        if not self.entered or self.entered[-1][0] != state.value:
            self.entered.append((state.value, view.now_s))
            self.tapped.clear()
        name = state.value if not (state is State.REVIEW and view.portrait and view.portrait.is_busy) else "review-busy"
        is_painted = state is not State.TRY or all(tile.picture is not None for tile in view.wall)
        if name not in self.seen and view.in_state_s > SEEN_S and is_painted:
            self.seen.add(name)
            self.problems |= {f"{name}: {problem}" for problem in audit(view, window.size, window._compositor.ui)}
            self._picture(window, name)
        self._measure(view, state)
        self._tap(window, view, state)
        return self._is_home(view)

    def _measure(self, view, state) -> None:  # type: ignore[no-untyped-def]
        if state.value == "try":
            self.try_s = view.in_state_s
            for tile in view.wall:
                is_new = tile.picture is not None and self.tiles.get(tile.name) is not tile.picture
                self.renewed += is_new
                self.tiles[tile.name] = tile.picture
        if self.came_s is None and view.picture is not None:
            self.came_s = view.now_s
        if state.value in ("coach", "hold") and view.fps is not None:
            self.mirror_fps.append(view.fps)

    def _tap(self, window, view, state) -> None:  # type: ignore[no-untyped-def]
        wanted = {"attract": "start", "consent": "yes", "try": "go", "review": "keep", "share": "done"}.get(state.value)
        is_fresh = state.value == "review" and "review" not in self.seen  # a guest waits for the finished portrait
        is_fresh |= state.value == "try" and "try" not in self.seen  # nor leaves a wall that is still being painted
        is_unready = is_fresh or (state.value == "attract" and view.picture is None)
        if is_unready or view.in_state_s < LOOKS_AT_S:
            return
        if state.value == "review" and "account" not in self.tapped:
            wanted = "account"
        if wanted is not None and wanted not in self.tapped:
            self.tapped.add(wanted)
            _finger(window, wanted)

    def _is_home(self, view) -> bool:  # type: ignore[no-untyped-def]
        is_back = len(self.entered) > 2 and self.entered[-1][0] == "attract"
        return is_back or view.now_s - (self.began_s or 0.0) > GIVES_UP_S

    def _picture(self, window, name: str) -> None:  # type: ignore[no-untyped-def]
        from PIL import Image

        kept = {"try": "wall", "review": "review"}.get(name)
        if os.environ.get("BOOTH_PICTURES") and kept:
            Image.fromarray(window.snapshot()).save(ROOT / "docs" / "pictures" / f"{kept}.jpg", quality=88)
        Image.fromarray(window.snapshot()).save(self.folder / f"{name}.jpg", quality=90)

    def spent_s(self, *states: str) -> float:
        """Seconds spent in these states."""
        ends = [t for _, t in self.entered[1:]] + [self.entered[-1][1]]
        return sum(end - start for (name, start), end in zip(self.entered, ends, strict=True) if name in states)


def _finger(window, name: str) -> None:  # type: ignore[no-untyped-def]
    """Touch a button of the page on view and let go, as a touch screen reports it."""
    import pygame

    hit = next((b for b in window._compositor.scene.buttons if b.name == name), None)
    if hit is None:
        return
    x, y = (at / whole for at, whole in zip(hit.rect.centre, window.size, strict=True))
    for kind in (pygame.FINGERDOWN, pygame.FINGERUP):
        pygame.event.post(pygame.event.Event(kind, x=x, y=y, dx=0.0, dy=0.0, touch_id=1, finger_id=1, pressure=1.0))


def walk(locale: str, size: str) -> int:
    """Walk once on the screen there is; returns 0 when all limits are kept."""
    import msgspec

    from booth.app.engine import Engine
    from booth.app.feed import ThreadedFeed
    from booth.app.parts import EngineSetup
    from booth.capture.source import open_source
    from booth.config.params import load_params
    from booth.looks.look import load_look
    from booth.ui.window import Window

    replace = msgspec.structs.replace
    params = load_params()
    home = Path(os.environ["HOME"])
    params = replace(
        params,
        screen=replace(params.screen, locale=locale),
        deliver=replace(params.deliver, folder=str(home / "portraits")),
    )
    folder = ROOT / "build" / "walk" / f"{locale}-{size}"
    folder.mkdir(parents=True, exist_ok=True)
    walker = Walker(folder)
    window = Window(params.screen, fullscreen=True)
    is_full = f"{window.size[0]}x{window.size[1]}" == size
    feed = ThreadedFeed(params, open_source("demo", params.capture))
    Engine(params, load_look(params.kiosk.look), EngineSetup(feed, window, stands_in=True)).run(walker)
    files = [path for path in (home / "portraits").glob("*") if path.suffix in (".jpg", ".png")]
    return _told(walker, files, f"{locale} {size}", is_full)


def _told(walker: Walker, files: list[Path], which: str, is_full: bool) -> int:
    names = [name for name, _ in walker.entered]
    share = next((t for name, t in walker.entered if name == "share"), None)
    whole_s = float("inf") if share is None or walker.came_s is None else share - walker.came_s
    coaching_s = walker.spent_s("coach", "hold")
    tiles = walker.renewed / TILES / max(walker.try_s, 1e-6)
    late = walker.mirror_fps[len(walker.mirror_fps) // 2 :]  # the rate is one of the last 45 pages
    mirror = sum(late) / max(1, len(late))
    print(f"{which}: {' > '.join(names)}")
    print(f"  walk-up to delivered file {whole_s:.1f} s (limit {MAX_S:.0f}), coaching {coaching_s:.1f} s", end=" ")
    print(f"(limit {MAX_COACHING_S:.0f}); wall {tiles:.1f} pictures/s a look, mirror {mirror:.1f} frames/s")
    for problem in sorted(walker.problems):
        print(f"  {problem}")
    slow = [] if tiles >= MIN_TILE_FPS and mirror >= MIN_MIRROR_FPS * 0.97 else ["slower than two free cores are"]
    bad = [] if files and whole_s <= MAX_S and coaching_s <= MAX_COACHING_S else ["the walk is over its limits"]
    bad += [] if is_full else ["the window does not fill the screen"]
    for complaint in (*slow, *bad):
        print(f"  {complaint}")
    return 1 if bad or walker.problems else 0


def main() -> int:
    """Walk as told, or everywhere."""
    words = sys.argv[1:]
    if os.environ.get("BOOTH_WALK"):
        return walk(*words)
    walks = [tuple(words)] if words else list(WALKS)
    return max(on_a_screen(size, [locale, size]) for locale, size in walks)


if __name__ == "__main__":
    sys.exit(main())
