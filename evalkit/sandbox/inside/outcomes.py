"""Verdicts in the form in which a keeper sends them."""

import os
import signal
from typing import Any

Outcome = dict[str, Any]

RESOURCE_ERRORS = ('MemoryError', 'BlockingIOError')
RESOURCE_TEXTS = (
    "can't start new thread",
    'No space left on device',
    'Too many open files',
    'File too large',
    'Cannot allocate memory',
)


def of_exception(kind: str, place: str, text: str) -> Outcome:
    """Return the verdict of a program that raised something."""
    is_resource = kind in RESOURCE_ERRORS or any(part in text for part in RESOURCE_TEXTS)
    reason = ': '.join(filter(None, (kind, in_one_line(text))))
    return {
        'kind': 'resource' if is_resource else 'failed',
        'reason': reason,
        'place': place,
    }


def of_exit(status: int | None, *, has_begun: bool) -> Outcome:
    """Return the verdict of a program that has gone without a word."""
    how = 'has gone' if status is None else describe_exit(status)
    if not has_begun:
        return {'kind': 'error', 'reason': f'the sandbox {how} before the program began'}
    if status is not None and how.endswith('SIGXCPU'):
        return {'kind': 'timeout', 'reason': 'more CPU time than is allowed'}
    return failed('ended', f'it {how} before the last assertion')


def describe_exit(status: int) -> str:
    """Return how a process has ended; bubblewrap adds 128 to the number of a signal."""
    code = os.waitstatus_to_exitcode(status)
    number = -code if code < 0 else code - 128
    names = {each.value: each.name for each in signal.Signals}
    return f'died of {names[number]}' if number in names else f'ended with {code}'


def failed(kind: str, why: str) -> Outcome:
    """Return the verdict of a program that did not pass."""
    return {'kind': 'failed', 'reason': f'{kind}: {why}'}


def resource(name: str, most: int) -> Outcome:
    """Return the verdict of a program that wants too much."""
    amount = f'{most >> 20} MiB' if name != 'processes' else str(most)
    return {'kind': 'resource', 'reason': f'{name}: more than {amount}'}


def in_one_line(text: str) -> str:
    """Return a text without line ends."""
    return ' '.join(text.split())
