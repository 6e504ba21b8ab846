"""Deals items to processes and collects what becomes of them."""

import os
import pickle
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from multiprocessing.connection import wait
from types import TracebackType
from typing import Any

from evalkit.workers.worker import Job, Lost, Outcome, Service, Worker


def num_cores() -> int:
    """Return how many processes can work at a time."""
    return len(os.sched_getaffinity(0)) if sys.platform == 'linux' else os.cpu_count() or 1


class Crew:
    """Processes for one service; each is started when there is work for it, and kept.

    An item that hangs for `service.seconds`, or kills its process, is `Lost`; all others are done.
    The processes get `chunk` items at a time: the time limit is that of a single item all the
    same. The service and the items must be what `pickle` can copy.
    """

    def __init__(self, service: Service, size: int, chunk: int = 1) -> None:
        copied = pickle.dumps(service)
        self.chunk = chunk
        self.workers = [Worker(copied, service.seconds) for _ in range(size)]

    def __enter__(self) -> 'Crew':
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Kill the processes; more work starts new ones."""
        for worker in self.workers:
            worker.stop()

    def work(self, items: Iterable[Any]) -> Iterator[Outcome]:
        """Yield the number of each item with what the service returns, or `Lost`, in any order."""
        todo = jobs(iter(items), self.chunk)
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
                if worker.job is not None:
                    worker.stop()


def jobs(items: Iterator[Any], chunk: int) -> Iterator[Job | Outcome]:
    """Yield chunks of numbered items; one that cannot be sent is lost at once."""
    numbered = enumerate(items)
    while some := deque(islice(numbered, chunk)):
        if unsendable([item for _, item in some]) is None:
            yield Job(some)
            continue
        for number, item in some:
            fault = unsendable(item)
            yield Job(deque([(number, item)])) if fault is None else (number, fault)


def unsendable(value: Any) -> Lost | None:
    """Return why a value cannot be sent to a process; None if it can."""
    try:
        pickle.dumps(value)
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError) as error:
        return Lost(f'the answer cannot be sent to a process: {error}')
    return None


def collect(busy: Sequence[Worker]) -> Iterator[Outcome]:
    """Wait for the next answers or the next deadline, and yield what has come of it."""
    nearest = min(worker.deadline for worker in busy)
    ready = wait([worker.connection for worker in busy], timeout=max(nearest - time.monotonic(), 0))
    for worker in busy:
        if worker.connection in ready:
            yield from worker.receive()
        elif worker.deadline <= time.monotonic():
            yield from worker.give_up()
