import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from evalkit.errors import ConfigError, TaskError
from evalkit.evaluators import KillableEvaluator, Unscored
from tests.evaluators.harmful import (
    HarmfulEvaluator,
    MissingLaterEvaluator,
    UnpreparedEvaluator,
)

RIGHT, WRONG = {'accuracy': 1.0}, {'accuracy': 0.0}


def score(outputs: list[Any], seconds: float = 10.0) -> list[Any]:
    return list(HarmfulEvaluator(seconds).score_all(outputs, ['x'] * len(outputs)))


@pytest.mark.parametrize('harm', ['regexp', 'power'])
def test_a_scorer_that_never_ends_costs_its_own_answer_only(harm: str) -> None:
    began = time.monotonic()
    found = score(['x', harm, 'y', 'x'], seconds=1)
    assert found == [RIGHT, Unscored('scorer: timeout after 1 s'), WRONG, RIGHT]
    assert time.monotonic() - began < 30


@pytest.mark.parametrize(
    ('harm', 'error'),
    [
        ('kill', 'scorer: its process died of SIGKILL'),
        ('exit', 'scorer: its process ended with 7'),
        ('memory', 'scorer: MemoryError'),
        ('raise', 'scorer: ValueError: no (harmful.py'),
    ],
)
def test_a_scorer_that_dies_or_fails_costs_its_own_answer_only(harm: str, error: str) -> None:
    first, harmed, last = score(['x', harm, 'y'])
    assert (first, last) == (RIGHT, WRONG)
    assert isinstance(harmed, Unscored)
    assert harmed.error.startswith(error)


def test_scores_are_in_the_order_of_the_answers_whoever_scores_them() -> None:
    outputs = ['x' if number % 3 else 'y' for number in range(200)]
    assert score(outputs) == [RIGHT if number % 3 else WRONG for number in range(200)]


def test_processes_score_many_answers_each() -> None:
    pids = {scores['pid'] for scores in score(['pid'] * 100)}
    assert 1 <= len(pids) <= len(os.sched_getaffinity(0))
    assert os.getpid() not in pids


def test_nothing_is_scored_without_a_process() -> None:
    assert score([]) == []


def test_an_answer_that_cannot_be_sent_is_not_scored() -> None:
    first, unsent, last = score(['x', lambda: None, 'x'])
    assert (first, last) == (RIGHT, RIGHT)
    assert unsent.error.startswith('scorer: the answer cannot be sent to a process')


def test_a_large_answer_can_be_sent() -> None:
    assert score(['x' * 20_000_000, 'x']) == [WRONG, RIGHT]


@pytest.mark.parametrize('evaluator', [UnpreparedEvaluator('missing'), MissingLaterEvaluator()])
def test_what_concerns_all_answers_is_an_error_of_the_evaluation(
    evaluator: KillableEvaluator,
) -> None:
    with pytest.raises(ConfigError, match='a package is missing'):
        evaluator.score_all(['x', 'y'], ['x', 'y'])


def test_a_process_that_dies_at_its_start_is_no_endless_loop() -> None:
    with pytest.raises(TaskError, match='ended with 7 before it could do anything'):
        UnpreparedEvaluator('exit').score_all(['x'], ['x'])


def test_the_processes_end_with_the_one_that_started_them(tmp_path: Path) -> None:
    program = (
        'from tests.evaluators.harmful import HarmfulEvaluator; '
        "HarmfulEvaluator(300.0).score_all(['power'], ['x'])"
    )
    parent = subprocess.Popen([sys.executable, '-c', program])
    child = wait_for_child(parent.pid)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert wait_until_gone(child)


def wait_for_child(pid: int) -> int:
    """Return the pid of a child as soon as it is at work."""
    children = Path(f'/proc/{pid}/task/{pid}/children')
    for _ in range(300):
        found = children.read_text().split()
        if found and b'evalkit' in Path(f'/proc/{found[0]}/cmdline').read_bytes():
            time.sleep(2)
            return int(found[0])
        time.sleep(0.1)
    raise AssertionError('no process was started')


def wait_until_gone(pid: int) -> bool:
    for _ in range(100):
        try:
            state = Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()[0]
        except FileNotFoundError:
            return True
        if state == 'Z':
            return True
        time.sleep(0.1)
    return False
