"""A stream's server with a certificate of its own making is refused, unless the operator says otherwise."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import threading
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from booth.capture.certificate import check_certificate
from booth.capture.source import open_source
from booth.config.params.capture import CaptureParams
from booth.core.faults import Fault


def _self_signed(folder: Path) -> ssl.SSLContext:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "camera")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - datetime.timedelta(1)).not_valid_after(now + datetime.timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    both = made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "both.pem").write_bytes(both)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context


@pytest.mark.parametrize("scheme", ["https", "rtsps"])
def test_nobody_vouches_for_that_camera(tmp_path: Path, scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    context, listener = _self_signed(tmp_path), socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        line, _ = listener.accept()
        try:
            context.wrap_socket(line, server_side=True).close()
        except (ssl.SSLError, OSError):
            line.close()

    thread = threading.Thread(target=answer)
    thread.start()
    address = f"{scheme}://127.0.0.1:{listener.getsockname()[1]}/live"
    try:
        with pytest.raises(Fault) as caught:
            open_source(address, CaptureParams())
        assert caught.value.code == "stream.certificate"
    finally:
        thread.join(5)
        listener.close()
    monkeypatch.setattr("booth.capture.clip.Stream", lambda text: text)
    assert open_source(address, CaptureParams(insecure=True)) == address
    with pytest.raises(Fault) as away:
        check_certificate(address)
    assert away.value.code == "stream.missing"
