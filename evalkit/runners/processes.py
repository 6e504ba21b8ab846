"""Runs tasks as processes of this machine, and leaves none behind."""

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evalkit.runners.base import BaseRunner
from evalkit.runners.display import Display
from evalkit.runners.files import TaskFiles
from evalkit.runners.process import Child, Watchdog
from evalkit.runners.status import TaskStatus
from evalkit.runners.tasklog import TaskLog
from evalkit.tasks.base import Task


@dataclass(slots=True)
class Running:
    """A child and what is known of it."""

    child: Child
    files: TaskFiles
    log: TaskLog
    started: float
    is_ready: bool = False


class ProcessRunner(BaseRunner):
    """Gives every task a process here; a subclass says what the process may use.

    A process that is still loading after `ready_timeout` seconds is killed. When this process
    ends in any way, so do all the processes that it has started.
    """

    ready_timeout: float = 1800.0
    _dog: Watchdog | None = None

    def place(self, task: Task) -> Mapping[str, str]:
        """Return what the process of a task finds in its environment of the place it was given."""
        return {}

    def run_all(
        self, tasks: Sequence[Task], files: Mapping[str, TaskFiles], display: Display
    ) -> list[TaskStatus]:
        """Run the tasks under a watchdog that outlives this process."""
        self._running: dict[str, Running] = {}
        self._dog = Watchdog()
        try:
            return super().run_all(tasks, files, display)
        finally:
            self._dog.close()

    def launch(
        self, task: Task, command: Sequence[str], env: Mapping[str, str], log: TaskLog
    ) -> int:
        """Run the command in a session of its own, and copy what it says to the log."""
        assert self._dog is not None
        child = Child(command, {**os.environ, **env, **self.place(task)}, self._dog)
        self._running[task.name] = Running(child, TaskFiles(log.path), log, time.monotonic())
        if self.interrupted:  # it came while the child was being born
            child.interrupt()
        try:
            return child.wait(log)
        finally:
            del self._running[task.name]

    def watch(self) -> None:
        """Kill what is not ready in time."""
        for running in list(self._running.values()):
            if not running.is_ready:
                self.check_ready(running)

    def check_ready(self, running: Running) -> None:
        """Note that a child is ready, or kill it if its time is over."""
        progress = running.files.read_progress()
        running.is_ready = progress is not None and progress.phase != 'loading'
        if running.is_ready or time.monotonic() - running.started < self.ready_timeout:
            return
        running.log.cause = (
            f'not ready after {self.ready_timeout:g} s (ready_timeout); '
            f'its log ends: {running.log.error or "empty"}'
        )
        running.child.kill()

    def interrupt(self) -> None:
        """Send SIGINT to the main process of each child."""
        for running in list(self._running.values()):
            running.child.interrupt()

    def kill(self) -> None:
        """Send SIGKILL to the process group of each child."""
        for running in list(self._running.values()):
            running.child.kill()
