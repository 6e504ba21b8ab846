"""GPQA: columns by their names, and two ways to order the options."""

from pathlib import Path

import pytest

from evalkit.config import resolve_type
from evalkit.datasets import gpqa_simple_eval_postprocess
from tests.datasets.families import config, prompts, samples_of, score

pytestmark = pytest.mark.usefixtures('samples')


def test_the_right_option_goes_round_the_letters() -> None:
    rows = samples_of(config('gpqa_gen'))
    assert [row.reference for row in rows] == ['D', 'C', 'B', 'A']
    assert rows[0].fields == {
        'question': 'Question 1: which spin, "up" or\ndown?',
        'A': 'wrong 1.1',
        'B': 'wrong 1.2',
        'C': 'wrong 1.3',
        'D': 'right 1',
        'answer': 'D',
    }


def test_simple_evals_shuffles_each_question_four_times() -> None:
    rows = samples_of(config('gpqa_simple_evals_gen'))
    assert ''.join(row.reference for row in rows) == 'CDCBCCCDACADADCB'
    assert all(row.fields[row.reference].startswith('right') for row in rows)


def test_the_prompt() -> None:
    assert prompts(config('gpqa_gen'))[0] == (
        'Think about this question step by step, then end with a line that says "ANSWER: X", '
        'where X is the letter of the right option.\n\nQuestion 1: which spin, "up" or\ndown?\n\n'
        'A) wrong 1.1\nB) wrong 1.2\nC) wrong 1.3\nD) right 1'
    )


def test_answers_are_scored(tmp_path: Path) -> None:
    answers = {
        'Question 1': 'Up.\nANSWER: D',
        'Question 2': 'ANSWER: A? No.\n**Answer: C**',
        'Question 3': 'It is B, I think.',
        'Question 4': 'ANSWER: D',
    }
    assert score(tmp_path, config('gpqa_gen'), answers=answers) == {'accuracy': 50.0}


def test_the_name_of_opencompass_resolves() -> None:
    found = resolve_type('opencompass.datasets.GPQA_Simple_Eval_postprocess')
    assert found is gpqa_simple_eval_postprocess
