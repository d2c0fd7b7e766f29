"""Many photographs through one recipe: in workers of their own, resumable, each file whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.util import Finalize
from pathlib import Path
from threading import Thread

import cv2

from booth.capture.photo.folder import LeftOut, look_through
from booth.capture.photo.reader import MAX_FILE_BYTES, too_large
from booth.core.bounded_read import read_bounded
from booth.core.faults import Fault
from booth.still.credentials import kept_identity, sign
from booth.still.develop_still import StillModels
from booth.still.encode import SUFFIX, clear_parts, output_names, write_whole
from booth.still.record import EditRecord, from_xmp
from booth.still.single import BatchConfig, DevelopedFile, explained, file_params, finish_bytes

AHEAD = 2  # jobs handed out a worker, so that thousands do not queue in memory

LabFactory = Callable[[], StillModels]


@dataclass(frozen=True, slots=True)
class BatchJob:
    """One photograph and the file it becomes. `config_folder` holds the signing key, which must be there already."""

    source: Path
    target: Path
    matte: Path | None
    force: bool
    config_folder: Path


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one job; `fault` is None when it went well."""

    source: Path
    target: Path
    record: EditRecord | None
    fault: Fault | None = None
    was_there: bool = False  # an earlier run had finished it


Progress = Callable[[int, int, Done], None]  # done so far, of how many, the newest


def pictures_in(paths: list[Path]) -> list[Path]:
    """List the photographs among files and folders, in natural order within a folder, without mattes; Fault for none.

    `left_out_of` names what of the folders is not read.
    """
    found: list[Path] = []
    for path in paths:
        found += look_through(path).photographs if path.is_dir() else (path,)
    if not found:
        raise Fault("finish.nothing", "There is no picture to finish.", "Name photographs or a folder of them.")
    return list(dict.fromkeys(found))


def left_out_of(paths: list[Path]) -> list[LeftOut]:
    """List the files of folders that are not read, each with why: they are to be named, and the exit code is 1."""
    return [left for path in paths if path.is_dir() for left in look_through(path).left_out]


def plan_jobs(
    sources: list[Path], out: Path, recipe: BatchConfig, *, force: bool, config_folder: Path
) -> list[BatchJob]:
    """Give each photograph its file in `out`. Raises Fault where that would replace a photograph itself."""
    originals = {p.resolve() for p in sources}
    jobs = []
    for source, name in zip(sources, output_names(sources, SUFFIX[file_params(recipe).format]), strict=True):
        target = out / name
        if target.resolve() in originals:
            hint = "Choose another folder with --out."
            raise Fault("finish.same_folder", f"{target} is one of the photographs itself.", hint)
        matte = out / f"{target.stem}.matte.png" if recipe.with_matte else None
        jobs.append(BatchJob(source, target, matte, force, config_folder))
    return jobs


def run_jobs(
    jobs: list[BatchJob],
    recipe: BatchConfig,
    lab_factory: LabFactory,
    *,
    workers: int = 1,
    progress: Progress | None = None,
) -> list[Done]:
    """Finish all jobs and return what became of them, in the jobs' order.

    Each of the `workers` is a process of its own that keeps to one core; `workers=0` works in this process.
    `lab_factory` is a function of a module: workers import it. What fails is named, the rest is done; what an earlier
    run finished from the same photograph with the same recipe is left as it is.
    """
    for folder in {job.target.parent for job in jobs}:
        clear_parts(folder)
    stream = _here(jobs, recipe, lab_factory) if workers < 1 else _in_workers(jobs, recipe, lab_factory, workers)
    return collect(jobs, stream, progress)


def collect(jobs: list[BatchJob], stream: Iterator[tuple[int, Done]], progress: Progress | None) -> list[Done]:
    """Take results as they come, tell of each, and return them in the jobs' order."""
    results: dict[int, Done] = {}
    for index, done in stream:
        results[index] = done
        if progress:
            progress(len(results), len(jobs), done)
    return [results[i] for i in range(len(jobs))]


def finish_job(job: BatchJob, recipe: BatchConfig, lab: Callable[[], StillModels]) -> Done:
    """Finish one job here; never raises for what is wrong with one photograph. The lab is asked for when needed."""
    try:
        raw = read_source(job.source)
        if (record := finished_before(job, raw, recipe)) is not None:
            return Done(job.source, job.target, record, was_there=True)
        return store(job, finish_bytes(raw, job.source.name, recipe, lab()), recipe)
    except Exception as error:  # the top of one photograph: the others go on
        return Done(job.source, job.target, None, explained(error))


def read_source(path: Path) -> bytes:
    """Return a photograph's bytes; Fault `picture.unreadable`, `picture.too_large`."""
    try:
        return read_bounded(path, MAX_FILE_BYTES)
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise too_large(path) from error
        raise Fault("picture.unreadable", f"{path} cannot be read.", "Check the path and its rights.") from error


