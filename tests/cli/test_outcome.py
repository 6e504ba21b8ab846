"""The exit code of a run, from how its tasks ended and what the table shows."""

from pathlib import Path
from typing import Any

import pytest

from evalkit.cli.outcome import exit_code
from evalkit.errors import ExitCode
from evalkit.runners import TaskStatus
from evalkit.summarizers import Summary
from evalkit.summarizers.collect import Results

WHOLE: dict[str, Any] = {'metrics': {}, 'failed': 0}
PARTLY: dict[str, Any] = {'metrics': {}, 'failed': 2}
FAILED: dict[str, Any] = {'error': 'no such file', 'is_incomplete': False}
INCOMPLETE: dict[str, Any] = {'error': 'incomplete: 3 of 5', 'is_incomplete': True}


def summary(*results: dict[str, Any]) -> Summary:
    found: Results = {(str(n), 'model'): result for n, result in enumerate(results)}
    return Summary([], found, {'model': ['model']})


def ended(*codes: int) -> list[TaskStatus]:
    return [TaskStatus(f'task {code}', code, 1, '', Path('log')) for code in codes]


@pytest.mark.parametrize(
    ('statuses', 'results', 'expected'),
    [
        (ended(0, 0), [WHOLE], ExitCode.COMPLETE),
        (ended(0, 0), [WHOLE, PARTLY], ExitCode.FAILED),
        (ended(0, 3), [WHOLE, FAILED], ExitCode.FAILED),
        (ended(2, 0), [WHOLE, FAILED], ExitCode.FAILED),
        (ended(-9, 0), [WHOLE], ExitCode.INCOMPLETE),
        (ended(2, 0), [FAILED, FAILED], ExitCode.CONFIG),
        (ended(4, 2), [FAILED], ExitCode.INCOMPLETE),
        (ended(0), [INCOMPLETE], ExitCode.INCOMPLETE),
        (ended(5, 4), [INCOMPLETE], ExitCode.STORE),
        (ended(1, 0), [WHOLE], ExitCode.FAILED),
        ([], [WHOLE], ExitCode.COMPLETE),
    ],
)
def test_the_exit_code_says_what_needs_attention_first(
    statuses: list[TaskStatus], results: list[dict[str, Any]], expected: ExitCode
) -> None:
    assert exit_code(statuses, summary(*results)) == expected


def test_a_run_that_only_asks_is_judged_by_its_tasks() -> None:
    assert exit_code(ended(0), None) == ExitCode.COMPLETE
    assert exit_code(ended(0, 3), None) == ExitCode.FAILED
