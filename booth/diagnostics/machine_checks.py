"""Checks of the doctor beyond the installation: camera, speed, screen, disk, and ways out of the booth."""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import numpy as np

from booth.app.operator.camera_rows import portrait_heights
from booth.capture.frames import frame_of
from booth.capture.jpeg import Jpeg
from booth.capture.reach import ARM_M, SMALL_PX, STANDING_M
from booth.capture.source import Source, open_default
from booth.capture.webcam import Webcam, listing
from booth.config.params import Params
from booth.core.clock import WallClock, stopwatch_ms
from booth.core.fault_table import fault
from booth.core.faults import Fault
from booth.core.paths import config_folder, data_folder
from booth.core.types import FrameAnalysis
from booth.delivery.phone.network import with_own_address
from booth.delivery.portrait_folder import LOW_BYTES, RESERVE_BYTES
from booth.diagnostics.display_check import keyboard_result, screen_result
from booth.diagnostics.doctor import CheckResult, Level, of_fault
from booth.session.runtime_facts import free_bytes

SLOW_CAMERA_SHARE = 0.75  # of the rate asked for; below it auto-exposure usually waits for light
RATE_SAMPLE_FRAMES = 45
SETTLE_FRAMES = 15  # a camera's exposure swings when it is opened
DARK_LEVEL, BRIGHT_LEVEL = 0.02, 0.6  # mean linear light of a picture that will do
BURNT_FRAC = 0.05  # of a face's skin
BLURRED = 0.06  # 95th percentile gradient over contrast; a face in focus has more than .12
LENS_FAR = 0.25  # of the screen's height: from farther off the eyes look past the lens
BUDGET_MS = 33.3
TIMED_FRAMES, WARM_FRAMES = 20, 6
ANSWER_S = 5.0


def _camera(params: Params) -> Iterator[CheckResult]:
    try:
        source, stands_in = open_default(params.capture)
    except Fault as trouble:
        yield of_fault("camera", "fail", trouble)
        return
    try:
        if stands_in:
            yield CheckResult("camera", "warn", f"none works. Cameras here: {listing()}.",
                          "Without one the demo sitter stands in.", "camera.missing")  # fmt: skip
            return
        if isinstance(source, Webcam) and params.capture.width_px == 0:
            source = yield from _modes(source, params)
        yield from _pictures(source, params)
    finally:
        source.close()


def _modes(camera: Webcam, params: Params) -> Generator[CheckResult, None, Webcam]:
    """Try every mode anew and remember the best; returns the camera opened in it."""
    known = camera.try_modes(every=True)
    hint = "Plug it into a faster port of its own, or add light: a dim room halves a camera's rate."
    if known is None:
        yield CheckResult("camera modes", "warn", f"{camera.name} gives no picture in any of them", hint)
    else:
        taken = f"{known}; taken: {known.best}"
        yield CheckResult("camera modes", "pass" if known.best.holds else "warn", taken, hint)
    camera.close()
    return Webcam(camera.index, params.capture)


def _pictures(source: Source, params: Params) -> Iterator[CheckResult]:
    for _ in range(SETTLE_FRAMES):
        source.read()
    clock, picture = WallClock(), None
    start_s = clock.now_s()
    for _ in range(RATE_SAMPLE_FRAMES):
        got = source.read()
        picture = got[0] if got is not None else picture
    rate = RATE_SAMPLE_FRAMES / max(1e-6, clock.now_s() - start_s)
    slow = source.is_live and rate < SLOW_CAMERA_SHARE * params.capture.fps
    found = f"{source.name}, {source.size[0]}x{source.size[1]}, {rate:.0f} frames a second in this light"
    hint = "Add light: a dim room halves a camera's rate."
    yield CheckResult("camera", "warn" if slow else "pass", found, hint, "camera.slow" if slow else "")
    yield _portrait(source, params)
    if picture is not None:
        yield from _light_and_focus(picture, params)
    locks = "not a camera with one" if not hasattr(source, "lock_exposure") else "may be locked"
    yield CheckResult("exposure lock", "pass", locks if params.capture.lock_exposure else "off in the profile")


