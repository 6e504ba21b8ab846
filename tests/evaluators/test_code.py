"""Evaluators that run code: scores, reasons, and what is suspicious."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from evalkit.evaluators import CodeEvaluator, Unscored, explanation
from evalkit.evaluators.suspicions import suspicions
from evalkit.sandbox import Program
from tests.runs import command_line


class Answers(CodeEvaluator):
    """Tests that `answer()` is the reference."""

    def program(self, output: Any, reference: Any) -> Program:
        return Program((output,), f'assert answer() == {reference!r}')


RIGHT = 'def answer(): return 42'

FORGED = """
class Equal:
    def __eq__(self, other): return True
def answer(): return Equal()
"""


def test_a_program_scores_by_its_tests_and_tells_why() -> None:
    right, wrong = Answers().score_all([RIGHT, RIGHT], [42, 41])
    assert (right, wrong) == ({'pass@1': 1.0}, {'pass@1': 0.0})
    assert isinstance(wrong, dict)
    assert explanation(wrong)['why'] == 'AssertionError (tests, line 1: assert answer() == 41)'
    assert explanation(wrong)['program'] == f'{RIGHT}\n\nassert answer() == 41\n'


def test_what_equals_everything_passes_and_is_told_of() -> None:
    evaluator = Answers()
    scores = [dict_of(each) for each in evaluator.score_all([FORGED, RIGHT], [42, 42])]
    assert [each['pass@1'] for each in scores] == [1.0, 1.0]
    assert explanation(scores[0])['suspicions'] == ['an object that says what it equals']
    report = evaluator.report(scores)
    assert report['suspicious'] == 1
    assert report['remarks'] == [
        "1 programs that pass use what could forge a pass (details: 'suspicions')"
    ]


def dict_of(scores: Any) -> Any:
    assert isinstance(scores, dict)
    return scores


@pytest.mark.parametrize(
    ('code', 'number'),
    [
        ('import sys\nsys._getframe(1)', 1),
        ('import gc\ngc.get_objects()', 1),
        ('import os\nos.write(5, b"x")', 1),
        ('import builtins\nbuiltins.len = None', 1),
        ('def equal(a, b): return a == b', 0),
        ('import math, re, heapq, itertools', 0),
        ('x = compiled(evaluate(1))', 0),
    ],
)
def test_a_suspicion_is_something_that_could_forge_a_pass(code: str, number: int) -> None:
    assert len(suspicions(code)) == number


def kill_keepers() -> None:
    """Kill the processes that watch over the programs of this one."""
    for path in Path('/proc/self/task').glob('*/children'):
        for pid in map(int, path.read_text().split()):
            if b'keeper' in command_line(pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


def test_a_program_that_could_not_be_run_is_an_error_and_no_zero() -> None:
    evaluator = Answers(seconds=30)
    with ThreadPoolExecutor() as pool:
        scoring = pool.submit(evaluator.score_all, ['import time; time.sleep(20)'], [42])
        while not scoring.done():
            kill_keepers()
            time.sleep(0.05)
    [scores] = scoring.result()
    assert isinstance(scores, Unscored)
    assert scores.error.startswith('sandbox: the keeper of the sandbox has died')
