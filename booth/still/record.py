"""What was done to a portrait, in words and numbers, as it travels in the file's XMP."""

from __future__ import annotations

import re
from typing import Literal
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import msgspec

from booth import __version__

NAMESPACE = "urn:headshot-booth:edits:1#"
SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
SourceType = Literal["digitalCapture", "algorithmicallyEnhanced", "composite"]


class StageEntry(msgspec.Struct, frozen=True):
    """One thing that was done and how much, as a sentence and as numbers."""

    name: str  # dotted key: correct.level, retouch.blemish, look.backdrop
    says: str
    amounts: dict[str, float] = {}


class ModelEntry(msgspec.Struct, frozen=True):
    """A model that took part."""

    name: str
    sha256: str


class EditRecord(msgspec.Struct, frozen=True):
    """Everything that was done between the exposure and the file."""

    look: str
    light: str
    stages: tuple[StageEntry, ...]
    models: tuple[ModelEntry, ...]
    params_digest: str
    source_digest: str  # SHA-256 of the photograph it was made from
    source_type: SourceType
    crop: str
    size: tuple[int, int]
    authenticity: dict[str, float] = {}  # changed_frac, mean_change, texture_kept of the face by the retouch
    measures: dict[str, float] = {}  # of the finished portrait, for the drift report
    notes: tuple[str, ...] = ()
    made_utc: str = ""
    software: str = f"headshot booth {__version__}"
    version: int = 1

    @property
    def source_type_uri(self) -> str:
        """The IPTC term for what kind of picture this is."""
        return SOURCE_TYPES + self.source_type

    def lines(self) -> list[str]:
        """The record in plain sentences, one a change."""
        return [f"{s.says}{_numbers(s.amounts)}" for s in self.stages] or ["Nothing was changed."]


def source_type_of(*, backdrop_replaced: bool, pixels_changed: bool) -> SourceType:
    """Choose the IPTC term: `composite` has parts that are no capture, an enhanced picture was changed by algorithm."""
    if backdrop_replaced:
        return "composite"
    return "algorithmicallyEnhanced" if pixels_changed else "digitalCapture"


def to_json(record: EditRecord) -> bytes:
    """Encode a record; keys in one order, so equal records are equal bytes."""
    return msgspec.json.encode(record, order="sorted")


def from_json(text: bytes | str) -> EditRecord | None:
    """Decode a record; None when it is none."""
    try:
        return msgspec.json.decode(text, type=EditRecord)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError):
        return None


def to_xmp(record: EditRecord) -> str:
    """Return the record as an XMP packet: IPTC's source type, our readable list, and the whole as JSON."""
    changes = "".join(f"<rdf:li>{escape(line)}</rdf:li>" for line in record.lines())
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
        f' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:booth="{NAMESPACE}">'
        f"<Iptc4xmpExt:DigitalSourceType>{record.source_type_uri}</Iptc4xmpExt:DigitalSourceType>"
        f"<xmp:CreatorTool>{escape(record.software)}</xmp:CreatorTool>"
        f"<booth:Changes><rdf:Seq>{changes}</rdf:Seq></booth:Changes>"
        f"<booth:Record>{escape(to_json(record).decode())}</booth:Record>"
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    )


def from_xmp(raw: bytes) -> EditRecord | None:
    """Find our record in a file's bytes or an XMP packet; None when there is none. Reads no entities."""
    found = re.search(rb"<booth:Record>([^<]*)</booth:Record>", raw)
    if found is None:
        return None
    try:
        text = ElementTree.fromstring(b"<r>" + found.group(1) + b"</r>").text or ""
    except ElementTree.ParseError:
        return None
    return from_json(text)


def _numbers(amounts: dict[str, float]) -> str:
    if not amounts:
        return ""
    told = (f"{name.replace('_', ' ')} {value:.0f}" if abs(value) >= 100 else f"{name.replace('_', ' ')} {value:.3g}"
            for name, value in amounts.items())  # fmt: skip
    return f" ({', '.join(told)})"
