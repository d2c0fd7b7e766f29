"""The looks this booth offers: the packaged ones and those of further folders, less what the operator turned off."""

from __future__ import annotations

from pathlib import Path

from booth.faults import Fault
from booth.kiosk.view import Named
from booth.looks.look import Look, load_look, look_names
from booth.params import Params


class LookShelf:
    """Every look by name. Fault `look.*` where one of the further folders holds a broken one."""

    def __init__(self, params: Params, folders: tuple[Path, ...] = ()) -> None:
        names = sorted({name for folder in (None, *folders) for name in look_names(folder)})
        self._all = {name: load_look(name, folders) for name in names}
        self._folders, self._kiosk = folders, params.kiosk
        self._off = frozenset(params.kiosk.looks_off) - {params.kiosk.look}

    def first(self) -> Look:
        """Return the look a session begins with, in the light that the profile gives it."""
        look = load_look(self._kiosk.look, self._folders)
        return look.with_light(self._kiosk.light) if self._kiosk.light else look

    def find(self, name: str) -> Look:
        """Return a look that is offered; Fault `look.unknown` for any other."""
        if name in self._off:
            raise Fault("look.unknown", f"The look {name} is turned off.", "The operator's page turns it on.")
        return self._all[name] if name in self._all else load_look(name, self._folders)

    @property
    def offered(self) -> tuple[Look, ...]:
        """What guests may choose from, by name."""
        return tuple(look for name, look in self._all.items() if name not in self._off)

    @property
    def every(self) -> tuple[Named, ...]:
        """All looks there are, for the operator."""
        return tuple(Named(look.name, look.title) for look in self._all.values())
