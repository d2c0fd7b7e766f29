"""`booth doctor`: is this machine fit to be a booth?"""

from __future__ import annotations

import msgspec

from booth.app.operator.profile_file import profile_to_run
from booth.cli.options import JsonFile, Profile, tell, write_json
from booth.config.params import load_params
from booth.diagnostics.doctor import examine, verdict_of

MARKS = {"pass": "ok  ", "warn": "warn", "fail": "FAIL"}


def doctor(profile: Profile = None, json: JsonFile = None) -> int:
    """Check this machine: pass, warn or fail, with one hint each. Exit code 1 where something fails.

    Without --profile: the one that `booth run` would start with.
    """
    findings = examine(load_params(profile_to_run(profile)))
    for f in findings:
        hint = f"  -> {f.hint}" if f.level != "pass" and f.hint else ""
        code = f" [{f.code}]" if f.level != "pass" and f.code else ""
        tell(f"{MARKS[f.level]} {f.check}: {f.found}{code}{hint}", json)
    verdict = verdict_of(findings)
    if json:
        write_json(json, {"version": 1, "verdict": verdict, "checks": [msgspec.to_builtins(f) for f in findings]})
    return 1 if verdict == "fail" else 0
