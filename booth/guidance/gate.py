"""Hysteresis in value and in time as one pure step. Owns nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace

from booth.config.params.guidance import Band


def within(value: float, band: Band, *, ok: bool) -> bool:
    """Tell whether `value` lies on the good side of the limit that counts for a gate standing at `ok`."""
    limit = band.leave if ok else band.enter
    return value >= limit if band.more_is_better else value <= limit


@dataclass(frozen=True, slots=True)
class Gate:
    """One measure's verdict; `since_s` is when the value first disagreed with it, `turned_s` when it last changed."""

    ok: bool | None = None
    since_s: float | None = None
    turned_s: float = 0.0

    def step(self, value: float | None, t_s: float, band: Band) -> Gate:
        """Return the gate after `value` at `t_s`; None leaves it undecided, a first value decides at once."""
        if value is None:
            return self if self.ok is None else Gate(None, None, t_s)
        if self.ok is None:
            return Gate(within(value, band, ok=False), None, t_s)
        if within(value, band, ok=self.ok) == self.ok:
            return self if self.since_s is None else replace(self, since_s=None)
        since_s = t_s if self.since_s is None else self.since_s
        if t_s - since_s < (band.fault_s if self.ok else band.pass_s):
            return replace(self, since_s=since_s)
        return Gate(not self.ok, None, t_s)
