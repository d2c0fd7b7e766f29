"""What a folder of photographs holds: the photographs in natural order, and every file that is not read, with why."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PICTURE_SUFFIXES = frozenset({
    ".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".mpo", ".png", ".tif", ".tiff", ".webp", ".avif", ".heic", ".heif",
    ".hif", ".bmp",
})  # fmt: skip
RAW_SUFFIXES = frozenset({
    ".3fr", ".arw", ".cr2", ".cr3", ".crw", ".dcr", ".dng", ".erf", ".iiq", ".kdc", ".mef", ".mrw", ".nef", ".nrw",
    ".orf", ".pef", ".raf", ".raw", ".rw2", ".rwl", ".sr2", ".srf", ".srw", ".x3f",
})  # fmt: skip
LITTER = frozenset({"thumbs.db", "desktop.ini", "ehthumbs.db", "icon\r"})  # what systems leave in folders
SIDECARS = frozenset({".xmp", ".aae", ".thm"})  # belong to the photograph of the same stem
OWN_ENDINGS = (".matte.png", ".sheet.jpg")  # what `finish` wrote itself beside its portraits
_SIGN_BYTES = 16
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis"})
_VIDEO_SUFFIXES = frozenset({".mov", ".mp4", ".m4v", ".avi", ".mkv", ".webm", ".mts", ".3gp"})


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file of a folder that is not read, and why, in words that follow its name."""

    path: Path
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """The photographs of a folder in natural order, and what beside them is not read."""

    photographs: tuple[Path, ...]
    left_out: tuple[LeftOut, ...] = ()


def natural_key(name: str) -> tuple[object, ...]:
    """Sort key that counts: DSC2 comes before DSC10. Case and the way accents are stored make no difference."""
    parts = re.split(r"(\d+)", unicodedata.normalize("NFC", name).casefold())
    counted = tuple((1, int(part), "") if part.isdecimal() else (0, 0, part) for part in parts)
    return (*counted, (2, 0, name))


def in_natural_order(paths: Iterable[Path]) -> list[Path]:
    """Return paths sorted by name as people count, then by folder."""
    return sorted(paths, key=lambda path: (natural_key(path.name), str(path.parent)))


def look_through(folder: Path) -> Found:
    """Separate photographs, by ending or content, from other files of a folder; subfolders are not entered."""
    photographs: list[Path] = []
    others: list[Path] = []
    for path in in_natural_order(p for p in folder.iterdir() if p.is_file()):
        if path.name.startswith(".") or path.name.lower() in LITTER or path.name.lower().endswith(OWN_ENDINGS):
            continue
        (photographs if is_photograph(path) else others).append(path)
    stems = {path.stem.casefold() for path in photographs}
    left_out = [
        LeftOut(path, _why_not(path))
        for path in others
        if not (path.suffix.lower() in SIDECARS and Path(path.stem).stem.casefold() in stems | _whole(photographs))
    ]
    return Found(tuple(photographs), tuple(left_out))


def _whole(photographs: Iterable[Path]) -> set[str]:
    """Stems up to the first dot, for sidecars that keep the photograph's ending: a.jpg.xmp."""
    return {path.stem.partition(".")[0].casefold() for path in photographs}


def is_photograph(path: Path) -> bool:
    """Return whether a file claims to be a photograph, by its ending or by how it begins; a raw file is none."""
    suffix = path.suffix.lower()
    if suffix in RAW_SUFFIXES:
        return False
    return suffix in PICTURE_SUFFIXES or _begins_as_picture(path)


def _begins_as_picture(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(_SIGN_BYTES)
    except OSError:
        return False
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"GIF8")):
        return True
    if head[4:8] == b"ftyp":
        return head[8:12] in _HEIF_BRANDS
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def _why_not(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix in RAW_SUFFIXES:
        return "is a camera's raw file: export it as JPEG"
    if suffix in _VIDEO_SUFFIXES:
        return "is a video"
    return "is no photograph"
