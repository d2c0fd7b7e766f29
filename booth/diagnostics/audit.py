"""How fairly the booth judges: pass rates and distributions of every measure by labelled group, with intervals.

Reads a manifest of photographs with labels, judges each with the booth's own measures, and compares groups. It infers
nothing about anyone: groups are the labels given.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from booth.config.params import Params
from booth.config.params.guidance import Limits
from booth.core.faults import Fault
from booth.still.open_picture import open_picture
from booth.still.photo_checker import PhotoChecker, Verdict

LABELS = ("skin_tone_group", "glasses", "head_covering", "facial_hair", "expression", "gender", "age", "set")
Z95 = 1.959964  # two-sided 95 %
RESAMPLES = 400
SEED = 20260101  # the same report for the same pictures
AGE_PARTED = 30
FIRM_GROUP = 12  # from here on a ratio of pass rates is held to `FAIR`
FAIR = 0.95
SMALL_GROUP = 5  # fewer say nothing about fairness


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One photograph of a manifest with its labels."""

    path: Path
    labels: Mapping[str, str]
    turn_deg: tuple[float, float, float] = (0.0, 0.0, 0.0)  # yaw, pitch, roll the manifest gives; 0 where it does not

    def faces_lens(self, limits: Limits) -> bool:
        """Return whether the head, by the manifest and not by the booth, is within what the booth asks of everyone."""
        yaw, pitch, roll = map(abs, self.turn_deg)
        return yaw <= limits.yaw_deg and pitch <= limits.pitch_deg and roll <= limits.roll_deg


def wilson(passed: int, total: int) -> tuple[float, float]:
    """Return the 95 % Wilson interval of a rate; (0, 1) for no trials."""
    if total <= 0:
        return 0.0, 1.0
    rate, z2 = passed / total, Z95 * Z95
    centre = (rate + z2 / (2 * total)) / (1 + z2 / total)
    half = Z95 * math.sqrt(rate * (1 - rate) / total + z2 / (4 * total * total)) / (1 + z2 / total)
    return max(0.0, centre - half), min(1.0, centre + half)


def bootstrap_median(values: Sequence[float]) -> tuple[float, float]:
    """Return the 95 % interval of the median by seeded resampling; the value twice for fewer than two."""
    array = np.asarray(values, float)
    if len(array) < 2:
        return (float(array[0]),) * 2 if len(array) else (math.nan, math.nan)
    picks = np.random.default_rng(SEED).integers(0, len(array), (RESAMPLES, len(array)))
    low, high = np.percentile(np.median(array[picks], axis=1), [2.5, 97.5])
    return float(low), float(high)


