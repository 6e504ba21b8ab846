"""What the terminal says of a failed task."""

import re

from evalkit.runners.status import TaskStatus

RULE = '-' * 72

LOG_PREFIX = re.compile(r'\S+ \S+ [A-Z]+ [\w.]+: ')
"""Time, level and logger, as a task writes them before what it logs."""


def failure(status: TaskStatus) -> str:
    """Return all there is to say: the reason, the first traceback, what else the log ends with."""
    parts = [f'FAILED {status.name}: {status.reason}']
    if status.traceback:
        parts += [RULE, status.traceback, RULE]
    shown = status.traceback.splitlines()
    told = [
        line for line in status.log_tail if line not in shown and not repeats(line, status.reason)
    ]
    if told:
        parts += [*([] if status.traceback else [RULE]), *told, RULE]
    return '\n'.join([*parts, f'log: {status.log}'])


def repeats(line: str, reason: str) -> bool:
    """Whether a line of the log says nothing that the reason does not; of a dataset of many, too.

    Where data is missing, this leaves one line in place of one for each dataset.
    """
    line = line.strip()
    logged = LOG_PREFIX.sub('', line, count=1)
    of_dataset = logged.partition(': ')[2] if logged != line else ''
    return logged in reason or bool(of_dataset and of_dataset in reason)
