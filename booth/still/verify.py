"""What a portrait says of itself, and whether that still holds."""

from __future__ import annotations

import enum
import io
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import c2pa
from cryptography import x509

from booth.core.bounded_read import read_bounded
from booth.core.faults import Fault
from booth.still.credentials import EDITS_LABEL, NO_NETWORK, known_root
from booth.still.record import EditRecord, from_json, from_xmp

MAX_BYTES = 400_000_000  # a portrait has a few million
MAX_LIST_BYTES = 1_000_000
_AVIF_BOXES = (b"ftyp", b"meta", b"mdat", b"uuid")


class RecordVerdict(enum.Enum):
    """What the signature says about the file."""

    INTACT = "intact"
    EDITED = "edited since"
    UNSIGNED = "unsigned"
    LISTED = "listed booth"
    OTHER_SIGNER = "other signer"


_SAYS = {
    RecordVerdict.INTACT: "Intact: nothing has changed since this booth signed it.",
    RecordVerdict.EDITED: "Edited since: the file no longer is what was signed.",
    RecordVerdict.UNSIGNED: "Unsigned: nothing vouches for this file.",
    RecordVerdict.LISTED: "Intact: nothing has changed since a booth on your list signed it.",
    RecordVerdict.OTHER_SIGNER: "Nobody vouches for it: unchanged since it was signed, but not by this booth nor by one"
    " on your list. Anybody can sign with any name.",
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
        """True when somebody who is known vouches that nothing was changed after signing."""
        return self.verdict in (RecordVerdict.INTACT, RecordVerdict.LISTED)

    def lines(self) -> list[str]:
        """The whole in words, the verdict first."""
        told = [_SAYS[self.verdict]]
        if self.signer:
            told.append(f"Signed by: {self.signer}." if self.holds else f"It says it was signed by: {self.signer}.")
        if self.record is None:
            return [*told, "It carries no record of what was done to it."]
        what = "What was done:" if self.holds else "What it claims was done (not vouched for):"
        told += [
            f"Kind of picture: {self.record.source_type}.",
            f"Look: {self.record.look}, light: {self.record.light}.",
        ]
        return [*told, what, *(f"  - {line}" for line in self.record.lines())]


def verify_file(path: Path, config_folder: Path, trust: Path | None = None) -> Verified:
    """Check a portrait against the booth's own roots in `config_folder` and those of the booths listed in `trust`.

    Raises Fault for what is no picture file, and for a list that is none.
    """
    try:
        raw = read_bounded(path, MAX_BYTES)
    except OSError as error:
        hint = f"It must be a file of at most {MAX_BYTES // 1_000_000} MB; check the path and its rights."
        raise Fault("verify.unreadable", f"{path} cannot be read.", hint) from error
    mime = _mime_of(raw)
    if mime is None:
        hint = "verify takes JPEG, PNG, AVIF and TIFF files."
        raise Fault("verify.unknown", f"{path.name} is not a portrait file.", hint)
    listed = None if trust is None else _listed(trust)
    found = verify_bytes(raw, mime, known_root(config_folder))
    if found.verdict is not RecordVerdict.OTHER_SIGNER or listed is None:
        return found
    by_list = verify_bytes(raw, mime, listed)
    return replace(by_list, verdict=RecordVerdict.LISTED) if by_list.verdict is RecordVerdict.INTACT else found


def _listed(trust: Path) -> str:
    """Return the root certificates of the booths that an operator trusts. Fault `verify.trust`."""
    try:
        text = read_bounded(trust, MAX_LIST_BYTES)
        x509.load_pem_x509_certificates(text)
        return text.decode("ascii")
    except (OSError, ValueError) as error:
        hint = "Put the `signing-root.pem` of each booth into one file."
        raise Fault("verify.trust", f"{trust} is no list of certificates.", hint) from error


def verify_bytes(raw: bytes, mime: str, root: str | None) -> Verified:
    """Check a file's bytes against root certificates (PEM), or none."""
    settings = NO_NETWORK | ({"trust": {"user_anchors": root}} if root else {})
    try:
        with c2pa.Context.from_dict(settings) as context, c2pa.Reader(mime, io.BytesIO(raw), context=context) as reader:
            told = json.loads(reader.json())
            state = reader.get_validation_state()
    except c2pa.C2paError as error:
        if "ManifestNotFound" in str(error):
            return Verified(RecordVerdict.UNSIGNED, None, from_xmp(raw), ())
        return Verified(RecordVerdict.EDITED, None, from_xmp(raw), ("file.damaged",))
    found = _judged(told, str(state), raw)
    if (
        mime == "image/avif"
        and found.verdict in (RecordVerdict.INTACT, RecordVerdict.OTHER_SIGNER)
        and not _is_all_boxes(raw)
    ):
        return replace(found, verdict=RecordVerdict.EDITED, faults=(*found.faults, "file.appended"))
    return found


def _is_all_boxes(raw: bytes) -> bool:
    """Tell whether an AVIF is made of the boxes of a signed picture alone: its signature does not cover all kinds."""
    at, kinds = 0, []
    while at + 8 <= len(raw):
        size, kind = int.from_bytes(raw[at : at + 4], "big"), raw[at + 4 : at + 8]
        if size == 1:
            size = int.from_bytes(raw[at + 8 : at + 16], "big")
        if size < 8:  # 0: to the end of the file, which a signed one never has
            return False
        kinds.append(kind)
        at += size
    return at == len(raw) and sorted(kinds) == sorted(_AVIF_BOXES)


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
