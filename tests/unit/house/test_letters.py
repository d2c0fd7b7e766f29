"""Letters from anywhere: byte order marks, code pages, names not in UTF-8 or very long, passwords, number pads."""

from __future__ import annotations

import base64
import io
import json
import os
import smtplib
import sys
from pathlib import Path

import msgspec
import pygame
import pytest

from booth.cli.options import tell, write_json
from booth.config.params import load_params
from booth.config.params.deliver import DeliverParams, MailParams
from booth.core.faults import Fault
from booth.delivery import mail
from booth.delivery.job_queue import Job
from booth.diagnostics import machine_checks as examination
from booth.looks.look import load_look
from booth.office.naming import safe
from booth.still.encode import output_names, write_whole
from booth.ui.window import _digit

BOM = b"\xef\xbb\xbf"


def test_a_byte_order_mark_is_no_syntax_error(tmp_path: Path) -> None:
    profile = tmp_path / "b.toml"
    profile.write_bytes(BOM + b'extends = "event"\n[screen]\nlocale = "de"\n')
    assert load_params(profile).screen.locale == "de"
    look = tmp_path / "mine.toml"
    look.write_bytes(BOM + b'extends = "studio-grey"\ntitle = "Mine"\n')
    assert load_look(str(look)).title == "Mine"


def test_a_profile_extends_the_file_beside_it_from_any_folder(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "base.toml").write_bytes(BOM + b'extends = "office"\n[screen]\nlocale = "fr"\n')
    for way in ("./base.toml", "base.toml", str(tmp_path / "site" / "base.toml")):
        (tmp_path / "site" / "booth.toml").write_text(f'extends = "{way}"\nname = "mine"\n')
        for folder in (tmp_path, tmp_path / "site", Path("/")):
            monkeypatch.chdir(folder)
            assert load_params(tmp_path / "site" / "booth.toml").screen.locale == "fr"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "ascii", "cp437"])
def test_any_code_page_takes_any_name(encoding: str, monkeypatch) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", out)
    strange = "Łukasz सीता " + os.fsdecode(b"caf\xe9")
    tell(strange)
    write_json("-", {"file": strange})
    out.flush()
    said = out.buffer.getvalue().decode(encoding)  # type: ignore[attr-defined]
    assert json.loads(said.partition("\n")[2])["file"] == strange


def test_a_name_of_250_bytes_or_not_utf8_is_written(tmp_path: Path) -> None:
    long, odd = "ä" * 123 + ".jpg", os.fsdecode(b"caf\xe9.jpg")
    names = output_names([tmp_path / long, tmp_path / "other" / long, tmp_path / odd], ".jpg")
    assert len(set(names)) == 3 and names[2] == odd
    for name in names:
        write_whole(tmp_path / name, b"whole")
        stem = Path(name).stem
        write_whole(tmp_path / f"{stem}.matte.png", b"whole")
    assert len(list(tmp_path.iterdir())) == 6


def test_names_that_windows_keeps_for_itself(tmp_path: Path) -> None:
    for name in ("CON", "con .x", "Aux.txt", "COM1", "LPT\u00b2", "nul"):
        assert safe(name).startswith("_")
    assert safe("Ann Test. . ") == "Ann Test" and safe("Connie") == "Connie"


class Wire:
    """A mail server's side of a login."""

    def __init__(self, auth: str, code: int = 235) -> None:
        self.esmtp_features, self.code, self.said = {"auth": auth}, code, ""

    def ehlo_or_helo_if_needed(self) -> None:
        """Nothing to greet."""

    def docmd(self, command: str, words: str = "") -> tuple[int, bytes]:
        """Note what is said."""
        self.said += f"{command} {words} "
        return self.code, b""


def test_a_password_beyond_ascii_is_sent_as_utf8() -> None:
    plain = Wire("PLAIN LOGIN")
    mail._log_in(plain, "booth", "pässwörd")  # type: ignore[arg-type]
    assert base64.b64decode(plain.said.split()[-1]).decode() == "\0booth\0pässwörd"
    login = Wire("LOGIN")
    mail._log_in(login, "booth", "pässwörd")  # type: ignore[arg-type]
    assert base64.b64decode(login.said.split()[-1]).decode() == "pässwörd"
    with pytest.raises(smtplib.SMTPAuthenticationError):
        mail._log_in(Wire("PLAIN", 535), "booth", "pässwörd")  # type: ignore[arg-type]


def test_letters_that_a_mail_server_never_takes_are_a_clear_no() -> None:
    class Old:
        def send_message(self, message: object) -> None:
            raise smtplib.SMTPNotSupportedError("no SMTPUTF8")

        def quit(self) -> None:
            """Leave."""

    sender = mail.Mail(MailParams(server="x"), lambda number: b"\xff\xd8\xff", lambda params: Old())
    done = sender.hand_over(Job("1", notes=("a@example.org",)))
    assert done.says == "share.mail_refused" and done.is_over
    assert not mail.is_address("jörg@example.org")


def test_the_doctor_logs_in_and_sends_nothing(monkeypatch) -> None:
    class Quiet:
        def quit(self) -> None:
            """Leave."""

    def refused(params: MailParams) -> Quiet:
        raise smtplib.SMTPAuthenticationError(535, b"no")

    params = load_params("event")
    assert next(examination._mail(params)).found == "off in the profile"
    on = msgspec.structs.replace(params, deliver=DeliverParams(mail=MailParams(server="mail.example.org")))
    for connect, level in ((lambda params: Quiet(), "pass"), (refused, "fail")):
        monkeypatch.setattr(mail, "connect_to", connect)
        assert next(examination._mail(on)).level == level


def test_the_number_pad_types_a_pin() -> None:
    keys = (pygame.K_KP0, pygame.K_KP5, pygame.K_KP9, pygame.K_7)
    assert [_digit(key)[0].value for key in keys] == ["0", "5", "9", "7"]


def test_a_broken_profile_is_still_told(tmp_path: Path) -> None:
    path = tmp_path / "latin.toml"
    path.write_bytes('name = "Jürgen"'.encode("cp1252"))
    with pytest.raises(Fault):
        load_params(path)
