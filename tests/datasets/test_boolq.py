"""BoolQ: labels as JSON values and as texts, and its prompts."""

from pathlib import Path

import pytest

from evalkit.datasets import BoolQDataset, BoolQDatasetV2, BoolQDatasetV3
from tests.datasets.families import config, prompts, score

pytestmark = pytest.mark.usefixtures('samples')


def test_the_classes_differ_in_their_answers() -> None:
    assert [row['answer'] for row in BoolQDataset.load()] == [1, 0]
    assert [row['label'] for row in BoolQDatasetV2.load()] == ['A', 'B']
    assert BoolQDatasetV3.load()[1]['passage'] == 'Stones sink in water -- mostly.'
    assert BoolQDatasetV3.load()[1]['question'] == 'Can stones swim'


def test_the_arguments_of_opencompass_are_understood() -> None:
    rows = BoolQDataset.load(
        path='json', data_files='./data/SuperGLUE/BoolQ/val.jsonl', split='train'
    )
    assert len(rows) == 2


def test_the_prompts() -> None:
    passage = 'Iron -- Iron is a metal of grey colour.\nQuestion: is iron a metal?\n'
    assert prompts(config('SuperGLUE_BoolQ_ppl'))[0] == {
        '0': f'{passage}Answer: No',
        '1': f'{passage}Answer: Yes',
    }
    assert prompts(config('SuperGLUE_BoolQ_gen'))[0] == (
        f'Answer the question with the letter of the right option alone.\n{passage}'
        'A. Yes\nB. No\nAnswer:'
    )


@pytest.mark.parametrize(
    ('name', 'answers'),
    [
        ('SuperGLUE_BoolQ_gen', {'iron': 'A'}),
        ('SuperGLUE_BoolQ_ppl', {'swim': 'No'}),
    ],
)
def test_one_right_answer_of_two(tmp_path: Path, name: str, answers: dict[str, str]) -> None:
    found = score(tmp_path, config(name), chat=False, answers=answers, default='(none)')
    assert found == {'accuracy': 50.0}
