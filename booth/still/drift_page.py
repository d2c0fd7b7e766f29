"""The drift report as one HTML file that needs nothing else: contact sheet, a plot a measure, a table."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Sequence
from html import escape
from pathlib import Path

from PIL import Image

from booth.capture.photo.reader import FORMATS
from booth.still.batch import Done
from booth.still.drift import Drift, DriftReport, DriftTarget, drift_json
from booth.still.encode import write_whole

THUMB_PX = 168
PLOT_W, PLOT_H = 560, 72
SHOWN_TOLERANCES = 3.0  # a plot reaches this far to both sides, or to the farthest portrait
STYLE = """
body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#1d2126;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}
.sheet{display:flex;flex-wrap:wrap;gap:.7rem}figure{margin:0;width:168px}figure img{width:168px;border-radius:4px;
display:block}figcaption{font-size:.75rem;overflow-wrap:anywhere;color:#444b53}.out img{outline:3px solid #b3261e}
.out b{color:#b3261e}table{border-collapse:collapse;font-variant-numeric:tabular-nums}td,th{padding:.25rem .7rem;
text-align:right;border-bottom:1px solid #dde1e5}th:first-child,td:first-child{text-align:left}td.off{color:#b3261e;
font-weight:600}svg{display:block;max-width:100%}.ends{display:flex;justify-content:space-between;max-width:560px;font-size:.72rem;
color:#6a727a}.plot{margin:.6rem 0 1.2rem}
@media (prefers-color-scheme:dark){body{background:#15181b;color:#e6e8ea}figcaption{color:#aab1b8}
td,th{border-color:#333a41}.out b,td.off{color:#ff8a80}}
"""


def write_report(folder: Path, results: Sequence[Done], report: DriftReport) -> tuple[Path, Path]:
    """Write `drift.html` and `drift.json` into the folder, replacing an earlier report."""
    text = json.dumps(drift_json(report), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    made = write_whole(folder / "drift.json", text.encode(), force=True)
    return write_whole(folder / "drift.html", drift_html(results, report).encode(), force=True), made


def drift_html(results: Sequence[Done], report: DriftReport) -> str:
    """Return the report as a standalone page; pictures are small copies inside of it."""
    # a report may name files as they will be called once they are copied out: then the picture is still the source
    files = {d.target.name: d.target if d.target.is_file() else d.source for d in results if d.fault is None}
    outside = sum(d.worst > 1 for d in report.portraits)
    summary = f"{len(report.portraits)} portraits, {outside} outside the brand's tolerances."
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Drift report</title><style>{STYLE}</style><h1>Drift report</h1><p>{escape(summary)}</p>"
        f"{_failed(report)}<h2>Outliers first</h2>"
        f'<div class="sheet">{"".join(_figure(d, files.get(d.file), report) for d in report.portraits)}</div>'
        f"<h2>Measures</h2>{''.join(_plot(t, report) for t in report.targets)}"
        f"<h2>Numbers</h2>{_table(report)}</html>\n"
    )


def _failed(report: DriftReport) -> str:
    if not report.failed:
        return ""
    rows = "".join(f"<li><b>{escape(name)}</b>: {escape(why)}</li>" for name, why in report.failed)
    return f"<h2>Not finished</h2><ul>{rows}</ul>"


def _figure(drift: Drift, path: Path | None, report: DriftReport) -> str:
    titles = {t.key: t.title for t in report.targets}
    most = max(drift.off, key=lambda key: drift.off[key], default=None)
    told = f"{titles[most]} {drift.off[most]:.1f}x its tolerance" if most else "not measured"
    picture = f'<img alt="{escape(drift.file)}" src="{_thumb(path)}">' if path else ""
    state = ' class="out"' if drift.worst > 1 else ""
    return f"<figure{state}>{picture}<figcaption>{escape(drift.file)}<br><b>{escape(told)}</b></figcaption></figure>"


def _thumb(path: Path) -> str:
    with Image.open(path, formats=FORMATS) as image:
        image.draft("RGB", (2 * THUMB_PX, 2 * THUMB_PX))
        small = image.convert("RGB")
    small.thumbnail((THUMB_PX, 2 * THUMB_PX), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=72)
    return "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode()


def _plot(target: DriftTarget, report: DriftReport) -> str:
    """A strip: the brand's tolerance as a band, each portrait as a dot, the outside ones red."""
    dots = [(d.file, d.values[target.key]) for d in report.portraits if target.key in d.values]
    far = max([SHOWN_TOLERANCES * target.tolerance, *(abs(v - target.wanted) for _, v in dots)]) * 1.05

    def at(value: float) -> float:
        return PLOT_W / 2 + (value - target.wanted) / far * (PLOT_W / 2 - 8)

    low, high = at(target.wanted - target.tolerance), at(target.wanted + target.tolerance)
    marks = "".join(
        _dot(at(v), i, abs(v - target.wanted) > target.tolerance, f"{n}: {v:g}") for i, (n, v) in enumerate(dots)
    )
    spread = report.spread.get(target.key, {})
    told = (
        f"wanted {target.wanted:g}, mean {spread['mean']:.4g}, spread {spread['std']:.3g}" if spread else "not measured"
    )
    return (
        f'<div class="plot"><b>{escape(target.title)}</b> ({escape(target.unit)}): {told}'
        f'<svg width="{PLOT_W}" height="{PLOT_H}" viewBox="0 0 {PLOT_W} {PLOT_H}" role="img" '
        f'aria-label="{escape(target.title)}">'
        f'<rect x="{low:.1f}" y="6" width="{high - low:.1f}" height="{PLOT_H - 12}" '
        f'fill="#9ec5ab" opacity=".35"/><line x1="{at(target.wanted):.1f}" x2="{at(target.wanted):.1f}" y1="4" '
        f'y2="{PLOT_H - 4}" stroke="#2e7d4f"/>{marks}</svg>'
        f'<div class="ends"><span>{target.wanted - far:.3g}</span><span>{target.wanted:g}</span>'
        f"<span>{target.wanted + far:.3g}</span></div></div>"
    )


def _dot(x: float, index: int, is_out: bool, title: str) -> str:
    y = 14 + (index * 11) % (PLOT_H - 28)
    colour = "#b3261e" if is_out else "#37618e"
    return f'<circle cx="{x:.1f}" cy="{y}" r="3.4" fill="{colour}" opacity=".8"><title>{escape(title)}</title></circle>'


def _table(report: DriftReport) -> str:
    head = "".join(f"<th>{escape(t.title)}</th>" for t in report.targets)
    rows = "".join(
        f"<tr><td>{escape(d.file)}</td>{''.join(_cell(d, t) for t in report.targets)}</tr>" for d in report.portraits
    )
    return f"<table><tr><th>Portrait</th>{head}</tr>{rows}</table>"


def _cell(drift: Drift, target: DriftTarget) -> str:
    value = drift.values.get(target.key)
    if value is None:
        return "<td>-</td>"
    state = ' class="off"' if drift.off.get(target.key, 0) > 1 else ""
    return f"<td{state}>{value:.4g}</td>"
