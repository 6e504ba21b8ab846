"""CommonsenseQA: five options, and its prompts."""

from pathlib import Path

import pytest

from tests.datasets.families import config, prompts, samples_of, score

pytestmark = pytest.mark.usefixtures('samples')


def test_a_row_has_five_options() -> None:
    [row, _] = samples_of(config('commonsenseqa_gen'))
    assert (row.fields['question'], row.fields['E']) == ('dev 0: Where does a fish live?', 'oven')
    assert row.reference == 'D'


def test_the_prompts() -> None:
    assert prompts(config('commonsenseqa_ppl'))[0]['E'] == (
        'Question: dev 0: Where does a fish live?\nAnswer: oven'
    )
    assert prompts(config('commonsenseqa_gen'))[0] == (
        'Answer the question with the letter of the right option alone.\n'
        'Question: dev 0: Where does a fish live?\n'
        'A. sky\nB. desert\nC. attic\nD. lake\nE. oven\nAnswer:'
    )


@pytest.mark.parametrize(
    ('name', 'answers'),
    [
        ('commonsenseqa_gen', {'dev 0': 'D'}),
        ('commonsenseqa_ppl', {'dev 1': 'lake'}),
    ],
)
def test_one_right_answer_of_two(tmp_path: Path, name: str, answers: dict[str, str]) -> None:
    found = score(tmp_path, config(name), chat=False, answers=answers, default='(none)')
    assert found == {'accuracy': 50.0}
