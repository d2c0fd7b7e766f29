"""What the engine reads of its surroundings: free disk, memory, the words of the consent page, counts."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from booth import __version__
from booth.config.params import Params
from booth.config.privacy_terms import consent_words, kept_words
from booth.core.clock import utc_now
from booth.session.session import ConsentRecord
from booth.session.view import ConsentFacts


def words_digest(facts: ConsentFacts, locale: str) -> str:
    """Twelve hex digits that change with any word that was on the consent page."""
    shown = [words for _, *pair in consent_words(facts.terms, locale) for words in pair]
    return hashlib.sha256("\n".join(shown).encode()).hexdigest()[:12]


def consent_record(params: Params, facts: ConsentFacts, locale: str, *, measure: bool) -> ConsentRecord:
    """What a yes given now is stored as: when, to which words, for what; without a name."""
    return ConsentRecord(
        given_at=utc_now().isoformat(timespec="seconds"),
        locale=locale,
        text_version=words_digest(facts, locale),
        measure=measure,
        retention=kept_words(facts.terms, locale),
        on_timeout=params.review.on_timeout,
    )


def free_bytes(folder: Path) -> int:
    """Free bytes on the disk that holds a folder, or would hold it."""
    stands = next(p for p in (folder, *folder.parents) if p.exists())
    return shutil.disk_usage(stands).free


def resident_bytes() -> int:
    """This process's resident memory; 0 where the system does not report it."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def counters(
    params: Params, camera: tuple[tuple[str, str], ...], folder: Path, n_sessions: int, n_kept: int
) -> tuple[tuple[str, str], ...]:
    """What the operator reads: counts and settings, nothing of a guest; `camera` are the rows of the camera."""
    return (
        ("staff.row_version", __version__),
        ("staff.row_profile", params.name),
        *camera,
        ("staff.row_sessions", str(n_sessions)),
        ("staff.row_kept", str(n_kept)),
        ("staff.row_disk", f"{free_bytes(folder) / 1e9:.1f} GB"),
    )
