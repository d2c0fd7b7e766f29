"""Plug-ins: installed packages that offer looks, sources, matting, shares or hooks by entry points.

Only what the profile names in `plugins` is loaded; everything else that may be installed is left alone.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from booth.config.brand_folder import brand_folder
from booth.config.params import Params
from booth.core.faults import Fault

if TYPE_CHECKING:
    from booth.app.hooks import Act  # loads a web client

GROUPS = ("booth.looks", "booth.sources", "booth.matting", "booth.shares", "booth.hooks")


def installed(group: str) -> dict[str, EntryPoint]:
    """Return what is installed in a group, by name."""
    return {point.name: point for point in entry_points(group=group)}


def plugged(params: Params) -> Params:
    """Return the profile with the matting and the share of its plug-ins in their places.

    Fault `plugin.missing` for a name that nothing installed has in any group.
    """
    if not params.plugins:
        return params  # the list of what is installed takes a tenth of a second to read
    known = {name for group in GROUPS for name in installed(group)}
    for name in params.plugins:
        if name not in known:
            hint = f"Installed: {', '.join(sorted(known)) or 'none'}."
            raise Fault("plugin.missing", f"There is no plug-in {name}.", hint)
    replace = msgspec.structs.replace
    matting, share = _named("booth.matting", params), _named("booth.shares", params)
    if matting and not params.matte.plugin:
        params = replace(params, matte=replace(params.matte, plugin=matting[0].value))
    if share and not params.deliver.hook.plugin:
        hook = replace(params.deliver.hook, plugin=share[0].value)
        params = replace(params, deliver=replace(params.deliver, hook=hook))
    return params


def look_folders(params: Params) -> tuple[Path, ...]:
    """Return the folders of looks of the profile's plug-ins and brand, the brand's first."""
    own: tuple[Path, ...] = ()
    with contextlib.suppress(Fault):  # a brand that is not there is told where its screen is read
        brand = brand_folder(params.screen.brand) / "looks" if params.screen.brand else None
        own = (brand,) if brand is not None and brand.is_dir() else ()
    return own + tuple(_folder(point) for point in _named("booth.looks", params))


def hook_acts(params: Params) -> dict[str, Act]:
    """Return what the profile's plug-ins do on changes of the page, by name."""
    return {point.name: _callable(point) for point in _named("booth.hooks", params)}


def _named(group: str, params: Params) -> list[EntryPoint]:
    found = installed(group) if params.plugins else {}
    return [found[name] for name in params.plugins if name in found]


def _loaded(point: EntryPoint) -> Any:
    try:
        return point.load()
    except Exception as error:  # third-party code may fail in any way
        says = f"The plug-in {point.name} cannot be loaded: {error}."
        raise Fault("plugin.broken", says, "Install it again, or take it out of `plugins`.") from error


def _callable(point: EntryPoint) -> Callable[..., Any]:
    made = _loaded(point)
    if not callable(made):
        raise Fault("plugin.broken", f"The plug-in {point.name} is nothing to call.", "See docs/plugins.md.")
    return made  # type: ignore[no-any-return]


def _folder(point: EntryPoint) -> Path:
    made = _loaded(point)
    folder = Path(made() if callable(made) else made)
    if not folder.is_dir():
        raise Fault("plugin.broken", f"The plug-in {point.name} has no folder of looks.", "See docs/plugins.md.")
    return folder
