"""Which task runs when."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from types import TracebackType

from evalkit.runners.status import TaskStatus
from evalkit.tasks.base import Task

STEP_SECONDS = 0.1


class Schedule:
    """The tasks of one run: waiting, running in a thread each, and done.

    `reserve` takes what a task needs or says that it must wait, `release` gives it back.
    """

    def __init__(
        self,
        tasks: Sequence[Task],
        do: Callable[[Task], TaskStatus],
        reserve: Callable[[Task], bool],
        release: Callable[[Task], None],
        num_workers: int,
    ) -> None:
        self.waiting = list(tasks)
        self.running: dict[Future[TaskStatus], Task] = {}
        self.statuses: dict[str, TaskStatus] = {}
        self.do = do
        self.reserve = reserve
        self.release = release
        self.num_workers = num_workers
        self._pool = ThreadPoolExecutor(num_workers, 'task')

    def __enter__(self) -> 'Schedule':
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown()

    @property
    def is_open(self) -> bool:
        """Whether there is something left to wait for."""
        return bool(self.waiting or self.running)

    def step(self) -> None:
        """Start what can be started and wait a moment for one to end."""
        self._start()
        if not self.running:
            time.sleep(STEP_SECONDS)
        done, _ = wait(self.running, STEP_SECONDS, FIRST_COMPLETED)
        for future in done:
            task = self.running.pop(future)
            self.release(task)
            self.statuses[task.name] = future.result()

    def drop_waiting(self) -> list[Task]:
        """Return the tasks that have not been started; they will not be."""
        dropped, self.waiting = self.waiting, []
        return dropped

    def _start(self) -> None:
        """Start waiting tasks in their order."""
        for task in list(self.waiting):
            if len(self.running) >= self.num_workers:
                return
            if not self.reserve(task):
                continue
            self.waiting.remove(task)
            self.running[self._pool.submit(self.do, task)] = task
