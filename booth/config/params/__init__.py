"""The schema of a profile and its one reader: one file per package, defaults here, a profile names what differs.

Every field has its unit in its name and a range. A profile may say `extends = "office"` to start from a packaged one.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from booth.config.params.capture import CaptureParams
from booth.config.params.deliver import DeliverParams, ReviewParams
from booth.config.params.finish import FinishParams
from booth.config.params.guidance import GuidanceParams
from booth.config.params.health import HealthParams
from booth.config.params.hooks import HooksParams
from booth.config.params.key_line import line_of, meant_key
from booth.config.params.kiosk import KioskParams, ScreenParams
from booth.config.params.matte import MatteParams
from booth.config.params.office import OfficeParams
from booth.core.assets import asset
from booth.core.bounded_read import read_bounded
from booth.core.faults import Fault
from booth.core.near import did_you_mean

DEFAULT_PROFILE = "event"
MAX_BYTES = 1_000_000  # of a profile: a thousand times the packaged ones


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything an operator may set; each package gets only its own part."""

    name: str = DEFAULT_PROFILE
    capture: CaptureParams = CaptureParams()
    guidance: GuidanceParams = GuidanceParams()
    matte: MatteParams = MatteParams()
    screen: ScreenParams = ScreenParams()
    kiosk: KioskParams = KioskParams()
    review: ReviewParams = ReviewParams()
    deliver: DeliverParams = DeliverParams()
    finish: FinishParams = FinishParams()
    hooks: HooksParams = HooksParams()
    plugins: tuple[str, ...] = ()  # names of installed plug-ins that may be loaded
    health: HealthParams = HealthParams()
    office: OfficeParams = OfficeParams()

    @property
    def digest(self) -> str:
        """Twelve hex digits that change with any value; goes into every log and portrait."""
        return hashlib.sha256(msgspec.json.encode(self, order="sorted")).hexdigest()[:12]


def profile_names() -> list[str]:
    """Return the names of the packaged profiles."""
    return sorted(p.stem for p in asset("profiles").glob("*.toml"))


def load_params(profile: str | Path | None = None) -> Params:
    """Read a profile by packaged name or by path; Fault `profile.*` names the key and, where known, the line."""
    path = _profile_path(profile)
    try:
        return params_of(_text(path), path)
    except UnicodeDecodeError as error:
        raise Fault("profile.broken", f"{path} is not a text file.", "Profiles are TOML in UTF-8.") from error
    except OSError as error:
        raise Fault(
            "profile.unreadable", f"The profile {path} cannot be read.", "Check the path and rights."
        ) from error


def params_of(text: str, path: Path) -> Params:
    """Read a profile's text as if it stood at `path`; Fault `profile.*` as `load_params` gives it."""
    texts = {path: text}
    return _convert(_merged(text, path, (path.resolve(),), texts), texts)


def _text(path: Path) -> str:
    return read_bounded(path, MAX_BYTES).decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def _profile_path(profile: str | Path | None) -> Path:
    name = str(profile) if profile is not None else DEFAULT_PROFILE
    packaged = asset("profiles", f"{name}.toml")
    if re.fullmatch(r"[\w-]+", name) and packaged.is_file():
        return packaged
    path = Path(name)
    if path.is_file():
        return path
    hint = did_you_mean(name, profile_names(), f"Packaged profiles: {', '.join(profile_names())}.")
    raise Fault("profile.missing", f"There is no profile {name}.", hint)


def _base_path(name: str, of: Path) -> Path:
    """Find what a profile extends: a file beside it where there is one, whatever the working folder; else as named."""
    beside = of.parent / Path(name).expanduser()
    return beside if beside.suffix == ".toml" and beside.is_file() else _profile_path(name)


def _merged(text: str, path: Path, seen: tuple[Path, ...], texts: dict[Path, str]) -> dict[str, Any]:
    """Return the table of a profile laid over what it extends; every file that was read is added to `texts`."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Fault("profile.broken", f"{path} is not valid TOML: {error}.", "Mend that line.") from error
    base_name = table.pop("extends", None)
    if base_name is None:
        return table
    base = _base_path(base_name if isinstance(base_name, str) else repr(base_name), path)
    if base.resolve() in seen:
        raise Fault("profile.loop", f"{path} extends itself.", "Take the `extends` line out.")
    texts[base] = _text(base)
    below = _merged(texts[base], base, (*seen, base.resolve()), texts)
    return _overlay(below, table)


def _overlay(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _overlay(merged[key], value) if both else value
    return merged


def _convert(table: dict[str, Any], texts: Mapping[Path, str]) -> Params:
    try:
        return msgspec.convert(table, Params)
    except (msgspec.ValidationError, ValueError) as error:
        found = line_of(str(error), texts)
        where = f"{found[0]}, line {found[1]}" if found else str(next(iter(texts)))
        raise Fault("profile.key", f"{where}: {error}.", meant_key(str(error), Params)) from error
