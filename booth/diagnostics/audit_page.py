"""The audit as one self-contained page: tables and plots in plain HTML and SVG, no scripts, nothing loaded."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

WIDE, LEFT, ROW = 640, 190, 22  # px of a plot, of its names, of one row
STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:1rem;color:#1d2328;background:#fcfcfa}
h1{font-weight:600}h2{margin-top:2.5rem}
table{border-collapse:collapse}td,th{padding:.2rem .8rem .2rem 0;text-align:left}
td{font-variant-numeric:tabular-nums}svg text{font:12px system-ui,sans-serif;fill:#1d2328}summary{cursor:pointer}
.note{color:#5b666e}
"""
INK, SOFT, MARK = "#1f6f78", "#b9d5d6", "#c5542d"


def page(report: Mapping[str, Any]) -> str:
    """Return the HTML of a report made by `booth.diagnostics.audit.audit`."""
    whole = report["all"]
    parts = [f"<h1>Audit of {escape(str(report.get('manifest', 'photographs')))}</h1>", _lead(whole)]
    for label, table in report["groups"].items():
        parts.append(f"<h2>By {escape(label.replace('_', ' '))}</h2>")
        parts.append(_parity_line(report["worst_over_best"].get(label)))
        parts.append(_rates(table))
        parts.append(_reason_table(table))
        parts.append(_distributions(table))
    if report.get("failed"):
        rows = "".join(f"<li>{escape(f['file'])}: {escape(f['why'])}</li>" for f in report["failed"])
        parts.append(f"<h2>Not judged</h2><ul>{rows}</ul>")
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Audit</title><style>{STYLE}</style>'
    return f"{head}<body>{''.join(parts)}</body></html>\n"


def _lead(whole: Mapping[str, Any]) -> str:
    rate = whole["pass"]
    verdicts = ", ".join(f"{count} {escape(name)}" for name, count in whole["verdicts"].items())
    return (
        f"<p>{whole['n']} photographs: {verdicts}. Pass rate {rate['rate']:.0%} "
        f"(95 % interval {rate['low']:.0%} to {rate['high']:.0%}).</p>"
        '<p class="note">Rates carry Wilson intervals, medians seeded bootstrap intervals. Groups are the labels of '
        "the manifest; nothing about a person is inferred.</p>"
    )


def _parity_line(parity: float | None) -> str:
    if parity is None:
        return '<p class="note">Too few photographs in all groups but one to compare.</p>'
    return f"<p>Worst group over best group: <b>{parity:.2f}</b> (groups of five and more)</p>"


def _rates(table: Mapping[str, Any]) -> str:
    """Draw one bar a group with its interval as a line."""
    span = WIDE - LEFT - 60
    rows = []
    for i, (name, group) in enumerate(table.items()):
        y, rate = i * ROW + 4, group["pass"]
        low, high = LEFT + rate["low"] * span, LEFT + rate["high"] * span
        rows.append(
            f'<text x="0" y="{y + 13}">{escape(name)} ({group["n"]})</text>'
            f'<rect x="{LEFT}" y="{y + 2}" width="{rate["rate"] * span:.1f}" height="14" fill="{SOFT}"/>'
            f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{y + 9}" y2="{y + 9}" stroke="{INK}" stroke-width="3"/>'
            f'<text x="{WIDE - 48}" y="{y + 13}">{rate["rate"]:.0%}</text>'
        )
    return _svg(len(table) * ROW + 8, rows, "Pass rate by group")


def _reason_table(table: Mapping[str, Any]) -> str:
    names = sorted({reason for group in table.values() for reason in group["reasons"]})
    if not names:
        return ""
    head = "".join(f"<th>{escape(n.removeprefix('reject.'))}</th>" for n in names)
    body = "".join(
        f"<tr><td>{escape(value)}</td>" + "".join(f"<td>{group['reasons'].get(n, 0)}</td>" for n in names) + "</tr>"
        for value, group in table.items()
    )
    return f"<details><summary>Why photographs failed</summary><table><tr><th></th>{head}</tr>{body}</table></details>"


def _distributions(table: Mapping[str, Any]) -> str:
    keys = sorted({key for group in table.values() for key in group["readings"]})
    plots = "".join(f"<h3>{escape(key)}</h3>{_strip(key, table)}" for key in keys)
    return f"<details><summary>Distribution of every measure</summary>{plots}</details>"


def _strip(key: str, table: Mapping[str, Any]) -> str:
    """Draw every value as a dot, the middle half as a band and the median with its interval."""
    present = {name: group["readings"][key] for name, group in table.items() if key in group["readings"]}
    values = [v for row in present.values() for v in row["values"]]
    low, high = min(values), max(values)
    span = (WIDE - LEFT - 60) / ((high - low) or 1.0)
    rows = []
    for i, (name, row) in enumerate(present.items()):
        y = i * ROW + 12
        at = {k: LEFT + (row[k] - low) * span for k in ("p25", "p50", "p75", "median_low", "median_high")}
        dots = "".join(f'<circle cx="{LEFT + (v - low) * span:.1f}" cy="{y}" r="2"/>' for v in row["values"])
        rows.append(
            f'<text x="0" y="{y + 4}">{escape(name)} ({row["n"]})</text>'
            f'<rect x="{at["p25"]:.1f}" y="{y - 6}" width="{max(1, at["p75"] - at["p25"]):.1f}" height="12"'
            f' fill="{SOFT}"/>'
            f'<g fill="{INK}" fill-opacity=".45">{dots}</g>'
            f'<line x1="{at["median_low"]:.1f}" x2="{at["median_high"]:.1f}" y1="{y}" y2="{y}" stroke="{MARK}" '
            f'stroke-width="2"/><circle cx="{at["p50"]:.1f}" cy="{y}" r="4" fill="{MARK}"/>'
        )
    foot = len(present) * ROW + 16
    rows.append(f'<text x="{LEFT}" y="{foot}">{low:.3g}</text><text x="{WIDE - 90}" y="{foot}">{high:.3g}</text>')
    return _svg(foot + 8, rows, f"Distribution of {key}")


def _svg(height: int, rows: list[str], title: str) -> str:
    opening = f'<svg width="{WIDE}" height="{height}" viewBox="0 0 {WIDE} {height}" role="img"'
    return f'{opening} aria-label="{escape(title)}">{"".join(rows)}</svg>'
