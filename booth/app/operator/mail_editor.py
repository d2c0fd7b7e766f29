"""The mail server as the operator writes it on the screen: field by field, each checked before it is kept.

What is typed lives here until it is kept or left. The password goes into a file of its own (mode 0600) beside the
PIN's, never into the profile, the log or what a page is given: a page knows how many signs it has.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from booth.app.operator.settings import Values
from booth.config.params.deliver import MailParams
from booth.core.atomic_write import private_folder, write_whole
from booth.core.faults import Fault
from booth.delivery.mail import ADDRESS_SIGNS, is_address
from booth.session.view import OperatorMail

PASSWORD_FILE = "mail-password"  # in the folder of settings
FIELDS = ("server", "port", "security", "user", "password", "sender")
TYPED = tuple(field for field in FIELDS if field != "security")
PROTECTIONS = ("starttls", "tls", "none")
TITLES: Mapping[str, str] = MappingProxyType(
    {"starttls": "STARTTLS", "tls": "TLS", "none": "staff.value.mail_unprotected"}
)
PORTS: Mapping[int, str] = MappingProxyType({465: "tls", 587: "starttls"})  # RFC 8314, RFC 6409
MOST_SIGNS: Mapping[str, int] = MappingProxyType({"port": 5, "server": 253})  # RFC 1035; others as an address
DOT = "•"
_LABEL = r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL})*\.?")  # RFC 1123, with the underscore that networks at home use
_LAYERS = ("letters", "capitals", "signs")


def is_host(typed: str) -> bool:
    """True for what can be a host's name or its IP address."""
    if _HOST.fullmatch(typed):
        return True
    try:
        ipaddress.ip_address(typed)
    except ValueError:
        return False
    return True


_IS_RIGHT: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "server": lambda typed: typed == "" or is_host(typed),
        "port": lambda typed: typed.isascii() and typed.isdigit() and 1 <= int(typed) <= 65535,
        "sender": lambda typed: typed == "" or is_address(typed),
    }
)


class MailEditor:
    """Holds what is typed; `handle` returns what to write into the profile. Used on the engine's thread only."""

    def __init__(self, secret: Path) -> None:
        """`secret` is the file that a typed password goes into."""
        self._secret = secret
        self.close()

    def close(self) -> None:
        """Leave the page and forget what was typed."""
        self.is_open = False
        self._leave_field()

    def _leave_field(self) -> None:
        self._field, self._typed, self._layer, self._wrong = "", "", "letters", ""

    def handle(self, what: str, mail: MailParams) -> Values:
        """Do what a touch asks, `verb` or `verb:what`; returns dotted profile keys and what they become."""
        verb, _, said = what.partition(":")
        if verb == "open":
            self.is_open = True
        elif verb == "close":
            self.close()
        elif verb == "security" and self.is_open:
            after = PROTECTIONS[(PROTECTIONS.index(mail.security) + 1) % len(PROTECTIONS)]
            return {"deliver.mail.security": after}
        elif verb == "field" and self.is_open and said in TYPED:
            self._leave_field()
            self._field, self._typed = said, self._begun(said, mail)
        elif self._field:
            return self._type(verb, said)
        return {}

    @staticmethod
    def _begun(field: str, mail: MailParams) -> str:
        """What a field begins with: what stands there, but for a password, which is typed anew."""
        return "" if field == "password" else str(getattr(mail, field))

    def _type(self, verb: str, said: str) -> Values:
        self._wrong = ""
        if verb == "sign" and len(said) == 1 and " " <= said <= "~":
            self._typed = (self._typed + said)[: MOST_SIGNS.get(self._field, ADDRESS_SIGNS)]
            self._layer = "letters" if self._layer == "capitals" else self._layer
        elif verb == "erase":
            self._typed = self._typed[:-1]
        elif verb == "layer" and said in _LAYERS:
            self._layer = said
        elif verb == "cancel":
            self._leave_field()
        elif verb == "done":
            return self._kept()
        return {}

    def _kept(self) -> Values:
        """Return what the field becomes; where it cannot be, it stays open and says why."""
        field, typed = self._field, self._typed if self._field == "password" else self._typed.strip()
        if not _IS_RIGHT.get(field, lambda _: True)(typed):
            self._wrong = f"staff.mail_wrong_{field}"
            return {}
        if field == "password":
            return self._keep_password(typed)
        self._leave_field()
        if field == "port":
            port = int(typed)
            security = {"deliver.mail.security": PORTS[port]} if port in PORTS else {}
            return {"deliver.mail.port": port, **security}
        return {f"deliver.mail.{field}": typed, **({"deliver.mail.on": True} if field == "server" and typed else {})}

    def _keep_password(self, typed: str) -> Values:
        if not typed:  # nothing was typed: the one that is kept stays
            self._leave_field()
            return {}
        try:
            private_folder(self._secret.parent)
            write_whole(self._secret, typed.encode(), replace=True)
        except Fault:
            self._wrong = "staff.mail_wrong_password"
            return {}
        self._leave_field()
        return {"deliver.mail.password_file": str(self._secret)}

    def facts(self, mail: MailParams, check: str) -> OperatorMail | None:
        """Return what the page shows, `check` being what trying the server has come to; None while it is shut."""
        if not self.is_open:
            return None
        rows = tuple((field, _shown(field, mail)) for field in FIELDS)
        typed = DOT * len(self._typed) if self._field == "password" else self._typed
        return OperatorMail(rows, self._field, typed, self._layer, check, self._wrong)  # type: ignore[arg-type]


def _shown(field: str, mail: MailParams) -> str:
    """What stands in a field: text, or a words key; of a password only that there is one."""
    if field == "security":
        return TITLES[mail.security]
    if field == "password":
        return DOT * 6 if mail.password_file and Path(mail.password_file).expanduser().is_file() else ""
    return str(getattr(mail, field))
