"""Runs tasks as jobs of Slurm, which decides when and where."""

import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from evalkit.errors import ExitCode
from evalkit.runners import slurm_jobs
from evalkit.runners.attempts import task_environment
from evalkit.runners.base import BaseRunner
from evalkit.runners.display import Display
from evalkit.runners.files import TaskFiles
from evalkit.runners.slurm_arrays import Arrays, Element, comment_of, output_folder
from evalkit.runners.slurm_jobs import Job
from evalkit.runners.status import TaskStatus
from evalkit.runners.tasklog import TaskLog
from evalkit.store.disk import disk_errors
from evalkit.tasks.base import Task
from evalkit.tasks.progress import Progress, ProgressFile

LOOK_SECONDS = 0.2


class SlurmRunner(BaseRunner):
    """Submits tasks as job arrays with `sbatch` and watches them with one `squeue` at a time.

    Tasks that need the same resources are one array, of which `max_num_workers` elements run at a
    time; those that are tried again are a new one. `partition`, `quotatype` and `qos` are sbatch's,
    as in OpenCompass; `options` are any others, such as `['--time=4:00:00', '--mem=64G']`. GPUs are
    asked for with `--gres=gpu:N`. A job that is preempted or reaches its time limit goes on where
    its answers end, and that is no failure. The work directory must be on a file system that all
    nodes share.
    """

    def __init__(  # noqa: PLR0913 - the keys of a config
        self,
        partition: str | None = None,
        quotatype: str | None = None,
        qos: str | None = None,
        options: Sequence[str] = (),
        max_num_workers: int = 32,
        retry: int = 2,
        debug: bool = False,
        grace_seconds: float = 30.0,
        num_replicas: int | None = None,
        poll_seconds: float = 2.0,
    ) -> None:
        super().__init__(max_num_workers, retry, debug, grace_seconds, num_replicas)
        named = {'partition': partition, 'quotatype': quotatype, 'qos': qos}
        self.options = [*(f'--{key}={value}' for key, value in named.items() if value), *options]
        self.poll_seconds = poll_seconds
        self._arrays: Arrays | None = None
        self._first: dict[str, Element] = {}
        self._looked_at = float('-inf')
        self._is_killed = False

    def check(self, tasks: Sequence[Task]) -> None:
        """Raise ConfigError where Slurm is not; end what a killed run has left in the queue."""
        if not self.debug:
            slurm_jobs.check_commands()
            cancel_left(tasks)

    def run_all(
        self, tasks: Sequence[Task], files: Mapping[str, TaskFiles], display: Display
    ) -> list[TaskStatus]:
        """Have all tasks submitted together, and follow each from when it begins."""
        for folder in {output_folder(task) for task in tasks}:
            with disk_errors('write', folder):
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir(parents=True, exist_ok=True)
        self._is_killed = False
        self._arrays = Arrays(self.options, self.max_num_workers, display.note)
        self._first = {task.name: self.first_element(task, files[task.name]) for task in tasks}
        self._arrays.waiting.extend(self._first.values())
        try:
            return super().run_all(tasks, files, display)
        finally:
            if self.interrupted:  # some may have begun that nobody follows yet
                cancel_left(tasks)
            for folder in {output_folder(task) for task in tasks}:
                shutil.rmtree(folder, ignore_errors=True)

    def first_element(self, task: Task, files: TaskFiles) -> Element:
        """Return the first attempt at a task."""
        return Element(task, self.command(task, files.task), task_environment(files, 1))

    def reserve(self, task: Task) -> bool:
        """Return whether the task has begun: one that waits in the queue needs no thread or log."""
        return self._first[task.name].has_begun

    def launch(
        self, task: Task, command: Sequence[str], env: Mapping[str, str], log: TaskLog
    ) -> int:
        """Follow a task, again if it was preempted, and copy what its job says to the log."""
        assert self._arrays is not None
        files = TaskFiles(log.path)
        element = self._first.pop(task.name, None)
        before: Progress | None = None
        note = ''
        while True:
            if element is None:
                tell(files, 'queued', note)
                element = Element(task, command, env)
                self._arrays.waiting.append(element)
            job = self.follow(element, files, log)
            after = files.read_progress()
            if self.interrupted or not may_go_on(job, before, after):
                return code_of(job, log)
            before, note, element = after, f'{describe(job)}; it goes on in another job', None

    def follow(self, element: Element, files: TaskFiles, log: TaskLog) -> Job:
        """Copy the output of an element until it is over; return the last state of its job."""
        while not element.has_begun:
            time.sleep(LOOK_SECONDS)
        if element.error:
            raise element.error
        log.head(f'job {element.job.number} of Slurm')
        output = Output(element.output, log)
        was_running = False
        while not element.is_over:
            if was_running and element.job.state == 'PENDING':
                tell(files, 'queued', f'{describe(element.job)} again: it was preempted')
            was_running = element.job.state != 'PENDING'
            output.copy()
            time.sleep(LOOK_SECONDS)
        output.end()
        return element.job

    def watch(self) -> None:
        """Submit what waits, and look at the queue for all jobs at once."""
        assert self._arrays is not None
        if self.interrupted:
            self._arrays.drop()
        if time.monotonic() - self._looked_at < self.poll_seconds:
            return
        self._looked_at = time.monotonic()
        self._arrays.submit()
        self._arrays.look()

    def interrupt(self) -> None:
        """Send SIGINT to the tasks that run, and cancel those that wait."""
        assert self._arrays is not None
        self._arrays.interrupt()

    def kill(self) -> None:
        """Cancel all jobs, once."""
        if self._arrays is not None and not self._is_killed:
            self._is_killed = True
            self._arrays.cancel()


