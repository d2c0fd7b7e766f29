"""How far each portrait of a set is from the brand, outliers first. Numbers only; `drift_page.py` draws them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

from booth.config.params.finish import BrandParams
from booth.still.batch import Done
from booth.still.crop import crop_spec

Measures = Mapping[str, float]


class DriftTarget(msgspec.Struct, frozen=True):
    """What the brand asks of one measure."""

    key: str
    title: str
    unit: str
    wanted: float
    tolerance: float


class Drift(msgspec.Struct, frozen=True):
    """One portrait against the brand; `off` counts tolerances, so above 1 is outside."""

    file: str
    values: dict[str, float]
    off: dict[str, float]

    @property
    def worst(self) -> float:
        """The largest of `off`, 0 when nothing was measured."""
        return max(self.off.values(), default=0.0)


class DriftReport(msgspec.Struct, frozen=True):
    """A set against its brand, outliers first, and the set's own spread."""

    targets: tuple[DriftTarget, ...]
    portraits: tuple[Drift, ...]
    spread: dict[str, dict[str, float]]  # measure -> mean, std, least, most
    failed: tuple[tuple[str, str], ...]  # file, sentence
    version: int = 1


def drift_report(results: Sequence[Done], brand: BrandParams, crop: str = "headshot") -> DriftReport:
    """Compare the finished portraits with the brand. Backdrop and light go by the set's median where unset."""
    measured = [(d.target.name, dict(d.record.measures)) for d in results if d.record is not None]
    middle = _median_backdrop([m for _, m in measured])
    measured = [(name, _from_middle(m, middle)) for name, m in measured]
    targets = _targets(brand, crop, [m for _, m in measured])
    portraits = [Drift(name, values, _off(values, targets)) for name, values in measured]
    portraits.sort(key=lambda d: (-d.worst, d.file))
    failed = tuple((d.source.name, str(d.fault)) for d in results if d.fault is not None)
    spread = {t.key: _spread([m[t.key] for _, m in measured if t.key in m]) for t in targets}
    return DriftReport(tuple(targets), tuple(portraits), spread, failed)


def drift_json(report: DriftReport) -> dict[str, Any]:
    """The report as plain values for JSON; `inside` tells whether each portrait is within every tolerance."""
    plain: dict[str, Any] = msgspec.to_builtins(report)
    for entry, drift in zip(plain["portraits"], report.portraits, strict=True):
        entry["worst"] = round(drift.worst, 3)
        entry["inside"] = drift.worst <= 1
    plain["failed"] = [{"file": name, "why": why} for name, why in report.failed]
    return plain


def _targets(brand: BrandParams, crop: str, measured: Sequence[Measures]) -> list[DriftTarget]:
    spec = crop_spec(crop, brand)
    ratio = brand.light_ratio_stops
    if ratio is None:
        ratios = [m["light_ratio_stops"] for m in measured if "light_ratio_stops" in m]
        ratio = float(np.median(ratios)) if ratios else 0.0
    targets = []
    if spec.aspect:
        targets = [
            DriftTarget("eye_line_frac", "Eye line", "of height", spec.eye_line_frac, brand.eye_line_tolerance_frac),
            DriftTarget(
                "head_height_frac", "Head height", "of height", spec.head_height_frac, brand.head_height_tolerance_frac
            ),
        ]
    return [
        *targets,
        DriftTarget("roll_deg", "Tilt", "degrees", 0.0, brand.roll_tolerance_deg),
        DriftTarget("backdrop_de", "Background", "dE2000 from the set", 0.0, brand.backdrop_tolerance_de),
        DriftTarget("light_ratio_stops", "Light ratio", "stops", ratio, brand.light_ratio_tolerance_stops),
        DriftTarget("clipped_frac", "Clipped skin", "share of face", 0.0, brand.clipped_max_frac),
    ]


def _off(values: Measures, targets: Sequence[DriftTarget]) -> dict[str, float]:
    near = [t for t in targets if t.key in values]
    return {t.key: round(abs(values[t.key] - t.wanted) / max(t.tolerance, 1e-6), 3) for t in near}


def _spread(values: Sequence[float]) -> dict[str, float]:
    if not values:
        return {}
    told = {"mean": np.mean(values), "std": np.std(values), "least": np.min(values), "most": np.max(values)}
    return {name: round(float(value), 5) for name, value in told.items()}


def _median_backdrop(measured: Sequence[Measures]) -> tuple[float, ...] | None:
    tones = [_tone(m) for m in measured]
    seen = [t for t in tones if t is not None]
    return tuple(float(v) for v in np.median(seen, axis=0)) if seen else None


def _from_middle(measures: dict[str, float], middle: tuple[float, ...] | None) -> dict[str, float]:
    tone = _tone(measures)
    if tone is None or middle is None:
        return measures
    return measures | {"backdrop_de": round(delta_e_2000(tone, middle), 3)}


def _tone(measures: Measures) -> tuple[float, ...] | None:
    keys = ("backdrop_l", "backdrop_a", "backdrop_b")
    return tuple(measures[k] for k in keys) if all(k in measures for k in keys) else None


def delta_e_2000(first: Sequence[float], second: Sequence[float]) -> float:
    """The CIEDE2000 difference of two Lab colours (Sharma, Wu and Dalal 2005, with all weights 1)."""
    (l1, a1, b1), (l2, a2, b2) = first, second
    mean_c = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 0.5 * (1 - math.sqrt(mean_c**7 / (mean_c**7 + 25.0**7)))
    a1, a2 = (1 + g) * a1, (1 + g) * a2
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = (math.degrees(math.atan2(b, a)) % 360 if c else 0.0 for a, b, c in ((a1, b1, c1), (a2, b2, c2)))
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    dh = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn) / 2)
    return _weighted(l2 - l1, c2 - c1, dh, (l1 + l2) / 2, (c1 + c2) / 2, _mean_hue(h1, h2, c1 * c2))


def _mean_hue(h1: float, h2: float, both: float) -> float:
    if both == 0:
        return h1 + h2
    if abs(h1 - h2) <= 180:
        return (h1 + h2) / 2
    return (h1 + h2 + (360 if h1 + h2 < 360 else -360)) / 2


def _weighted(dl: float, dc: float, dh: float, light: float, chroma: float, hue: float) -> float:  # noqa: PLR0913
    def cos(degrees: float) -> float:
        return math.cos(math.radians(degrees))

    t = 1 - 0.17 * cos(hue - 30) + 0.24 * cos(2 * hue) + 0.32 * cos(3 * hue + 6) - 0.20 * cos(4 * hue - 63)
    sl = 1 + 0.015 * (light - 50) ** 2 / math.sqrt(20 + (light - 50) ** 2)
    sc, sh = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    turn = 30 * math.exp(-(((hue - 275) / 25) ** 2))
    rt = -math.sin(math.radians(2 * turn)) * 2 * math.sqrt(chroma**7 / (chroma**7 + 25.0**7))
    return math.sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 + rt * (dc / sc) * (dh / sh))
