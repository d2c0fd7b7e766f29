"""Content Credentials with the booth's own key: made on first use, kept private, never asking the network.

A local root issues a certificate for each picture, whose key signs that one and is then forgotten. Public viewers do
not know that root and will say so; the booth's own `verify` does, and tells another signer from its own.
"""

from __future__ import annotations

import datetime
import io
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import c2pa
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from booth.core.atomic_write import destroy
from booth.core.faults import Fault
from booth.still.record import EditRecord, to_json

EDITS_LABEL = "org.headshot-booth.edits"
KEY_FILE, ROOT_FILE = "signing-key.pem", "signing-root.pem"
EARLIER_ROOTS = "signing-root-*.pem"  # of identities that were replaced: what they signed is still this booth's
# Without a time-stamp service a signature is as good as its certificates are long, and a booth's calendar may be wrong
# by decades: they hold for any date a calendar can show, so that none is ever outside them.
VALID_FROM = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
VALID_UNTIL = datetime.datetime(2199, 12, 31, tzinfo=datetime.UTC)
NO_NETWORK: dict[str, Any] = {
    "version": 1,
    "verify": {"verify_after_sign": False, "remote_manifest_fetch": False, "ocsp_fetch": False, "verify_trust": True},
    "builder": {"thumbnail": {"enabled": False}},  # a thumbnail would be one more copy of the face
}


@dataclass(frozen=True, slots=True)
class Identity:
    """The booth's root certificate and the key that issues under it, as PEM text."""

    key: str
    root: str


def booth_identity(folder: Path, now: datetime.datetime) -> Identity:
    """Return the identity kept in `folder`, making one where there is none or it cannot issue certificates.

    The key file has mode 0600, a new folder 0700. Raises Fault `credentials.*` when it cannot be kept or read.
    """
    try:
        if (folder / ROOT_FILE).is_file() and not _can_issue(kept_identity(folder)):
            _put_aside(folder)
        if not (folder / ROOT_FILE).is_file():
            _make(folder)
    except OSError as error:
        hint = "Check the folder's rights and free space."
        raise Fault("credentials.unwritable", f"No signing key can be kept in {folder}.", hint) from error
    return kept_identity(folder)


def kept_identity(folder: Path) -> Identity:
    """Return the identity made earlier. Raises Fault `credentials.unreadable`."""
    try:
        key, root = ((folder / name).read_text("ascii") for name in (KEY_FILE, ROOT_FILE))
    except (OSError, UnicodeDecodeError) as error:
        hint = "Check the folder's rights, or remove the signing files to have new ones made."
        raise Fault("credentials.unreadable", f"The signing key in {folder} cannot be used.", hint) from error
    return Identity(key, root)


def known_root(folder: Path) -> str | None:
    """Return the booth's own root certificates, the present one first, or None when it never signed anything."""
    try:
        roots = [folder / ROOT_FILE, *sorted(folder.glob(EARLIER_ROOTS))]
        told = [path.read_text("ascii") for path in roots if path.is_file()]
    except (OSError, UnicodeDecodeError):
        return None
    return "".join(told) or None


def sign(content: bytes, mime: str, record: EditRecord, identity: Identity) -> bytes:
    """Return the file's bytes with the record signed into them, by a key that signs this picture and no other.

    Raises Fault `credentials.failed`.
    """
    out = io.BytesIO()
    try:
        chain, key = _one_time(identity)
        info = c2pa.C2paSignerInfo(alg=b"es256", sign_cert=chain, private_key=key, ta_url=None)
        with (
            c2pa.Context.from_dict(NO_NETWORK) as context,
            c2pa.Signer.from_info(info) as signer,
            c2pa.Builder(_manifest(record), context) as builder,
        ):
            builder.sign(signer, mime, io.BytesIO(content), out)
    except (c2pa.C2paError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        hint = "Turn signing off in the profile, or remove the signing files to have new ones made."
        raise Fault("credentials.failed", "The portrait could not be signed.", hint, exit_code=1) from error
    return out.getvalue()


def _manifest(record: EditRecord) -> dict[str, Any]:
    name, _, version = record.software.rpartition(" ")
    made = [{"action": "c2pa.created", "digitalSourceType": record.source_type_uri}]
    done = [{"action": _action_of(s.name), "description": s.says, "parameters": s.amounts} for s in record.stages]
    return {
        "claim_generator_info": [{"name": name, "version": version}],
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": made + done}},
            {"label": EDITS_LABEL, "data": json.loads(to_json(record))},
        ],
    }


def _action_of(stage: str) -> str:
    room = stage.split(".")[0]
    known = {
        "correct": "c2pa.color_adjustments",
        "look": "c2pa.edited",
        "retouch": "c2pa.edited",
        "size": "c2pa.resized",
    }
    exact = {"correct.level": "c2pa.orientation", "crop": "c2pa.cropped", "look.grade": "c2pa.color_adjustments"}
    return exact.get(stage, known.get(room, "c2pa.edited"))


def _make(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"Booth {secrets.token_hex(4)}")
    root = _certificate(name, name, key.public_key(), key)
    _keep(folder / KEY_FILE, _private_pem(key), 0o600)
    _keep(folder / ROOT_FILE, _pem(root), 0o644)  # last: its presence says the set is complete


def _one_time(identity: Identity) -> tuple[bytes, bytes]:
    """Return a certificate chain and a private key for one picture; nobody keeps the key."""
    issuer_key = serialization.load_pem_private_key(identity.key.encode(), None)
    root = x509.load_pem_x509_certificate(identity.root.encode())
    if not isinstance(issuer_key, ec.EllipticCurvePrivateKey):
        raise TypeError("the booth's key is of another kind")
    key = ec.generate_private_key(ec.SECP256R1())
    common = root.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    leaf = _certificate(_name(str(common)), root.subject, key.public_key(), issuer_key, is_root=False)
    return _pem(leaf) + identity.root.encode(), _private_pem(key)


def _can_issue(identity: Identity) -> bool:
    """Tell whether the kept key is the root's own; that of an older booth was not, and ran out with its certificate."""
    try:
        key = serialization.load_pem_private_key(identity.key.encode(), None)
        root = x509.load_pem_x509_certificate(identity.root.encode())
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return key.public_key() == root.public_key()


def _put_aside(folder: Path) -> None:
    """Keep an earlier root to know what it signed; its key is worth nothing any more."""
    root = folder / ROOT_FILE
    root.replace(folder / EARLIER_ROOTS.replace("*", secrets.token_hex(4)))
    for name in (KEY_FILE, "signing-chain.pem"):
        destroy(folder / name)


def _private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _keep(path: Path, content: bytes, mode: int) -> None:
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    part.replace(path)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, common),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Headshot booth"),
        ]
    )


def _certificate(
    name: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    is_root: bool = True,
) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=not is_root,
        key_cert_sign=is_root,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        crl_sign=is_root,
        encipher_only=False,
        decipher_only=False,
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(VALID_FROM)
        .not_valid_after(VALID_UNTIL)
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=0 if is_root else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if not is_root:  # C2PA's certificate profile asks for an extended use
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    return made.sign(issuer_key, hashes.SHA256())
