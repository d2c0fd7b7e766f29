"""Pictures dropped into a folder of looks: each is a look of its own, as long as no TOML file there names it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from booth.looks.places.place_file import OWN_SUFFIXES

STRENGTH = 0.5  # of its light: a look's default


def own_places(folder: Path) -> dict[str, Path]:
    """Return the panoramas and photographs of a folder by the name of the look that each is.

    A picture that any look of the folder speaks of, as its backdrop or logo, is that look's and none by itself.
    """
    found = [
        p for p in sorted(folder.glob("*")) if p.suffix.lower() in OWN_SUFFIXES and not p.name.startswith(("_", "."))
    ]
    if not found:
        return {}
    texts = [p.read_text(encoding="utf-8-sig", errors="replace") for p in folder.glob("*.toml")]
    return {p.stem: p for p in found if p.is_file() and not any(p.name in text for text in texts)}


def table_of(picture: Path) -> dict[str, Any]:
    """Return the look that a picture is by itself, as its TOML file would say it."""
    return {
        "title": picture.stem.replace("-", " ").replace("_", " ").strip().capitalize() or picture.stem,
        "purpose": "Your own place.",
        "group": "own",
        "wrap": 0.35,
        "backdrop": {"kind": "place", "place": str(picture)},
        "light": {"name": "place", "strength": STRENGTH},
    }
