"""A failure a person can meet, as a value: one sentence, one hint, never a traceback.

Every code has its row in `booth.core.fault_table`: what is said, what the booth tries by itself, how much it weighs.
"""

from __future__ import annotations


class Fault(Exception):
    """A failure a user can meet.

    `code` is a stable dotted key, `hint` says what to do; `retry` is True where trying again may help.
    `exit_code` is what the command line returns: 2 for bad input, 1 when the work itself failed.
    """

    def __init__(self, code: str, message: str, hint: str, *, retry: bool = False, exit_code: int = 2) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint
        self.retry, self.exit_code = retry, exit_code

    def __reduce__(self) -> tuple[object, ...]:
        """Travel whole between processes: an exception with arguments of its own would not."""
        return _restored, (self.code, self.message, self.hint, self.retry, self.exit_code)

    def __str__(self) -> str:
        return f"{self.message} {self.hint}"


def _restored(code: str, message: str, hint: str, retry: bool, exit_code: int) -> Fault:
    return Fault(code, message, hint, retry=retry, exit_code=exit_code)
