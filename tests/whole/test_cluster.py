"""A real scheduler and real workers on loopback: one is killed in the middle, then all of them are gone."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from booth.config.params import load_params
from booth.core.faults import Fault
from booth.looks.look import load_look
from booth.still import cluster
from booth.still.batch import BatchJob, Done, plan_jobs
from booth.still.credentials import booth_identity
from booth.still.single import BatchConfig
from tests.unit.still.finish_fakes import lab_to_rgb, make_small_lab, painted_face

distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
pytestmark = [pytest.mark.slow, pytest.mark.long]
ROOT = Path(__file__).resolve().parents[2]
PHOTOGRAPHS = 12
SENTENCE_S = 10.0
JOIN_S = 60.0


@dataclass
class Cluster:
    """A scheduler on a free port and its workers, each a process that nothing starts again."""

    folder: Path
    address: str = ""
    scheduler: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{port}"
        self.scheduler = self._process("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")

    def _process(self, *words: str) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]), "OMP_NUM_THREADS": "1"}
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *words],
            cwd=self.folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def join(self, n: int) -> None:
        """Add workers and wait until the scheduler knows them."""
        self.workers += [
            self._process("worker", self.address, "--no-nanny", "--nthreads", "1", "--no-dashboard") for _ in range(n)
        ]
        with distributed.Client(self.address, timeout=JOIN_S) as client:
            client.wait_for_workers(n, timeout=JOIN_S)

    def end(self) -> None:
        """Kill what still runs."""
        for process in (*self.workers, self.scheduler):
            if process is not None:
                process.kill()
                process.wait()


@pytest.fixture
def a_cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path)
    yield made
    made.end()


def jobs_in(folder: Path, recipe: BatchConfig, out: str) -> list[BatchJob]:
    """Give painted photographs, each another picture, and where they go."""
    photos = folder / "photos"
    if not photos.is_dir():
        photos.mkdir()
        lab, _, _ = painted_face("medium", (480, 600), 240)
        for n in range(PHOTOGRAPHS):
            rgb = (lab_to_rgb(lab) * 255).astype("uint8")
            rgb[:8, :8] = n * 10
            Image.fromarray(rgb).save(photos / f"p{n:02}.png")
        booth_identity(folder / "keys", datetime(2026, 5, 1, tzinfo=UTC))
    sources = sorted(photos.glob("*.png"))
    return plan_jobs(sources, folder / out, recipe, force=False, config_folder=folder / "keys")


def recipe() -> BatchConfig:
    return BatchConfig(load_look("studio-grey"), load_params().finish)


def with_one_worker(a_cluster: Cluster, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[BatchJob]:
    """Let one worker join, and return what it is to do; without any it is not waited for long."""
    monkeypatch.setattr(cluster, "NO_WORKER_S", 3.0)
    a_cluster.join(1)
    return jobs_in(folder, recipe(), "out")


def test_a_worker_killed_in_the_middle_loses_nothing_and_doubles_nothing(a_cluster: Cluster, tmp_path: Path) -> None:
    a_cluster.join(2)
    jobs, told = jobs_in(tmp_path, recipe(), "out"), Counter[str]()

    def kill_one(n: int, whole: int, newest: Done) -> None:
        told[newest.target.name] += 1
        if n == 3:  # both have more in hand: nine are left, and all were handed out at the beginning
            a_cluster.workers[0].kill()

    done = cluster.run_on_cluster(a_cluster.address, jobs, recipe(), make_small_lab, progress=kill_one)
    assert a_cluster.workers[0].wait(5) != 0
    assert [entry.fault for entry in done] == [None] * PHOTOGRAPHS
    assert sorted(told) == sorted(job.target.name for job in jobs) and set(told.values()) == {1}
    for job in jobs:
        with Image.open(job.target) as portrait:
            portrait.load()
    assert len(list((tmp_path / "out").iterdir())) == PHOTOGRAPHS, "no half file, none twice"


def test_without_workers_or_scheduler_there_is_a_sentence(
    a_cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = with_one_worker(a_cluster, tmp_path, monkeypatch)

    def kill_all(n: int, whole: int, newest: Done) -> None:
        if n == 2:
            a_cluster.workers[0].kill()

    done = cluster.run_on_cluster(a_cluster.address, jobs, recipe(), make_small_lab, progress=kill_all)
    codes = Counter(entry.fault.code if entry.fault else "" for entry in done)
    assert set(codes) == {"", "cluster.no_worker"} and codes[""] >= 2
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert written == {entry.target.name for entry in done if entry.fault is None}, "what is done is whole and stays"
    assert a_cluster.scheduler is not None
    a_cluster.scheduler.kill()
    a_cluster.scheduler.wait()
    began_s = time.monotonic()
    with pytest.raises(Fault, match="No scheduler answers") as refused:
        cluster.run_on_cluster(a_cluster.address, jobs, recipe(), make_small_lab)
    assert refused.value.code == "cluster.unreachable"
    assert time.monotonic() - began_s < SENTENCE_S


def test_a_scheduler_killed_in_the_middle_leaves_what_is_done_and_names_the_rest(
    a_cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = with_one_worker(a_cluster, tmp_path, monkeypatch)

    def kill_it(n: int, whole: int, newest: Done) -> None:
        if n == 2 and a_cluster.scheduler is not None:
            a_cluster.scheduler.kill()

    done = cluster.run_on_cluster(a_cluster.address, jobs, recipe(), make_small_lab, progress=kill_it)
    is_done = [entry.fault is None for entry in done]
    assert 2 <= sum(is_done) < PHOTOGRAPHS
    assert {path.name for path in (tmp_path / "out").iterdir()} == {e.target.name for e in done if e.fault is None}
