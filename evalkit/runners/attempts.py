"""One attempt at a task, and what there is to say about how it ended."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import evalkit
from evalkit.errors import EvalkitError, ExitCode
from evalkit.runners.files import TaskFiles
from evalkit.runners.status import TaskStatus, describe_kill, killer
from evalkit.runners.tasklog import TaskLog

Launch = Callable[[Mapping[str, str], TaskLog], int]
"""Runs the command of a task, given what to add to its environment, and returns its code."""

MAX_ATTEMPTS = 16

CHILD_ENVIRONMENT = {
    'PYTHONUNBUFFERED': '1',
    'PYTHONFAULTHANDLER': '1',
    # The launching process shows the progress; a log is for reading.
    'TQDM_DISABLE': '1',
    'HF_HUB_DISABLE_PROGRESS_BARS': '1',
    'HF_DATASETS_DISABLE_PROGRESS_BARS': '1',
}
"""What a child finds in its environment, unless the user has set it."""


def attempt(name: str, files: TaskFiles, launch: Launch, number: int, planned: int) -> TaskStatus:
    """Make attempt `number` of `planned` ones; an error in launching is how it ended."""
    most = planned if number <= planned else f'at most {MAX_ATTEMPTS}'
    title = f'attempt {number} of {most}'
    try:
        if number > 1:  # before the first the runner has; its command may run already
            files.clear()
        log = TaskLog(files.log, title=title)
    except EvalkitError as error:
        return TaskStatus(name, error.exit_code, number, str(error), files.log)
    try:
        code = launch(task_environment(files, number), log)
    except EvalkitError as error:
        code, log.cause = int(error.exit_code), str(error)
    finally:
        log.close()
    reason = explain(code, files, log)
    if is_ended_by_a_library(code, files, log):
        code = int(ExitCode.INCOMPLETE)
    if killer(code):
        reason += f', {title}'
    tail = tuple(log.tail)
    return TaskStatus(name, code, number, reason, files.log, log.traceback.text, tail)


def is_ended_by_a_library(code: int, files: TaskFiles, log: TaskLog) -> bool:
    """Whether a library ended the process, as Ray's does when its cluster is gone.

    A mistake of Python code leaves a traceback, and an environment that does not work no progress.
    """
    is_unknown = code not in set(ExitCode) and not killer(code)
    return is_unknown and not log.traceback.text and files.read_progress() is not None


def explain(code: int, files: TaskFiles, log: TaskLog) -> str:
    """Return in one line why an attempt ended, or an empty text if the task is complete."""
    if code == ExitCode.COMPLETE:
        return ''
    if log.cause:
        return log.cause
    progress = files.read_progress()
    if killer(code):
        return describe_kill(code, progress)
    told = progress.reason if progress else ''
    lines = (told or log.error or describe_code(code)).splitlines()
    return ' '.join(line.strip() for line in lines)


def describe_code(code: int) -> str:
    """Return what is known of a task that has said nothing."""
    return f'exit code {code}' if code else ''


def task_environment(files: TaskFiles, number: int) -> dict[str, str]:
    """Return what is added to the environment of a task's process."""
    return {
        **child_environment(os.environ),
        'EVALKIT_ATTEMPT': str(number),
        'EVALKIT_PROGRESS': str(files.progress),
    }


def child_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return what any child needs, among it the way to this evalkit if it is not installed."""
    added = {name: value for name, value in CHILD_ENVIRONMENT.items() if name not in environ}
    root = Path(evalkit.__file__).parent.parent
    if not {'site-packages', 'dist-packages'} & set(root.parts):
        paths = [str(root), *filter(None, [environ.get('PYTHONPATH')])]
        added['PYTHONPATH'] = os.pathsep.join(paths)
    return added
