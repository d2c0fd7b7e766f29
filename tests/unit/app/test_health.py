"""What monitoring is told: counts and codes, on one address, only where the profile says so."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request

from booth.app.health import HealthEndpoint
from booth.app.vitals import Vitals, metrics_of
from booth.config.params.health import HealthParams

WELL = Vitals(100.0, "coach", "", counts={"camera.lost": 2}, uptime_s=7.5, fps=29.7, sessions=3, kept=2)


def _get(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_every_line_of_the_metrics_is_prometheus_text() -> None:
    line = re.compile(r'^(# (HELP|TYPE) booth_\w+ .+|booth_\w+(\{\w+="[\w.]+"\})? -?[\d.e+]+)$')
    ill = Vitals(100.0, "fault", "camera.lost", ("disk.low",), {"camera.lost": 1})
    for text in (metrics_of(WELL), metrics_of(ill)):
        assert [row for row in text.splitlines() if not line.match(row)] == []
    assert 'booth_fault_active{code="camera.lost"} 1' in metrics_of(ill)
    assert 'booth_faults_total{code="camera.lost"} 2' in metrics_of(WELL)


def test_without_the_profiles_word_nothing_listens() -> None:
    health = HealthEndpoint(HealthParams(), lambda: 100.0)
    health.step(lambda: WELL)
    assert health.port is None
    health.close()


def test_it_is_told_that_the_booth_is_well_and_that_it_is_not() -> None:
    now = [100.0]
    health = HealthEndpoint(HealthParams(on=True, port=0), lambda: now[0])
    try:
        health.step(lambda: WELL)
        assert health.port is not None
        code, text = _get(health.port, "/health")
        assert (code, json.loads(text)["verdict"], json.loads(text)["kept"]) == (200, "pass", 2)
        assert "booth_up 1" in _get(health.port, "/metrics")[1]
        now[0] += 60  # the loop has told nothing for a minute
        assert _get(health.port, "/health")[0] == 503
        assert "booth_up 0" in _get(health.port, "/metrics")[1]
        assert _get(health.port, "/anything-else")[0] == 404
    finally:
        health.close()
