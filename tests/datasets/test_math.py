"""MATH and MATH-500: boxed references, the prompt, and answers that mean the same."""

from pathlib import Path

import pytest

from evalkit.config import build, resolve_type
from evalkit.datasets.math import answer_of
from tests.datasets.families import config, prompts, samples_of, score

pytestmark = pytest.mark.usefixtures('samples')


def test_the_reference_is_what_the_box_holds() -> None:
    rows = samples_of(config('math_gen'))
    assert [row.reference for row in rows] == [r'\frac{3}{4}', r'\sqrt{2}']
    assert rows[0].fields['type'] == 'Algebra'
    assert answer_of(r'First \boxed{1}, then \boxed{\text{a}_{2}}.') == r'\text{a}_{2}'
    assert answer_of('no box') == 'no box'


def test_math_500_keeps_the_whole_solution() -> None:
    rows = samples_of(config('math_500_gen'))
    assert [row.reference for row in rows][1] == r'So $x=\boxed{\sqrt{2}}$.'


def test_the_prompt() -> None:
    for name in ('math_gen', 'math_500_gen'):
        assert prompts(config(name))[0] == (
            'What is $\\frac12+\\frac14$?\nPlease reason step by step, and put your final answer '
            'within \\boxed{}.'
        )


@pytest.mark.parametrize('name', ['math_gen', 'math_500_gen'])
def test_answers_are_scored_by_what_they_mean(tmp_path: Path, name: str) -> None:
    answers = {'frac12': r'It is \boxed{0.75}.', 'x^2=2': r'\boxed{2}'}
    assert score(tmp_path, config(name), answers=answers) == {'accuracy': 50.0}


@pytest.mark.parametrize('name', ['math_postprocess', 'opencompass.datasets.math_postprocess_v2'])
def test_the_postprocessors_of_opencompass_find_the_answer(name: str) -> None:
    function = resolve_type(name)
    assert function(r'It is $\boxed{\frac{3}{4}}$.') == r'\frac{3}{4}'
    assert function('I do not know,\nsorry') == ''


def test_the_older_evaluator_of_opencompass_has_its_arguments() -> None:
    evaluator = build({'type': 'opencompass.datasets.MATHEvaluator', 'version': 'v2'})
    assert evaluator.score(r'\frac{3}{4}', '0.75') == {'accuracy': 1.0}
