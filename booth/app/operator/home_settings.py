"""How portraits reach their guests, and the camera's size: settings of the operator's page, each with its check."""

from __future__ import annotations

import contextlib
import errno
import shutil
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from booth.app.operator.settings import Setting, SettingsScope, Step, choice
from booth.config.params import Params
from booth.config.params.deliver import AUTO_ADDRESS, MailParams
from booth.delivery.mail import log_in, reach
from booth.delivery.phone.network import own_addresses, with_own_address
from booth.delivery.printer import printers, state_of
from booth.delivery.stick import sticks

REVIEW_S = (30.0, 45.0, 60.0, 90.0, 120.0, 180.0, 300.0)
CAMERA_SIZES = ((0, 0), (1280, 720), (1920, 1080), (2560, 1440), (3840, 2160))  # the first: the camera's best
ASKING = "…"
SHORT: Mapping[str, str] = MappingProxyType(
    {f"share.print_{state}": f"staff.check.printer_{state}"
     for state in ("paper_out", "ink_out", "jam", "door", "paused", "gone")}
)  # fmt: skip
"""What a guest reads of a printer -> the operator's shorter words."""


def _pages(place: SettingsScope) -> tuple[Step, ...]:
    key, now = "deliver.page.address", place.params.deliver.page.address
    addresses = dict.fromkeys((*place.addresses, *(() if now in ("", AUTO_ADDRESS) else (now,))))
    return (
        Step("staff.value.off", {key: ""}),
        Step("staff.value.page_auto", {key: AUTO_ADDRESS}),
        *(Step(address, {key: address}) for address in addresses),
    )


def _printers(place: SettingsScope) -> tuple[tuple[str, str], ...]:
    names = dict.fromkeys((*place.printers, place.params.deliver.print.printer))
    return (("", "staff.value.off"), *((name, name) for name in names if name))


def _mails(place: SettingsScope) -> tuple[Step, ...]:
    mail = place.params.deliver.mail
    off = Step("staff.value.off", {"deliver.mail.on": False})
    return (off, Step(mail.server, {"deliver.mail.on": True})) if mail.server else (off,)


def _mail_now(place: SettingsScope, steps: tuple[Step, ...]) -> int:
    return int(place.params.deliver.mail.is_on)


def _reviews(place: SettingsScope) -> tuple[tuple[float, str], ...]:
    now = place.params.review.limit_s
    return tuple((s, f"{s:g} s") for s in sorted({*REVIEW_S, now}))


def _camera_sizes(place: SettingsScope) -> tuple[Step, ...]:
    capture = place.params.capture
    own = (capture.width_px, capture.height_px)
    return tuple(
        Step(
            f"{w}x{h}" if w else "staff.value.camera_best",
            {"capture.width_px": w, "capture.height_px": h},
        )
        for w, h in dict.fromkeys((*CAMERA_SIZES, own))
    )


def _stands(place: SettingsScope, steps: tuple[Step, ...]) -> int:
    capture = place.params.capture
    now = {"capture.width_px": capture.width_px, "capture.height_px": capture.height_px}
    return next((i for i, step in enumerate(steps) if step.values == now), 0)


def _page_now(place: SettingsScope, steps: tuple[Step, ...]) -> int:
    now = place.params.deliver.page.address
    return next((i for i, step in enumerate(steps) if step.values["deliver.page.address"] == now), 0)


_ON_OFF = ((False, "staff.value.off"), (True, "staff.value.on"))

HOME_SETTINGS: tuple[Setting, ...] = (
    Setting("page", _pages, _page_now),
    choice("printer", "deliver.print.printer", _printers),
    Setting("mail", _mails, _mail_now),
    choice("stick", "deliver.stick.on", lambda place: _ON_OFF),
    choice("review_s", "review.limit_s", _reviews),
    Setting("camera_size", _camera_sizes, _stands),
)
"""In the order of the page."""


def check_page(params: Params) -> str:
    """Try to listen where the phone page would; returns a words key, or the page's address."""
    address = with_own_address(params.deliver).page.address
    if not address:
        return "staff.check.no_network" if params.deliver.page.address == AUTO_ADDRESS else ""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as listener:
            listener.bind((address, 0))
    except OSError as error:
        return "staff.check.other_address" if error.errno == errno.EADDRNOTAVAIL else "staff.check.no_network"
    return f"http://{address}:{params.deliver.page.port}"


