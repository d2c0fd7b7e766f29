"""The operator's own profile: read, changed key by key with its comments kept, and never written broken."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Item

from booth.config.params import DEFAULT_PROFILE, Params, params_of
from booth.core.assets import asset
from booth.core.faults import Fault
from booth.core.paths import profile_path

PROFILE_MODE = 0o600
_IN_USE = Path("~/.local/share/booth/profile-in-use")
BASE_KEY = "extends"
_HEAD = (
    "The operator's profile of this booth. The page behind the PIN writes here; write here by hand as well.\n"
    "Every key is in docs/profile.md. What is not named here is as the packaged profile below has it."
)


def operator_profile() -> Path:
    """Where the settings of the operator's page are kept when the booth runs on a packaged profile."""
    return profile_path()


def profile_to_run(named: str | Path | None) -> str | Path | None:
    """Return the profile a booth starts with: the named one, else the operator's own where there is one."""
    own = operator_profile()
    return own if named is None and own.is_file() else named


def note_profile(named: str | Path | None) -> None:
    """Remember which profile the booth runs on, for commands that look after what it keeps."""
    stored = "" if named is None else str(Path(named).resolve()) if Path(named).is_file() else str(named)
    with contextlib.suppress(OSError):  # then those commands need --profile
        _IN_USE.expanduser().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _IN_USE.expanduser().write_text(stored, encoding="utf-8")


def profile_in_use(named: str | Path | None) -> str | Path | None:
    """Return the profile of what the booth keeps: the named one, else that of its last run, else as `run` chooses."""
    try:
        last = _IN_USE.expanduser().read_text(encoding="utf-8") if named is None else ""
    except (OSError, UnicodeDecodeError):
        last = ""
    return last or profile_to_run(named)


class ProfileFile:
    """One profile that may be changed. A change is validated before a byte is written, and written atomically."""

    def __init__(self, file: Path, base: str | None = None) -> None:
        """`base` is the packaged profile a new file starts from."""
        self.file = file
        self._base = base

    @classmethod
    def of(cls, named: str | Path | None) -> ProfileFile:
        """Return where changes to a profile go: its own file, or the operator's where it is a packaged one."""
        path = Path(str(named)) if named is not None else None
        if path is not None and path.is_file():
            return cls(path.resolve())
        base = str(named) if named is not None else DEFAULT_PROFILE
        return cls(operator_profile(), base if asset("profiles", f"{base}.toml").is_file() else DEFAULT_PROFILE)

    def base(self) -> str:
        """Return the packaged profile that the file starts from; empty where it stands alone."""
        return str(self._document().get(BASE_KEY, ""))

    def change(self, values: Mapping[str, Any]) -> Params:
        """Set dotted keys and return the profile as it now is.

        Fault `profile.*` where it could not be read, would be wrong or cannot be written; the file is then untouched.
        """
        document = self._document()
        for key, value in values.items():
            _put(document, key.split("."), value)
        text = tomlkit.dumps(document)
        params = params_of(text, self.file)
        _write_whole(self.file, text)
        return params

    def _document(self) -> tomlkit.TOMLDocument:
        try:
            return tomlkit.parse(self.file.read_text(encoding="utf-8-sig"))
        except FileNotFoundError:
            return self._fresh()
        except (TOMLKitError, UnicodeDecodeError) as error:
            raise Fault("profile.broken", f"{self.file} is not valid TOML: {error}.", "Mend that line.") from error
        except OSError as error:
            raise Fault("profile.unreadable", f"{self.file} cannot be read.", "Check the path and rights.") from error

    def _fresh(self) -> tomlkit.TOMLDocument:
        document = tomlkit.document()
        for line in _HEAD.splitlines():
            document.add(tomlkit.comment(line))
        document.add(BASE_KEY, tomlkit.item(self._base or DEFAULT_PROFILE))
        return document


def _put(table: Any, path: list[str], value: Any) -> None:
    """Set a key below tables that are made where they are missing; a comment on its line stays."""
    for name in path[:-1]:
        if name not in table:
            table[name] = tomlkit.table()
        table = table[name]
    last = path[-1]
    made = tomlkit.item(list(value) if isinstance(value, tuple) else value)
    before = table.get(last)
    if isinstance(before, Item):
        made.trivia.indent, made.trivia.comment_ws = before.trivia.indent, before.trivia.comment_ws
        made.trivia.comment, made.trivia.trail = before.trivia.comment, before.trivia.trail
    table[last] = made


def _write_whole(path: Path, text: str) -> None:
    """Write a file atomically: a booth that loses power keeps the old profile."""
    part = None
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = path.stat().st_mode & 0o777 if path.exists() else PROFILE_MODE
        handle, part = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(part).chmod(mode)
        Path(part).replace(path)
    except OSError as error:
        if part is not None:
            with contextlib.suppress(OSError):
                Path(part).unlink()
        raise Fault("profile.unwritable", f"{path} cannot be written.", "Check its folder's rights.") from error
