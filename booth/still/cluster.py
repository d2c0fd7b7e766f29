"""The same work on a Dask cluster: an engine that others keep well. Needs the extra `cluster`.

A cluster's machines need not share a disk: photographs travel as bytes, finished files come back as bytes, and are
signed and written here, with the booth's own key. What a worker held that died is done by another; where there is none
left, what is not done is named, and the same command does it later.
"""

from __future__ import annotations

from collections.abc import Iterator
from queue import Empty, SimpleQueue
from typing import Any

from booth.core.faults import Fault
from booth.still.batch import (
    BatchJob,
    Done,
    LabFactory,
    Progress,
    collect,
    finished_before,
    read_source,
    store,
    worker_died,
)
from booth.still.develop_still import StillModels
from booth.still.encode import clear_parts
from booth.still.single import BatchConfig, DevelopedFile, explained, finish_bytes

CONNECT_S = 8  # loading the engine takes a second or two: together a sentence comes within ten
LOOK_S = 1.0  # between two looks whether there is a worker while nothing arrives
NO_WORKER_S = 20.0  # so long without any: a worker that died and is started again by its nanny takes a few seconds
IN_FLIGHT = 32  # photographs on their way at once: 32 of 12 megapixels are some 150 MB

_labs: dict[str, StillModels] = {}  # of a cluster's worker process, by factory


def run_on_cluster(
    address: str,
    jobs: list[BatchJob],
    recipe: BatchConfig,
    lab_factory: LabFactory,
    *,
    progress: Progress | None = None,
) -> list[Done]:
    """Finish all jobs on the scheduler at `address` (tcp://host:8786). Raises Fault `cluster.*` without one."""
    client = _connected(address)
    for folder in {job.target.parent for job in jobs}:
        clear_parts(folder)
    try:
        return collect(jobs, _stream(client, jobs, recipe, lab_factory), progress)
    finally:
        client.close()


def _connected(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        hint = "Install it with: pip install --require-hashes -r requirements-cluster.txt"
        raise Fault("cluster.missing", "The cluster engine is not installed.", hint) from error
    try:
        return Client(address, timeout=CONNECT_S)
    except (OSError, ValueError, TimeoutError) as error:
        hint = "Start one with `dask scheduler` and `dask worker`, or check the address."
        raise Fault("cluster.unreachable", f"No scheduler answers at {address}.", hint, retry=True) from error


def _stream(
    client: Any, jobs: list[BatchJob], recipe: BatchConfig, lab_factory: LabFactory
) -> Iterator[tuple[int, Done]]:
    waiting = iter(enumerate(jobs))
    running: dict[Any, int] = {}
    arrived: SimpleQueue[Any] = SimpleQueue()
    while True:
        while len(running) < IN_FLIGHT and (following := next(waiting, None)) is not None:
            index, job = following
            sent = _sent(client, job, recipe, lab_factory)
            if isinstance(sent, Done):
                yield index, sent
            else:
                running[sent] = index
                sent.add_done_callback(arrived.put)
        if not running:
            return
        future = _next_arrived(client, arrived)
        if future is None:
            left = [*((index, jobs[index]) for index in running.values()), *waiting]
            yield from ((index, Done(job.source, job.target, None, _no_worker())) for index, job in left)
            return
        index = running.pop(future)
        yield index, _received(future, jobs[index], recipe)


def _next_arrived(client: Any, arrived: SimpleQueue[Any]) -> Any:
    """Return the next finished or failed future; None where no worker has been there for too long."""
    alone_s = 0.0
    while alone_s < NO_WORKER_S:
        try:
            return arrived.get(timeout=LOOK_S)
        except Empty:
            alone_s = 0.0 if _has_worker(client) else alone_s + LOOK_S
    return None


def _has_worker(client: Any) -> bool:
    try:
        return bool(client.nthreads())
    except (OSError, TimeoutError):  # the scheduler itself does not answer
        return False


def _no_worker() -> Fault:
    hint = "Start a `dask worker`, then give the same command again: what is finished stays."
    return Fault("cluster.no_worker", "The cluster has no worker.", hint, retry=True, exit_code=1)


def _sent(client: Any, job: BatchJob, recipe: BatchConfig, lab_factory: LabFactory) -> Any:
    """Submit one photograph; a Done where there is nothing to submit."""
    try:
        raw = read_source(job.source)
        if (record := finished_before(job, raw, recipe)) is not None:
            return Done(job.source, job.target, record, was_there=True)
    except Fault as fault:
        return Done(job.source, job.target, None, fault)
    return client.submit(_on_worker, raw, job.source.name, recipe, lab_factory, pure=False)


def _received(future: Any, job: BatchJob, recipe: BatchConfig) -> Done:
    try:
        return store(job, future.result(), recipe)
    except Exception as error:  # the top of one photograph: the others go on
        is_deadly = type(error).__name__ == "KilledWorker"  # one worker after the other died on it
        return Done(job.source, job.target, None, worker_died(job) if is_deadly else explained(error))
    finally:
        future.release()


def _on_worker(raw: bytes, name: str, recipe: BatchConfig, lab_factory: LabFactory) -> DevelopedFile:
    return finish_bytes(raw, name, recipe, models_of(lab_factory))


def models_of(lab_factory: LabFactory) -> StillModels:
    """Return this worker's models, loaded once a process."""
    key = f"{lab_factory.__module__}.{lab_factory.__qualname__}"
    if key not in _labs:
        _labs[key] = lab_factory()
    return _labs[key]