def _portrait(source: Source, params: Params) -> CheckResult:
    """Report how large portraits will be, before upscaling, with the angle of view the profile says."""
    at_arm, standing = portrait_heights(source.size, params)
    found = f"{at_arm} px high at arm's length ({ARM_M:g} m), {standing} px at {STANDING_M:g} m"
    hint = "Stand nearer, take a camera with more pixels, or set capture.lens_deg to its angle of view."
    return CheckResult("portrait size", "warn" if standing < SMALL_PX else "pass", found, hint)


def _light_and_focus(picture: np.ndarray | Jpeg, params: Params) -> Iterator[CheckResult]:
    """Judge one picture: on the face where one is in view, else as a whole."""
    from contextlib import closing

    from booth.perception.frame_analyzer import FrameAnalyzer

    with closing(FrameAnalyzer(params, video=False)) as analyzer:
        analysis = analyzer.analyze(frame_of(picture, 0, 0.0, params.capture))
    yield _exposure(analysis)
    sharp = analysis.focus.eyes
    if sharp is None:
        yield CheckResult("focus", "pass", "nobody in view to judge it by: stand before the lens and run again")
    else:
        level: Level = "warn" if sharp < BLURRED else "pass"
        hint = "Clean the lens, add light, or set the camera's focus."
        yield CheckResult("focus", level, f"{sharp:.2f} on the eyes", hint)


def _exposure(analysis: FrameAnalysis) -> CheckResult:
    light = analysis.light
    hint = "Turn the light on the face down, or the camera's exposure."
    if light.clipped_frac is not None:
        burnt = light.clipped_frac > BURNT_FRAC
        return CheckResult(
            "exposure", "warn" if burnt else "pass", f"{light.clipped_frac:.0%} of the face is burnt out", hint
        )
    level = float(np.mean((analysis.frame.small[::8, ::8] / 255.0) ** 2.2))
    if level < DARK_LEVEL:
        return CheckResult("exposure", "warn", f"the picture is dark ({level:.3f})", "Add light.")
    return CheckResult(
        "exposure", "warn" if level > BRIGHT_LEVEL else "pass", f"mean light {level:.2f}, nobody in view", hint
    )


def _lens(params: Params) -> Iterator[CheckResult]:
    x, y = params.screen.lens_x, params.screen.lens_y
    inside = 0 < x < 1 and 0 < y < 1
    off = max(abs(x - 0.5) - 0.5, -y, y - 1, 0.0)
    found = f"{x:.0%} from the screen's left, {y:.0%} from its top, of a screen {params.screen.width_mm:.0f} mm wide"
    hint = "Measure where the lens is and set screen.lens_x, screen.lens_y and screen.width_mm."
    yield CheckResult("lens position", "warn" if inside or off > LENS_FAR else "pass", found, hint)


def _stages(params: Params) -> Iterator[CheckResult]:
    """Time what a frame needs on the demo sitter: two threads share it, so each may take a frame's time."""
    from contextlib import closing

    from booth.capture.demo.demo_sitter import DemoSitter
    from booth.looks.look import load_look
    from booth.looks.preview import PreviewRenderer
    from booth.perception.frame_analyzer import FrameAnalyzer

    sitter, mirror, clock = DemoSitter(), PreviewRenderer(load_look(params.kiosk.look)), WallClock()
    took: dict[str, list[float]] = {"perceive": [], "look": []}
    with closing(FrameAnalyzer(params)) as analyzer:
        for n in range(WARM_FRAMES + TIMED_FRAMES):
            frame = frame_of(sitter.frame(300 + n), n, n / 30, params.capture)
            start_s = clock.now_s()
            analysis = analyzer.analyze(frame)
            took["perceive"].append(stopwatch_ms(start_s))
            start_s = clock.now_s()
            mirror.show(analysis)
            took["look"].append(stopwatch_ms(start_s))
    for name, ms in took.items():
        p50 = statistics.median(ms[WARM_FRAMES:])
        level: Level = "pass" if p50 < BUDGET_MS else "warn"
        hint = "Close other programs; the mirror lowers its effects by itself before it drops frames."
        yield CheckResult(f"stage {name}", level, f"{p50:.1f} ms of {BUDGET_MS:.0f} ms", hint)


