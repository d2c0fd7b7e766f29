"""What a portrait says of itself, and whether that still holds."""

from __future__ import annotations

import enum
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import c2pa

from booth.core.faults import Fault
from booth.still.credentials import EDITS_LABEL, NO_NETWORK, known_root
from booth.still.record import EditRecord, from_json, from_xmp


class RecordVerdict(enum.Enum):
    """What the signature says about the file."""

    INTACT = "intact"
    EDITED = "edited since"
    UNSIGNED = "unsigned"
    OTHER_SIGNER = "other signer"


_SAYS = {
    RecordVerdict.INTACT: "Intact: nothing has changed since this booth signed it.",
    RecordVerdict.EDITED: "Edited since: the file no longer is what was signed.",
    RecordVerdict.UNSIGNED: "Unsigned: nothing vouches for this file.",
    RecordVerdict.OTHER_SIGNER: "Other signer: unchanged since it was signed, but not by this booth's key.",
}


@dataclass(frozen=True, slots=True)
class Verified:
    """The verdict, who signed, and the record as found; an edited or unsigned file's record proves nothing."""

    verdict: RecordVerdict
    signer: str | None
    record: EditRecord | None
    faults: tuple[str, ...]  # codes of what did not hold, from the C2PA specification

    @property
    def holds(self) -> bool:
        """True when nothing was changed after signing."""
        return self.verdict in (RecordVerdict.INTACT, RecordVerdict.OTHER_SIGNER)

    def lines(self) -> list[str]:
        """The whole in words, the verdict first."""
        told = [_SAYS[self.verdict]]
        if self.signer:
            told.append(f"Signed by: {self.signer}.")
        if self.record is None:
            return [*told, "It carries no record of what was done to it."]
        what = "What was done:" if self.holds else "What it claims was done (not vouched for):"
        told += [
            f"Kind of picture: {self.record.source_type}.",
            f"Look: {self.record.look}, light: {self.record.light}.",
        ]
        return [*told, what, *(f"  - {line}" for line in self.record.lines())]


def verify_file(path: Path, config_folder: Path) -> Verified:
    """Check a portrait against the booth's own root in `config_folder`. Raises Fault for what is no picture file."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Fault("verify.unreadable", f"{path} cannot be read.", "Check the path and its rights.") from error
    mime = _mime_of(raw)
    if mime is None:
        hint = "verify takes JPEG, PNG, AVIF and TIFF files."
        raise Fault("verify.unknown", f"{path.name} is not a portrait file.", hint)
    return verify_bytes(raw, mime, known_root(config_folder))


def verify_bytes(raw: bytes, mime: str, root: str | None) -> Verified:
    """Check a file's bytes against a root certificate (PEM), or none."""
    settings = NO_NETWORK | ({"trust": {"user_anchors": root}} if root else {})
    try:
        with c2pa.Context.from_dict(settings) as context, c2pa.Reader(mime, io.BytesIO(raw), context=context) as reader:
            told = json.loads(reader.json())
            state = reader.get_validation_state()
    except c2pa.C2paError as error:
        if "ManifestNotFound" in str(error):
            return Verified(RecordVerdict.UNSIGNED, None, from_xmp(raw), ())
        return Verified(RecordVerdict.EDITED, None, from_xmp(raw), ("file.damaged",))
    return _judged(told, str(state), raw)


def _judged(told: dict[str, Any], state: str, raw: bytes) -> Verified:
    manifest = told.get("manifests", {}).get(told.get("active_manifest", ""), {})
    failures = told.get("validation_results", {}).get("activeManifest", {}).get("failure", [])
    codes = tuple(str(f.get("code")) for f in failures)
    signer = manifest.get("signature_info", {}).get("common_name")
    verdict = {"Trusted": RecordVerdict.INTACT, "Valid": RecordVerdict.OTHER_SIGNER}.get(state, RecordVerdict.EDITED)
    return Verified(verdict, signer, _record_in(manifest) or from_xmp(raw), codes)


def _record_in(manifest: dict[str, Any]) -> EditRecord | None:
    for assertion in manifest.get("assertions", ()):
        if str(assertion.get("label", "")).startswith(EDITS_LABEL):
            return from_json(json.dumps(assertion.get("data")))
    return None


def _mime_of(raw: bytes) -> str | None:
    if raw[:2] == b"\xff\xd8":
        return "image/jpeg"
    if raw[:8] == b"\x89PNG\r\n\x1a\n":
        return "image/png"
    if raw[4:12] in (b"ftypavif", b"ftypavis"):
        return "image/avif"
    return "image/tiff" if raw[:4] in (b"II*\0", b"MM\0*") else None
