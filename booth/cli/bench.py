"""`booth bench`: times the live loop and the still, with the floor and the naive pipeline in the same run."""

from __future__ import annotations

import os
import sys
from json import loads
from pathlib import Path
from typing import Annotated, Any

import typer

from booth.cli.options import JsonFile, LookName, Profile, existing, parse_size, tell, write_json
from booth.config.params import load_params
from booth.core.faults import Fault
from booth.diagnostics.bench_page import RATIOS, compared
from booth.diagnostics.bench_page import plot as draw
from booth.looks.look import STUDIO_LOOK, load_look


def bench(
    size: Annotated[str, typer.Option("--size", help="Camera size.")] = "1280x720",
    look: LookName = None,
    seconds: Annotated[float, typer.Option("--seconds", min=2, help="How long the live loop runs.")] = 20,
    source: Annotated[str, typer.Option("--source", help="Where the frames come from.")] = "demo",
    busy: Annotated[
        int, typer.Option("--busy", min=0, max=64, help="So many cores are taken by processes of the bench's own.")
    ] = 0,
    body: Annotated[
        bool, typer.Option("--body", help="The body's points are read all the while, as a pose guide has them read.")
    ] = False,
    matte: Annotated[
        str | None, typer.Option("--matte", help="Measure the matte on a folder of cut-outs and scenes.")
    ] = None,
    plate: Annotated[
        bool, typer.Option("--plate", help="With --matte: what a picture of the empty place adds.")
    ] = False,
    plot: Annotated[str | None, typer.Option("--plot", help="Draw the stages into an SVG file.")] = None,
    against: Annotated[
        str | None, typer.Option("--against", help="Compare the ratios with those of an earlier --json file.")
    ] = None,
    profile: Profile = None,
    json: JsonFile = None,
) -> int:
    """Time the live loop by stage, the floor, the naive pipeline and the still; ratios are what counts."""
    params = load_params(profile)
    then = {} if against is None else _landed(against)  # a wrong file is reported before the long run
    if matte is not None:
        from booth.diagnostics.matte_bench import run as run_matte

        facts = run_matte(existing(matte), plate=plate)
        _say(facts, json)
        return 0
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ["SDL_VIDEODRIVER"] = "dummy"  # without a screen the page is drawn all the same, only not shown
    from booth.diagnostics.live_bench import BenchTask, bench_live

    task = BenchTask(source, parse_size(size), seconds, busy, reads_body=body)
    facts = bench_live(params, load_look(look or STUDIO_LOOK), task)
    if against is not None:
        facts["against"], worse = compared(facts, then)
    _say(facts, json)
    if plot is not None:
        Path(plot).parent.mkdir(parents=True, exist_ok=True)
        Path(plot).write_text(draw(facts))
    return 1 if against is not None and worse else 0


def _landed(path: str) -> dict[str, Any]:
    try:
        figures = loads(existing(path).read_text())
        if not all(isinstance(figures.get(name), (int, float)) and figures[name] > 0 for name in RATIOS):
            raise ValueError(path)
    except (ValueError, AttributeError) as error:
        raise Fault("bench.figures", f"{path} holds no figures of a bench.", "Write one with --json.") from error
    return dict(figures)


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
