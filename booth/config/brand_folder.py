"""Where a brand lies, and what it lays on portraits: read without anything of the screen, for stills too."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import msgspec

from booth.config.params import Params
from booth.config.params.marks import MarkParams
from booth.core.faults import Fault
from booth.core.near import near
from booth.core.paths import brands_folder

PICTURES = (".png", ".jpg", ".jpeg", ".webp")
OVERLAYS = "overlays"


def brand_folder(named: str) -> Path:
    """Return the folder of `screen.brand`: a path, else a name in the booth's folder of brands.

    Fault `brand.missing` says what to write where there is none.
    """
    path = Path(named).expanduser()
    if path.is_dir():
        return path
    own = brands_folder()
    if (own / named).is_dir():
        return own / named
    there = sorted(entry.name for entry in own.glob("*") if entry.is_dir())
    meant = near(named, there, n=1)
    if meant:
        hint = f'Write brand = "{meant[0]}".'
    elif there:
        hint = f'Write brand = "{there[0]}" (there are: {", ".join(there)}), or the path of a folder.'
    else:
        hint = f'Make the folder {own / Path(named).name} and write brand = "{Path(named).name}", or a folder\'s path.'
    raise Fault("brand.missing", f"There is no brand {named}.", hint)


def picture_in(folder: Path, name: str) -> Path | None:
    """Return the picture of that name in a folder, whatever its format; None where there is none."""
    return next((path for ending in PICTURES if (path := folder / f"{name}{ending}").is_file()), None)


def marks_in(folder: Path, table: dict[str, Any] | None, base: MarkParams) -> MarkParams:
    """Return what a brand lays on portraits: its table `portrait` over `base`, its frames in `overlays`.

    `table` None: the brand lays no logo on portraits. Fault `brand.portrait` for a wrong key or a logo that is missing.
    """
    overlays = folder / OVERLAYS
    marks = base if not overlays.is_dir() else msgspec.structs.replace(base, overlays=str(overlays))
    if table is None:
        return marks
    try:
        wanted = msgspec.convert({**msgspec.to_builtins(marks), **table}, MarkParams)
    except msgspec.ValidationError as error:
        hint = "It may set logo, place, size_frac, opacity and crops."
        raise Fault("brand.portrait", f"{folder / 'brand.toml'}, [portrait]: {error}.", hint) from error
    named = table.get("logo")
    logo = folder / str(named) if named else picture_in(folder, "portrait-logo") or picture_in(folder, "logo")
    if logo is None or not logo.is_file():
        hint = "Put logo.png or portrait-logo.png into the brand's folder."
        raise Fault("brand.portrait", f"The logo for portraits is not in {folder}.", hint)
    return msgspec.structs.replace(wanted, logo=str(logo))


def with_brand_marks(params: Params) -> Params:
    """Return the profile with what its brand lays on portraits; for commands that show no screen. Fault `brand.*`."""
    if not params.screen.brand:
        return params
    folder = brand_folder(params.screen.brand)
    try:
        text = (folder / "brand.toml").read_text(encoding="utf-8-sig") if (folder / "brand.toml").is_file() else ""
        table = tomllib.loads(text).get("portrait")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Fault("brand.file", f"{folder / 'brand.toml'} cannot be read: {error}.", "It must be TOML.") from error
    replace = msgspec.structs.replace
    return replace(params, finish=replace(params.finish, marks=marks_in(folder, table, params.finish.marks)))
