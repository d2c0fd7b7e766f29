"""A file is whole or absent, carries its colours and its record, and neither place nor serial number."""

from __future__ import annotations

import io
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageCms

from booth.config.params.finish import EncodeParams
from booth.core.faults import Fault
from booth.still.credentials import KEY_FILE, booth_identity, sign
from booth.still.encode import MIME, SUFFIX, clear_parts, encode, output_names, taken_exif, write_whole
from booth.still.record import EditRecord, ModelEntry, StageEntry, from_xmp, source_type_of, to_xmp
from booth.still.size import density_dpi
from booth.still.verify import RecordVerdict, verify_bytes, verify_file

NOW = datetime(2026, 5, 1, tzinfo=UTC)
RECORD = EditRecord(
    look="studio-grey",
    light="loop",
    stages=(StageEntry("retouch.blemish", "Blemishes < softened > & more", {"strength": 0.3}),),
    models=(ModelEntry("face_landmarker.task", "ab" * 32),),
    params_digest="0123456789ab",
    source_digest="cd" * 32,
    source_type="composite",
    crop="headshot",
    size=(96, 120),
    authenticity={"changed_frac": 0.01},
    notes=("Déjà vu",),
)


@pytest.fixture
def rgb() -> np.ndarray:
    y, x = np.mgrid[:120, :96]
    return np.dstack([x * 2, y * 2, np.full_like(x, 90)]).astype(np.uint8)


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("keys") / "booth"
    booth_identity(folder, NOW)
    return folder


