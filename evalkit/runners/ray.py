"""Runs tasks on Ray: one process a task here, and an actor a replica of its model over there."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from evalkit.runners.base import ASKING
from evalkit.runners.processes import ProcessRunner
from evalkit.tasks.base import OnRay, Task


class RayRunner(ProcessRunner):
    """Loads each model in `num_replicas` actors, which take their requests from one queue.

    `address` is that of a cluster (`'auto'` for one that runs here); without one, Ray is started
    for each task, one at a time. The answers come to the task's process on this machine, which
    stores them: the other machines need the model and evalkit, not the work directory. An actor
    that dies is started again up to `retry` times; what it had open goes to the others.
    """

    def __init__(  # noqa: PLR0913 - the keys of a config
        self,
        num_replicas: int | None = None,
        address: str | None = None,
        runtime_env: Mapping[str, Any] | None = None,
        max_num_workers: int = 16,
        retry: int = 2,
        debug: bool = False,
        grace_seconds: float = 10.0,
        ready_timeout: float = 1800.0,
    ) -> None:
        # Two Rays on one machine would both think that it is all theirs.
        at_once = max_num_workers if address else 1
        super().__init__(at_once, retry, debug, grace_seconds, num_replicas)
        self.ready_timeout = ready_timeout
        self.address = address
        self.runtime_env = runtime_env

    def replicate(self, task: Task) -> list[Task]:
        """Return the task whole: its replicas are actors."""
        if task.kind not in ASKING:
            return [task]
        num_replicas = self.replicas_of(task)
        place = OnRay(num_replicas, self.address, self.retry, self.runtime_env)
        return [replace(task, on_ray=place)]
