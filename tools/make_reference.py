"""Writes docs/profile.md, docs/looks.md and docs/faults.md from the code itself, so that they cannot disagree with it.

Reads the Structs' source: a field's own comment is its description, its annotation its range.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROFILE_ROOMS = ("capture", "guidance", "matte", "kiosk", "hooks", "deliver", "finish", "marks", "office", "health")
LOOK_FILES = ("looks/look.py", "looks/grade.py", "looks/light/light_spec.py", "looks/backdrop/backdrop_spec.py")

PROFILE_HEAD = """# Profiles

A profile is a TOML file. `extends = "office"` starts from a packaged one (`event`, `office`, `home`); name only what
differs. An unknown key or a value out of range is an error that names the key and the line.
Use it with `--profile FILE`. Sections are named after the parts of the booth: `[capture]`, `[guidance]`, `[matte]`,
`[screen]`, `[kiosk]`, `[review]`, `[deliver]`, `[finish]`, `[office]`, `[hooks]`, `[health]`, and below them
as the tables say.

This page is written by `python tools/make_reference.py`.
"""
LOOKS_HEAD = """# Looks

A look is a TOML file: who it is for, a backdrop, a light, a grade, and the pose it asks for. `extends = "studio-grey"`
starts from another. `booth looks` lists them, `booth looks --edit NAME` shows one live and reloads it on save,
`booth looks --sheet FILE --on IMAGE` renders all of them on one picture.

```toml
title = "Studio grey"
purpose = "The classic headshot: grey paper, loop light."

[backdrop]
kind = "paper"        # paper canvas gradient highkey lowkey bookshelf place brand picture room transparent none
colour = "pebble"

[light]
name = "loop"         # natural butterfly loop rembrandt split broad short clamshell rim highkey lowkey window place
strength = 0.8

[grade]
contrast = 0.06
```

A light may also be lamps of its own, as many as wanted: the key, another on the hair, and the fill so many stops under
the strongest. Azimuth counts from the camera to image right, elevation upward, 180 degrees is behind the sitter; a
larger radius is softer.

```toml
[light]
fill_stops = 3        # also with a named light: the fill this far under its key

[[light.lamps]]
az_deg = 50
el_deg = 30
radius_cm = 60        # a large softbox
dist_cm = 150
warmth_k = 4200

[[light.lamps]]
az_deg = -150
el_deg = 40
strength = 0.6
```

This page is written by `python tools/make_reference.py`.
"""


FAULTS_HEAD = """# Faults

Everything that may go wrong, by its code: what is said, what helps, and what the booth does about it by itself. The
code stands small on the fault page, in the log, in `/health` and in the doctor. `make faults` makes every fault of the
first table happen to a running booth and counts the answers.

A camera's fault is noticed within two seconds. While a fault is on the page the guest's session waits behind it, as
long as `kiosk.fault_s`; then it is wiped like any other that nobody ends.

| weight | means |
|---|---|
| note | the booth goes on, and says so on the page, in its log or in the doctor alone |
| pause | the fault page stands until it is over; the guest's session stays |
| refuse | what was asked for is not done; everything else stands |
| stop | the session is wiped and the program ends with exit code 1; its unit starts it again |

This page is written by `python tools/make_reference.py`.

## While the booth runs
"""
COMMANDS_HEAD = """## What a command refuses

One sentence and a hint, nothing is changed and nothing is lost. The sentence names the path, the line or the value.
"""


def fault_page() -> str:
    """Return the page of faults."""
    sys.path.insert(0, str(ROOT))  # this checkout's table, whichever is installed
    from booth.core.fault_table import ROWS, RUNNING

    running = {row.code for row in RUNNING}
    lines = [FAULTS_HEAD, "| code | says | hint | tries | weight |", "|---|---|---|---|---|"]
    lines += [f"| `{r.code}` | {r.says} | {r.hint} | {r.tries} | {r.weight} |" for r in RUNNING]
    lines += ["", COMMANDS_HEAD, "| code | says | hint | exit |", "|---|---|---|---|"]
    lines += [f"| `{r.code}` | {r.says} | {r.hint} | {r.exit_code} |" for r in ROWS.values() if r.code not in running]
    return "\n".join([*lines, ""])


def tables(path: Path) -> str:
    """Return one Markdown table for each Struct of a module."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    return "\n".join(
        _table(node, lines)
        for node in ast.parse(text).body
        if isinstance(node, ast.ClassDef) and any("Struct" in ast.unparse(base) for base in node.bases)
    )


def _table(node: ast.ClassDef, lines: list[str]) -> str:
    tag = next((ast.literal_eval(k.value) for k in node.keywords if k.arg == "tag"), None)
    about = " ".join((ast.get_docstring(node) or "").split())
    rows = [f"## {node.name}" + (f' (`kind = "{tag}"`)' if tag else ""), "", about, ""]
    fields = [item for item in node.body if isinstance(item, ast.AnnAssign)]
    if fields:
        rows += ["| key | type and range | default | what |", "|---|---|---|---|"]
    for field in fields:
        told = (line.partition("  # ")[2] for line in lines[field.lineno - 1 : field.end_lineno])
        comment = next((words for words in told if words), "")
        default = ast.unparse(field.value) if field.value is not None else "required"
        name = ast.unparse(field.target)
        rows.append(f"| `{name}` | {_range(name, field.annotation)} | `{default}` | {comment} |")
    return "\n".join([*rows, ""])


UNITS = {
    "px": "px", "s": "s", "deg": "degrees", "mm": "mm", "cm": "cm", "h": "hours", "min": "minutes", "days": "days",
    "fps": "frames a second", "mpx": "megapixels", "stops": "stops", "frac": "(1 is all)", "k": "K",
}  # fmt: skip
"""What the end of a key's name says of its unit."""


def _range(name: str, annotation: ast.expr) -> str:
    """Return a field's type, range and unit in words, such as `320 to 7680 px`."""
    if not (isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value) == "Annotated"):
        return f"`{ast.unparse(annotation).replace('|', 'or')}`"
    kind, meta = annotation.slice.elts[:2]  # type: ignore[attr-defined]
    limits = {word.arg: ast.unparse(word.value) for word in meta.keywords if word.arg}
    unit = UNITS.get(name.rpartition("_")[2], "")
    low = limits.get("ge") or (f"more than {limits['gt']}" if "gt" in limits else "")
    high = limits.get("le") or (f"less than {limits['lt']}" if "lt" in limits else "")
    if not (low or high):
        rest = ", ".join(f"{key} {value}" for key, value in limits.items())
        return f"`{ast.unparse(kind)}`" + (f" ({rest})" if rest else "")
    return " ".join(word for word in (f"{low} to {high}" if low and high else low or f"up to {high}", unit) if word)


def pages() -> dict[Path, str]:
    """Return the pages by path."""
    profile = "\n".join(
        [PROFILE_HEAD, *(tables(ROOT / "booth" / "config" / "params" / f"{room}.py") for room in PROFILE_ROOMS)]
    )
    looks = "\n".join([LOOKS_HEAD, *(tables(ROOT / "booth" / name) for name in LOOK_FILES)])
    docs = ROOT / "docs"
    return {docs / "profile.md": profile, docs / "looks.md": looks, docs / "faults.md": fault_page()}


def main() -> int:
    """Write the pages, or with --check only tell whether they are up to date."""
    stale = [p for p, text in pages().items() if not p.is_file() or p.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is behind the schema: run python tools/make_reference.py")
        return 1 if stale else 0
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
