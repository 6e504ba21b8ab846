"""Runs tasks on this machine, a process each."""

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evalkit.errors import ConfigError
from evalkit.runners.base import BaseRunner
from evalkit.runners.devices import CUDA_VISIBLE_DEVICES, Devices, num_cpus, visible_gpus
from evalkit.runners.display import Display
from evalkit.runners.files import TaskFiles
from evalkit.runners.process import Child, Watchdog
from evalkit.runners.status import TaskStatus
from evalkit.runners.tasklog import TaskLog
from evalkit.tasks.base import Task

CPUS_PER_ENGINE = 4


@dataclass(slots=True)
class Running:
    """A child and what is known of it."""

    child: Child
    files: TaskFiles
    log: TaskLog
    started: float
    is_ready: bool = False


class LocalRunner(BaseRunner):
    """Gives every task a process and the GPUs that its `num_gpus` asks for.

    A task without GPUs sees none. Where the machine has no GPU at all, tasks that ask for some
    run all the same, a few at once. A process that is still loading after `ready_timeout` seconds
    is killed. When this process ends in any way, so do all the processes that it has started.
    """

    def __init__(
        self,
        max_num_workers: int = 16,
        max_workers_per_gpu: int = 1,
        debug: bool = False,
        retry: int = 2,
        grace_seconds: float = 10.0,
        ready_timeout: float = 1800.0,
    ) -> None:
        super().__init__(max_num_workers, retry, debug, grace_seconds)
        if max_workers_per_gpu < 1:
            raise ConfigError(f'max_workers_per_gpu is at least 1, not {max_workers_per_gpu}')
        self.ready_timeout = ready_timeout
        gpus = visible_gpus(os.environ)
        self.has_gpus = bool(gpus)
        cores = [f'engine {n}' for n in range(max(1, num_cpus() // CPUS_PER_ENGINE))]
        self.devices = Devices(gpus, max_workers_per_gpu) if gpus else Devices(cores)
        self._lent: dict[str, tuple[str, ...]] = {}
        self._running: dict[str, Running] = {}
        self._dog: Watchdog | None = None

    def check(self, tasks: Sequence[Task]) -> None:
        """Raise ConfigError if a task asks for more GPUs than there are."""
        most = max(tasks, key=lambda task: task.num_gpus, default=None)
        if most and self.has_gpus and most.num_gpus > len(self.devices.names):
            raise ConfigError(
                f'{most.name} asks for {most.num_gpus} GPUs, but here are '
                f'{len(self.devices.names)}: lower run_cfg.num_gpus of the model'
            )

    def reserve(self, task: Task) -> bool:
        """Take the GPUs of a task; on a machine without any, one of the few places."""
        num = task.num_gpus if self.has_gpus else min(task.num_gpus, 1)
        lent = self.devices.take(num)
        if lent is None:
            return False
        self._lent[task.name] = lent
        return True

    def release(self, task: Task) -> None:
        """Give the GPUs back."""
        self.devices.give_back(self._lent.pop(task.name))

    def run_all(
        self, tasks: Sequence[Task], files: Mapping[str, TaskFiles], display: Display
    ) -> list[TaskStatus]:
        """Run the tasks under a watchdog that outlives this process."""
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
        if self.has_gpus:
            env = {**env, CUDA_VISIBLE_DEVICES: ','.join(self._lent[task.name])}
        child = Child(command, {**os.environ, **env}, self._dog)
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
