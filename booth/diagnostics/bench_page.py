"""What the bench measured as a drawing, and against the figures that were landed last; needs no display."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

WIDE_PX, ROW_PX, LEFT_PX, PAD_PX = 900, 26, 150, 20
SLACK = 1.15  # two runs of one program on a noisy machine differ by this much
RATIOS = ("over_floor", "under_naive", "p95_over_floor")  # what counts; milliseconds only describe the machine
_MORE_IS_BETTER = {"under_naive"}
INK, BAR, SPREAD, MARK = "#222", "#4a7fb5", "#a9c4de", "#c0392b"


def plot(facts: dict[str, Any]) -> str:
    """Return an SVG: a bar a stage to its median, a thin one to its 95th percentile, and lines for both ends.

    `facts` are those of `bench --json`.
    """
    rows = [(name, row["p50"], row["p95"]) for name, row in facts["stages"].items()]
    rows.append(("whole frame", facts["frame_ms"]["p50"], facts["frame_ms"]["p95"]))
    rows.append(("glass", facts["glass_ms"]["p50"], facts["glass_ms"]["p95"]))
    ends = (("floor", facts["floor_ms"]["p50"]), ("33 ms", 1e3 / 30), ("naive", facts["naive_ms"]["p50"]))
    most = max([row[2] for row in rows] + [ms for _, ms in ends])
    px_a_ms = WIDE_PX / most
    wide, high = LEFT_PX + WIDE_PX + 7 * PAD_PX, ROW_PX * (len(rows) + 3) + PAD_PX
    where = f"{facts['look']}, {facts['size'][0]}x{facts['size'][1]}, {facts['cores']} cores"
    title = f"{where}: {facts['fps']} frames a second"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:.0f}" height="{high}" font-family="sans-serif" '
        f'font-size="13" fill="{INK}"><rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="{PAD_PX}" y="{PAD_PX}">{escape(title)}; over floor {facts["over_floor"]}, '
        f"under naive {facts['under_naive']}</text>",
    ]
    top = 2 * ROW_PX + PAD_PX
    parts += [_row(top + i * ROW_PX, px_a_ms, row) for i, row in enumerate(rows)]
    parts += [_end(name, ms, px_a_ms, (top, high)) for name, ms in ends]
    return "".join([*parts, "</svg>"])


def _row(y: float, px_a_ms: float, row: tuple[str, float, float]) -> str:
    name, p50, p95 = row
    return (
        f'<text x="{LEFT_PX - 8}" y="{y + 14}" text-anchor="end">{escape(name)}</text>'
        f'<rect x="{LEFT_PX}" y="{y + 7}" width="{p95 * px_a_ms:.1f}" height="6" fill="{SPREAD}"/>'
        f'<rect x="{LEFT_PX}" y="{y}" width="{p50 * px_a_ms:.1f}" height="{ROW_PX - 8}" fill="{BAR}"/>'
        f'<text x="{LEFT_PX + p95 * px_a_ms + 5:.1f}" y="{y + 14}" font-size="11">{p50:.1f} / {p95:.1f} ms</text>'
    )


def _end(name: str, ms: float, px_a_ms: float, reach: tuple[float, float]) -> str:
    x, (top, bottom) = LEFT_PX + ms * px_a_ms, reach
    return (
        f'<path d="M{x:.1f} {top - 6}V{bottom - 6}" stroke="{MARK}" stroke-dasharray="4 3"/>'
        f'<text x="{x:.1f}" y="{top - 10}" text-anchor="middle" fill="{MARK}">{escape(name)} {ms:.1f}</text>'
    )


def compared(now: dict[str, Any], then: dict[str, Any]) -> tuple[dict[str, float], list[str]]:
    """Return each ratio of the bench over what it was, above 1 for worse, and the names of those beyond `SLACK`."""
    changes = {}
    for name in RATIOS:
        worse = then[name] / now[name] if name in _MORE_IS_BETTER else now[name] / then[name]
        changes[name] = round(worse, 3)
    return changes, [name for name, change in changes.items() if change > SLACK]
