"""A brand from a folder: colours, logo, background, texts and sounds. Applied as a whole or not at all.

brand.toml                 accent, ground, text: colours as #rrggbb
logo.png                   or .jpg, .webp
portrait-logo.png          on portraits, where brand.toml has a table [portrait]; else logo.png is
overlays/headshot.png      frames with transparency, one a crop
background.jpg             or .png, .webp: behind the first page
words/en.toml              own sentences by their keys, one file a language
sounds/hold.wav            also shutter.wav, ready.wav
"""

from __future__ import annotations

import string
import tomllib
import wave
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from booth.config.brand_folder import brand_folder, marks_in, picture_in
from booth.config.params.kiosk import ScreenParams
from booth.config.params.marks import MarkParams
from booth.config.words import flat, locales, sentences
from booth.core.faults import Fault
from booth.core.near import did_you_mean
from booth.draw.theme import READABLE, contrast, palette_of
from booth.draw.typeface import has_glyphs
from booth.session.state_machine import State
from booth.ui.brand_pictures import load_background, load_logo

SOUNDS: Mapping[str, State] = MappingProxyType({"hold": State.HOLD, "shutter": State.DEVELOP, "ready": State.REVIEW})
MAX_SOUND_S = 5.0

ACCENT_CONTRAST = 3.0  # WCAG 2.2, 1.4.11: what a control is known by
PROMISES = ("consent.", "about.")  # consent texts state what the booth does: a brand may not replace them

Colour = Annotated[str, Meta(pattern="^#[0-9a-fA-F]{6}$")]
Words = Mapping[str, Mapping[str, str]]  # language -> key -> sentence


class BrandFile(Struct, frozen=True, forbid_unknown_fields=True):
    """What `brand.toml` may say; what it leaves out stays as the profile has it."""

    accent: Colour | None = None  # the one colour of buttons and rings
    ground: Colour | None = None  # the page
    text: Colour | None = None
    portrait: dict[str, Any] | None = None  # what is laid on portraits; see booth.config.params.marks


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand that was read and found good."""

    screen: ScreenParams  # of the profile, with the brand's colours and pictures
    words: Words = field(default_factory=dict)
    sounds: Mapping[State, Path] = field(default_factory=dict)
    marks: MarkParams | None = None  # what is laid on portraits; None: as the profile says


def read_brand(screen: ScreenParams) -> tuple[Brand, tuple[Fault, ...]]:
    """Return the brand of the profile's folder and everything that is wrong with it.

    Where something is wrong the brand is the packaged one; a logo of the profile's own stays where it is good.
    """
    faults: list[Fault] = []
    plain = _checked_pictures(screen, faults)
    if not screen.brand:
        return Brand(plain), tuple(faults)
    try:
        folder = brand_folder(screen.brand)
    except Fault as fault:
        faults.append(fault)
        return Brand(plain), tuple(faults)
    dressed, marks = _dressed(folder, plain, faults)
    words = dict(_words(folder / "words", faults))
    sounds = _sounds(folder / "sounds", faults)
    return (Brand(plain) if faults else Brand(dressed, words, sounds, marks)), tuple(faults)


def _checked_pictures(screen: ScreenParams, faults: list[Fault]) -> ScreenParams:
    """Return the settings without the pictures that cannot be shown."""
    palette = palette_of(screen)
    for name, load in (("logo", load_logo), ("background", load_background)):
        try:
            load(getattr(screen, name), palette)
        except Fault as fault:
            faults.append(fault)
            screen = msgspec.structs.replace(screen, **{name: ""})
    return screen


def _dressed(folder: Path, screen: ScreenParams, faults: list[Fault]) -> tuple[ScreenParams, MarkParams | None]:
    colours = _colours(folder / "brand.toml", faults)
    marks = None
    try:
        marks = marks_in(folder, colours.pop("portrait", None), MarkParams())
    except Fault as fault:
        faults.append(fault)
    logo, background = (picture_in(folder, name) for name in ("logo", "background"))
    dressed = msgspec.structs.replace(
        screen, **colours, logo=str(logo or screen.logo), background=str(background or screen.background)
    )
    palette = palette_of(msgspec.structs.replace(dressed, high_contrast=False))
    for name, colour, least in (("text", palette.text, READABLE), ("accent", palette.accent, ACCENT_CONTRAST)):
        found = contrast(colour, palette.ink)
        if found < least:
            says = f"The brand's {name} colour can hardly be seen on its ground: contrast {found:.1f}, least {least:g}."
            faults.append(Fault("brand.contrast", says, "Take a lighter or darker one in brand.toml."))
    return _checked_pictures(dressed, faults), marks


def _colours(file: Path, faults: list[Fault]) -> dict[str, Any]:
    if not file.is_file():
        return {}
    table = _table(file, faults)
    try:
        given = msgspec.convert(table, BrandFile)
    except msgspec.ValidationError as error:
        faults.append(Fault("brand.colour", f"{file}: {error}.", "It may set accent, ground and text as #rrggbb."))
        return {}
    return {name: value for name, value in msgspec.structs.asdict(given).items() if value is not None}


def _table(file: Path, faults: list[Fault]) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        faults.append(Fault("brand.file", f"{file} cannot be read: {error}.", "It must be TOML in UTF-8."))
        return {}


def _words(folder: Path, faults: list[Fault]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the own sentences of each language."""
    for file in sorted(folder.glob("*.toml")):
        if file.stem not in locales():
            hint = f"Languages: {', '.join(locales())}."
            faults.append(Fault("brand.word", f"{file}: the booth speaks no language {file.stem}.", hint))
            continue
        own = flat(_table(file, faults))
        faults += [trouble for key, text in own.items() if (trouble := _word_fault(file, key, text)) is not None]
        yield file.stem, own


def _word_fault(file: Path, key: str, text: str) -> Fault | None:
    known = sentences("en")
    if key not in known:
        hint = did_you_mean(key, known, "docs/branding.md says where the keys are.", n=1)
        return Fault("brand.word", f"{file}: there is no sentence {key}.", hint)
    if key.startswith(PROMISES):
        return Fault("brand.word", f"{file}: {key} tells what the booth does with a guest.", "Leave it as it is.")
    try:
        extra = _blanks(text) - _blanks(known[key])
    except ValueError:
        extra = {"{"}
    if extra:
        says = f"{file}: {key} has a blank that nothing fills: {', '.join(sorted(extra))}."
        return Fault("brand.word", says, f"It may hold {known[key]!r}'s own.")
    if not has_glyphs(text, file.stem):
        return Fault("brand.word", f"{file}: {key} has a letter that the typefaces lack.", "Write it in other letters.")
    return None


def _blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _sounds(folder: Path, faults: list[Fault]) -> dict[State, Path]:
    found: dict[State, Path] = {}
    for file in sorted(folder.glob("*")):
        hint = f"Sounds: {', '.join(f'{name}.wav' for name in SOUNDS)}, up to {MAX_SOUND_S:g} s."
        if file.suffix != ".wav" or file.stem not in SOUNDS:
            faults.append(Fault("brand.sound", f"{file} is none of the booth's sounds.", hint))
            continue
        try:
            with wave.open(str(file), "rb") as opened:
                is_long = opened.getnframes() > MAX_SOUND_S * opened.getframerate()
        except (OSError, EOFError, wave.Error) as error:
            faults.append(Fault("brand.sound", f"{file} is not a sound: {error}.", "Save it as WAV, 16 bit."))
            continue
        if is_long:
            faults.append(Fault("brand.sound", f"{file} is too long.", hint))
        found[SOUNDS[file.stem]] = file
    return found
