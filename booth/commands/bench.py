"""`booth bench`: times the live loop and the still, with the floor and the naive pipeline in the same run."""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any

import typer

from booth.commands.options import JsonFile, LookName, Profile, existing, tell, write_json
from booth.commands.run import parse_size
from booth.looks.look import load_look
from booth.params import load_params


def bench(
    size: Annotated[str, typer.Option("--size", help="Camera size.")] = "1280x720",
    look: LookName = None,
    seconds: Annotated[float, typer.Option("--seconds", min=2, help="How long the live loop runs.")] = 20,
    source: Annotated[str, typer.Option("--source", help="Where the frames come from.")] = "demo",
    matte: Annotated[
        str | None, typer.Option("--matte", help="Measure the matte on a folder of cut-outs and scenes.")
    ] = None,
    profile: Profile = None,
    json: JsonFile = None,
) -> int:
    """Time the live loop by stage, the floor, the naive pipeline and the still; ratios are what counts."""
    params = load_params(profile)
    if matte is not None:
        from booth.matte_bench import run as run_matte

        facts = run_matte(existing(matte))
        _say(facts, json)
        return 0
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ["SDL_VIDEODRIVER"] = "dummy"  # without a screen the page is drawn all the same, only not shown
    from booth.live_bench import bench_live

    facts = bench_live(params, load_look(look or params.kiosk.look), source, parse_size(size), seconds)
    _say(facts, json)
    return 0


def _say(facts: dict[str, Any], json: str | None, indent: str = "") -> None:
    for key, value in facts.items():
        if isinstance(value, dict) and value and all(isinstance(v, dict) for v in value.values()):
            tell(f"{indent}{key}", json)
            for name, inner in value.items():
                tell(f"{indent}  {name:16} {_numbers(inner)}", json)
        else:
            tell(f"{indent}{key:18} {_numbers(value) if isinstance(value, dict) else value}", json)
    if json:
        write_json(json, facts)


def _numbers(values: dict[str, Any]) -> str:
    return "  ".join(f"{name} {value}" for name, value in values.items())
