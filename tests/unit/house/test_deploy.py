"""The files for a fleet speak of metrics, options and codes that exist."""

from __future__ import annotations

import configparser
import json
import re
from pathlib import Path

import pytest

from booth.app.health_monitor import STUCK_S
from booth.app.vitals import Vitals, metrics_of
from booth.app.watchdog import FRESH_S

DEPLOY = Path(__file__).resolve().parents[3] / "deploy"
FULL = Vitals(0.0, "fault", "camera.lost", ("disk.low",), {"camera.lost": 1}, fps=30.0, camera_fps=30.0)


@pytest.mark.parametrize("name", ["grafana-booths.json", "booth-alerts.yml", "../docs/fleet.md"])
def test_every_metric_that_is_spoken_of_is_told(name: str) -> None:
    told = set(re.findall(r"booth_\w+", metrics_of(FULL))) | {"booth_up"}
    spoken = set(re.findall(r"\bbooth_[a-z_]+\b", (DEPLOY / name).read_text(encoding="utf-8")))
    assert spoken - {"booth_wheel", "booth_profile"} <= told


def test_the_dashboard_is_json_with_a_panel_for_each_question() -> None:
    board = json.loads((DEPLOY / "grafana-booths.json").read_text(encoding="utf-8"))
    assert len({panel["title"] for panel in board["panels"]}) == len(board["panels"]) >= 6


def test_the_unit_waits_longer_than_the_booths_own_guards() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[method-assign,assignment]
    unit.read(DEPLOY / "booth.service", encoding="utf-8")
    service = unit["Service"]
    assert service["Type"] == "notify"
    assert service["RestartPreventExitStatus"] == "2"
    assert int(service["WatchdogSec"]) > max(STUCK_S, 2 * FRESH_S)
