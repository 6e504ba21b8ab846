"""Slurm's own commands: what is submitted, watched and cancelled with them."""

import getpass
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evalkit.errors import BackendError, ConfigError, ExitCode

COMMANDS = ('sbatch', 'squeue', 'scancel', 'scontrol')

FINAL = frozenset(
    {'BOOT_FAIL', 'CANCELLED', 'COMPLETED', 'DEADLINE', 'FAILED', 'NODE_FAIL', 'OUT_OF_MEMORY'}
    | {'PREEMPTED', 'REVOKED', 'TIMEOUT'}
)
"""States that a job does not leave; all others are on the way there."""

FIELDS = ('%i', '%T', '%N', '%k')
"""What squeue is asked for: the fields of a `Job`."""

AWAY = re.compile('contact slurm controller|timed out|Connection refused|temporarily', re.I)
"""What the commands say when the controller is restarted or too busy."""

FULL = re.compile(r'Submit\w*Limit')
"""What sbatch says when a user has as many jobs in the queue as a limit allows."""

GONE_SECONDS = 120.0
EXIT_CODE = re.compile(r' ExitCode=(\d+):(\d+) ')
MAX_ARRAY_SIZE = re.compile(r'^MaxArraySize\s*=\s*(\d+)', re.M)
DEFAULT_ARRAY_SIZE = 1001


class QueueFullError(ConfigError):
    """Slurm takes no more jobs of this user: fewer may do, or the same ones later."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job as squeue sees it; `comment` is what it was submitted with.

    `number` is `123_4` for element 4 of the array 123.
    """

    number: str
    state: str
    nodes: str = ''
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


def max_array_size() -> int:
    """Return how many elements an array of this cluster can have."""
    found = MAX_ARRAY_SIZE.search(call(['scontrol', 'show', 'config']).stdout)
    return max(1, int(found.group(1))) if found else DEFAULT_ARRAY_SIZE


def submit(options: Sequence[str], script: str, env: Mapping[str, str]) -> str:
    """Submit a script and return the number of its job or array.

    ConfigError if Slurm refuses it, QueueFullError if it is too many, BackendError if its
    controller is away.
    """
    done = call(['sbatch', '--parsable', *options], script, {**os.environ, **env})
    if done.returncode == 0:
        return done.stdout.strip().split(';')[0]
    said = ' '.join(done.stderr.split()).replace('sbatch: error: ', '')
    if AWAY.search(said):
        raise BackendError(f'the controller of Slurm is away: {said}')
    refusal = QueueFullError if FULL.search(said) else ConfigError
    raise refusal(f'Slurm refuses the job: {said}')


def jobs() -> dict[str, Job] | None:
    """Return the user's jobs by number, those of the last minutes too; None if nobody answers.

    `-r` gives each element of an array a line, where squeue else writes `123_[4-9%2]`.
    """
    fields = '|'.join(FIELDS)
    done = call(['squeue', '-h', '-r', '-t', 'all', '-u', getpass.getuser(), '-o', fields])
    if done.returncode:
        return None
    found = [Job(*line.split('|', len(FIELDS) - 1)) for line in done.stdout.splitlines()]
    return {job.number: job for job in found}


def cancel(numbers: Iterable[str], *options: str) -> None:
    """Cancel jobs, or send them a signal; those that are over are left alone."""
    numbers = list(numbers)
    if numbers:
        call(['scancel', *options, *numbers])


def cancel_all(comment: str) -> None:
    """Cancel the jobs with a comment and wait until they are gone."""
    deadline = time.monotonic() + GONE_SECONDS
    seen: set[str] = set()
    while left := [job for job in (jobs() or {}).values() if is_left(job, comment)]:
        arrays = {job.number.partition('_')[0] for job in left}
        cancel(arrays - seen)
        seen |= arrays
        if time.monotonic() > deadline:
            raise BackendError(f'job {left[0].number} does not end: cancel it with scancel')
        time.sleep(0.5)


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


def call(
    command: Sequence[str], text: str = '', env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one of Slurm's commands, out of reach of a Ctrl-C."""
    return subprocess.run(
        command, input=text, env=env, capture_output=True, text=True, start_new_session=True
    )
