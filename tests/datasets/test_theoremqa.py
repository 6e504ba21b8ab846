"""TheoremQA: answers of five kinds."""

from pathlib import Path

import pytest

from evalkit.config import resolve_type
from evalkit.datasets import TheoremQADataset, TheoremQAEvaluatorV3, theoremqa_postprocess
from tests.datasets.families import config, prompts, samples_of, score

pytestmark = pytest.mark.usefixtures('samples')


def test_references_are_texts_of_the_values() -> None:
    references = [sample.reference for sample in samples_of(config('TheoremQA_gen'))]
    assert references == ['11760', '0.5', 'False', '[2, 3.5]', '(b)']


def test_a_table_is_read_as_well(tmp_path: Path) -> None:
    path = tmp_path / 'test.csv'
    path.write_text('Question,Answer,Answer_type\n"2, or 3?",2,integer\n')
    assert TheoremQADataset.load(str(path))['test'] == [
        {'Question': '2, or 3?', 'Answer': '2', 'Answer_type': 'integer'}
    ]


def test_the_prompt_says_what_an_answer_may_be() -> None:
    [message] = prompts(config('TheoremQA_gen'), chat=True)[1]
    assert message['content'].endswith(
        'option such as (a).\n\nProblem: What is the area under y = 1/x from 1 to e^0.5?\n'
    )


def test_answers_are_scored(tmp_path: Path) -> None:
    answers = {
        '8 elements': 'Let us count.\nThe answer is: 11,760.',
        'area': 'The answer is 0.51',
        'bounded': 'The answer is no, not every one.',
        'eigenvalues': 'The answer is [3.5, 2]',
        'prime': 'The answer is (a)',
    }
    assert score(tmp_path, config('TheoremQA_gen'), answers=answers) == {'score': 80.0}


@pytest.mark.parametrize(
    ('text', 'answer'),
    [
        ('Some steps.\nThe answer is: 5.', '5'),
        ('the answer is \\(x^2\\)\nand more', 'x^2'),
        ('The answer is 1.\n\nProblem: more\nThe answer is 2.', '1'),
        ('first\n**7**', '7'),
        ('', ''),
    ],
)
def test_what_is_stated_is_the_answer(text: str, answer: str) -> None:
    assert theoremqa_postprocess(text) == answer


@pytest.mark.parametrize(
    ('output', 'reference', 'right'),
    [
        ('0.52', '0.5', 1.0),
        ('0.53', '0.5', 0.0),
        ('-0.52', '-0.5', 1.0),
        ('7.6', '8', 1.0),
        ('7.4', '8', 0.0),
        ('x = 3/4', '0.75', 1.0),
        ('True', 'True', 1.0),
        ('Yes, it is', 'True', 1.0),
        ('another', 'False', 0.0),
        ('[1, 2]', '[1, 2, 3]', 0.0),
        ('(2, 1)', '[1, 2]', 1.0),
        ('option (B)', '(b)', 1.0),
        ('\\frac{\\pi}{2}', 'pi/2', 1.0),
        ('', '0.5', 0.0),
    ],
)
def test_each_kind_is_compared_in_its_way(output: str, reference: str, right: float) -> None:
    assert TheoremQAEvaluatorV3().score(output, reference) == {'score': right}


def test_the_names_of_opencompass_mean_ours() -> None:
    assert resolve_type('opencompass.datasets.TheoremQADatasetV3') is TheoremQADataset
    assert resolve_type('opencompass.datasets.TheoremQA_postprocess_v4') is theoremqa_postprocess
