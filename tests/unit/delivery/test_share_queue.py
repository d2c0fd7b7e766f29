"""Jobs wait longer each time, survive a restart, and are never done twice."""

from __future__ import annotations

import datetime

from booth.core.faults import Fault
from booth.delivery.job_queue import MAX_WAIT_S, Ends, Job, JobQueue, Outcome, backoff_s

NOON = datetime.datetime(2026, 6, 1, 12, tzinfo=datetime.UTC)
ENDS = Ends("gave.up")


class Paper:
    """Remembers jobs as the store does."""

    def __init__(self) -> None:
        self.written: dict[str, Job] = {}
        self.is_gone = False

    def write(self, kind: str, job: Job) -> None:
        if self.is_gone:
            raise KeyError(job.number)
        self.written[job.number] = job

    def jobs(self, kind: str) -> list[Job]:
        return list(self.written.values())


class Day:
    """A clock that the test moves, and a sink that answers from a list."""

    def __init__(self, *answers: Outcome | Exception) -> None:
        self.at, self.answers, self.tries_at = NOON, list(answers), list[float]()

    def now(self) -> datetime.datetime:
        return self.at

    def later(self, seconds: float) -> None:
        self.at += datetime.timedelta(seconds=seconds)

    def hand_over(self, job: Job) -> Outcome:
        self.tries_at.append((self.at - NOON).total_seconds())
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


LATER, DONE = Outcome("later", is_over=False), Outcome("done", done=1)


def _run(queue: JobQueue, day: Day, for_s: float) -> None:
    end = day.at + datetime.timedelta(seconds=for_s)
    while day.at < end:
        wait_s = queue.work()
        day.later(min(wait_s or for_s, for_s))


def test_tries_come_ever_less_often() -> None:
    day = Day(LATER, RuntimeError("broke"), LATER, LATER, DONE)
    queue = JobQueue("job-mail", Paper(), day.hand_over, day.now, ENDS)
    queue.put(Job("a"))
    _run(queue, day, 120)
    assert day.tries_at == [0, 2, 6, 14, 30]
    job = queue.job("a")
    assert job is not None and (job.stage, job.says, job.done) == ("over", "done", 1)
    assert backoff_s(1000) == MAX_WAIT_S


def test_a_restart_goes_on_where_it_was() -> None:
    paper, day = Paper(), Day(LATER, LATER, DONE)
    queue = JobQueue("job-mail", paper, day.hand_over, day.now, ENDS)
    queue.put(Job("a", notes=("a@b.example",)))
    queue.work()
    again = JobQueue("job-mail", paper, day.hand_over, day.now, ENDS)
    assert again.work() == 2 and day.tries_at == [0], "not before its time"
    day.later(2)
    again.work()
    assert day.tries_at == [0, 2]


def test_a_print_cut_off_by_a_power_failure_is_never_sent_again() -> None:
    paper, day = Paper(), Day()
    paper.written["a"] = Job("a", stage="handing", tries=1)
    paper.written["b"] = Job("b", stage="handing", tries=3, notes=("Photo-7",), done=1)
    unsure = Ends("gave.up", Outcome("unsure", done=1))
    day.answers = [DONE]
    queue = JobQueue("job-print", paper, day.hand_over, day.now, unsure)
    queue.work()
    first = queue.job("a")
    assert first is not None and (first.stage, first.says, first.done) == ("over", "unsure", 1)
    assert len(day.tries_at) == 1, "b was with the printer already and is only looked at"


def test_a_clock_set_back_parks_nothing_for_years() -> None:
    day = Day(LATER, DONE)
    queue = JobQueue("job-mail", Paper(), day.hand_over, day.now, ENDS)
    queue.put(Job("a"))
    queue.work()
    day.later(-86_400 * 365)
    assert queue.work() is None and len(day.tries_at) == 2


def test_a_job_whose_clock_ran_out_is_given_up_and_its_notes_are_forgotten() -> None:
    paper, day = Paper(), Day(LATER)
    queue = JobQueue("job-mail", paper, day.hand_over, day.now, ENDS)
    queue.put(Job("a", notes=("a@b.example",)))
    queue.work()
    paper.is_gone = True
    day.later(3)
    queue.work()
    job = queue.job("a")
    assert job is not None and (job.says, job.notes, job.stage) == ("gave.up", (), "over") and len(day.tries_at) == 1


def test_an_erased_portrait_takes_its_job_along() -> None:
    day = Day()
    queue = JobQueue("job-mail", Paper(), day.hand_over, day.now, ENDS)
    queue.put(Job("a"))
    queue.reset("a")
    assert queue.work() is None and queue.job("a") is None and day.tries_at == []


class FullDisk(Paper):
    """Cannot write for a while."""

    is_full = False

    def write(self, kind: str, job: Job) -> None:
        if self.is_full:
            raise Fault("store.disk", "The disk is full.", "Make room.")
        super().write(kind, job)


def test_a_full_disk_holds_back_what_has_not_begun_and_the_queue_lives_on() -> None:
    day, paper = Day(DONE), FullDisk()
    queue = JobQueue("print", paper, day.hand_over, day.now, ENDS)
    queue.put(Job("a"))
    paper.is_full = True
    _run(queue, day, 30)
    assert day.tries_at == [], "what cannot be written down is not begun: a restart would do it twice"
    paper.is_full = False
    _run(queue, day, 60)
    assert len(day.tries_at) == 1 and queue.job("a") == paper.written["a"]


def test_what_was_handed_over_on_a_full_disk_is_not_handed_over_again() -> None:
    paper = FullDisk()

    class Filling(Day):
        def hand_over(self, job: Job) -> Outcome:
            paper.is_full = True
            return super().hand_over(job)

    day = Filling(DONE)
    queue = JobQueue("print", paper, day.hand_over, day.now, ENDS)
    queue.put(Job("a"))
    _run(queue, day, 60)
    job = queue.job("a")
    assert len(day.tries_at) == 1 and job is not None and (job.stage, job.done) == ("over", 1)
