"""Judge the labelled photographs, write docs/audit.md, and fail when a gap between groups has widened.

    python tools/make_audit.py MANIFEST.json [--update]

`docs/audit-gaps.json` holds the ratios of the last accepted run; `--update` accepts those of this one.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from booth.config.params import load_params
from booth.diagnostics.audit import FAIR, FIRM_GROUP, SMALL_GROUP, audit
from booth.diagnostics.audit_page import page

ROOT = Path(__file__).resolve().parent.parent
PAGE, GAPS, PLOTS = ROOT / "docs" / "audit.md", ROOT / "docs" / "audit-gaps.json", ROOT / "build" / "audit.html"
WIDENED = 0.02  # a ratio may fall this far before it is a worse gap: one photograph of fifty

FOUND = """
What is known of the gaps: of the photographs with clear glasses or beards that would not be taken, most show heads that
are plainly turned or tilted, which is the photographs' own. "Facing the lens" counts only photographs whose head is, by
the manifest's own figures, within what is asked of everyone; the manifest took its turn from the same kind of tracker.
A doubt is what one picture without its person's history cannot settle, such as narrow, laughing eyes; the live booth
settles it by the sitter's own blinks. The bars are the same for everyone.
"""

HEAD = """# Audit: does the booth judge everyone alike?

Made by `make audit` from labelled photographs that are not part of this repository; the gaps are held by the same
target, which fails when one widens. Groups are labels that were given; age and gender are what people told themselves.
Rates are shares of photographs that the booth would take, with 95 % Wilson intervals; the booth would coach the rest.
"""


def main(manifest: Path, *, update: bool) -> int:
    """Write the page; returns 1 when a gap has widened."""
    report = audit(manifest, load_params())
    PLOTS.parent.mkdir(exist_ok=True)
    PLOTS.write_text(page(report), encoding="utf-8")
    PAGE.write_text(_markdown(report), encoding="utf-8")
    now = {label: ratio for label, ratio in report["worst_over_best_firm"].items() if ratio is not None}
    before = json.loads(GAPS.read_text(encoding="utf-8")) if GAPS.is_file() else {}
    wider = {label: (before[label], ratio) for label, ratio in now.items() if ratio < before.get(label, 0) - WIDENED}
    for label, (was, ratio) in wider.items():
        print(f"the gap by {label} has widened: {was:.2f} -> {ratio:.2f}")
    if update or not before:
        GAPS.write_text(json.dumps(now, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{PAGE} and {PLOTS} written")
    return 1 if wider and not update else 0


def _markdown(report: dict[str, Any]) -> str:
    parts = [HEAD, f"All {report['all']['n']} photographs: {_rate(report['all'])}.\n"]
    for label, table in report["groups"].items():
        if label == "set":
            continue  # where a photograph comes from is no group of people
        parts.append(f"## By {label.replace('_', ' ')}\n\n{_verdict(report['worst_over_best_firm'][label])}\n")
        parts.append(_table(table))
        parts.append(_facing(report["facing"], label))
        parts.append(_measures(table))
    return "\n".join([*parts, FOUND])


def _table(table: dict[str, Any]) -> str:
    rows = [f"| {name} | {g['n']} | {_rate(g)} | {g['not_refused']:.0%} | {_reasons(g)} |" for name, g in table.items()]
    return (
        "\n".join(["| group | n | would be taken | taken or in doubt | why not |", "|---|---|---|---|---|", *rows])
        + "\n"
    )


def _facing(report: dict[str, Any], label: str) -> str:
    """The same for the photographs whose heads face the lens: what is left is the measures' own."""
    ratio = report["worst_over_best_firm"].get(label)
    if ratio is None:
        return ""
    kept = report["worst_over_best_not_refused"].get(label)
    told = "" if kept is None else f" Passed or doubted, groups of {SMALL_GROUP} and more: {kept:.2f}."
    return f"Facing the lens by the manifest: {_verdict(ratio)}{told}\n\n{_table(report['groups'][label])}"


def _rate(group: dict[str, Any]) -> str:
    rate = group["pass"]
    return f"{rate['rate']:.0%} ({rate['low']:.0%} to {rate['high']:.0%})"


def _reasons(group: dict[str, Any]) -> str:
    return ", ".join(f"{name.removeprefix('reject.')} {count}" for name, count in group["reasons"].items()) or "-"


def _verdict(ratio: float | None) -> str:
    if ratio is None:
        return f"Only one group has {FIRM_GROUP} photographs or more: nothing to hold it to."
    held = "held" if ratio >= FAIR else f"below the {FAIR} asked for"
    return f"Worst over best, groups of {FIRM_GROUP} and more: **{ratio:.2f}**, {held}."


def _measures(table: dict[str, Any]) -> str:
    """Medians of every measure by group, for groups that say something."""
    groups = {name: g for name, g in table.items() if g["n"] >= FIRM_GROUP}
    keys = sorted({key for g in groups.values() for key in g["readings"]})
    if len(groups) < 2:
        return ""
    head = "| median (95 %) | " + " | ".join(groups) + " |\n|---|" + "---|" * len(groups)
    cells = [(key, " | ".join(_median(g["readings"].get(key)) for g in groups.values())) for key in keys]
    rows = [f"| `{key}` | {told} |" for key, told in cells]
    summary = "<details><summary>Every measure</summary>"
    return f"{summary}\n\n{head}\n" + "\n".join(rows) + "\n\n</details>\n"


def _median(row: dict[str, Any] | None) -> str:
    return "-" if row is None else f"{row['p50']:.3g} ({row['median_low']:.3g} to {row['median_high']:.3g})"


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), update="--update" in sys.argv))
