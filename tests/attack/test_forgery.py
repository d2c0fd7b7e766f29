"""Forged, appended, endless and wrongly dated files: who vouches decides, and a wrong clock stops no portrait."""

from __future__ import annotations

import datetime
import io
import os
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from PIL import Image

from booth.__main__ import main
from booth.config.params.finish import EncodeParams
from booth.core.faults import Fault
from booth.still.credentials import KEY_FILE, ROOT_FILE, Identity, booth_identity, known_root, sign
from booth.still.encode import MIME, encode
from booth.still.record import EditRecord
from booth.still.verify import RecordVerdict, verify_bytes, verify_file

NOW = datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC)
RECORD = EditRecord("studio-grey", "natural", (), (), "p", "s", "digitalCapture", "portrait", (96, 96))


def _signed(identity: Identity, mime: str = "image/jpeg") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (96, 96), (90, 120, 150)).save(file, "JPEG")
    return sign(file.getvalue(), mime, RECORD, identity)


@pytest.mark.parametrize("year", [1970, 2020, 2066, 2120])
def test_no_date_of_the_clock_stops_a_signature(tmp_path: Path, year: int) -> None:
    identity = booth_identity(tmp_path, datetime.datetime(year, 1, 2, tzinfo=datetime.UTC))
    assert verify_bytes(_signed(identity), "image/jpeg", known_root(tmp_path)).verdict is RecordVerdict.INTACT
    root = x509.load_pem_x509_certificate(identity.root.encode())
    assert root.not_valid_before_utc.year <= 1970 and root.not_valid_after_utc.year >= 2199


def test_each_picture_has_a_key_of_its_own(tmp_path: Path) -> None:
    from booth.still.credentials import _one_time

    identity = booth_identity(tmp_path, NOW)
    keys = {_one_time(identity)[1] for _ in range(5)}
    assert len(keys) == 5 and identity.key.encode() not in keys
    leaf = x509.load_pem_x509_certificates(_one_time(identity)[0])[0]
    leaf.verify_directly_issued_by(x509.load_pem_x509_certificate(identity.root.encode()))


def test_an_identity_that_cannot_issue_is_replaced_and_its_portraits_stay_ours(tmp_path: Path) -> None:
    earlier = booth_identity(tmp_path, NOW)
    portrait = _signed(earlier)
    other = tmp_path / "other"
    (tmp_path / KEY_FILE).write_text(booth_identity(other, NOW).key)
    fresh = booth_identity(tmp_path, NOW)
    assert fresh.root != earlier.root and len(list(tmp_path.glob("signing-root-*.pem"))) == 1
    for content in (portrait, _signed(fresh)):
        assert verify_bytes(content, "image/jpeg", known_root(tmp_path)).verdict is RecordVerdict.INTACT


def test_a_portrait_that_cannot_be_signed_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import numpy as np

    from booth.config.params import Params
    from booth.still.developer import Developed

    def refuse(*_: object) -> bytes:
        raise Fault("credentials.failed", "No.", "", exit_code=1)

    monkeypatch.setattr("booth.still.developer.config_folder", lambda: tmp_path)
    monkeypatch.setattr("booth.still.developer.sign", refuse)
    picture = np.full((64, 48, 3), 120, np.uint8)
    content = Developed(picture, picture, None, RECORD, Params()).file_bytes()
    assert verify_bytes(content, "image/jpeg", None).verdict is RecordVerdict.UNSIGNED


def _booth(*words: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(list(words))
    return int(left.value.code or 0)


def test_a_copied_name_vouches_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("booth.__main__._hush_native_libraries", lambda: None)
    ours, theirs = tmp_path / ".config/booth", tmp_path / "forger"
    name = x509.load_pem_x509_certificate(booth_identity(ours, NOW).root.encode()).subject
    with monkeypatch.context() as patch:
        patch.setattr("booth.still.credentials._name", lambda _: name)
        forged = _signed(booth_identity(theirs, NOW))
    file = tmp_path / "forged.jpg"
    file.write_bytes(forged)
    assert _booth("verify", str(file)) == 1
    assert "Nobody vouches" in capsys.readouterr().out
    assert _booth("verify", str(file), "--trust", str(theirs / ROOT_FILE)) == 0
    assert "on your list" in capsys.readouterr().out
    file.write_bytes(_signed(booth_identity(ours, NOW)))
    assert _booth("verify", str(file)) == 0
    assert _booth("verify", str(file), "--trust", str(file)) == 2


def test_an_avif_with_something_appended_is_not_intact(tmp_path: Path) -> None:
    import numpy as np

    identity = booth_identity(tmp_path, NOW)
    whole = encode(np.full((96, 96, 3), 120, np.uint8), EncodeParams(format="avif"))
    whole = sign(whole, MIME["avif"], RECORD, identity)
    assert verify_bytes(whole, "image/avif", known_root(tmp_path)).verdict is RecordVerdict.INTACT
    for kind in (b"free", b"skip", b"mfra", b"uuid", b"mdat"):
        box = (8 + 64).to_bytes(4, "big") + kind + os.urandom(64)
        found = verify_bytes(whole + box, "image/avif", known_root(tmp_path))
        assert found.verdict is RecordVerdict.EDITED and not found.holds, kind


def test_verify_reads_no_endless_thing(tmp_path: Path) -> None:
    sparse = tmp_path / "sparse.jpg"
    with sparse.open("wb") as file:
        file.write(b"\xff\xd8")
        file.truncate(3_000_000_000)
    things = [sparse, tmp_path]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.jpg")
        (tmp_path / "zero.jpg").symlink_to("/dev/zero")
        things += [tmp_path / "pipe.jpg", tmp_path / "zero.jpg"]
    for path in things:
        with pytest.raises(Fault) as caught:
            verify_file(path, tmp_path)
        assert caught.value.code == "verify.unreadable"


def test_the_kept_key_is_private(tmp_path: Path) -> None:
    identity = booth_identity(tmp_path / "fresh", NOW)
    assert (tmp_path / "fresh" / KEY_FILE).stat().st_mode & 0o077 == 0
    serialization.load_pem_private_key(identity.key.encode(), None)
