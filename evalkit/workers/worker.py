"""One process that does items for a service, and is killed where one hangs."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any, Protocol

from evalkit.errors import EvalkitError, TaskError

START_SECONDS = 120

PROGRAM = (
    'import json, sys; sys.path[:] = json.loads(sys.argv[1]); '
    'from evalkit.workers.serve import main; main(int(sys.argv[2]), int(sys.argv[3]))'
)


class Service(Protocol):
    """What a process does."""

    @property
    def seconds(self) -> float:
        """How long an item may take."""

    def prepare(self) -> None:
        """Load what the work needs; called once in each process, before any time limit."""

    def do(self, item: Any) -> Any:
        """Return what becomes of an item; an `EvalkitError` ends all work."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Stands in place of what would have become of an item: why it is not known."""

    error: str


Outcome = tuple[int, Any]
"""The number of an item, and what became of it."""


@dataclass(slots=True)
class Job:
    """The items that a process has still to do, each with its number.

    A careful process tells of each item at once. One that was lost with several to do does not
    say which did it, so that they are done again with care.
    """

    items: deque[tuple[int, Any]]
    is_careful: bool = False


class Worker:
    """A process that is started when it gets its first items."""

    connection: 'Connection[Any, Any]'
    process: 'subprocess.Popen[bytes]'

    def __init__(self, service: bytes, seconds: float) -> None:
        self.service = service
        self.seconds = seconds
        self.job: Job | None = None
        self.deadline = 0.0
        self.is_running = False
        self.is_ready = False

    def take_next(self, todo: Iterator[Job | Outcome]) -> Iterator[Outcome]:
        """Take the next items that can be sent; yield those that cannot."""
        for job in todo:
            if not isinstance(job, Job):
                yield job
                continue
            self.job = job
            self.begin(job)
            return

    def begin(self, job: Job) -> None:
        """Send items to the process; one that has died since the last is started again."""
        if self.is_running:
            try:
                self.send(job)
            except ConnectionError:
                self.end_process()
        if not self.is_running:
            self.start()

    def start(self) -> None:
        """Start the process and send the service."""
        self.connection, theirs = Pipe()
        numbers = (str(theirs.fileno()), str(os.getpid()))
        # Unbuffered: the process is killed in the end, and what a scorer prints shall not be lost.
        self.process = subprocess.Popen(
            [sys.executable, '-u', '-c', PROGRAM, json.dumps(sys.path), *numbers],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
        )
        theirs.close()
        self.is_running, self.is_ready = True, False
        self.deadline = time.monotonic() + START_SECONDS
        self.connection.send_bytes(self.service)

    def send(self, job: Job) -> None:
        """Send items; from now on the time of the first runs."""
        self.deadline = time.monotonic() + self.seconds
        self.connection.send((job.is_careful, [item for _, item in job.items]))

    def receive(self) -> Iterator[Outcome]:
        """Take what the process has sent: that it is ready, or what became of the next items."""
        job = self.current
        try:
            message = self.connection.recv()
        except (EOFError, ConnectionError):
            yield from self.lose(f'its process {self.ending()}')
            return
        if isinstance(message, EvalkitError):
            raise message
        if self.is_ready:
            yield from self.take(message)
            return
        self.is_ready = True
        self.send(job)

    def take(self, made: Sequence[Any]) -> Iterator[Outcome]:
        """Yield what became of the next items; the time of the one after them begins."""
        items = self.current.items
        for each in made:
            yield items.popleft()[0], each
        self.deadline = time.monotonic() + self.seconds
        if not items:
            self.job = None

    def lose(self, error: str) -> Iterator[Outcome]:
        """Give the item up that did it, and go on with the others in a new process."""
        job = self.current
        if job.is_careful or len(job.items) == 1:
            yield from self.take([Lost(error)])
        job.is_careful = True
        if self.job is not None:
            self.begin(job)

    @property
    def current(self) -> Job:
        """What the process has to do."""
        if self.job is None:
            raise RuntimeError('an idle process has sent something')
        return self.job

    def ending(self) -> str:
        """Clear the process away and say how it has ended; at its start that is fatal."""
        status = self.process.wait()
        was_ready = self.is_ready
        self.end_process()
        how = f'died of {signal.Signals(-status).name}' if status < 0 else f'ended with {status}'
        if not was_ready:
            raise TaskError(f'a worker process {how} before it could do anything')
        return how

    def give_up(self) -> Iterator[Outcome]:
        """Kill the process: the time of its item is over."""
        was_ready = self.is_ready
        self.end_process()
        if not was_ready:
            raise TaskError(f'a worker process has not started in {START_SECONDS} s')
        yield from self.lose(f'timeout after {self.seconds:g} s')

    def stop(self) -> None:
        """Kill the process, if there is one, and forget what it had to do."""
        self.job = None
        self.end_process()

    def end_process(self) -> None:
        """Kill the process, if there is one."""
        if self.is_running:
            self.is_running = False
            self.process.kill()
            self.process.wait()
            self.connection.close()
