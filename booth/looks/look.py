"""A look: a name, a line of purpose, and what happens to the picture. Read from TOML files; can extend another."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from booth.core.assets import asset
from booth.core.faults import Fault
from booth.core.near import did_you_mean
from booth.core.types import Face
from booth.looks.backdrop.backdrop_spec import Backdrop, PlaceBackdrop, Untouched
from booth.looks.grade import Grade
from booth.looks.light.light_spec import OF_PLACE, Lamp, filled, named_light
from booth.looks.migrated import backdrop_today, look_today
from booth.looks.places.own_places import own_places, table_of
from booth.looks.places.place_file import OWN_SUFFIXES, read_light
from booth.looks.places.place_light import lamps_of

DEFAULT_LOOK = "your-room"  # the one look in which no cut-out can go wrong: nobody looks worse than before in it
STUDIO_LOOK = "studio-grey"  # the plainest with a replaced backdrop and a key and fill light: what a bench times


class LightChoice(Struct, frozen=True, forbid_unknown_fields=True):
    """The light of a look: one of the named ones, or lamps of its own."""

    name: str = "natural"
    side: Literal["auto", "left", "right"] = "auto"  # the sitter's own left or right
    strength: Annotated[float, Meta(ge=0, le=1)] = 0.8
    lamps: tuple[Lamp, ...] = ()
    fill_stops: Annotated[float, Meta(ge=0, le=8)] | None = None  # the fill so far under the key

    def lamps_for(self, face: Face | None) -> tuple[Lamp, ...]:
        """Return the lamps that stand for this face; none under `natural`."""
        lamps = self.lamps or (() if self.name == OF_PLACE else named_light(self.name, side=self.side, face=face))
        return filled(lamps, self.fill_stops)


class TargetChoice(Struct, frozen=True, forbid_unknown_fields=True):
    """The pose and expression a look asks for."""

    yaw_deg: Annotated[float, Meta(ge=-35, le=35)] = 0.0
    pitch_deg: Annotated[float, Meta(ge=-15, le=15)] = 0.0
    expression: Literal["warm", "neutral", "serious", "any"] = "any"


class Look(Struct, frozen=True, forbid_unknown_fields=True):
    """One finished look."""

    name: str
    title: str
    purpose: str
    backdrop: Backdrop = Untouched()
    light: LightChoice = LightChoice()
    grade: Grade = Grade()
    target: TargetChoice = TargetChoice()
    crop: str = "headshot"
    pose: str = ""  # of the body, a file of assets/poses; empty: none is asked for
    wrap: Annotated[float, Meta(ge=0, le=1)] = 0.25  # how much of the backdrop's light reaches round the edge
    group: str = "studio"

    @property
    def has_place(self) -> bool:
        """True where a place stands behind the sitter, whose own light can be had."""
        return isinstance(self.backdrop, PlaceBackdrop)

    def with_light(self, name: str, side: str = "auto", strength: float | None = None) -> Look:
        """Return this look under another named light, or its place's own; Fault `light.unknown` names near ones."""
        if name == OF_PLACE:
            choice = LightChoice(OF_PLACE, strength=self.light.strength if strength is None else strength)
            return placed(msgspec.structs.replace(self, light=choice))
        named_light(name)
        choice = LightChoice(name=name, side=side, strength=self.light.strength if strength is None else strength)  # type: ignore[arg-type]
        return msgspec.structs.replace(self, light=choice)


def look_names(folder: Path | None = None) -> list[str]:
    """Return the names of the looks in a folder, the packaged ones by default; an operator's pictures are places."""
    folder = folder or asset("looks")
    return sorted({p.stem for p in folder.glob("*.toml") if not p.stem.startswith("_")} | set(own_places(folder)))


@lru_cache(maxsize=64)
def _read(path: Path, stamp_ns: int) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Fault("look.broken", f"The look {path.name} is not valid TOML: {error}.", "Mend that line.") from error


def _find(name: str, folders: tuple[Path, ...]) -> Path:
    for folder in folders:
        path = folder / f"{name}.toml"
        if path.is_file():
            return path
        if name in (pictures := own_places(folder)):
            return pictures[name]
    if (now := look_today(name)) is not None:
        return _find(now, folders)
    known = sorted({n for folder in folders for n in look_names(folder)})
    hint = did_you_mean(name, known, "`booth looks` lists them.")
    raise Fault("look.unknown", f"There is no look called {name}.", hint)


def find_look(name: str) -> Path:
    """Return the file of a packaged look, or of one named by its path; Fault `look.unknown`."""
    path = Path(name)
    return path if path.suffix == ".toml" and path.is_file() else _find(name, (asset("looks"),))


def _table(name: str, folders: tuple[Path, ...], seen: tuple[str, ...]) -> dict[str, Any]:
    if name in seen:
        raise Fault("look.loop", f"The look {name} extends itself ({' -> '.join((*seen, name))}).", "Break the circle.")
    path = _find(name, folders)
    if path.suffix != ".toml":
        return table_of(path)
    table = _at_home(dict(_read(path, path.stat().st_mtime_ns)), path.parent)
    if "backdrop" in table:
        table["backdrop"] = backdrop_today(table["backdrop"], name)
    base = table.pop("extends", None)
    if base is None:
        return table
    below = _table(str(base), folders, (*seen, name))
    return {**below, **{k: _joined(below.get(k), v) for k, v in table.items()}}


def _at_home(table: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Let a picture that lies beside its look be found from anywhere, so that folders of looks can be carried about."""
    backdrop = table.get("backdrop")
    if not isinstance(backdrop, dict):
        return table
    here = {key: str(folder / backdrop[key]) for key in ("path", "place") if isinstance(backdrop.get(key), str)}
    found = {key: path for key, path in here.items() if Path(path).exists()}
    return {**table, "backdrop": {**backdrop, **found}} if found else table


def _joined(below: Any, above: Any) -> Any:
    """Lay one table of a look over its base's; another kind of backdrop replaces it whole."""
    if not (isinstance(below, dict) and isinstance(above, dict)) or above.get("kind", below.get("kind")) != below.get(
        "kind"
    ):
        return above
    return {**below, **above}


def load_look(name: str, extra_folders: tuple[Path, ...] = ()) -> Look:
    """Read a look by name from further folders or the packaged ones; Fault `look.*` for what is wrong with it."""
    folders = (*extra_folders, asset("looks"))
    path = Path(name)
    if path.suffix.lower() in (".toml", *OWN_SUFFIXES) and path.is_file():
        folders, name = (path.parent, *folders), path.stem
    table = _table(name, folders, ())
    try:
        look = msgspec.convert({**table, "name": name}, Look)
    except (msgspec.ValidationError, ValueError) as error:
        raise Fault("look.key", f"The look {name}: {error}.", "docs/looks.md lists every key.") from error
    if look.light.name == OF_PLACE:
        return placed(look)
    named_light(look.light.name)
    if look.pose:
        from booth.looks.pose_library import find_pose

        find_pose(look.pose)
    return look


def placed(look: Look) -> Look:
    """Return a look of the light `place` with the lamps of its own place; Fault `look.key`."""
    backdrop = look.backdrop
    if not isinstance(backdrop, PlaceBackdrop):
        hint = 'Choose another light, or a backdrop of kind = "place".'
        raise Fault("look.key", f"The look {look.name} asks for the light of a place and has none.", hint)
    cells, gentle = read_light(backdrop.place)
    lamps = lamps_of(cells, backdrop.az_deg, backdrop.white, gentle)
    return msgspec.structs.replace(look, light=msgspec.structs.replace(look.light, lamps=lamps))
