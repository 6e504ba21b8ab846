"""Runs tasks on this machine, each with GPUs of its own."""

import os
from collections.abc import Mapping, Sequence

from evalkit.errors import ConfigError
from evalkit.runners.devices import CUDA_VISIBLE_DEVICES, Devices, num_cpus, visible_gpus
from evalkit.runners.interpreters import interpreter_of
from evalkit.runners.processes import ProcessRunner
from evalkit.runners.usable import check_usable
from evalkit.tasks.base import Task

CPUS_PER_ENGINE = 4


class LocalRunner(ProcessRunner):
    """Gives every task a process and the GPUs that its `num_gpus` asks for.

    A task without GPUs sees none. Where the machine has no GPU at all, tasks that ask for some
    run all the same, a few at once. `num_replicas` deals the samples of each task over so many
    processes, each with a model of its own.
    """

    def __init__(
        self,
        max_num_workers: int = 16,
        max_workers_per_gpu: int = 1,
        debug: bool = False,
        retry: int = 2,
        grace_seconds: float = 10.0,
        ready_timeout: float = 1800.0,
        num_replicas: int | None = None,
    ) -> None:
        super().__init__(max_num_workers, retry, debug, grace_seconds, num_replicas)
        if max_workers_per_gpu < 1:
            raise ConfigError(f'max_workers_per_gpu is at least 1, not {max_workers_per_gpu}')
        self.ready_timeout = ready_timeout
        gpus = visible_gpus(os.environ)
        self.has_gpus = bool(gpus)
        cores = [f'engine {n}' for n in range(max(1, num_cpus() // CPUS_PER_ENGINE))]
        self.devices = Devices(gpus, max_workers_per_gpu) if gpus else Devices(cores)
        self._lent: dict[str, tuple[str, ...]] = {}
        self._next = ''

    def place(self, task: Task) -> Mapping[str, str]:
        """Show a task the GPUs that were lent to it, and no others."""
        return {CUDA_VISIBLE_DEVICES: ','.join(self._lent[task.name])} if self.has_gpus else {}

    def check(self, tasks: Sequence[Task]) -> None:
        """Raise ConfigError if a task asks for more GPUs than there are, or its Python is unfit."""
        self._next = ''
        if not self.debug:
            check_usable(interpreter_of(task, os.environ) for task in tasks)
        most = max(tasks, key=lambda task: task.num_gpus, default=None)
        if most and self.has_gpus and most.num_gpus > len(self.devices.names):
            raise ConfigError(
                f'{most.name} asks for {most.num_gpus} GPUs, but here are '
                f'{len(self.devices.names)}: lower run_cfg.num_gpus of the model'
            )

    def reserve(self, task: Task) -> bool:
        """Take the GPUs of a task; on a machine without any, one of the few places.

        A task that waits for GPUs lets only those pass that need none, or it might wait forever.
        """
        num = task.num_gpus if self.has_gpus else min(task.num_gpus, 1)
        if num and self._next not in ('', task.name):
            return False
        lent = self.devices.take(num)
        if num:
            self._next = '' if lent else task.name
        if lent is None:
            return False
        self._lent[task.name] = lent
        return True

    def release(self, task: Task) -> None:
        """Give the GPUs back."""
        self.devices.give_back(self._lent.pop(task.name))