def finished_before(job: BatchJob, raw: bytes, recipe: BatchConfig) -> EditRecord | None:
    """Return the record of a target that is this photograph under this recipe; None when it is to be done.

    Raises Fault `write.exists` for a file of another origin, unless forced.
    """
    if not job.target.exists():
        return None
    record = from_xmp(read_source(job.target))
    digest = hashlib.sha256(raw).hexdigest()
    if record is not None and record.source_digest == digest and record.params_digest == recipe.digest:
        return record if job.matte is None or job.matte.exists() else None
    if not job.force:
        raise Fault("write.exists", f"{job.target} is already there.", "Use --force to replace it.")
    return None


def store(job: BatchJob, portrait: DevelopedFile, recipe: BatchConfig) -> Done:
    """Sign and write a portrait; its matte first, so that a portrait that is there is complete."""
    content = portrait.content
    if recipe.params.encode.sign:
        content = sign(content, portrait.mime, portrait.record, kept_identity(job.config_folder))
    if job.matte is not None and portrait.matte_png is not None:
        write_whole(job.matte, portrait.matte_png, force=True)
    # with a matte, a portrait in the way is this run's own without one: `finished_before` has looked
    write_whole(job.target, content, force=job.force or job.matte is not None)
    return Done(job.source, job.target, portrait.record)


class _OneLab:
    """A lab that is made when it is first asked for: a run with nothing left to do starts no models."""

    def __init__(self, factory: LabFactory) -> None:
        self._factory = factory
        self._models: StillModels | None = None
        self._warming: Thread | None = None

    def __call__(self) -> StillModels:
        if self._models is None:
            self._models = self._factory()
            if cv2.getNumThreads() > 1:
                self._warming = Thread(target=self._models.warm, name="warm", daemon=True)
                self._warming.start()
        return self._models

    def close(self) -> None:
        if self._warming is not None:
            self._warming.join()
        if self._models is not None:
            self._models.close()


def _here(jobs: list[BatchJob], recipe: BatchConfig, lab_factory: LabFactory) -> Iterator[tuple[int, Done]]:
    lab = _OneLab(lab_factory)
    try:
        for index, job in enumerate(jobs):
            yield index, finish_job(job, recipe, lab)
    finally:
        lab.close()


_models: list[_OneLab] = []  # of a worker process


def _start_worker(lab_factory: LabFactory) -> None:
    cv2.setNumThreads(1)
    lab = _OneLab(lab_factory)
    _models[:] = [lab]
    Finalize(None, lab.close, exitpriority=100)  # models must be freed before the interpreter shuts down


def _in_worker(job: BatchJob, recipe: BatchConfig) -> Done:
    return finish_job(job, recipe, _models[0])


def _in_workers(
    jobs: list[BatchJob], recipe: BatchConfig, lab_factory: LabFactory, workers: int
) -> Iterator[tuple[int, Done]]:
    """Hand out jobs; where a worker dies, what it held is tried once more alone, then named as failed."""
    waiting = deque(range(len(jobs)))
    suspects: deque[int] = deque()
    while waiting or suspects:
        alone = not waiting
        lost: list[int] = []
        in_flight = 1 if alone else AHEAD * workers
        yield from _pool_run(jobs, recipe, lab_factory, (suspects if alone else waiting, lost, in_flight))
        if alone:
            yield from ((i, Done(jobs[i].source, jobs[i].target, None, worker_died(jobs[i]))) for i in lost)
        else:
            suspects.extend(lost)


def _pool_run(
    jobs: list[BatchJob], recipe: BatchConfig, lab_factory: LabFactory, work: tuple[deque[int], list[int], int]
) -> Iterator[tuple[int, Done]]:
    """Work off a queue until it is empty or a worker dies; what was in flight then is in `lost`."""
    queue, lost, in_flight = work
    workers = -(-in_flight // AHEAD)
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=spawn, initializer=_start_worker, initargs=(lab_factory,))
    running: dict[Future[Done], int] = {}
    try:
        while queue or running:
            while queue and len(running) < in_flight:
                running[pool.submit(_in_worker, jobs[queue[0]], recipe)] = queue[0]  # in the queue until handed out
                queue.popleft()
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield running[future], future.result()
                del running[future]
    except BrokenProcessPool:
        lost += running.values()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def worker_died(job: BatchJob) -> Fault:
    """Return the Fault of a photograph on which a worker's process ended."""
    hint = "It may need more memory than there is: use fewer workers or a smaller picture."
    return Fault("finish.worker_died", f"The worker died on {job.source.name}.", hint, exit_code=1)
