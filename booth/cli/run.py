"""`booth run`: the booth in a window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from booth.app.operator.pin import has_pin
from booth.app.operator.profile_file import ProfileFile, note_profile, profile_to_run
from booth.app.shutdown import LEAVING
from booth.cli.options import LookName, Profile, parse_size, tell
from booth.config.params import Params, load_params
from booth.config.words import locales, say, speak_as
from booth.core.clock import WallClock
from booth.core.fault_table import fault
from booth.core.faults import Fault
from booth.core.memory import limit_heap_growth
from booth.core.paths import config_folder
from booth.ui.brand import read_brand

if TYPE_CHECKING:
    from booth.app.engine import Engine
    from booth.office.people_list import Person
    from booth.ui.window import Window


def run(
    source: Annotated[str | None, typer.Option("--source", help="Camera, video, pictures, stream or demo.")] = None,
    look: LookName = None,
    profile: Profile = None,
    window: Annotated[str | None, typer.Option("--window", help="Window size such as 1280x720.")] = None,
    fullscreen: Annotated[bool, typer.Option("--fullscreen", help="Fill the screen.")] = False,
    locale: Annotated[str | None, typer.Option("--locale", help="Language of the screens, such as de.")] = None,
    insecure: Annotated[bool, typer.Option("--insecure", help="Take a stream whose certificate is not good.")] = False,
) -> int:
    """Start the booth. Without --source: the first working camera, else the demo sitter, said plainly on screen.

    Without --profile: the one the operator's page wrote, else the packaged one.
    """
    file = ProfileFile.of(profile)
    wants = CommandLineOverrides(source, look, locale)
    size = parse_size(window) if window else None
    params = load_params(profile_to_run(profile))
    if insecure:
        params = msgspec.structs.replace(params, capture=msgspec.structs.replace(params.capture, insecure=True))
    note_profile(profile)
    while run_booth(wants.over(params), wants.source, size, fullscreen=fullscreen, file=file):
        before, params = params, load_params(file.file if file.file.is_file() else profile)
        wants = wants.after(before, params)
    return 0


@dataclass(frozen=True, slots=True)
class CommandLineOverrides:
    """What the command line asks for over the profile."""

    source: str | None = None
    look: str | None = None
    locale: str | None = None

    def over(self, params: Params) -> Params:
        """Return the profile with it; a look that is asked for keeps its own light."""
        if self.look is not None:
            params = msgspec.structs.replace(
                params, kiosk=msgspec.structs.replace(params.kiosk, look=self.look, light="")
            )
        return _with(params, self.source, self.locale)

    def after(self, before: Params, now: Params) -> CommandLineOverrides:
        """Return what of it still counts once the operator has changed the profile: their choice is the newer one."""
        return CommandLineOverrides(
            self.source if before.capture.source == now.capture.source else None,
            self.look if (before.kiosk.look, before.kiosk.light) == (now.kiosk.look, now.kiosk.light) else None,
            self.locale if before.screen.locale == now.screen.locale else None,
        )


def run_booth(
    params: Params, source: str | None, size: tuple[int, int] | None, *, fullscreen: bool,
    people: tuple[Person, ...] | None = None, file: ProfileFile | None = None,
) -> bool:  # fmt: skip
    """Open the window and the camera and run the booth until it is closed; `people` make it an office run.

    The first page stands while all else is opened. The operator's settings go to `file`. Returns True where the booth
    wants to start anew with what was changed.
    """
    from booth.app.opening_page import OpeningPage
    from booth.ui.window import Window

    limit_heap_growth()
    brand, troubles = read_brand(params.screen)
    for trouble in troubles:
        typer.echo(f"The packaged brand is shown: {trouble}", err=True)
    params = msgspec.structs.replace(params, screen=brand.screen)
    if brand.marks is not None:
        params = msgspec.structs.replace(params, finish=msgspec.structs.replace(params.finish, marks=brand.marks))
    speak_as(brand.words)
    is_full = fullscreen or (params.screen.fullscreen and size is None)

    def is_locked() -> bool:
        return params.kiosk.locked and has_pin(config_folder())

    window = Window(params.screen, size, fullscreen=is_full, is_locked=is_locked, sounds=brand.sounds)
    try:
        page = OpeningPage(params, window, WallClock(), is_locked=is_locked())
        booth = page.show_while(lambda: _engine(params, source, window, people))
    except BaseException:
        window.close()
        raise
    if booth is None:  # closed before everything was there
        window.close()
        LEAVING.begin()
        return False
    booth.visit.entered_s = page.began_s
    if file is not None:
        booth.operator_page.write_to(file)
    booth.operator_page.note_brand(params.screen.brand, troubles)
    LEAVING.through(booth.leave, booth.wipe_disk)  # the system closes down, or the desktop does: wipe and go
    booth.on_close = lambda: None if booth.wants_restart else LEAVING.begin()
    booth.run()
    LEAVING.through(None)
    if booth.upkeep.fault_state.has_source_ended:
        tell(str(fault("source.ended")), "-")
    return booth.wants_restart


def _engine(params: Params, source: str | None, window: Window, people: tuple[Person, ...] | None) -> Engine:
    """Open the camera and build the engine; on a thread, so all that takes long to load is loaded here."""
    from booth.app.engine import Engine
    from booth.app.feed import ThreadedFeed
    from booth.app.look_catalog import LookCatalog
    from booth.app.parts import EngineSetup
    from booth.app.plugins import look_folders, plugged
    from booth.capture.source import open_default, open_source
    from booth.core.models import check_models
    from booth.delivery.phone.network import with_own_address

    check_models()
    params = plugged(params)
    params = msgspec.structs.replace(params, deliver=with_own_address(params.deliver))
    look = LookCatalog(params, look_folders(params)).first()
    if source is not None:
        camera, stands_in = open_source(source, params.capture), False
    else:
        camera, stands_in = open_default(params.capture)
        if stands_in:
            typer.echo(f"{say('notice.demo', params.screen.locale)}.", err=True)
    return Engine(params, look, EngineSetup(ThreadedFeed(params, camera), window, stands_in=stands_in, people=people))


def _with(params: Params, source: str | None, locale: str | None) -> Params:
    replace = msgspec.structs.replace
    if source is not None:
        params = replace(params, capture=replace(params.capture, source=source))
    if locale is not None:
        if locale not in locales():
            hint = f"Languages: {', '.join(locales())}."
            raise Fault("locale.unknown", f"The booth does not speak {locale} yet.", hint)
        params = replace(params, screen=replace(params.screen, locale=locale))  # type: ignore[arg-type]
    return params
