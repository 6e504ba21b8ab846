"""RACE: two levels of exams, and its prompts."""

from pathlib import Path

import pytest

from tests.datasets.families import config, configs, prompts, samples_of, score

pytestmark = pytest.mark.usefixtures('samples')


def test_each_level_has_its_own_rows() -> None:
    found = configs('race_gen')
    assert list(found) == ['race-middle', 'race-high']
    [row, other] = samples_of(found['race-high'])
    assert row.fields['article'] == 'high: Ida went home.\nShe was tired.'
    assert (row.fields['D'], row.reference, other.reference) == ('lost', 'A', 'B')


def test_the_prompts() -> None:
    question = 'Question: How was Ida? ({A})\nA. tired\nB. glad\nC. ill\nD. lost\nAnswer:'
    article = 'middle: Ida went home.\nShe was tired.\n'
    assert prompts(config('race_ppl'))[0]['C'] == f'{article}\n{question} C'
    assert prompts(config('race_gen'))[0] == (
        'Read the article and answer the question with the letter of the right option alone.\n'
        f'{article}{question}'
    )


@pytest.mark.parametrize(
    ('name', 'answers'),
    [
        ('race_gen', {'Tom': 'B'}),
        ('race_ppl', {'Ida': 'Answer: A'}),
    ],
)
def test_one_right_answer_of_two(tmp_path: Path, name: str, answers: dict[str, str]) -> None:
    found = score(tmp_path, config(name), chat=False, answers=answers, default='(none)')
    assert found == {'accuracy': 50.0}
