"""The words of the command line before any command is imported: defaults, `help`, and tab completion."""

from __future__ import annotations

import ast
import shlex
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from booth.cli import COMMANDS
from booth.core.fault_table import fault
from booth.core.near import did_you_mean, near

OWN_OPTIONS = ("-h", "--help", "--version", "--install-completion", "--show-completion")  # of `booth` itself
COMPLETE_VARIABLE = "_BOOTH_COMPLETE"  # set by the shell's completion script, as Typer names it


def normal_words(words: list[str]) -> list[str]:
    """Return the words with the command spelt out: none means `run`, `help X` means `X --help`.

    Fault `command.unknown` for a first word that is neither a command nor an option.
    """
    if words[:1] == ["help"]:
        words = [*words[1:2], "--help"]
    if not words or (words[0].startswith("-") and words[0].partition("=")[0] not in OWN_OPTIONS):
        return ["run", *words]
    if words[0] not in COMMANDS and not words[0].startswith("-"):
        raise unknown_command(words[0])
    return words


def unknown_command(word: str) -> Exception:
    """Return the Fault for a word that names no command."""
    trouble = fault("command.unknown", word=word)
    trouble.hint = did_you_mean(word, COMMANDS, trouble.hint)
    return trouble


def words_to_complete(environment: Mapping[str, str]) -> list[str]:
    """Return what has been typed after `booth` when the shell asks for completions: bash, zsh and fish alike."""
    typed = environment.get("_TYPER_COMPLETE_ARGS") or environment.get("COMP_WORDS", "")
    try:
        return shlex.split(typed)[1:]
    except ValueError:  # a quotation mark that is still open
        return typed.split()[1:]


def summary_of(name: str) -> str:
    """Return the docstring of a command without importing what it needs."""
    spec = find_spec(f"booth.cli.{name}")
    assert spec is not None and spec.origin is not None
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    own = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)
    return ast.get_docstring(own) or ""


def placeholder_of(name: str) -> Callable[[], Any]:
    """Return a function that stands for a command in the list of all of them: its name and its docstring."""

    def stands_in() -> None:
        raise AssertionError(name)

    stands_in.__doc__ = summary_of(name)
    return stands_in


def option_message(error: Any) -> str:
    """Return what a usage error of the argument parser says; of an option it does not know, only near ones."""
    wrong = getattr(error, "option_name", None)
    if wrong is None or not hasattr(error, "possibilities"):
        return str(error.format_message())
    found = near(wrong, error.possibilities or ())
    meant = f" Did you mean {' or '.join(found)}?" if found else ""
    return f"There is no option {wrong}.{meant}"
