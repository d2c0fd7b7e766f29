"""Walks the whole booth on a virtual screen with a window manager, full screen, by touch alone; prints the times.

`make walk` does it in four languages at five sizes, twenty walks of a minute; `python tools/walk.py en 1280x720` does
one. The demo sitter walks up, a finger taps what a guest would tap, the booth coaches and takes the picture, the
portrait is delivered to a folder. On the way the finger leaves and takes it back, dresses up and practises.

The finger is hasty: it taps one second after the page last changed, at the place where it saw its aim then, and what is
pressed has to be what it saw. Every page drawn on the way is audited for clipped or overlapping text; each is left in
build/walk. Fails on a fault of the layout, on a press that was not meant, on a walk without a delivered file, and on
times over the limits.

With the word `own-clock` the booth takes every frame in turn on the frames' own time: for a machine that is busy with
other things; rates are not measured then.
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

SIZES = ("800x480", "1024x600", "1280x720", "1080x1920", "3840x2160")
LOCALES = ("en", "de", "ar", "ja")
WALKS = tuple((locale, size) for size in SIZES for locale in LOCALES)
OWN_CLOCK, OWN_FPS = "own-clock", 15.0  # for a busy machine: every frame in turn, time as the frames tell it
HASTE_S = 1.0  # the finger comes down this long after it saw the page
LOOKS_S = 0.3  # after a tap it looks what has come of it
PLAN = {
    "attract": ("start",),
    "consent": ("yes",),
    "try": ("leave", "dress", "practice", "tile.1", "page.next", "tile.1", "go"),
    "undo": ("undo",),
    "dress": ("clothes.next", "pin.next", "back"),
    "practice": ("back",),
    "coach": ("look.next",),
    "review": ("account", "before", "thumb.1", "keep"),
    "share": ("done",),
}  # what the finger goes for on each page, in order; `tile.1` is the next tile that it sees and wants
TOUR = ("undo", "dress", "practice")  # pages a guest in a hurry does not see: their time does not count
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
    wall_s: float = 0.0  # how long the wall has shown looks
    wall_since_s: float | None = None
    mirror_fps: list[float] = field(default_factory=list)
    plan: dict[str, list[str]] = field(default_factory=lambda: {page: list(aims) for page, aims in PLAN.items()})
    seen: set[str] = field(default_factory=set)
    pending: tuple[float, object] | None = None  # when the finger comes down, and on what it saw
    tapped_s: float = float("-inf")
    aimed: str = ""  # what the finger went for last
    taps: int = 0
    own_clock: bool = False  # rates are the frames' then
    straight: frozenset[str] = frozenset()  # looks for a face to the front, as the sitter's is; the next look as well

    def __call__(self, booth) -> bool:  # type: ignore[no-untyped-def]
        """Look at the page just drawn, tap when it is time; True when home again."""
        from booth.session.state_machine import State
        from booth.ui.layout import audit

        window, state = booth.screen, booth.state
        view = window._view
        if self.began_s is None:
            self.began_s = view.now_s
            self._listen(window)
            self.straight = _straight(booth.mirror.catalog.offered)
        if not self.entered or self.entered[-1][0] != state.value:
            self.entered.append((state.value, view.now_s))
        name = state.value if not (state is State.REVIEW and view.portrait and view.portrait.is_busy) else "review-busy"
        if state is State.TRY and not view.wall:
            name = "try-measuring"
        if name not in self.seen and view.in_state_s > SEEN_S:
            self.seen.add(name)
            self.problems |= {f"{name}: {problem}" for problem in audit(view, window.size, window._compositor.ui)}
            self._picture(window, name)
        self._measure(view, state)
        self._tap(window, view, state)
        return self._is_home(view)

    def _listen(self, window) -> None:  # type: ignore[no-untyped-def]
        """Note what a press of the finger presses, and complain where it is not what it saw."""
        press = window._press

        def heard(button):  # type: ignore[no-untyped-def]
            if button.name != self.aimed:
                self.problems.add(f"the finger went for {self.aimed} and pressed {button.name}")
            return press(button)

        window._press = heard

    def _measure(self, view, state) -> None:  # type: ignore[no-untyped-def]
        is_shown = state.value == "try" and bool(view.wall)
        if is_shown:
            self.wall_since_s = view.now_s if self.wall_since_s is None else self.wall_since_s
            for tile in view.wall:
                is_new = tile.picture is not None and self.tiles.get(tile.name) is not tile.picture
                self.renewed += is_new
                self.tiles[tile.name] = tile.picture
                if tile.picture is None:
                    self.problems.add(f"the tile {tile.name} is blank")
        elif self.wall_since_s is not None:
            self.wall_s += view.now_s - self.wall_since_s
            self.wall_since_s = None
        if self.came_s is None and view.picture is not None:
            self.came_s = view.now_s
        if state.value in ("coach", "hold") and view.fps is not None:
            self.mirror_fps.append(view.fps)

    def _tap(self, window, view, state) -> None:  # type: ignore[no-untyped-def]
        """Go for what is seen now, and come down there one second later, whatever the page has become meanwhile."""
        if self.pending is not None:
            at_s, hit = self.pending
            if view.now_s >= at_s:
                self.pending, self.tapped_s = None, view.now_s
                self.taps += 1
                _finger(window, hit)
            return
        if view.now_s - self.tapped_s < LOOKS_S or self._waits(view, state):
            return
        hit = self._aim(state.value, window._compositor.scene.buttons)
        if hit is not None:
            self.aimed, self.pending = hit.name, (view.now_s + HASTE_S, hit)

    def _waits(self, view, state) -> bool:  # type: ignore[no-untyped-def]
        """True while a guest waits too: for somebody in the mirror, for the looks, for the finished portrait."""
        if state.value == "attract":
            return view.picture is None or len(self.entered) > 1
        return (state.value == "review" and "review" not in self.seen) or (state.value == "try" and not view.wall)

    def _aim(self, page: str, seen):  # type: ignore[no-untyped-def]
        """Return the next aim among the buttons that were seen; what is not there is passed over."""
        aims = self.plan.get(page, [])
        while aims:
            name = aims.pop(0)
            tiles = [b for b in reversed(seen) if b.name.startswith("tile.")]
            if name == "tile.1" and len(tiles) > 1:
                return next((tile for tile in tiles[1:] if tile.name.removeprefix("tile.") in self.straight), tiles[1])
            hit = next((b for b in seen if b.name == name and b.is_enabled), None)
            if hit is not None:
                return hit
        return None

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


def _straight(looks) -> frozenset[str]:  # type: ignore[no-untyped-def]
    """Return the looks that, as the one after each, ask for no turn: the demo sitter does not hear the coach."""
    following = zip(looks, (*looks[1:], *looks[:1]), strict=True)
    return frozenset(one.name for one, after in following if not (one.target.yaw_deg or after.target.yaw_deg))


def _finger(window, hit) -> None:  # type: ignore[no-untyped-def]
    """Touch the place where a button was seen and let go, as a touch screen reports it."""
    import pygame

    x, y = (at / whole for at, whole in zip(hit.rect.centre, window.size, strict=True))
    for kind in (pygame.FINGERDOWN, pygame.FINGERUP):
        pygame.event.post(pygame.event.Event(kind, x=x, y=y, dx=0.0, dy=0.0, touch_id=1, finger_id=1, pressure=1.0))


def walk(locale: str, size: str, *, own_clock: bool = False) -> int:
    """Walk once on the screen there is; returns 0 when all limits are kept."""
    import msgspec
    import pygame

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
    walker = Walker(folder, own_clock=own_clock)
    window = Window(params.screen, fullscreen=True)
    is_full = "x".join(str(side) for side in pygame.display.get_window_size()) == size
    _run(params, load_look(params.kiosk.look), window, walker, own_clock=own_clock)
    files = [path for path in (home / "portraits").glob("*") if path.suffix in (".jpg", ".png")]
    return _told(walker, files, f"{locale} {size}", is_full)


def _run(params, look, window, walker: Walker, *, own_clock: bool) -> None:  # type: ignore[no-untyped-def]
    """Run the booth until the walker is home: as in a hall, or every frame in turn with time as the frames tell it."""
    from booth.app.engine import Engine
    from booth.app.feed import InlineFeed, ThreadedFeed
    from booth.app.parts import EngineSetup
    from booth.capture.demo.demo_sitter import DemoSitter
    from booth.capture.frames import frames
    from booth.capture.source import open_source
    from booth.core.clock import FrameClock
    from booth.perception.frame_analyzer import FrameAnalyzer

    if not own_clock:
        feed = ThreadedFeed(params, open_source("demo", params.capture))
        Engine(params, look, EngineSetup(feed, window, stands_in=True)).run(walker)
        return
    source, clock = DemoSitter(fps=OWN_FPS), FrameClock()
    with FrameAnalyzer(params) as analyzer:
        inline = InlineFeed(frames(source, params.capture), source, clock, analyzer)
        setup = EngineSetup(inline, window, clock, stands_in=True, in_turn=True, controls_quality=False)
        engine = Engine(params, look, setup)
        engine.feed.mode = engine.perception_mode(engine.state)
        while not engine.is_over:
            engine.step()
            if walker(engine):
                break
        engine.close()


def _told(walker: Walker, files: list[Path], which: str, is_full: bool) -> int:
    names = [name for name, _ in walker.entered]
    share = next((t for name, t in walker.entered if name == "share"), None)
    whole_s = float("inf") if share is None or walker.came_s is None else share - walker.came_s - walker.spent_s(*TOUR)
    coaching_s = walker.spent_s("coach", "hold")
    tiles = walker.renewed / TILES / max(walker.wall_s, 1e-6)
    late = walker.mirror_fps[len(walker.mirror_fps) // 2 :]  # the rate is one of the last 45 pages
    mirror = sum(late) / max(1, len(late))
    print(f"{which}: {' > '.join(names)}")
    print(f"  walk-up to delivered file {whole_s:.1f} s (limit {MAX_S:.0f}), coaching {coaching_s:.1f} s", end=" ")
    print(f"(limit {MAX_COACHING_S:.0f}); wall {tiles:.1f} pictures/s a look, mirror {mirror:.1f} frames/s,", end=" ")
    print(f"{walker.taps} taps")
    for problem in sorted(walker.problems):
        print(f"  {problem}")
    is_measured = not walker.own_clock
    slow = (
        []
        if not is_measured or tiles >= MIN_TILE_FPS and mirror >= MIN_MIRROR_FPS * 0.97
        else ["slower than two free cores are"]
    )
    bad = [] if files and whole_s <= MAX_S and coaching_s <= MAX_COACHING_S else ["the walk is over its limits"]
    bad += [] if is_full else ["the window does not fill the screen"]
    for complaint in (*slow, *bad):
        print(f"  {complaint}")
    return 1 if bad or walker.problems else 0


def main() -> int:
    """Walk as told, or everywhere."""
    words = sys.argv[1:]
    own_clock = OWN_CLOCK in words
    words = [word for word in words if word != OWN_CLOCK]
    if os.environ.get("BOOTH_WALK"):
        return walk(*words, own_clock=own_clock)
    walks = [tuple(words)] if words else list(WALKS)
    more = [OWN_CLOCK] if own_clock else []
    return max(on_a_screen(size, [locale, size, *more]) for locale, size in walks)


if __name__ == "__main__":
    sys.exit(main())
