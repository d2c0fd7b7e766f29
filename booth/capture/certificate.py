"""Checks a stream server's certificate before a picture is read from it: the decoder checks none."""

from __future__ import annotations

import socket
import ssl
from urllib.parse import urlsplit

from booth.core.fault_table import fault
from booth.core.faults import Fault

PORTS = {"https": 443, "rtsps": 322}  # IANA
ANSWER_S = 4.0


def check_certificate(address: str) -> None:
    """Shake hands with the server of an https or rtsps address. Fault `stream.certificate`, `stream.missing`."""
    parts = urlsplit(address)
    if parts.scheme not in PORTS:
        return
    host = parts.hostname or ""
    try:
        with (
            socket.create_connection((host, parts.port or PORTS[parts.scheme]), timeout=ANSWER_S) as line,
            ssl.create_default_context().wrap_socket(line, server_hostname=host),
        ):
            return
    except ssl.SSLCertVerificationError as error:
        hint = "Mend it, or set capture.insecure (or --insecure) to take pictures from anybody."
        raise Fault("stream.certificate", f"The certificate of {host} is not good.", hint) from error
    except OSError as error:
        raise fault("stream.missing") from error