def _screen(params: Params) -> Iterator[CheckResult]:
    yield screen_result(os.environ)
    yield keyboard_result(params, config_folder())


def _fonts(params: Params) -> Iterator[CheckResult]:
    import pygame

    from booth.config.words import locales, sentences
    from booth.draw.typeface import close_fonts, has_glyphs

    pygame.font.init()
    try:
        lacking = [x for x in locales() if not all(has_glyphs(text, x) for text in sentences(x).values())]
    finally:
        close_fonts()
    found = f"letters are missing in {', '.join(lacking)}" if lacking else f"all letters of {len(locales())} languages"
    yield CheckResult("fonts", "fail" if lacking else "pass", found, "Install the program again.")


def _disk(params: Params) -> Iterator[CheckResult]:
    folder = Path(params.deliver.folder).expanduser()
    free = free_bytes(folder)
    code = "" if free >= LOW_BYTES else "disk.low" if free >= RESERVE_BYTES else "deliver.disk"
    level: Level = "pass" if not code else "warn" if code == "disk.low" else "fail"
    yield CheckResult("disk", level, f"{free / 1e9:.1f} GB free", "Make room.", code)
    for check, place in (("folder", folder), ("store", data_folder() / "store")):
        stands = next(p for p in (place, *place.parents) if p.exists())
        fine = stands.is_dir() and os.access(stands, os.W_OK)
        wrong = "deliver.folder" if check == "folder" else "store.folder"
        yield CheckResult(check, "pass" if fine else "fail", str(place), "Choose a folder you may write to.",
                      "" if fine else wrong)  # fmt: skip


def _store(params: Params) -> Iterator[CheckResult]:
    from booth.delivery.store.key_check import check_key
    from booth.delivery.store.store_key import KeyMissing, key_path

    try:
        kind = check_key(params.deliver.store, data_folder() / "store")
    except KeyMissing:
        yield CheckResult("store key", "pass", "none yet; the first start makes it")
        return
    except Fault as trouble:
        yield of_fault("store key", "fail", trouble)
        return
    wanted = params.deliver.store.key
    if kind not in (wanted, "file") and wanted == "file":
        yield CheckResult("store key", "pass", f"there (by {kind}, which is safer than the file the profile asks for)")
    elif kind != wanted:
        yield CheckResult(
            "store key", "warn", f"kept by {kind}, the profile asks for {wanted}", "The next start moves it."
        )
    elif os.name == "posix" and key_path(params.deliver.store).stat().st_mode & 0o077:
        yield CheckResult("store key", "warn", "other accounts may read it", "Set its mode to 0600.")
    else:
        yield CheckResult("store key", "pass", f"there ({kind})")


def _kept(params: Params) -> Iterator[CheckResult]:
    from booth.diagnostics.store_checks import store_findings

    yield from store_findings(params.deliver, data_folder() / "store")


def _signing(params: Params) -> Iterator[CheckResult]:
    from booth.core.clock import utc_now
    from booth.core.paths import config_folder
    from booth.still.credentials import booth_identity, known_root
    from booth.still.trial import signed_trial
    from booth.still.verify import RecordVerdict

    if not params.finish.encode.sign:
        yield CheckResult("signing", "pass", "off in the profile")
        return
    try:
        folder = config_folder()
        verdict = signed_trial(booth_identity(folder, utc_now()), known_root(folder))
    except (Fault, OSError) as trouble:
        yield CheckResult("signing", "warn", f"portraits are kept unsigned: {trouble}", "Mend it, or turn signing off.")
        return
    is_well = verdict is RecordVerdict.INTACT
    yield CheckResult("signing", "pass" if is_well else "warn", "there" if is_well else f"a trial was {verdict.value}",
                  "Remove the signing files in ~/.config/booth to have new ones made.")  # fmt: skip