def names_in(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def signed(rgb, fmt, keys) -> bytes:
    content = encode(rgb, EncodeParams(format=fmt), xmp=to_xmp(RECORD))
    return sign(content, MIME[fmt], RECORD, booth_identity(keys, NOW))


@pytest.mark.parametrize("fmt", MIME)
def test_every_format_keeps_pixels_profile_and_record(rgb, fmt):
    raw = encode(rgb, EncodeParams(format=fmt, quality=95), xmp=to_xmp(RECORD), exif={"Make": "ACME"})
    with Image.open(io.BytesIO(raw)) as image:
        assert ImageCms.getProfileDescription(io.BytesIO(image.info["icc_profile"])).strip() == "sRGB"
        assert np.abs(np.asarray(image.convert("RGB")).astype(int) - rgb).mean() < 2
    assert from_xmp(raw) == RECORD and b"digitalsourcetype/composite" in raw


@pytest.mark.parametrize("fmt", ["png", "tiff", "avif"])
def test_alpha_is_kept_where_a_format_has_it(rgb, fmt):
    alpha = np.full(rgb.shape[:2], 255, np.uint8)
    alpha[:20] = 0
    with Image.open(io.BytesIO(encode(rgb, EncodeParams(format=fmt), alpha=alpha))) as image:
        assert image.mode == "RGBA" and np.asarray(image)[5, 5, 3] == 0
    with Image.open(io.BytesIO(encode(rgb, EncodeParams(format="jpeg"), alpha=alpha))) as image:
        assert np.asarray(image)[5, 5].min() > 250


def test_a_size_limit_is_met_or_refused():
    noise = np.random.default_rng(0).integers(0, 256, (400, 400, 3), np.uint8)
    assert len(encode(noise, EncodeParams(max_kb=120))) <= 120_000 < len(encode(noise, EncodeParams()))
    with pytest.raises(Fault) as refused:
        encode(noise, EncodeParams(max_kb=20))
    assert refused.value.code == "encode.too_large" and refused.value.exit_code == 1


def test_display_p3_shows_the_same_colours(rgb):
    raw = encode(rgb, EncodeParams(format="png", colour="display-p3"))
    with Image.open(io.BytesIO(raw)) as image:
        back = ImageCms.profileToProfile(image, io.BytesIO(image.info["icc_profile"]), ImageCms.createProfile("sRGB"))
    assert np.abs(np.asarray(back).astype(int) - rgb).mean() < 1


@pytest.mark.parametrize("fmt", MIME)
def test_intact_edited_unsigned_and_other_signer_are_told_apart(rgb, fmt, keys, tmp_path):
    raw = signed(rgb, fmt, keys)
    path = tmp_path / f"a{SUFFIX[fmt]}"
    path.write_bytes(raw)
    fine = verify_file(path, keys)
    assert fine.verdict is RecordVerdict.INTACT and fine.record == RECORD and fine.lines()[0].startswith("Intact")
    assert any("Blemishes" in line for line in fine.lines())
    stranger = verify_file(path, tmp_path / "another booth")
    assert stranger.verdict is RecordVerdict.OTHER_SIGNER and stranger.signer
    plain = verify_bytes(encode(rgb, EncodeParams(format=fmt), xmp=to_xmp(RECORD)), MIME[fmt], None)
    assert plain.verdict is RecordVerdict.UNSIGNED and plain.record == RECORD and not plain.holds
    assert any("not vouched for" in line for line in plain.lines())


@pytest.mark.parametrize("fmt", MIME)
def test_one_flipped_byte_of_the_pixels_shows(fmt, keys):
    rgb = np.random.default_rng(0).integers(0, 256, (120, 96, 3), np.uint8)
    raw = signed(rgb, fmt, keys)
    root = (keys / "signing-root.pem").read_text()
    picture = encode(rgb, EncodeParams(format=fmt))
    at = raw.find(picture[len(picture) // 2 :][:24])  # somewhere in the coded pixels
    assert at > 0
    for offset in (0, 7, 23):
        flipped = bytearray(raw)
        flipped[at + offset] ^= 0x10
        assert verify_bytes(bytes(flipped), MIME[fmt], root).verdict is RecordVerdict.EDITED


def test_a_changed_record_shows(rgb, keys):
    raw = signed(rgb, "jpeg", keys)
    assert verify_bytes(raw.replace(b"Blemishes", b"Wrinkless"), "image/jpeg", None).verdict is RecordVerdict.EDITED


def test_a_resaved_portrait_is_unsigned(rgb, keys):
    again = io.BytesIO()
    Image.open(io.BytesIO(signed(rgb, "jpeg", keys))).save(again, "JPEG")
    assert verify_bytes(again.getvalue(), "image/jpeg", None).verdict is RecordVerdict.UNSIGNED


def test_verify_refuses_what_is_no_portrait(tmp_path):
    text = tmp_path / "a.jpg"
    text.write_text("hello")
    with pytest.raises(Fault, match="not a portrait"):
        verify_file(text, tmp_path)
    with pytest.raises(Fault, match="cannot be read"):
        verify_file(tmp_path / "none.jpg", tmp_path)


def test_the_key_is_private_and_made_once(keys):
    assert stat.S_IMODE((keys / KEY_FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    first = booth_identity(keys, NOW)
    assert booth_identity(keys, NOW) == first


def test_the_source_type_says_what_was_done():
    assert source_type_of(backdrop_replaced=True, pixels_changed=True) == "composite"
    assert source_type_of(backdrop_replaced=False, pixels_changed=True) == "algorithmicallyEnhanced"
    assert source_type_of(backdrop_replaced=False, pixels_changed=False) == "digitalCapture"


def test_nothing_is_overwritten_without_force(tmp_path):
    target = write_whole(tmp_path / "a.jpg", b"first")
    with pytest.raises(Fault) as refused:
        write_whole(target, b"second")
    assert refused.value.code == "write.exists" and target.read_bytes() == b"first"
    write_whole(target, b"third", force=True)
    assert target.read_bytes() == b"third" and names_in(tmp_path) == ["a.jpg"]


def test_a_full_disk_leaves_nothing_half(tmp_path, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("booth.still.encode.os.fsync", full)
    with pytest.raises(Fault) as failed:
        write_whole(tmp_path / "a.jpg", b"x" * 1000)
    assert failed.value.code == "write.failed" and "No space" in failed.value.message and failed.value.exit_code == 1
    assert names_in(tmp_path) == []


def test_a_killed_run_leaves_no_half_file_and_its_rest_is_cleared(tmp_path):
    script = "\n".join(
        (
            "import os, signal, booth.still.encode as encode",
            "from pathlib import Path",
            "encode.os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)",
            "encode.write_whole(Path('a.jpg'), b'x' * 9999)",
        )
    )
    room = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=False, env=room)
    left = names_in(tmp_path)
    assert len(left) == 1 and left[0].endswith(".part") and not (tmp_path / "a.jpg").exists()
    assert clear_parts(tmp_path) == 1 and names_in(tmp_path) == []


def test_the_part_of_a_running_process_stays(tmp_path):
    mine = tmp_path / f".a.jpg.{os.getpid()}-0a1b2c3d.part"
    mine.touch()
    assert clear_parts(tmp_path) == 0 and mine.exists()


def test_inputs_of_one_stem_get_numbers():
    names = [Path(p) for p in ("x/ann.jpg", "y/ann.png", "y/Ann.tif", "x/ann-2.jpg", "x/bo.jpg")]
    assert output_names(names, ".jpg") == ["ann.jpg", "ann-3.jpg", "Ann-4.jpg", "ann-2.jpg", "bo.jpg"]
    assert output_names([Path("a/x.jpg"), Path("b/x.jpg")], ".jpg") == ["x.jpg", "x-2.jpg"]


@pytest.mark.parametrize("fmt", ["jpeg", "png", "tiff"])
def test_a_file_says_how_dense_it_prints(fmt):
    rgb = np.full((60, 40, 3), 90, np.uint8)
    with Image.open(io.BytesIO(encode(rgb, EncodeParams(format=fmt)))) as image:
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.5)
    with Image.open(io.BytesIO(encode(rgb, EncodeParams(format=fmt), dpi=339))) as image:
        assert image.info["dpi"] == pytest.approx((339, 339), abs=0.5)


def test_a_print_of_ten_by_fifteen_is_that_large_and_never_below_300_dpi():
    assert density_dpi((1181, 1772), (100, 150)) == pytest.approx(300, abs=0.2)
    assert density_dpi((1333, 2000), (100, 150)) == pytest.approx(2000 / 150 * 25.4)
    assert density_dpi((400, 600), (100, 150)) == density_dpi((1600, 2000), None) == 300


def test_a_file_says_when_the_picture_was_taken():
    rgb = np.full((60, 40, 3), 90, np.uint8)
    raw = encode(rgb, EncodeParams(), exif=taken_exif("2024-05-06T07:08:09+00:00"))
    with Image.open(io.BytesIO(raw)) as image:
        inner = image.getexif().get_ifd(ExifTags.IFD.Exif)
    at, offset = inner[0x9003], inner[0x9011]
    told = datetime.strptime(at + offset, "%Y:%m:%d %H:%M:%S%z")
    assert told == datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
    assert not taken_exif("")
