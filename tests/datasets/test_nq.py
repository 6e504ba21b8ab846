"""Natural Questions: two file formats, and several right answers."""

from pathlib import Path

import pytest

from evalkit.datasets import NaturalQuestionDataset
from tests.datasets.families import config, prompts, samples_of, score

pytestmark = pytest.mark.usefixtures('samples')


def test_dev_has_one_answer_and_test_all() -> None:
    splits = NaturalQuestionDataset.load()
    assert splits['dev'][0]['answer'] == 'Rembrandt'
    assert [row.reference for row in samples_of(config('nq_gen'))] == [
        ['July 1969', '1969'],
        ['the Mediterranean Sea'],
    ]


def test_the_example_has_one_answer() -> None:
    [text] = prompts(config('nq_open_1shot_gen'))
    assert 'Question: how many legs has a spider\nAnswer:\neight\n' in text
    assert text.endswith('Question: what is the largest ocean\nAnswer:')


def test_answers_are_scored(tmp_path: Path) -> None:
    answers = {'moon': 'It was in 1969', 'nile': 'in the sea'}
    found = score(tmp_path, config('nq_gen'), answers=answers)
    assert found == {'score': 50.0, 'exact_match': 0.0}
    found = score(tmp_path / 'open', config('nq_open_1shot_gen'), default='The Pacific')
    assert found == {'score': 100.0, 'exact_match': 100.0}
