"""What monitoring is told of the booth: counts and codes of one moment, nothing of a guest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from booth import __version__


@dataclass(frozen=True, slots=True)
class Vitals:
    """One moment of the booth; the loop makes a fresh one each second."""

    at_s: float  # on the machine's monotonic clock
    state: str
    fault: str  # code on the page, or empty
    notes: tuple[str, ...] = ()  # codes the booth goes on with
    counts: Mapping[str, int] = field(default_factory=dict)  # faults so far, by code
    uptime_s: float = 0.0
    fps: float | None = None
    camera_fps: float | None = None
    camera_reopened: int = 0
    dropped: int = 0
    sessions: int = 0
    kept: int = 0
    disk_free_bytes: int = 0
    resident_bytes: int = 0


def metrics_of(vitals: Vitals) -> str:
    """Return the Prometheus text format of the vitals."""
    plain: tuple[tuple[str, str, str, float | None], ...] = (
        ("booth_uptime_seconds", "gauge", "Seconds since the booth was started.", vitals.uptime_s),
        ("booth_pages_per_second", "gauge", "Pages drawn a second, lately.", vitals.fps),
        ("booth_camera_frames_per_second", "gauge", "Pictures the camera gives a second.", vitals.camera_fps),
        ("booth_camera_reopened_total", "counter", "Times the camera was opened again.", vitals.camera_reopened),
        ("booth_frames_dropped_total", "counter", "Pictures nobody had time for.", vitals.dropped),
        ("booth_sessions_total", "counter", "Guests who said yes.", vitals.sessions),
        ("booth_kept_total", "counter", "Portraits kept.", vitals.kept),
        ("booth_disk_free_bytes", "gauge", "Free bytes where portraits go.", vitals.disk_free_bytes),
        ("booth_resident_bytes", "gauge", "Memory of the process.", vitals.resident_bytes),
    )
    lines = [f'# TYPE booth_info gauge\nbooth_info{{version="{__version__}"}} 1']
    for name, kind, about, value in plain:
        if value is not None:
            lines.append(f"# HELP {name} {about}\n# TYPE {name} {kind}\n{name} {value:g}")
    lines.append("# HELP booth_fault_active Faults that stand now, by code.\n# TYPE booth_fault_active gauge")
    standing = dict.fromkeys((*([vitals.fault] if vitals.fault else ()), *vitals.notes))
    lines += [f'booth_fault_active{{code="{code}"}} 1' for code in standing]
    lines.append("# HELP booth_faults_total Faults so far, by code.\n# TYPE booth_faults_total counter")
    lines += [f'booth_faults_total{{code="{code}"}} {n}' for code, n in sorted(vitals.counts.items()) if n]
    return "\n".join(lines) + "\n"


class NoHealth:
    """Stands for the endpoint where the profile serves none; its libraries are not loaded then."""

    def step(self, make: Callable[[], Vitals]) -> None:
        """Nothing is told."""

    def close(self) -> None:
        """Nothing is open."""
