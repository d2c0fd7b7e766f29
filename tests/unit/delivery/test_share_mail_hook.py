"""The operator's mail server and program: away, refusing, hanging."""

from __future__ import annotations

import smtplib
import stat
from email.message import EmailMessage
from pathlib import Path

import pytest

from booth.config.params.deliver import HookParams, MailParams
from booth.delivery.delivery_hook import DeliveryHook
from booth.delivery.job_queue import Job
from booth.delivery.mail import Mail, is_address

JPEG = b"\xff\xd8\xff\xe0 a picture"


class Wire:
    """A server that answers as told, by address."""

    def __init__(self, answers: dict[str, Exception]) -> None:
        self.answers, self.sent = answers, list[EmailMessage]()

    def send_message(self, msg: EmailMessage) -> None:
        if msg["To"] in self.answers:
            raise self.answers[msg["To"]]
        self.sent.append(msg)

    def quit(self) -> None:
        raise smtplib.SMTPServerDisconnected


def _mail(wire: Wire | Exception) -> Mail:
    def connect(params: MailParams) -> Wire:
        if isinstance(wire, Exception):
            raise wire
        return wire

    return Mail(MailParams(server="mail.invalid", sender="booth@fair.invalid"), lambda number: JPEG, connect)


def test_a_portrait_goes_to_one_address_a_message() -> None:
    wire = Wire({})
    outcome = _mail(wire).hand_over(Job("a", notes=("a@b.example", "c@d.example")))
    assert outcome.says == "share.mail_done" and outcome.is_over and outcome.notes == () and outcome.done == 2
    assert [m["To"] for m in wire.sent] == ["a@b.example", "c@d.example"]
    (part,) = wire.sent[0].iter_attachments()
    assert part.get_content() == JPEG and part.get_filename() == "portrait.jpg"
    assert wire.sent[0]["Message-ID"].endswith("@booth.invalid>")


def test_a_server_that_is_away_or_busy_is_tried_again() -> None:
    away = _mail(ConnectionRefusedError()).hand_over(Job("a", notes=("a@b.example",)))
    assert (away.says, away.is_over, away.notes) == ("share.mail_later", False, ("a@b.example",))
    busy = smtplib.SMTPRecipientsRefused({"a@b.example": (451, b"greylisted")})
    part = _mail(Wire({"a@b.example": busy})).hand_over(Job("a", notes=("a@b.example", "c@d.example")))
    assert part.notes == ("a@b.example",) and not part.is_over and part.done == 1, "the one that went is not sent again"


def test_an_address_that_is_refused_is_told_and_forgotten() -> None:
    refused = smtplib.SMTPRecipientsRefused({"a@b.example": (550, b"no such user")})
    outcome = _mail(Wire({"a@b.example": refused})).hand_over(Job("a", notes=("a@b.example",)))
    assert outcome.says == "share.mail_refused" and outcome.is_over and outcome.notes == ()


@pytest.mark.parametrize("typed", ["ada@example.org", "a.b+c@d-e.co.uk"])
def test_addresses(typed: str) -> None:
    assert is_address(typed)


@pytest.mark.parametrize(
    "typed",
    ["", "ada", "ada@", "@x.org", "a@b", "a b@c.org", "a@b.org\nBcc: all@c.org", "a@b.org,c@d.org", "a@" + "b." * 200],
)
def test_what_is_no_address(typed: str) -> None:
    assert not is_address(typed)


def _program(folder: Path, text: str) -> str:
    path = folder / "program.sh"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_the_program_gets_the_path_as_one_word_and_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOTH_PASSPHRASE", "secret")
    picture = tmp_path / "a portrait; touch oops $(id).jpg"
    picture.write_bytes(JPEG)
    program = _program(tmp_path, f'printf "%s|%s|%s" "$#" "$1" "$BOOTH_PASSPHRASE" > "{tmp_path}/told"')
    hook = DeliveryHook(HookParams(command=(program, "--file={file}")), lambda number: picture)
    assert hook.hand_over(Job("a")).says == "share.hook_done"
    assert (tmp_path / "told").read_text() == f"1|--file={picture}|" and not (tmp_path / "oops").exists()


def test_a_program_that_fails_hangs_or_is_missing_is_tried_again(tmp_path: Path) -> None:
    picture = tmp_path / "one.jpg"
    picture.write_bytes(JPEG)
    fails = (_program(tmp_path, "exit 3"),)
    hangs = ("sleep", "30")
    for command in (fails, hangs, ("no-such-program",)):
        outcome = DeliveryHook(HookParams(command=command, limit_s=0.1), lambda number: picture).hand_over(Job("a"))
        assert outcome.says == "share.hook_later" and not outcome.is_over
    picture.unlink()
    assert DeliveryHook(HookParams(command=fails), lambda number: picture).hand_over(Job("a")).is_over
