"""The table of faults: every code that is raised has its row, and every row makes a whole Fault."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

from booth.core.fault_table import NOTHING, ROWS, RUNNING, Weight, fault

BOOTH = Path(__file__).resolve().parents[3] / "booth"


def _raised() -> Iterator[tuple[str, str]]:
    for path in sorted(BOOTH.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", ""))
            if named in ("Fault", "fault") and node.args and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value), f"{path.relative_to(BOOTH)}:{node.lineno}"


def test_every_code_that_is_raised_has_a_row() -> None:
    without = [f"{code} at {where}" for code, where in _raised() if code not in ROWS]
    assert not without, (
        f"add to booth/core/fault_table.py or fault_rows.py, then run tools/make_reference.py: {without}"
    )


def _written() -> set[str]:
    """Every text of the program but the table's own."""
    files = [p for p in BOOTH.rglob("*.py") if not p.name.startswith("fault_")]
    nodes = (node for path in files for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_every_row_is_told_somewhere() -> None:
    assert not set(ROWS) - _written(), "a row that nothing tells is of a fault that does not exist"


def test_codes_are_there_once() -> None:
    from booth.core.fault_rows import COMMANDS

    codes = [row.code for row in RUNNING] + [row[0] for row in COMMANDS]
    assert len(codes) == len(set(codes)) == len(ROWS)


def test_a_row_is_a_sentence_a_hint_and_what_is_tried() -> None:
    for code in sorted(ROWS):
        row = ROWS[code]
        for text in (row.says, row.hint, row.tries):
            assert text.endswith("."), text
        assert code.count(".") == 1
        names = {name for _, name, _, _ in string.Formatter().parse(row.says + row.hint) if name}
        if code in {r.code for r in RUNNING}:
            made = fault(code, **dict.fromkeys(names, "X"))
            assert "{" not in str(made)
            assert made.code == code
            assert made.message[0].isupper() or made.message[0] == "/"
        if row.weight is Weight.STOP:
            assert row.exit_code == 1, "a unit starts it again"
        if row.weight in (Weight.PAUSE, Weight.NOTE, Weight.STOP):
            assert row.tries != NOTHING
