"""Scoring in processes that can be killed, for what may never end (sympy, regular expressions)."""

import json
import os
import pickle
import signal
import subprocess
import sys
import time
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from typing import Any

from evalkit.errors import EvalkitError, TaskError
from evalkit.evaluators.base import BaseEvaluator, Scores, Unscored

START_SECONDS = 120
MIN_ANSWERS = 20
"""Fewer answers for each process are not worth its start."""

PROGRAM = (
    'import json, sys; sys.path[:] = json.loads(sys.argv[1]); '
    'from evalkit.evaluators.serve import main; main(int(sys.argv[2]), int(sys.argv[3]))'
)

Outcome = tuple[int, Scores | Unscored]


class KillableEvaluator(BaseEvaluator):
    """An evaluator whose `score` may hang, exhaust the memory or crash: that costs one answer.

    It runs in processes of its own, so that the evaluator must be one that `pickle` can copy: what
    is heavy is loaded by `prepare`. An answer has `seconds` to be scored.
    """

    def __init__(self, seconds: float = 10.0) -> None:
        self.seconds = seconds

    def prepare(self) -> None:
        """Load what scoring needs; called once in each process, before any time limit."""

    @abstractmethod
    def score(self, output: Any, reference: Any) -> Scores:
        """Return the scores of one answer."""

    def score_all(
        self, outputs: Sequence[Any], references: Sequence[Any]
    ) -> Sequence[Scores | Unscored]:
        """Return the scores of each answer in their order."""
        pairs = list(zip(outputs, references, strict=True))
        found = dict(Crew(self, num_workers(len(pairs))).work(pairs))
        return [found[number] for number in range(len(pairs))]


def num_workers(num_answers: int) -> int:
    """Return how many processes score so many answers."""
    num_cores = len(os.sched_getaffinity(0)) if sys.platform == 'linux' else os.cpu_count() or 1
    return min(num_cores, 1 + num_answers // MIN_ANSWERS)


@dataclass(frozen=True, slots=True)
class Job:
    """The number of an answer, and answer and reference in the form that is sent."""

    number: int
    payload: bytes


class Crew:
    """The processes of one evaluator."""

    def __init__(self, evaluator: KillableEvaluator, size: int) -> None:
        copied = pickle.dumps(evaluator)
        self.workers = [Worker(copied, evaluator.seconds) for _ in range(size)]

    def work(self, pairs: Iterable[tuple[Any, Any]]) -> Iterator[Outcome]:
        """Yield the number of each answer with its scores, in any order."""
        todo = (pack(number, pair) for number, pair in enumerate(pairs))
        try:
            while True:
                for worker in self.workers:
                    if worker.job is None:
                        yield from worker.take_next(todo)
                busy = [worker for worker in self.workers if worker.job is not None]
                if not busy:
                    return
                yield from collect(busy)
        finally:
            for worker in self.workers:
                worker.stop()


def pack(number: int, pair: tuple[Any, Any]) -> Job | Outcome:
    """Return the job of an answer; one that cannot be sent is not scored."""
    try:
        return Job(number, pickle.dumps(pair))
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError) as error:
        return number, Unscored(f'scorer: the answer cannot be sent to a process: {error}')


def collect(busy: Sequence['Worker']) -> Iterator[Outcome]:
    """Wait for the next answers or the next deadline, and yield what has come of it."""
    nearest = min(worker.deadline for worker in busy)
    ready = wait([worker.connection for worker in busy], timeout=max(nearest - time.monotonic(), 0))
    for worker in busy:
        if worker.connection in ready:
            yield from worker.receive()
        elif worker.deadline <= time.monotonic():
            yield worker.give_up()


class Worker:
    """A process that scores one answer after another; it is started when it gets the first."""

    connection: 'Connection[Any, Any]'
    process: 'subprocess.Popen[bytes]'

    def __init__(self, evaluator: bytes, seconds: float) -> None:
        self.evaluator = evaluator
        self.seconds = seconds
        self.job: Job | None = None
        self.deadline = 0.0
        self.is_running = False
        self.is_ready = False

    def take_next(self, todo: Iterator[Job | Outcome]) -> Iterator[Outcome]:
        """Take the next answer that can be sent; yield those that cannot."""
        for job in todo:
            if not isinstance(job, Job):
                yield job
                continue
            self.job = job
            self.begin(job)
            return

    def begin(self, job: Job) -> None:
        """Send an answer to the process; one that has died since the last is started again."""
        if self.is_running:
            try:
                self.send(job)
            except ConnectionError:
                self.stop()
        if not self.is_running:
            self.start()

    def start(self) -> None:
        """Start the process and send the evaluator."""
        self.connection, theirs = Pipe()
        numbers = (str(theirs.fileno()), str(os.getpid()))
        self.process = subprocess.Popen(
            [sys.executable, '-c', PROGRAM, json.dumps(sys.path), *numbers],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
        )
        theirs.close()
        self.is_running, self.is_ready = True, False
        self.deadline = time.monotonic() + START_SECONDS
        self.connection.send_bytes(self.evaluator)

    def send(self, job: Job) -> None:
        """Send an answer; from now on its time runs."""
        self.deadline = time.monotonic() + self.seconds
        self.connection.send_bytes(job.payload)

    def receive(self) -> Iterator[Outcome]:
        """Take what the process has sent: that it is ready, or the scores of its answer."""
        job = self.current
        try:
            message = self.connection.recv()
            if not self.is_ready and message is None:
                self.is_ready = True
                self.send(job)
                return
        except (EOFError, ConnectionError):
            message = Unscored(f'scorer: the process that scored it {self.ending()}')
        if isinstance(message, EvalkitError):
            raise message
        self.job = None
        yield job.number, message

    @property
    def current(self) -> Job:
        """The answer that the process has."""
        if self.job is None:
            raise RuntimeError('an idle process has sent something')
        return self.job

    def ending(self) -> str:
        """Clear the process away and say how it has ended; at its start that is fatal."""
        status = self.process.wait()
        was_ready = self.is_ready
        self.stop()
        how = f'died of {signal.Signals(-status).name}' if status < 0 else f'ended with {status}'
        if not was_ready:
            raise TaskError(f'the process of an evaluator {how} before it could score anything')
        return how

    def give_up(self) -> Outcome:
        """Kill the process: the time of its answer is over."""
        job, was_ready = self.current, self.is_ready
        self.stop()
        if not was_ready:
            raise TaskError(f'the process of an evaluator has not started in {START_SECONDS} s')
        self.job = None
        return job.number, Unscored(f'scorer: timeout after {self.seconds:g} s')

    def stop(self) -> None:
        """Kill the process, if there is one."""
        if self.is_running:
            self.is_running = False
            self.process.kill()
            self.process.wait()
            self.connection.close()
