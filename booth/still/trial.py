"""Signs a picture of nobody and checks it, for the doctor."""

from __future__ import annotations

import io

from PIL import Image

from booth.still.credentials import Identity, sign
from booth.still.record import EditRecord
from booth.still.verify import RecordVerdict, verify_bytes


def signed_trial(identity: Identity, root: str | None) -> RecordVerdict:
    """Return what verifying a freshly signed picture says. Raises Fault `credentials.*`."""
    file = io.BytesIO()
    Image.new("RGB", (64, 64), (128, 128, 128)).save(file, "JPEG")
    record = EditRecord("trial", "natural", (), (), "", "", "digitalCapture", "none", (64, 64))
    return verify_bytes(sign(file.getvalue(), "image/jpeg", record, identity), "image/jpeg", root).verdict
