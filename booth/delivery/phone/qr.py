"""QR codes as arrays of modules: a page's address, or the booth's own Wi-Fi."""

from __future__ import annotations

import numpy as np
import segno

_ESCAPED = '\\;,:"'  # by the WIFI: scheme as phones read it


def code(text: str) -> np.ndarray:
    """Return the dark modules of a QR code, (n, n) bool without the quiet zone; corrects 15 % (level M)."""
    matrix = np.array([list(row) for row in segno.make(text, error="m", micro=False).matrix], dtype=bool)
    matrix.flags.writeable = False
    return matrix


def wifi_code(name: str, password: str) -> np.ndarray:
    """Return the code that makes a phone join a Wi-Fi; without a password it is an open one."""
    kind = "WPA" if password else "nopass"
    secret = f"P:{_escaped(password)};" if password else ""
    return code(f"WIFI:T:{kind};S:{_escaped(name)};{secret};")


def _escaped(text: str) -> str:
    return "".join(f"\\{sign}" if sign in _ESCAPED else sign for sign in text)
