"""What the terminal says of a failed task: everything, but nothing twice."""

from pathlib import Path

from evalkit.runners.failure import failure
from evalkit.runners.status import TaskStatus

WHEN = '2026-01-01 10:00:00,000'
TRACEBACK = 'Traceback (most recent call last):\n  File "a.py", line 1\nValueError: no'


def shown(reason: str, *tail: str, traceback: str = '') -> list[str]:
    status = TaskStatus('m/words', 3, 1, reason, Path('words.log'), traceback, tail)
    return failure(status).splitlines()


def test_what_the_log_says_of_each_dataset_stands_in_the_reason_once() -> None:
    reason = '3 datasets failed: there is no data at x: look (a, b and 1 more)'
    each = [
        f'{WHEN} ERROR evalkit.tasks.guard: {abbr}: there is no data at x: look' for abbr in 'abc'
    ]
    end = [
        f'{WHEN} ERROR evalkit.tasks.run: 3 datasets failed:',
        '  there is no data at x: look (a, b and 1 more)',
    ]
    assert shown(reason, *each, *end) == [f'FAILED m/words: {reason}', 'log: words.log']


def test_what_only_the_log_says_is_shown() -> None:
    other = f'{WHEN} WARNING evalkit.models: half of it is missing'
    lines = shown('it died', other, f'{WHEN} ERROR evalkit.tasks.run: it died', 'exit: died')
    assert [line for line in lines if set(line) != {'-'}] == [
        'FAILED m/words: it died',
        other,
        'exit: died',
        'log: words.log',
    ]


def test_a_traceback_is_shown_once() -> None:
    tail = ('loading', *TRACEBACK.splitlines())
    lines = shown('ValueError: no', *tail, traceback=TRACEBACK)
    assert [line for line in lines if set(line) != {'-'}] == [
        'FAILED m/words: ValueError: no',
        *TRACEBACK.splitlines(),
        'loading',
        'log: words.log',
    ]
