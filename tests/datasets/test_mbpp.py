"""MBPP and its checked problems: files, prompts, and programs that are run."""

from pathlib import Path
from typing import Any

import pytest

from evalkit.datasets import MBPPDataset, MBPPEvaluator, MBPPPassKEvaluator, SanitizedMBPPDataset
from evalkit.datasets.files import read_jsonl
from evalkit.errors import ConfigError
from tests.datasets.families import SAMPLES, config, prompts, score

CASES = [case for case in read_jsonl(SAMPLES / 'code_answers.jsonl') if case['kind'] == 'mbpp']
TRIM = 'def trim(s):\n    return s[1:-1]'
FRAME = 'You are an expert Python programmer, and here is your task: '


@pytest.mark.usefixtures('samples')
def test_the_first_ten_rows_are_examples_and_the_next_five_hundred_are_asked() -> None:
    rows = MBPPDataset.load()
    assert [row['task_id'] for row in rows['train']] == list(range(1, 11))
    assert [row['task_id'] for row in rows['test']] == [11, 12, 13]


@pytest.mark.usefixtures('samples')
def test_seven_checked_problems_are_examples() -> None:
    rows = SanitizedMBPPDataset.load()
    assert [len(rows['train']), len(rows['test'])] == [7, 2]
    assert rows['test'][0]['text'] == 'Write a python function to find the even numbers of a list.'


@pytest.mark.usefixtures('samples')
def test_what_the_tests_need_is_run_and_not_asked() -> None:
    row = MBPPDataset.load()['test'][2]
    assert row['test_list'].startswith('assert count(None) == 0\n')
    assert row['test_list_2'].startswith('class Node:\r\n')
    assert SanitizedMBPPDataset.load()['test'][1]['test_column'] == {
        'task_id': 12,
        'test_list_2': 'import math\n'
        'assert half_turns(2) == 2 * math.pi\nassert half_turns(0) == 0',
    }


@pytest.mark.usefixtures('samples')
def test_three_worked_examples_come_before_the_task() -> None:
    text = prompts(config('mbpp_gen_830460'))[0]
    assert text.startswith(
        f'{FRAME}Write a function to add 2 to a number. Your code should pass these tests:\n\n '
        'assert add_2(0) == 2\nassert add_2(1) == 3\nassert add_2(-2) == 0  \n'
    )
    assert text.count('[DONE]') == 3
    assert text.rstrip().endswith('[BEGIN]')
    messages = prompts(config('mbpp_gen_830460'), chat=True)[0]
    assert [message['role'] for message in messages] == ['user', 'assistant'] * 3 + ['user']


@pytest.mark.usefixtures('samples')
def test_checked_problems_are_asked_in_fenced_blocks() -> None:
    messages = prompts(config('sanitized_mbpp_gen'), chat=True)[0]
    assert messages[1]['content'] == '```python\ndef times_3(n):\n  return n * 3\n```'
    [message] = prompts(config('sanitized_mbpp_mdblock_0shot_nocot_gen_a2e416'), chat=True)[0]
    assert message['content'].endswith('in the following format: ```python\n\n```\n')


@pytest.fixture(scope='module')
def verdicts() -> list[float]:
    """The score of each golden case, run together."""
    tests = {row['task_id']: as_tests(row) for row in read_jsonl(SAMPLES / 'mbpp/mbpp.jsonl')}
    scored = MBPPEvaluator().score_all(
        [case['output'] for case in CASES], [tests[case['task']] for case in CASES]
    )
    return [next(iter(scores.values())) for scores in scored if isinstance(scores, dict)]


def as_tests(row: dict[str, Any]) -> str:
    return '\n'.join([row['test_setup_code'], *row['test_list']])


@pytest.mark.parametrize('number', range(len(CASES)), ids=[case['about'] for case in CASES])
def test_a_golden_case_has_its_verdict(number: int, verdicts: list[float]) -> None:
    assert verdicts[number] == CASES[number]['verdict']


@pytest.mark.usefixtures('samples')
def test_the_score_is_the_share_of_programs_that_pass(tmp_path: Path) -> None:
    answers = {
        'first and the last letter': f"[BEGIN]\n '{TRIM}' \n[DONE]",
        'second member': '```python\ndef by_second(pairs):\n    return pairs\n```',
        'linked list': 'def count(node):\n    return 0 if node is None else 1 + count(node.next)',
    }
    cfg = config('mbpp_gen')
    found = score(tmp_path, cfg, answers=answers)
    assert found == {'score': pytest.approx(66.6667, abs=1e-4)}


@pytest.mark.usefixtures('samples')
def test_ten_answers_to_a_problem_give_pass_at_ten(tmp_path: Path) -> None:
    cfg = config('sanitized_mbpp_repeat10_gen_830460')
    right = 'def evens(numbers):\n    return [n for n in numbers if n % 2 == 0]'
    assert score(tmp_path, cfg, answers={'even numbers': right}) == {
        'pass@1': 50.0,
        'pass@10': 50.0,
    }


def test_each_evaluator_has_its_metric() -> None:
    assert MBPPPassKEvaluator(k=1).score(TRIM, "assert trim('abc') == 'b'") == {'pass@1': 1.0}
    assert MBPPEvaluator().score(TRIM, {'test_list_2': 'assert False', 'task_id': 1}) == {
        'score': 0.0
    }


def test_a_metric_that_is_not_known_is_refused() -> None:
    with pytest.raises(ConfigError, match="metric is 'MBPP'; 'MBPPPlus' is not supported"):
        MBPPEvaluator(metric='MBPPPlus')
