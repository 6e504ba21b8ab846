"""What every runner shares: tasks in parallel, retries, and an orderly end."""

import os
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from evalkit.errors import ConfigError, ExitCode
from evalkit.runners.attempts import MAX_ATTEMPTS, attempt, describe_code
from evalkit.runners.display import Display
from evalkit.runners.files import TaskFiles
from evalkit.runners.interpreters import check_variables, interpreter_of
from evalkit.runners.interrupts import Interrupts
from evalkit.runners.schedule import Schedule
from evalkit.runners.screen import open_display
from evalkit.runners.status import TaskStatus
from evalkit.runners.tasklog import TaskLog
from evalkit.store import Workspace
from evalkit.tasks.base import Task
from evalkit.tasks.logs import log_to_stderr

TWICE = 2
ASKING = ('infer', 'judge')
"""Kinds of tasks that many may share."""

CUT_SHORT = (ExitCode.INCOMPLETE, ExitCode.INTERRUPTED)
"""How a task ends when the user's interrupt comes in the middle."""


class BaseRunner(ABC):
    """Runs tasks, at most `max_num_workers` at once; a subclass says where.

    A task that was killed, or that ended as incomplete, is tried `retry` more times; it goes on
    where it stopped. `debug` does the tasks one after another in this process.
    """

    def __init__(
        self,
        max_num_workers: int = 16,
        retry: int = 2,
        debug: bool = False,
        grace_seconds: float = 10.0,
        num_replicas: int | None = None,
    ) -> None:
        if max_num_workers < 1 or retry < 0:
            raise ConfigError('a runner needs max_num_workers >= 1 and retry >= 0')
        if num_replicas is not None and num_replicas < 1:
            raise ConfigError(f'num_replicas is at least 1, not {num_replicas}')
        self.max_num_workers = max_num_workers
        self.retry = retry
        self.debug = debug
        self.grace_seconds = grace_seconds
        self.num_replicas = num_replicas
        self.interrupted = False
        """Whether the user has stopped the run by Ctrl-C or SIGTERM."""
        self.stopped_early = False
        """Whether `stop_early` was called."""
        self._deadline = float('inf')

    @abstractmethod
    def launch(
        self, task: Task, command: Sequence[str], env: Mapping[str, str], log: TaskLog
    ) -> int:
        """Run `command` with `env` added to the environment, and return its exit code.

        Called in a thread of its own, which must stay until the command has ended.
        """

    def command(self, task: Task, task_path: Path) -> list[str]:
        """Return what does a task, which stands in a file; its Python may be another one."""
        python = interpreter_of(task, os.environ).path
        return [python, '-m', 'evalkit.tasks', str(task_path)]

    def replicate(self, task: Task) -> list[Task]:
        """Return a task for each replica of the model, each with its part of the samples."""
        shards = task.shard.deal(self.replicas_of(task))
        return [replace(task, shard=shard) for shard in shards]

    def replicas_of(self, task: Task) -> int:
        """Return how many replicas ask: `num_replicas` of the runner, else of the `run_cfg`."""
        if task.kind not in ASKING:
            return 1
        wanted = (task.model.get('run_cfg') or {}).get('num_replicas')
        return int(self.num_replicas or wanted or 1)

    def check(self, tasks: Sequence[Task]) -> None:  # noqa: B027 - most can run anything
        """Raise ConfigError if a task can never be run here."""

    def reserve(self, task: Task) -> bool:
        """Take what the task needs, or return False for now."""
        return True

    def release(self, task: Task) -> None:  # noqa: B027 - most reserve nothing
        """Give back what `reserve` has taken."""

    def watch(self) -> None:  # noqa: B027 - most look after themselves
        """Look after the running commands; called several times a second."""

    def interrupt(self) -> None:  # noqa: B027 - not all can
        """Ask the running commands to finish."""

    def kill(self) -> None:  # noqa: B027 - not all can
        """End the running commands at once."""

    def run(self, tasks: Sequence[Task], workspace: Workspace) -> list[TaskStatus]:
        """Run the tasks and say how each ended, in their order.

        The first Ctrl-C (or SIGTERM) lets the running ones finish for `grace_seconds`, the second
        stops them; `interrupted` tells of it. StoreError if the logs cannot be written.
        """
        self.interrupted = self.stopped_early = False
        self._deadline = float('inf')
        self.check(tasks)
        self.check_interpreters(tasks)
        files = {task.name: TaskFiles(workspace.log(task.kind, task.name)) for task in tasks}
        for task in tasks:
            files[task.name].write(task)
        if self.debug:
            log_to_stderr()
            return [self.run_here(task, files[task.name]) for task in tasks]
        with open_display(sys.stderr, len(tasks)) as display:
            return self.run_all(tasks, files, display)

    def stop_early(self) -> None:
        """Let the running tasks finish, as one Ctrl-C does; any thread may call this."""
        self.stopped_early = True

    def check_interpreters(self, tasks: Sequence[Task]) -> None:
        """Raise ConfigError if the Python of a task is missing, or is another one than this."""
        check_variables(os.environ)
        for task in tasks:
            python = interpreter_of(task, os.environ)
            if self.debug and not python.is_this:
                raise ConfigError(
                    f'--debug does everything in this process, but {python.named_by} is another '
                    f'Python ({python.path}): leave out one of them'
                )

    def run_all(
        self, tasks: Sequence[Task], files: Mapping[str, TaskFiles], display: Display
    ) -> list[TaskStatus]:
        """Run the tasks in parallel, each in a process, and react to signals meanwhile."""

        def do(task: Task) -> TaskStatus:
            return self.run_there(task, files[task.name], display)

        schedule = Schedule(tasks, do, self.reserve, self.release, self.max_num_workers)
        with Interrupts() as interrupts, schedule:
            try:
                while schedule.is_open:
                    self.react(interrupts.count or int(self.stopped_early), schedule, files)
                    schedule.step()
                    self.watch()
                    display.refresh()
            finally:
                self.stop(schedule)
        return [schedule.statuses[task.name] for task in tasks]

    def react(
        self, num_interrupts: int, schedule: Schedule, files: Mapping[str, TaskFiles]
    ) -> None:
        """Ask the tasks once to finish; kill when asked twice or after the time of grace."""
        if num_interrupts and not self.interrupted:
            self.interrupted = True
            self._deadline = time.monotonic() + self.grace_seconds
            for task in schedule.drop_waiting():
                schedule.statuses[task.name] = not_started(task, files[task.name])
            self.interrupt()
        if num_interrupts >= TWICE or time.monotonic() > self._deadline:
            self.kill()

    def stop(self, schedule: Schedule) -> None:
        """Leave nothing running behind an error of our own."""
        if schedule.is_open:
            self.interrupted = True
            self.kill()

    def run_here(self, task: Task, files: TaskFiles) -> TaskStatus:
        """Do a task in this process; what it says goes to the terminal."""
        if self.interrupted:
            return not_started(task, files)
        from evalkit.tasks import run_task  # most runs leave it to other processes

        files.clear()
        code = run_task(task, files.progress)
        self.interrupted = code == ExitCode.INTERRUPTED
        progress = files.read_progress()
        reason = progress.reason if progress else ''
        return TaskStatus(task.name, code, 1, reason or describe_code(code), files.log)

    def run_there(self, task: Task, files: TaskFiles, display: Display) -> TaskStatus:
        """Run a task in a process of its own, and show it."""
        display.begin(task, files)
        status = self.attempt_all(task, files, display)
        if self.interrupted and status.exit_code in CUT_SHORT:
            status = replace(status, returncode=int(ExitCode.INTERRUPTED), reason='interrupted')
        display.end(status)
        return status

    def attempt_all(self, task: Task, files: TaskFiles, display: Display) -> TaskStatus:
        """Run a task until it is complete, or not worth another attempt."""
        launch = partial(self.launch, task, self.command(task, files.task))
        number = 1
        while True:
            before = files.read_suspects()
            status = attempt(task.name, files, launch, number, self.retry + 1)
            has_moved = files.read_suspects() != before
            if not self.may_retry(status, has_moved):
                return status
            display.note(f'{task.name}: {status.reason}; trying again')
            number += 1

    def may_retry(self, status: TaskStatus, has_moved: bool) -> bool:
        """Tell whether a task is worth another attempt.

        While what it suspects of killing it `has_moved`, it comes nearer to the end by itself.
        """
        if self.interrupted or status.exit_code != ExitCode.INCOMPLETE:
            return False
        is_coming_nearer = has_moved and self.retry > 0 and status.attempts < MAX_ATTEMPTS
        return status.attempts <= self.retry or is_coming_nearer


def not_started(task: Task, files: TaskFiles) -> TaskStatus:
    """Return the status of a task that the user's interrupt came before."""
    reason = 'not started: interrupted'
    return TaskStatus(task.name, ExitCode.INTERRUPTED, 0, reason, files.log)
