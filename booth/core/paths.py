"""Where the booth keeps its own files on this machine. The one place that knows the folders."""

from __future__ import annotations

from pathlib import Path

PRIVATE_MODE = 0o700


def config_folder() -> Path:
    """Return the folder of keys, the operator's profile and brands; made with mode 0700 where it is missing."""
    folder = Path("~/.config/booth").expanduser()
    folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE_MODE)
    return folder


def profile_path() -> Path:
    """Return the profile that the operator's page writes; it need not exist."""
    return Path("~/.config/booth/profile.toml").expanduser()


def brands_folder() -> Path:
    """Return the folder in which brands are looked for; it need not exist."""
    return Path("~/.config/booth/brands").expanduser()


def data_folder() -> Path:
    """Return the folder of what the booth keeps: the store, counts, sessions; it need not exist."""
    return Path("~/.local/share/booth").expanduser()


def sessions_folder() -> Path:
    """Return the folder in which sessions live while they last; it need not exist."""
    return data_folder() / "sessions"
