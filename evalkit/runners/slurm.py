"""Runs tasks as jobs of Slurm, which decides when and where."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from evalkit.errors import ExitCode
from evalkit.runners import slurm_jobs
from evalkit.runners.base import BaseRunner
from evalkit.runners.files import TaskFiles
from evalkit.runners.slurm_jobs import Job
from evalkit.runners.tasklog import TaskLog
from evalkit.tasks.base import Task
from evalkit.tasks.progress import Progress, ProgressFile

LOOK_SECONDS = 0.2
TIMES_MISSED = 3
"""Looks at the queue that must miss a job before it is given up."""


class SlurmRunner(BaseRunner):
    """Submits each task with `sbatch` and watches all jobs with one `squeue` at a time.

    `partition`, `quotatype` and `qos` are sbatch's, as in OpenCompass; `options` are any others,
    such as `['--time=4:00:00', '--mem=64G']`. GPUs are asked for with `--gres=gpu:N`. A job that is
    preempted or reaches its time limit goes on where its answers end, and that is no failure. The
    work directory must be on a file system that all nodes share.
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
        self._running: dict[str, str] = {}
        self._jobs: dict[str, Job] = {}
        self._num_missed: dict[str, int] = {}
        self._looked_at = float('-inf')
        self._is_killed = False

    def check(self, tasks: Sequence[Task]) -> None:
        """Raise ConfigError where Slurm is not; end what a killed run has left in the queue."""
        if self.debug:
            return
        slurm_jobs.check_commands()
        self._is_killed = False
        for comment in {comment_of(task) for task in tasks}:
            slurm_jobs.cancel_all(comment)

    def launch(
        self, task: Task, command: Sequence[str], env: Mapping[str, str], log: TaskLog
    ) -> int:
        """Run the command as a job, again if it was preempted, and copy what it says to the log."""
        files = TaskFiles(log.path)
        output = log.path.with_suffix('.out')
        options = slurm_jobs.options(task.name, output, comment_of(task), task.num_gpus)
        note = ''
        while True:
            before = files.read_progress()
            tell(files, 'queued', note)
            number = slurm_jobs.submit([*options, *self.options], command, env)
            self._running[task.name] = number
            try:
                job = self.follow(number, Output(output, log), files)
            finally:
                del self._running[task.name]
            if self.interrupted or not may_go_on(job, before, files.read_progress()):
                return code_of(job, log)
            note = f'{describe(job)}; it goes on in another job'

    def follow(self, number: str, output: 'Output', files: TaskFiles) -> Job:
        """Copy the output of a job until it is over; return its last state."""
        if self.interrupted:  # it came while the job was being submitted
            slurm_jobs.cancel([number])
        was_running = False
        while True:
            job = self._jobs.get(number, Job(number, 'PENDING'))
            output.copy()
            if job.is_over:
                break
            if was_running and job.state == 'PENDING':
                tell(files, 'queued', f'{describe(job)} again: it was preempted')
                was_running = False
            was_running |= job.state == 'RUNNING'
            time.sleep(LOOK_SECONDS)
        output.end()
        return job

    def watch(self) -> None:
        """Look at the queue, for all jobs at once."""
        if not self._running or time.monotonic() - self._looked_at < self.poll_seconds:
            return
        self._looked_at = time.monotonic()
        running = set(self._running.values())  # taken before: a job submitted now may be missing
        found = slurm_jobs.jobs()
        if found is None:  # the controller is restarted; the jobs go on without it
            return
        for number in running:
            missed = 0 if number in found else self._num_missed.get(number, 0) + 1
            self._num_missed[number] = missed
            if missed >= TIMES_MISSED:
                found[number] = Job(number, 'REVOKED')
        self._jobs = {**self._jobs, **{n: found[n] for n in running if n in found}}

    def interrupt(self) -> None:
        """Send SIGINT to the tasks that run, and cancel those that wait."""
        numbers = list(self._running.values())
        states = {
            number: self._jobs.get(number, Job(number, 'PENDING')).state for number in numbers
        }
        slurm_jobs.cancel(n for n in numbers if states[n] == 'PENDING')
        asked = (number for number in numbers if states[number] != 'PENDING')
        slurm_jobs.cancel(asked, '--batch', '--signal=INT')

    def kill(self) -> None:
        """Cancel all jobs, once."""
        if not self._is_killed:
            self._is_killed = True
            slurm_jobs.cancel(list(self._running.values()))


class Output:
    """The file that a job writes to; what is new in it goes to the log, and in the end it goes."""

    def __init__(self, path: Path, log: TaskLog) -> None:
        self.path = path
        self.log = log
        self.position = 0
        path.unlink(missing_ok=True)

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


def comment_of(task: Task) -> str:
    """Return what marks the jobs of a run, so that the next one finds those that are left."""
    return f'evalkit:{Path(task.work_dir).resolve()}'


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
