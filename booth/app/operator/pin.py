"""The operator's PIN: chosen at the first visit, kept as a salted digest, with a delay that grows on wrong tries."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import secrets
from itertools import pairwise
from pathlib import Path

from booth.core.faults import Fault
from booth.session.view import OperatorFacts
from booth.ui.screens.operator import PIN_DIGITS

PIN_FILE = "operator-pin.json"  # in the folder of settings
FREE_TRIES = 2  # wrong PINs that cost no wait
MAX_WAIT_S = 300.0
_COST = {"n": 2**14, "r": 8, "p": 1}  # scrypt, as RFC 7914 gives for interactive use


def wait_after(wrong: int) -> float:
    """Seconds to wait after so many wrong PINs in a row: none at first, then doubling."""
    return 0.0 if wrong <= FREE_TRIES else min(MAX_WAIT_S, 2.0 ** (wrong - FREE_TRIES))


def is_weak(pin: str) -> bool:
    """True for a PIN that a stranger tries first: two digits or fewer, a row, or one half twice."""
    steps = {int(b) - int(a) for a, b in pairwise(pin)}
    half = len(pin) // 2
    return len(set(pin)) <= 2 or steps in ({1}, {-1}) or pin[:half] == pin[half:]


def check_strength(pin: str) -> None:
    """Fault `pin.weak` for a PIN that is guessed first, or is not made of so many digits."""
    if len(pin) != PIN_DIGITS or not (pin.isascii() and pin.isdigit()) or is_weak(pin):
        hint = f"Take {PIN_DIGITS} digits that are no row, no pattern and not all alike."
        raise Fault("pin.weak", "That PIN would be guessed first.", hint)


def _digest(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=_COST["n"], r=_COST["r"], p=_COST["p"], dklen=32)


def has_pin(config: Path) -> bool:
    """True where a PIN was set; `config` is the folder of settings."""
    return (config / PIN_FILE).is_file()


class PinPad:
    """What the operator types; time is an argument. The file (mode 0600) holds salt and digest, never the PIN."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._typed = ""
        self._first = ""  # a new PIN that has to be typed once more
        self._tries = file.with_name(f"{file.stem}.tries")
        self._wrong = self._wrong_before()
        self._wait_until_s: float | None = None  # not known before the first question after a start
        self.is_unlocked = False

    @property
    def wants_new_pin(self) -> bool:
        """True until a first PIN has been chosen: there is no default."""
        return not self._file.is_file()

    def press(self, key: str, now_s: float) -> bool:
        """Take one key: a digit, `erase` or `enter`; returns True once unlocked. Keys during a wait are ignored."""
        if self.is_unlocked or now_s < self._waits_until_s(now_s):
            return self.is_unlocked
        if key == "erase":
            self._typed = self._typed[:-1]
        elif key.isdigit() and len(self._typed) < PIN_DIGITS:
            self._typed += key
        if len(self._typed) == PIN_DIGITS and key != "erase":
            self._try(now_s)
        return self.is_unlocked

    def lock(self) -> None:
        """Forget what was typed and shut again; wrong tries still count."""
        self._typed, self._first, self.is_unlocked = "", "", False

    def facts(self, now_s: float, rows: tuple[tuple[str, str], ...] = ()) -> OperatorFacts:
        """Return what the page shows; `rows` (name, value) only once unlocked."""
        wait_s = max(0.0, self._waits_until_s(now_s) - now_s)
        shown = rows if self.is_unlocked else ()
        is_again = self.wants_new_pin and self._first != ""
        return OperatorFacts(self.is_unlocked, len(self._typed), wait_s, self.wants_new_pin, shown, is_again=is_again)

    def _try(self, now_s: float) -> None:
        typed, self._typed = self._typed, ""
        if self.wants_new_pin:
            self._choose_twice(typed)
        elif self._is_right(typed):
            self._wrong, self.is_unlocked = 0, True
            self._tries.unlink(missing_ok=True)
        else:
            self._wrong += 1
            self._wait_until_s = now_s + wait_after(self._wrong)
            with contextlib.suppress(OSError):  # a disk that takes nothing: they count while the booth runs
                self._tries.write_text(str(self._wrong), encoding="ascii")

    def _wrong_before(self) -> int:
        """Return the wrong tries since the last right one, before this start."""
        try:
            return max(0, int(self._tries.read_text(encoding="ascii")[:6]))
        except (OSError, ValueError):
            return 0

    def _waits_until_s(self, now_s: float) -> float:
        if self._wait_until_s is None:  # a start shortens no wait
            self._wait_until_s = now_s + wait_after(self._wrong)
        return self._wait_until_s

    def _choose_twice(self, typed: str) -> None:
        """Take a new PIN once it was typed twice alike; a weak one is refused at the first time. Fault `pin.*`."""
        first, self._first = self._first, ""
        if not first:
            check_strength(typed)
            self._first = typed
        elif typed != first:
            raise Fault("pin.differs", "The two PINs differ.", "Choose one and type it twice.")
        else:
            self.choose(typed)
            self.is_unlocked = True

    def choose(self, pin: str) -> None:
        """Set a PIN. Fault `pin.weak` for one that is guessed first, `pin.unwritable` where it cannot be kept."""
        check_strength(pin)
        self._choose(pin)
        self._tries.unlink(missing_ok=True)
        self._wrong = 0

    def _choose(self, pin: str) -> None:
        salt = secrets.token_bytes(16)
        content = json.dumps({"salt": salt.hex(), "digest": _digest(pin, salt).hex()})
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file.touch(mode=0o600)
            self._file.write_text(content, encoding="utf-8")
        except OSError as error:
            raise Fault("pin.unwritable", f"The PIN cannot be kept in {self._file}.", "Check its folder.") from error

    def _is_right(self, pin: str) -> bool:
        try:
            kept = json.loads(self._file.read_text(encoding="utf-8"))
            return hmac.compare_digest(bytes.fromhex(kept["digest"]), _digest(pin, bytes.fromhex(kept["salt"])))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Fault(
                "pin.broken", f"The PIN file {self._file} is damaged.", "Delete it to choose a new PIN."
            ) from error