def read_manifest(manifest: Path) -> list[AuditEntry]:
    """Read the photographs of a manifest; Fault `audit.manifest` when it is none."""
    try:
        table = json.loads(manifest.read_text(encoding="utf-8-sig"))
        files = table["files"] if isinstance(table, dict) else table
        stills = [row for row in files if row.get("kind", "still") == "still"]
        return [AuditEntry(manifest.parent / row["path"], _labels(row), _turn_deg(row)) for row in stills]
    except OSError as error:
        raise Fault("audit.missing", f"The manifest {manifest} cannot be read.", "Check the path.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        hint = 'It wants {"files": [{"path": ..., "kind": "still", "labels": {...}}]}.'
        raise Fault("audit.manifest", f"{manifest} is not a manifest of photographs.", hint) from error


def _labels(row: Mapping[str, Any]) -> dict[str, str]:
    given = {k: str(v) for k, v in row.get("labels", {}).items() if k in LABELS}
    given |= _self_reported(row.get("ground_truth") or {})
    return {**given, "set": Path(row["path"]).name.split("_")[0]}


def _turn_deg(row: Mapping[str, Any]) -> tuple[float, float, float]:
    given = row.get("measured") or {}
    yaw, pitch, roll = (float(given.get(axis) or 0.0) for axis in ("yaw", "pitch", "roll"))
    return yaw, pitch, roll


def _self_reported(truth: Mapping[str, Any]) -> dict[str, str]:
    """Gender and age as people gave them themselves; nobody's is guessed."""
    found = {}
    if gender := truth.get("self_reported_gender"):
        found["gender"] = str(gender)
    age = str(truth.get("self_reported_age", ""))
    if age.replace(".", "", 1).isdigit():
        found["age"] = "30 and over" if float(age) >= AGE_PARTED else "under 30"
    return found


def audit(manifest: Path, params: Params, progress: Callable[[int, int], None] | None = None) -> dict[str, Any]:
    """Judge every photograph of a manifest and return the report as plain, json-able values.

    `progress` is called with (done, all). Files that cannot be opened are listed under `failed`.
    """
    entries = read_manifest(manifest)
    rows: list[tuple[AuditEntry, Verdict]] = []
    failed = []
    with PhotoChecker(params) as judge:
        for count, entry in enumerate(entries, 1):
            try:
                rows.append((entry, judge.judge(open_picture(entry.path).rgb, entry.path.name)))
            except Fault as fault:
                failed.append({"file": entry.path.name, "why": str(fault)})
            if progress:
                progress(count, len(entries))
    facing = summary([(entry, row) for entry, row in rows if entry.faces_lens(params.guidance.limits)])
    return {
        "version": 1,
        "manifest": manifest.name,
        "params": params.digest,
        "failed": failed,
        **summary(rows),
        "facing": facing,
    }


def summary(rows: Sequence[tuple[AuditEntry, Verdict]]) -> dict[str, Any]:
    """Return totals and one table a label of judged photographs."""
    tables: dict[str, Any] = {}
    for label in LABELS:
        values = sorted({entry.labels[label] for entry, _ in rows if label in entry.labels})
        if len(values) > 1:
            tables[label] = {v: _group([r for e, r in rows if e.labels.get(label) == v]) for v in values}
    return {
        "all": _group([verdict for _, verdict in rows]),
        "groups": tables,
        "worst_over_best": {label: _parity(table) for label, table in tables.items()},
        "worst_over_best_firm": {label: _parity(table, FIRM_GROUP) for label, table in tables.items()},
        "worst_over_best_not_refused": {
            label: _ratio([group["not_refused"] for group in table.values() if group["n"] >= SMALL_GROUP])
            for label, table in tables.items()
        },
    }


def _group(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    counts = Counter(v.verdict for v in verdicts)
    low, high = wilson(counts["pass"], len(verdicts))
    rate = counts["pass"] / len(verdicts) if verdicts else 0.0
    return {
        "n": len(verdicts),
        "verdicts": dict(counts),
        "pass": {"rate": round(rate, 4), "low": round(low, 4), "high": round(high, 4)},
        "not_refused": round((counts["pass"] + counts["doubt"]) / max(1, len(verdicts)), 4),
        "reasons": dict(Counter(reason for v in verdicts for reason in v.reasons).most_common()),
        "readings": _readings(verdicts),
    }


def _readings(verdicts: Iterable[Verdict]) -> dict[str, Any]:
    values: dict[str, list[float]] = {}
    passes: dict[str, list[bool]] = {}
    for verdict in verdicts:
        for key, reading in verdict.readings.items():
            if reading["value"] is not None:
                values.setdefault(key, []).append(float(reading["value"]))
                if reading["ok"] is not None:
                    passes.setdefault(key, []).append(bool(reading["ok"]))
    return {key: _distribution(v, passes.get(key, [])) for key, v in sorted(values.items())}


def _distribution(values: list[float], passes: list[bool]) -> dict[str, Any]:
    low, high = bootstrap_median(values)
    quantiles = np.percentile(values, [5, 25, 50, 75, 95])
    names = ("p5", "p25", "p50", "p75", "p95")
    row: dict[str, Any] = {"n": len(values), "values": [round(v, 4) for v in sorted(values)]}
    row |= {name: round(float(q), 4) for name, q in zip(names, quantiles, strict=True)}
    row["median_low"], row["median_high"] = round(low, 4), round(high, 4)
    if passes:
        bottom, top = wilson(sum(passes), len(passes))
        row["ok"] = {"rate": round(sum(passes) / len(passes), 4), "low": round(bottom, 4), "high": round(top, 4)}
    return row


def _parity(table: Mapping[str, Any], least: int = SMALL_GROUP) -> float | None:
    """Return the worst group's pass rate over the best's, among groups of at least `least` photographs."""
    return _ratio([group["pass"]["rate"] for group in table.values() if group["n"] >= least])


def _ratio(rates: Sequence[float]) -> float | None:
    """Return the least over the most of some rates; None for fewer than two, or where all are 0."""
    return round(min(rates) / max(rates), 4) if len(rates) > 1 and max(rates) > 0 else None
