"""The looks this booth offers: the packaged ones and those of further folders, less what the operator turned off."""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec

from booth.config.params import Params
from booth.core.faults import Fault
from booth.looks.backdrop.backdrop_spec import BrandBackdrop, Picture, PlaceBackdrop
from booth.looks.backdrop.paint import paint
from booth.looks.look import Look, load_look, look_names
from booth.session.view import Named

log = logging.getLogger(__name__)

TRIED_PX = (64, 36)  # a backdrop is tried at this size: what is asked is only whether its pictures can be read


class LookCatalog:
    """Every look by name. Fault `look.*` where one of the further folders holds a broken one.

    A look whose own picture is gone or broken is left off with a word in the log, so that no guest can meet it.
    """

    def __init__(self, params: Params, folders: tuple[Path, ...] = ()) -> None:
        names = sorted({name for folder in (None, *folders) for name in look_names(folder)})
        self._is_at_rest = params.screen.reduced_motion
        looks = (self._readable(name, folders) for name in names)
        offered = (look for look in looks if look is not None)
        self._all = {look.name: look for look in offered if look.name == params.kiosk.look or _can_hang(look)}
        self._folders, self._kiosk = folders, params.kiosk
        self._off = frozenset(params.kiosk.looks_off) - {params.kiosk.look}

    def _read(self, name: str, folders: tuple[Path, ...]) -> Look:
        """Return a look; its place stands still where nothing may move by itself."""
        look = load_look(name, folders)
        if not self._is_at_rest or not isinstance(look.backdrop, PlaceBackdrop):
            return look
        return msgspec.structs.replace(look, backdrop=msgspec.structs.replace(look.backdrop, parallax=0.0))

    def _readable(self, name: str, folders: tuple[Path, ...]) -> Look | None:
        """Return a look; None, with a word in the log, for a place whose own picture cannot be used."""
        try:
            return self._read(name, folders)
        except Fault as fault:
            if not fault.code.startswith(("place.", "picture.")):
                raise
            log.warning("the look %s is left off: %s %s", name, fault.message, fault.hint)
            return None

    def first(self) -> Look:
        """Return the look a session begins with, in the light that the profile gives it."""
        look = self._read(self._kiosk.look, self._folders)
        return look.with_light(self._kiosk.light) if self._kiosk.light else look

    def find(self, name: str) -> Look:
        """Return a look that is offered; Fault `look.unknown` for any other."""
        if name in self._off:
            raise Fault("look.unknown", f"The look {name} is turned off.", "The operator's page turns it on.")
        return self._all[name] if name in self._all else self._read(name, self._folders)

    @property
    def offered(self) -> tuple[Look, ...]:
        """What guests may choose from, by name."""
        return tuple(look for name, look in self._all.items() if name not in self._off)

    @property
    def every(self) -> tuple[Named, ...]:
        """All looks there are, for the operator."""
        return tuple(Named(look.name, look.title) for look in self._all.values())


def _can_hang(look: Look) -> bool:
    """Return whether a look's own pictures can be read."""
    backdrop = look.backdrop
    has_file = (
        isinstance(backdrop, Picture)
        or (isinstance(backdrop, BrandBackdrop) and backdrop.logo is not None)
        or (isinstance(backdrop, PlaceBackdrop) and Path(backdrop.place).suffix != "")  # a packaged one has none
    )
    if not has_file:
        return True  # painted from nothing, so there is nothing to miss
    try:
        paint(look.backdrop, TRIED_PX, seed=0, quality="mirror")
    except Fault as fault:
        log.warning("the look %s is left off: %s", look.name, fault.message)
        return False
    return True
