"""E-mail by the operator's own server: one message an address, tried again when the server is away."""

from __future__ import annotations

import base64
import re
import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from typing import Protocol

from booth.config.params.deliver import MailParams
from booth.delivery.formats import mime_of
from booth.delivery.job_queue import Job, Outcome

ANSWER_S = 20.0  # how long a server may be silent
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
ADDRESS_SIGNS = 254  # RFC 5321


class Wire(Protocol):
    """The part of an SMTP connection that is used."""

    def send_message(self, msg: EmailMessage) -> object:
        """Hand a message to the server."""

    def quit(self) -> object:
        """End politely."""


def is_address(typed: str) -> bool:
    """Return whether a person typed something that can be an e-mail address; one, and nothing else."""
    return len(typed) <= ADDRESS_SIGNS and ADDRESS.fullmatch(typed) is not None


class Mail:
    """Sends portraits. `connect` gives a connection that is logged in."""

    def __init__(self, params: MailParams, picture: Callable[[str], bytes | None],
                 connect: Callable[[MailParams], Wire] | None = None) -> None:  # fmt: skip
        self._params, self._picture, self._connect = params, picture, connect or connect_to

    def hand_over(self, job: Job) -> Outcome:
        """Send to every address that is still open; those the server refuses for good are given up."""
        content = self._picture(job.number)
        if content is None:
            return Outcome("share.mail_gave_up")
        try:
            wire = self._connect(self._params)
        except (OSError, smtplib.SMTPException, UnicodeError):
            return Outcome("share.mail_later", False, job.notes)
        left, refused, sent = [], 0, 0
        for address in job.notes:
            try:
                wire.send_message(self._message(address, content))
                sent += 1
            except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
                is_final = _is_final(error)
                refused += is_final
                left += [] if is_final else [address]
            except (smtplib.SMTPNotSupportedError, UnicodeError):  # letters that this server never takes
                refused += 1
            except (OSError, smtplib.SMTPException):
                left.append(address)
        _leave(wire)
        if left:
            return Outcome("share.mail_later", False, tuple(left), done=sent)
        return Outcome("share.mail_refused" if refused else "share.mail_done", done=sent)

    def _message(self, address: str, content: bytes) -> EmailMessage:
        message, (mime, ending) = EmailMessage(), mime_of(content)
        message["From"], message["To"] = self._params.sender or self._params.user, address
        message["Subject"] = self._params.subject
        message["Message-ID"] = make_msgid(domain="booth.invalid")  # the machine's own name is not disclosed
        message.set_content(self._params.text)
        main, sub = mime.split("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=f"portrait{ending}")
        return message


def connect_to(params: MailParams) -> Wire:
    """Connect and log in as the profile says; certificates are checked."""
    wire = reach(params)
    log_in(wire, params)
    return wire


def reach(params: MailParams) -> smtplib.SMTP:
    """Connect as the profile says, without logging in."""
    trusted = ssl.create_default_context()
    if params.security == "tls":
        wire: smtplib.SMTP = smtplib.SMTP_SSL(params.server, params.port, timeout=ANSWER_S, context=trusted)
    else:
        wire = smtplib.SMTP(params.server, params.port, timeout=ANSWER_S)
        if params.security == "starttls":
            try:
                wire.starttls(context=trusted)
            except Exception:
                wire.close()
                raise
    return wire


def log_in(wire: smtplib.SMTP, params: MailParams) -> None:
    """Log in where the profile names a user."""
    if params.user:
        _log_in(wire, params.user, Path(params.password_file).expanduser().read_text(encoding="utf-8-sig").strip())


def _log_in(wire: smtplib.SMTP, user: str, password: str) -> None:
    """Log in; the library knows ASCII alone, so other letters go as UTF-8 by PLAIN (RFC 4616) or LOGIN.

    Raises SMTPAuthenticationError where the server refuses, SMTPNotSupportedError where it knows neither.
    """
    if (user + password).isascii():
        wire.login(user, password)
        return
    wire.ehlo_or_helo_if_needed()
    known = wire.esmtp_features.get("auth", "").upper().split()
    if "PLAIN" in known:
        code, said = wire.docmd("AUTH", f"PLAIN {_base64(f'{chr(0)}{user}{chr(0)}{password}')}")
    elif "LOGIN" in known:
        wire.docmd("AUTH", f"LOGIN {_base64(user)}")
        code, said = wire.docmd(_base64(password))
    else:
        raise smtplib.SMTPNotSupportedError("The server takes no password beyond ASCII.")
    if code not in (235, 503):
        raise smtplib.SMTPAuthenticationError(code, said)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")


def _is_final(error: Exception) -> bool:
    """True for a permanent refusal (5xx), False for a temporary one (4xx)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500


def _leave(wire: Wire) -> None:
    try:
        wire.quit()
    except (OSError, smtplib.SMTPException):
        return