class Output:
    """The file that a job writes to; what is new in it goes to the log, and in the end it goes."""

    def __init__(self, path: Path, log: TaskLog) -> None:
        self.path = path
        self.log = log
        self.position = 0

    def copy(self) -> None:
        """Copy what is new; opened each time, or a network file system would show nothing."""
        if not self.path.exists():
            return
        with self.path.open('rb') as file:
            file.seek(self.position)
            chunk = file.read()
        self.position += len(chunk)
        self.log.write(chunk)

    def end(self) -> None:
        """Copy the rest, and remove the file."""
        self.copy()
        self.path.unlink(missing_ok=True)


def cancel_left(tasks: Sequence[Task]) -> None:
    """Cancel all jobs of a run, those of an earlier process too, and wait until they are gone."""
    for comment in {comment_of(task) for task in tasks}:
        slurm_jobs.cancel_all(comment)


def tell(files: TaskFiles, phase: str, note: str = '') -> None:
    """Write a progress for a task that does not run."""
    progress = files.read_progress() or Progress()
    progress.phase = phase
    progress.notes = [*progress.notes, *([note] if note else [])]
    file = ProgressFile(files.progress)
    file.progress = progress
    file.update(now=True)


def describe(job: Job) -> str:
    """Say in which state a job is, and where."""
    where = f' on {job.nodes}' if job.nodes else ''
    return f'job {job.number} is {job.state.lower().replace("_", " ")}{where}'


def may_go_on(job: Job, before: Progress | None, after: Progress | None) -> bool:
    """Tell whether a job ended for no fault of its own and came nearer to the end."""
    if job.state == 'PREEMPTED':
        return True
    num_before = before.num_done if before else 0
    return job.state == 'TIMEOUT' and after is not None and after.num_done > num_before


def code_of(job: Job, log: TaskLog) -> int:
    """Return the exit code of a job that is over; the log is told what Slurm says of it."""
    if job.state in ('COMPLETED', 'FAILED'):
        return slurm_jobs.exit_code(job.number)
    log.cause = describe(job)
    return ExitCode.INTERRUPTED if job.state == 'CANCELLED' else ExitCode.INCOMPLETE