def check_printer(params: Params) -> str:
    """Ask the printer how it is; returns a words key."""
    if not params.deliver.print.printer:
        return ""
    says = state_of(params.deliver.print)
    return SHORT.get(says, says)


MAIL_TROUBLE: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((ssl.SSLError, smtplib.SMTPNotSupportedError), "staff.check.mail_tls"),
    ((socket.gaierror, UnicodeError), "staff.check.mail_name"),
    ((ConnectionRefusedError,), "staff.check.mail_closed"),
)
"""What reaching a mail server may raise -> words key; the first row that fits counts."""


def check_mail(params: Params) -> str:
    """Log in to the mail server and leave again; nothing is sent. Returns a words key."""
    mail = params.deliver.mail
    if not mail.server:
        return "staff.check.mail_unset"
    if not mail.on:
        return ""
    if mail.user and not Path(mail.password_file).expanduser().is_file():
        return "staff.check.mail_password"
    try:
        wire = reach(mail)
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        return next((says for kinds, says in MAIL_TROUBLE if isinstance(error, kinds)), "staff.check.mail_away")
    try:
        return _tried(wire, mail)
    finally:
        wire.close()


def _tried(wire: smtplib.SMTP, mail: MailParams) -> str:
    """Log in to a server that was reached; returns a words key."""
    try:
        log_in(wire, mail)
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError):
        return "staff.check.mail_login"
    except (OSError, smtplib.SMTPException, UnicodeError):
        return "staff.check.mail_away"
    with contextlib.suppress(OSError, smtplib.SMTPException):
        wire.quit()
    return "staff.check.mail_good" if mail.user else "staff.check.mail_open"


def check_stick(params: Params) -> str:
    """Look for a stick that is in; returns its name and room, or a words key."""
    if not params.deliver.stick.on:
        return ""
    for stick in sticks(params.deliver.stick):
        try:
            free = shutil.disk_usage(stick).free
        except OSError:
            continue
        return f"{Path(stick).name}: {free / 1e9:.1f} GB"
    return "staff.check.no_stick"


CHECKS: Mapping[str, Callable[[Params], str]] = MappingProxyType(
    {"page": check_page, "printer": check_printer, "mail": check_mail, "stick": check_stick}
)
"""A setting's name -> what tries it out. Each may take seconds."""


class HomeChecks:
    """Tries settings out on threads of their own: all of them when the leaf is opened, one after it was changed."""

    def __init__(self, checks: Mapping[str, Callable[[Params], str]] = CHECKS) -> None:
        self._checks = checks
        self._lock = threading.Lock()
        self._turn: dict[str, int] = {}
        self._says: dict[str, str] = {}
        self.printers: tuple[str, ...] = ()
        self.addresses: tuple[str, ...] = ()

    def begin(self, params: Params) -> None:
        """Try everything, and look what printers and addresses there are."""
        threading.Thread(target=self._list, name="check-lists", daemon=True).start()
        for name in self._checks:
            self.again(name, params)

    def again(self, name: str, params: Params) -> None:
        """Try one setting anew; what an earlier try of it still brings is dropped."""
        if name not in self._checks:
            return
        with self._lock:
            turn = self._turn[name] = self._turn.get(name, 0) + 1
            self._says[name] = ASKING
        threading.Thread(target=self._try, args=(name, params, turn), name=f"check-{name}", daemon=True).start()

    def says(self, name: str) -> str:
        """What trying a setting has come to: a words key or a text; empty where there is nothing to say."""
        with self._lock:
            return self._says.get(name, "")

    def _try(self, name: str, params: Params, turn: int) -> None:
        try:
            says = self._checks[name](params)
        except Exception as error:  # a check that breaks is itself a finding
            says = type(error).__name__
        with self._lock:
            if self._turn.get(name) == turn:
                self._says[name] = says

    def _list(self) -> None:
        self.addresses = own_addresses()
        self.printers = printers()
