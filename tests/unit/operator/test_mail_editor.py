"""The operator writes the mail server on the screen: field by field, each checked, and the server tried at once."""

from __future__ import annotations

import datetime
import logging
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pygame
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from booth.app.operator.home_settings import HomeChecks, check_mail
from booth.app.operator.mail_editor import PASSWORD_FILE, MailEditor
from booth.app.operator.operator_page import Live, OperatorPage, PageSources
from booth.config.params import Params
from booth.config.params.deliver import DeliverParams, MailParams
from booth.config.words import say
from booth.core.clock import utc_now
from booth.session.state_machine import State
from booth.ui.layout import compose
from booth.ui.window import Window
from tests.kiosk_views import a_view
from tests.unit.operator.test_operator_home import a_page, profile, until

SECRET = "S3cret&co!"


@pytest.fixture
def desk(tmp_path: Path) -> OperatorPage:
    made = a_page(tmp_path, PageSources(checks=HomeChecks({}), mail=MailEditor(tmp_path / PASSWORD_FILE)))
    made.handle("tab:home", 0.0)
    return made


def tap(page: OperatorPage, name: str) -> None:
    """Touch a button of the page as it is drawn."""
    buttons = compose(a_view(State.OPERATOR, operator=page.facts(0.0, Live())), (1280, 720)).buttons
    button = next(b for b in reversed(buttons) if b.name == name)
    page.handle(str(button.signals[0].value), 0.0)


def write(page: OperatorPage, field: str, text: str) -> None:
    """Open a field, erase what is there, type a text with the keys of the screen, and keep it."""
    tap(page, f"mail.{field}")
    facts = page.facts(0.0, Live()).mail
    assert facts is not None and facts.field == field
    for _ in facts.typed:
        tap(page, "key.erase")
    for sign in text:
        turns = [turn for turn in ("key.capitals", "key.signs") if not has_key(page, sign)]
        for turn in turns:
            tap(page, turn)
            if has_key(page, sign):
                break
        tap(page, f"key.{sign}")
        if is_on_signs(page):
            tap(page, "key.signs")
    tap(page, "key.done")


def has_key(page: OperatorPage, sign: str) -> bool:
    scene = compose(a_view(State.OPERATOR, operator=page.facts(0.0, Live())), (1280, 720))
    return any(button.name == f"key.{sign}" for button in scene.buttons)


def is_on_signs(page: OperatorPage) -> bool:
    facts = page.facts(0.0, Live()).mail
    return facts is not None and facts.layer == "signs"


def test_a_server_is_written_with_the_keys_of_the_screen(desk: OperatorPage, tmp_path: Path) -> None:
    tap(desk, "set.mail.open")
    write(desk, "server", "mail.shop.example")
    write(desk, "port", "465")
    write(desk, "user", "Booth@shop.example")
    write(desk, "sender", "booth@shop.example")
    mail = profile(tmp_path).deliver.mail
    assert (mail.server, mail.port, mail.user) == ("mail.shop.example", 465, "Booth@shop.example")
    assert mail.security == "tls", "the port for TLS takes its protection along"
    assert mail.is_on and mail.sender == "booth@shop.example"
    tap(desk, "mail.security")
    assert profile(tmp_path).deliver.mail.security == "none"
    tap(desk, "mail.back")
    assert desk.facts(0.0, Live()).mail is None


