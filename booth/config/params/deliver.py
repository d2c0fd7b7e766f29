"""What an operator may set about keeping and handing over. Nothing here opens a socket unless it is filled in."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

AUTO_ADDRESS = "auto"  # of the phone page: this machine's own in a private network, where one is up
PrinterOption = Annotated[str, Meta(pattern=r"^[A-Za-z][\w.-]*(=[\w.,:+-]*)?$")]
Days = Annotated[float, Meta(gt=0, le=3650)]


class ReviewParams(Struct, frozen=True, forbid_unknown_fields=True):
    """The review of a fresh portrait."""

    limit_s: Annotated[float, Meta(ge=5, le=600)] = 60  # the review waits this long after the last touch
    on_timeout: Literal["keep", "delete"] = "delete"  # told at consent


class StoreParams(Struct, frozen=True, forbid_unknown_fields=True):
    """What is kept encrypted, for how long, and where the key to it lies."""

    keep_original: bool = False  # the photograph as the camera saw it, encrypted
    key: Literal["file", "passphrase", "keyring"] = "file"  # where the booth key comes from
    key_file: str = "~/.config/booth/store.key"  # mode 0600; with a passphrase it holds the key wrapped
    passphrase_file: str = ""  # one line; empty: the variable BOOTH_PASSPHRASE
    portrait_days: Days | None = None  # the finished file; None: until it is erased
    original_days: Days = 30  # the encrypted original
    consent_days: Days = 1095  # lines of the consent log


class PageParams(Struct, frozen=True, forbid_unknown_fields=True):
    """The page on the guest's phone. Off while `address` is empty: then no socket is opened."""

    address: str = ""  # of this machine to listen on, such as 192.168.4.1; auto: its own where a network is up
    port: Annotated[int, Meta(ge=0, le=65535)] = 8420  # 0: any free one
    phones: Annotated[int, Meta(ge=1, le=50)] = 3  # how many phones may open one link; 1 makes it one-use
    limit_min: Annotated[float, Meta(gt=0, le=10080)] = 60  # a link's life
    wifi_name: str = ""  # of the booth's own access point, told on the page beside the code
    wifi_password: str = ""  # of that access point

    @property
    def is_on(self) -> bool:
        """True where an address is named; `auto` counts once `booth run` has filled it in."""
        return self.address not in ("", AUTO_ADDRESS)


class PrintParams(Struct, frozen=True, forbid_unknown_fields=True):
    """Prints by CUPS. Off while `printer` is empty."""

    printer: str = ""  # as `lpstat -p` names it
    media: str = "10x15"  # 10x15, 13x18, a4, letter, or a name that the printer lists
    layout: Literal["single", "strip"] = "single"  # strip: two strips of three on one sheet
    per_guest: Annotated[int, Meta(ge=1, le=20)] = 1  # prints of one portrait
    single_options: tuple[PrinterOption, ...] = ()  # of the printer, as `lpoptions -l` lists them
    strip_options: tuple[PrinterOption, ...] = ()  # instead of those for strips, such as a cut between the two


class MailParams(Struct, frozen=True, forbid_unknown_fields=True):
    """E-mail by the operator's own server. Off while `server` is empty."""

    on: bool = True  # False: no mail, though a server is named
    server: str = ""  # host name of the mail server; empty: no mail
    port: Annotated[int, Meta(ge=1, le=65535)] = 587  # of that server
    security: Literal["starttls", "tls", "none"] = "starttls"  # how the connection is protected
    user: str = ""  # name to log in with; empty: without
    password_file: str = ""  # one line, mode 0600
    sender: str = ""  # address that mails come from
    subject: str = "Your portrait"  # of each mail
    text: str = "Here is the portrait that you took at the booth."  # of each mail
    give_up_h: Annotated[float, Meta(gt=0, le=168)] = 24  # after this the address is erased, sent or not

    @property
    def is_on(self) -> bool:
        """True where mails are sent."""
        return self.on and self.server != ""


class StickParams(Struct, frozen=True, forbid_unknown_fields=True):
    """Copies to a USB stick that is put in while a guest is at the last page."""

    on: bool = False  # True: every stick that is in then gets a copy, told at consent
    folder: Annotated[str, Meta(pattern=r"^[\w -]{0,40}$")] = "booth"  # on the stick; empty: its top
    places: tuple[str, ...] = ()  # where sticks are mounted; empty: where the desktop mounts them


class HookParams(Struct, frozen=True, forbid_unknown_fields=True):
    """A program of the operator that is started for each kept portrait, without a shell. Off while empty."""

    command: tuple[str, ...] = ()  # words; {file} stands for the portrait's path
    plugin: Annotated[str, Meta(pattern=r"^$|^[\w.]+:\w+$")] = ""  # own function instead, package.module:name
    limit_s: Annotated[float, Meta(gt=0, le=3600)] = 60  # the program may run this long
    give_up_h: Annotated[float, Meta(gt=0, le=168)] = 24  # a failing program is tried again this long


class DeliverParams(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a kept portrait goes."""

    folder: str = "~/Pictures/booth"  # where kept portraits go
    name: str = "portrait-{date}-{number:04d}"  # of a file; {date}, {time} and {number}
    min_height_px: Annotated[int, Meta(ge=0, le=6000)] = 2000  # of a portrait; 13x18 cm at 300 dpi; 0: as it was seen
    store: StoreParams = StoreParams()  # see StoreParams
    page: PageParams = PageParams()  # see PageParams
    print: PrintParams = PrintParams()  # see PrintParams
    mail: MailParams = MailParams()  # see MailParams
    stick: StickParams = StickParams()  # see StickParams
    hook: HookParams = HookParams()  # see HookParams
