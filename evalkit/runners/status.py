"""How a task ended, for the terminal and for the exit code."""

import signal
from dataclasses import dataclass
from pathlib import Path

from evalkit.errors import ExitCode
from evalkit.tasks.progress import Progress

SHELL_SIGNAL_BASE = 128
"""A shell, and srun, report a process killed by signal n as 128 + n."""


@dataclass(frozen=True, slots=True)
class TaskStatus:
    """The end of a task; `returncode` is that of its last attempt, negative for a signal.

    `reason` is one line, or one for each cause, and empty for a complete task. `traceback` is the
    first one of the last attempt, and `log_tail` the end of what it said.
    """

    name: str
    returncode: int
    attempts: int
    reason: str
    log: Path
    traceback: str = ''
    log_tail: tuple[str, ...] = ()

    @property
    def exit_code(self) -> ExitCode:
        """What this task alone would make of the run."""
        if self.returncode in set(ExitCode):
            return ExitCode(self.returncode)
        return ExitCode.INCOMPLETE if killer(self.returncode) else ExitCode.FAILED

    @property
    def is_failed(self) -> bool:
        """Whether the task ended in another way than it should, or than the user asked for."""
        return self.exit_code not in (ExitCode.COMPLETE, ExitCode.INTERRUPTED)


def killer(returncode: int) -> str:
    """Return the name of the signal that killed a process, or an empty text."""
    number = -returncode if returncode < 0 else returncode - SHELL_SIGNAL_BASE
    if returncode == ExitCode.INTERRUPTED or number not in set(signal.Signals):
        return ''
    return signal.Signals(number).name


def describe_kill(returncode: int, progress: Progress | None) -> str:
    """Say by what a process was killed, and how far it was."""
    name = killer(returncode)
    text = f'killed by {name}'
    if name == 'SIGKILL':
        text += ' (out of memory?)'
    if progress is not None and progress.num_total:
        text += f', {progress.num_done} of {progress.num_total} answered'
    return text