def test_a_password_is_kept_apart_and_shown_nowhere(
    desk: OperatorPage, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    tap(desk, "set.mail.open")
    write(desk, "password", SECRET)
    kept = tmp_path / PASSWORD_FILE
    assert kept.read_text(encoding="utf-8") == SECRET and kept.stat().st_mode & 0o777 == 0o600
    assert SECRET not in (tmp_path / "profile.toml").read_text(encoding="utf-8")
    assert profile(tmp_path).deliver.mail.password_file == str(kept)
    assert SECRET not in str(desk.facts(0.0, Live())) and SECRET not in caplog.text
    assert [path.name for path in tmp_path.glob(f".{PASSWORD_FILE}*")] == []
    tap(desk, "mail.password")
    desk.handle("mail:sign:x", 0.0)
    facts = desk.facts(0.0, Live()).mail
    assert facts is not None and facts.typed == "•", "it is typed anew"
    desk.leave()
    assert "x" not in str(vars(desk._mail)["_typed"]), "what was typed goes with the page"


def test_what_cannot_be_stays_open_and_says_why(desk: OperatorPage, tmp_path: Path) -> None:
    tap(desk, "set.mail.open")
    for field, typed in (("server", "mail shop"), ("port", "70000"), ("sender", "shop")):
        tap(desk, f"mail.{field}")
        for _ in range(40):
            desk.handle("mail:erase", 0.0)
        for sign in typed:
            desk.handle(f"mail:sign:{sign}", 0.0)
        tap(desk, "key.done")
        facts = desk.facts(0.0, Live()).mail
        assert facts is not None and facts.field == field and say(facts.wrong)
        tap(desk, "back")
    assert not (tmp_path / "profile.toml").exists(), "nothing was written"


def test_nothing_is_written_from_behind_the_pin(tmp_path: Path) -> None:
    page = a_page(tmp_path, PageSources(checks=HomeChecks({}), mail=MailEditor(tmp_path / PASSWORD_FILE)))
    page.leave()
    for ask in ("tab:home", "mail:open", "mail:field:server", "mail:sign:x", "mail:done"):
        page.handle(ask, 0.0)
    assert page.facts(0.0, Live()).mail is None and not (tmp_path / "profile.toml").exists()


def test_each_change_tries_the_server(tmp_path: Path) -> None:
    asked: list[str] = []
    checks = HomeChecks({"mail": lambda params: asked.append(params.deliver.mail.server) or "staff.check.mail_good"})
    page = a_page(tmp_path, PageSources(checks=checks, mail=MailEditor(tmp_path / PASSWORD_FILE)))
    page.handle("tab:home", 0.0)
    tap(page, "set.mail.open")
    write(page, "server", "a.example")
    until(lambda: "a.example" in asked and checks.says("mail") == "staff.check.mail_good")
    n = len(asked)
    tap(page, "mail.try")
    until(lambda: len(asked) == n + 1)
    facts = page.facts(0.0, Live()).mail
    assert facts is not None and facts.check


def test_a_real_keyboard_writes_too(desk: OperatorPage) -> None:
    tap(desk, "set.mail.open")
    tap(desk, "mail.server")
    window = Window.__new__(Window)
    keys = [(pygame.K_a, "a"), (pygame.K_PERIOD, "."), (pygame.K_BACKSPACE, ""), (pygame.K_RETURN, "\r")]
    asked = [
        str(signal.value)
        for key, sign in keys
        for signal in window._written(pygame.event.Event(pygame.KEYDOWN, key=key, unicode=sign, mod=0))
    ]
    assert asked == ["mail:sign:a", "mail:sign:.", "mail:erase", "mail:done"]
    for ask in asked:
        desk.handle(ask, 0.0)
    facts = desk.facts(0.0, Live()).mail
    assert facts is not None and dict(facts.rows)["server"] == "a"


@contextmanager
def a_server(answer: Callable[[str], str], context: ssl.SSLContext | None = None) -> Iterator[int]:
    """A mail server that says hello and then what `answer` gives to each line; yields its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                wire, _ = listener.accept()
            except OSError:
                return
            if context is not None:
                try:
                    wire = context.wrap_socket(wire, server_side=True)
                except OSError:  # the other side has hung up
                    wire.close()
                    continue
            with wire, wire.makefile("rw", newline="\r\n") as lines:
                lines.write("220 mail.example\n")
                lines.flush()
                for line in lines:
                    lines.write(answer(line.strip()) + "\n")
                    lines.flush()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def said(port: int, tmp_path: Path, **facts: str) -> str:
    mail = MailParams(server=facts.pop("server", "127.0.0.1"), port=port, password_file=str(tmp_path / "p"), **facts)  # type: ignore[arg-type]
    return check_mail(Params(deliver=DeliverParams(mail=mail)))


def test_trying_a_server_says_in_one_sentence_what_is_wrong(tmp_path: Path) -> None:
    def knows(line: str) -> str:
        verb = line.split(" ")[0].upper()
        if verb == "EHLO":
            return "250-mail.example\r\n250 AUTH PLAIN"
        if verb == "AUTH":
            return "235 welcome" if line.endswith("AGIAcmlnaHQ=") else "535 no"  # NUL b NUL right
        return "221 bye" if verb == "QUIT" else "250 ok"

    with a_server(knows) as port:
        plain = {"security": "none", "user": "b"}
        assert said(port, tmp_path, **plain) == "staff.check.mail_password"
        (tmp_path / "p").write_text("right", encoding="utf-8")
        assert said(port, tmp_path, **plain) == "staff.check.mail_good"
        (tmp_path / "p").write_text("wrong", encoding="utf-8")
        assert said(port, tmp_path, **plain) == "staff.check.mail_login"
        assert said(port, tmp_path, security="none") == "staff.check.mail_open"
        assert said(port, tmp_path, security="starttls") == "staff.check.mail_tls", "it offers none"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = taken.getsockname()[1]
    assert said(closed, tmp_path, security="none") == "staff.check.mail_closed"
    assert said(closed, tmp_path, server="no.such.host.invalid") == "staff.check.mail_name"
    with a_server(lambda line: "421 busy") as port:
        assert said(port, tmp_path, security="none", user="b") == "staff.check.mail_away"


def test_a_server_whose_certificate_nobody_trusts_gets_no_password(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    day = datetime.timedelta(days=1)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, utc_now() - day, utc_now() + day)
    pem = made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "server.pem").write_bytes(pem + secret)
    (tmp_path / "p").write_text("right", encoding="utf-8")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem")
    heard: list[str] = []
    with a_server(lambda line: heard.append(line) or "250 ok", context) as port:
        assert said(port, tmp_path, security="tls", user="b", server="localhost") == "staff.check.mail_tls"
    assert heard == []
