"""The schema of a profile and its one reader: one file per package, defaults here, a profile names what differs.

Every field has its unit in its name and a range. A profile may say `extends = "office"` to start from a packaged one.
"""

from __future__ import annotations

import difflib
import hashlib
import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from booth.config.params.capture import CaptureParams
from booth.config.params.deliver import DeliverParams, ReviewParams
from booth.config.params.finish import FinishParams
from booth.config.params.guidance import GuidanceParams
from booth.config.params.health import HealthParams
from booth.config.params.hooks import HooksParams
from booth.config.params.kiosk import KioskParams, ScreenParams
from booth.config.params.matte import MatteParams
from booth.config.params.office import OfficeParams
from booth.core.assets import asset
from booth.core.faults import Fault

DEFAULT_PROFILE = "event"


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
        return params_of(path.read_text(encoding="utf-8-sig"), path)
    except UnicodeDecodeError as error:
        raise Fault("profile.broken", f"{path} is not a text file.", "Profiles are TOML in UTF-8.") from error
    except OSError as error:
        raise Fault(
            "profile.unreadable", f"The profile {path} cannot be read.", "Check the path and rights."
        ) from error


def params_of(text: str, path: Path) -> Params:
    """Read a profile's text as if it stood at `path`; Fault `profile.*` as `load_params` gives it."""
    return _convert(_merged(text, path, seen=(path.resolve(),)), text, path)


def _profile_path(profile: str | Path | None) -> Path:
    name = str(profile) if profile is not None else DEFAULT_PROFILE
    packaged = asset("profiles", f"{name}.toml")
    if re.fullmatch(r"[\w-]+", name) and packaged.is_file():
        return packaged
    path = Path(name)
    if path.is_file():
        return path
    near = difflib.get_close_matches(name, profile_names(), n=2, cutoff=0.5)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"Packaged profiles: {', '.join(profile_names())}."
    raise Fault("profile.missing", f"There is no profile {name}.", hint)


def _base_path(name: str, of: Path) -> Path:
    """Find what a profile extends: a file beside it where there is one, whatever the working folder; else as named."""
    beside = of.parent / Path(name).expanduser()
    return beside if beside.suffix == ".toml" and beside.is_file() else _profile_path(name)


def _merged(text: str, path: Path, seen: tuple[Path, ...]) -> dict[str, Any]:
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
    below = _merged(base.read_text(encoding="utf-8-sig"), base, (*seen, base.resolve()))
    return _overlay(below, table)


def _overlay(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _overlay(merged[key], value) if both else value
    return merged


def _convert(table: dict[str, Any], text: str, path: Path) -> Params:
    try:
        return msgspec.convert(table, Params)
    except (msgspec.ValidationError, ValueError) as error:
        where = _line_of(str(error), text)
        raise Fault("profile.key", f"{path}{where}: {error}.", "See docs/profile.md for every key.") from error


def _line_of(message: str, text: str) -> str:
    """Find the line of the key a validation error names; empty when it cannot be determined."""
    names = re.findall(r"[\w]+", " ".join(re.findall(r"`([^`]+)`", message)))
    for pattern in (r"\s*{}\s*=", r"\s*(\[.*\b)?{}\b"):  # a key itself says more than the section it stands in
        for name in names[::-1]:
            for number, line in enumerate(text.splitlines(), 1):
                if re.match(pattern.format(re.escape(name)), line):
                    return f", line {number}"
    return ""
