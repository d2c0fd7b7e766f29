"""What the operator may set with a finger: each setting's key in the profile and the values it steps through."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from booth.config.params import Params, profile_names
from booth.config.words import locales, sentences
from booth.core.paths import brands_folder
from booth.looks.light.light_spec import LIGHTS
from booth.session.view import Named, OperatorSetting

INCHES = (7, 10.1, 13.3, 14, 15.6, 17.3, 19, 21.5, 24, 27, 32, 43, 50, 55, 65, 75, 86)
MM_PER_INCH = 25.4
LENS_PLACES: tuple[tuple[str, float, float], ...] = (
    ("top", 0.5, -0.02), ("left", -0.02, 0.5), ("right", 1.02, 0.5), ("bottom", 0.5, 1.02), ("behind", 0.5, 0.35),
)  # fmt: skip
"""Where a lens usually sits, as the sitter sees it: name, share of the screen's width and of its height."""
RETAKES = (0, 1, 2, 3, 5, 10)
OWN_LIGHT = "staff.value.own_light"


@dataclass(frozen=True, slots=True)
class SettingsScope:
    """What a setting is read from besides the profile itself."""

    params: Params
    base: str = ""  # the packaged profile that the operator's file starts from
    looks: tuple[Named, ...] = ()
    size_px: tuple[int, int] = (1280, 720)  # of the screen
    brands: tuple[str, ...] = ()  # folders of brands
    printers: tuple[str, ...] = ()  # queues that CUPS knows
    addresses: tuple[str, ...] = ()  # of this machine, in private networks


Values = dict[str, Any]  # dotted profile keys and what they become


@dataclass(frozen=True, slots=True)
class Step:
    """One value of a setting: words for the page, and what it writes."""

    title: str  # words key, or text where there is none
    values: Values


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the page: `steps` gives all its values and `now` which of them stands."""

    name: str
    steps: Callable[[SettingsScope], tuple[Step, ...]]
    now: Callable[[SettingsScope, tuple[Step, ...]], int]

    def row(self, place: SettingsScope) -> OperatorSetting:
        """Return what the page shows of it."""
        steps = self.steps(place)
        at = self.now(place, steps)
        return OperatorSetting(self.name, steps[at].title if 0 <= at < len(steps) else "", len(steps))

    def stepped(self, place: SettingsScope, by: int) -> Values:
        """Return what to write for the next value, round and round."""
        steps = self.steps(place)
        return steps[(self.now(place, steps) + by) % len(steps)].values


def value_at(params: Params, key: str) -> Any:
    """Return the value of a dotted key."""
    found: Any = params
    for name in key.split("."):
        found = getattr(found, name)
    return found


def _stands(place: SettingsScope, steps: tuple[Step, ...]) -> int:
    """Which step is what the profile says; the first where it is none of them."""
    for i, step in enumerate(steps):
        if all(value_at(place.params, key) == value for key, value in step.values.items()):
            return i
    return 0


def _turns() -> tuple[tuple[Any, str], ...]:
    return tuple((degrees, f"{degrees}°") for degrees in (0, 90, 180, 270))


def choice(name: str, key: str, steps: Callable[[SettingsScope], tuple[tuple[Any, str], ...]]) -> Setting:
    """Return a setting of one profile key; `steps` gives (value, title) of each of its values."""

    def all_steps(place: SettingsScope) -> tuple[Step, ...]:
        return tuple(Step(title, {key: value}) for value, title in steps(place))

    return Setting(name, all_steps, _stands)


def _switch(key: str) -> Setting:
    on_off = ((False, "staff.value.off"), (True, "staff.value.on"))
    return choice(key.split(".")[1], key, lambda place: on_off)


def brand_folders() -> tuple[str, ...]:
    """Return the folders the operator put into the booth's own folder of brands."""
    folder = brands_folder()
    return tuple(str(entry) for entry in sorted(folder.glob("*")) if entry.is_dir())


def title_of(look: Named) -> str:
    """Return the word key of a look's title, or its own title where no language has a word for it."""
    key = f"look_name.{look.name}"
    return key if key in sentences("en") else look.title


def _presets(place: SettingsScope) -> tuple[Step, ...]:
    return tuple(Step(f"staff.value.{name}", {"extends": name}) for name in profile_names())


def _preset_now(place: SettingsScope, steps: tuple[Step, ...]) -> int:
    return next((i for i, step in enumerate(steps) if step.values["extends"] == place.base), 0)


def _diagonals(place: SettingsScope) -> tuple[Step, ...]:
    w, h = place.size_px
    share = w / math.hypot(w, h)
    return tuple(Step(f"{inch:g}″", {"screen.width_mm": round(inch * MM_PER_INCH * share, 1)}) for inch in INCHES)


def _nearest_diagonal(place: SettingsScope, steps: tuple[Step, ...]) -> int:
    off = [abs(step.values["screen.width_mm"] - place.params.screen.width_mm) for step in steps]
    return off.index(min(off))


def _lens(place: SettingsScope) -> tuple[Step, ...]:
    return tuple(Step(f"staff.value.lens_{n}", {"screen.lens_x": x, "screen.lens_y": y}) for n, x, y in LENS_PLACES)


def _nearest_place(place: SettingsScope, steps: tuple[Step, ...]) -> int:
    screen = place.params.screen
    off = [math.hypot(x - screen.lens_x, y - screen.lens_y) for _, x, y in LENS_PLACES]
    return off.index(min(off))


def _brands(place: SettingsScope) -> tuple[tuple[str, str], ...]:
    now = place.params.screen.brand
    folders = sorted({*place.brands, now} - {""})
    return (("", "staff.value.no_brand"), *((folder, Path(folder).name) for folder in folders))


SETTINGS: tuple[Setting, ...] = (
    Setting("preset", _presets, _preset_now),
    choice("locale", "screen.locale", lambda place: tuple((code, f"language.{code}") for code in locales())),
    choice("look", "kiosk.look", lambda place: tuple((look.name, title_of(look)) for look in place.looks)),
    choice("light", "kiosk.light", lambda place: (("", OWN_LIGHT), *((n, f"light_name.{n}") for n in LIGHTS))),
    Setting("inches", _diagonals, _nearest_diagonal),
    Setting("lens", _lens, _nearest_place),
    choice("rotate", "capture.rotate_deg", lambda place: (("auto", "auto"), *_turns())),
    choice("retakes", "kiosk.retakes", lambda place: tuple((n, str(n)) for n in RETAKES)),
    choice(
        "on_timeout",
        "review.on_timeout",
        lambda place: (("delete", "staff.value.delete"), ("keep", "staff.value.keep")),
    ),
    choice("brand", "screen.brand", _brands),
    *(
        _switch(f"screen.{name}")
        for name in (
            "large_text", "high_contrast", "low_controls", "reduced_motion", "sound", "spoken", "fullscreen",
            "bystanders",
        )
    ),
)  # fmt: skip
"""In the order of the page: what a set-up needs first stands first."""

BY_NAME = {setting.name: setting for setting in SETTINGS}


def looks_off_after(params: Params, name: str) -> tuple[str, ...]:
    """Return `kiosk.looks_off` after a look was turned off, or on again; the first look always stays on."""
    off = set(params.kiosk.looks_off)
    off ^= {name}
    return tuple(sorted(off - {params.kiosk.look}))