def _printer(params: Params) -> Iterator[CheckResult]:
    name = params.deliver.print.printer
    if not name:
        yield CheckResult("printer", "pass", "off in the profile")
        return
    program = shutil.which("lpstat")
    if program is None:
        yield CheckResult("printer", "warn", "CUPS is not installed", "Install cups-client.", "printer.missing")
        return
    try:
        said = subprocess.run([program, "-p", name], capture_output=True, text=True, timeout=ANSWER_S, check=False)
        is_there = said.returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        is_there = False
    yield (
        CheckResult("printer", "pass", name)
        if is_there
        else of_fault("printer", "warn", fault("printer.missing", name=name))
    )


def _mail(params: Params) -> Iterator[CheckResult]:
    """Log in to the mail server and leave again; nothing is sent."""
    mail = params.deliver.mail
    if not mail.is_on:
        yield CheckResult("mail", "pass", "off in the profile")
        return
    import smtplib

    from booth.delivery.mail import connect_to

    place = f"{mail.server}:{mail.port}"
    try:
        wire = connect_to(mail)
        wire.quit()
    except smtplib.SMTPAuthenticationError:
        yield CheckResult(
            "mail", "fail", f"{place} refuses the login", "Check deliver.mail.user and the password's file."
        )
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        hint = "Check deliver.mail: server, port, security and the password's file."
        yield CheckResult("mail", "warn", f"{place} does not answer as it should ({type(error).__name__})", hint)
    else:
        yield CheckResult("mail", "pass", f"{place} takes the login; nothing was sent")


def _sharing(params: Params) -> Iterator[CheckResult]:
    address = with_own_address(params.deliver).page.address
    if not address:
        yield CheckResult("sharing address", "pass", "off in the profile")
        return
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as listener:
            listener.bind((address, 0))
    except OSError:
        yield of_fault("sharing address", "warn", fault("network.missing", address=address))
        return
    yield CheckResult("sharing address", "pass", f"http://{address}:{params.deliver.page.port} can be listened on")


def _sound(params: Params) -> Iterator[CheckResult]:
    from booth.ui.speech import command_for

    if params.screen.sound:
        yield (
            CheckResult("sound", "pass", "a device is there")
            if _has_sound()
            else of_fault("sound", "warn", fault("sound.missing"))
        )
    else:
        yield CheckResult("sound", "pass", "off in the profile")
    if params.screen.spoken and command_for("", params.screen.locale) is None:
        yield of_fault("speech", "warn", fault("speech.missing"))
    else:
        yield CheckResult("speech", "pass", "there" if params.screen.spoken else "off in the profile")


def _has_sound() -> bool:
    import pygame

    try:
        pygame.mixer.init()
    except pygame.error:
        return False
    pygame.mixer.quit()
    return True


def _brand(params: Params) -> Iterator[CheckResult]:
    from booth.ui.brand import read_brand

    brand, troubles = read_brand(params.screen)
    for trouble in troubles:
        yield of_fault("brand", "fail", trouble)
    if not troubles:
        found = params.screen.brand or params.screen.logo or "no logo"
        yield CheckResult("brand", "pass", f"{found}, accent {brand.screen.accent}")


CHECKS: tuple[Callable[[Params], Iterator[CheckResult]], ...] = (
    _camera, _lens, _stages, _screen, _fonts, _disk, _store, _kept, _signing, _printer, _mail, _sharing, _sound, _brand,
)  # fmt: skip
