"""Slurm's own commands: what is submitted, watched and cancelled with them."""

import getpass
import os
import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evalkit.errors import BackendError, ConfigError, ExitCode

COMMANDS = ('sbatch', 'squeue', 'scancel', 'scontrol')

FINAL = frozenset(
    {'BOOT_FAIL', 'CANCELLED', 'COMPLETED', 'DEADLINE', 'FAILED', 'NODE_FAIL', 'OUT_OF_MEMORY'}
    | {'PREEMPTED', 'REVOKED', 'TIMEOUT'}
)
"""States that a job does not leave; all others are on the way there."""

FIELDS = ('%i', '%T', '%N', '%r', '%k')
"""What squeue is asked for: the fields of a `Job`."""

AWAY = re.compile('contact slurm controller|timed out|Connection refused|temporarily', re.I)
"""What the commands say when the controller is restarted or too busy."""

CONTROLLER_SECONDS = 600.0
RETRY_SECONDS = 5.0
GONE_SECONDS = 120.0
EXIT_CODE = re.compile(r' ExitCode=(\d+):(\d+) ')


@dataclass(frozen=True, slots=True)
class Job:
    """A job as squeue sees it; `comment` is what it was submitted with."""

    number: str
    state: str
    nodes: str = ''
    reason: str = ''
    comment: str = ''

    @property
    def is_over(self) -> bool:
        """Whether it will run no more."""
        return self.state in FINAL


def check_commands() -> None:
    """Raise ConfigError on a machine that is no part of a Slurm cluster."""
    missing = [name for name in COMMANDS if shutil.which(name) is None]
    if missing:
        raise ConfigError(
            f'SlurmRunner needs {missing[0]}, which is not here: run on a login node of the '
            'cluster, or use --runner local'
        )


def submit(options: Sequence[str], command: Sequence[str], env: Mapping[str, str]) -> str:
    """Submit a job that becomes `command`, so that signals reach it, and return its number.

    ConfigError if Slurm refuses it, BackendError if its controller stays away.
    """
    script = f'#!/bin/sh\nexec {shlex.join(command)}\n'
    deadline = time.monotonic() + CONTROLLER_SECONDS
    while True:
        done = call(['sbatch', '--parsable', *options], script, {**os.environ, **env})
        if done.returncode == 0:
            return done.stdout.strip().split(';')[0]
        said = ' '.join(done.stderr.split()).replace('sbatch: error: ', '')
        if not AWAY.search(said):
            raise ConfigError(f'Slurm refuses the job: {said}')
        if time.monotonic() > deadline:
            raise BackendError(f'the controller of Slurm is away: {said}')
        time.sleep(RETRY_SECONDS)


def jobs() -> dict[str, Job] | None:
    """Return the user's jobs by number, those of the last minutes too; None if nobody answers."""
    done = call(['squeue', '-h', '-t', 'all', '-u', getpass.getuser(), '-o', '|'.join(FIELDS)])
    if done.returncode:
        return None
    found = [Job(*line.split('|', len(FIELDS) - 1)) for line in done.stdout.splitlines()]
    return {job.number: job for job in found}


def cancel(numbers: Iterable[str], *options: str) -> None:
    """Cancel jobs, or send them a signal; those that are over are left alone."""
    numbers = list(numbers)
    if numbers:
        call(['scancel', *options, *numbers])


def cancel_all(comment: str) -> int:
    """Cancel the jobs with a comment and wait until they are gone; return how many there were."""
    deadline = time.monotonic() + GONE_SECONDS
    seen: set[str] = set()
    while left := [job.number for job in (jobs() or {}).values() if is_left(job, comment)]:
        cancel(set(left) - seen)
        seen |= set(left)
        if time.monotonic() > deadline:
            raise BackendError(f'job {left[0]} of an earlier run does not end: cancel it')
        time.sleep(0.5)
    return len(seen)


def is_left(job: Job, comment: str) -> bool:
    """Whether a job is one of those with a comment, and not over."""
    return job.comment == comment and not job.is_over


def exit_code(number: str) -> int:
    """Return the code of a job that is over, as Popen does: negative for a signal."""
    found = EXIT_CODE.search(call(['scontrol', '-o', 'show', 'job', number]).stdout)
    if found is None:
        return ExitCode.INCOMPLETE
    code, signal = map(int, found.groups())
    return -signal if signal else code


def options(name: str, output: Path, comment: str, num_gpus: int) -> list[str]:
    """Return the options of every job of ours."""
    gpus = [f'--gres=gpu:{num_gpus}'] if num_gpus else []
    return [
        f'--job-name={name}',
        f'--output={output}',
        f'--comment={comment}',
        '--open-mode=append',
        '--export=ALL',
        '--requeue',
        '--nodes=1',
        '--ntasks=1',
        *gpus,
    ]


def call(
    command: Sequence[str], text: str = '', env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one of Slurm's commands, out of reach of a Ctrl-C."""
    return subprocess.run(
        command, input=text, env=env, capture_output=True, text=True, start_new_session=True
    )
