"""OpenBookQA: its two folders, and its prompts."""

from pathlib import Path

import pytest

from evalkit.datasets import OBQADataset, OBQADatasetV2
from tests.datasets.families import config, prompts, samples_of, score

pytestmark = pytest.mark.usefixtures('samples')


def test_a_row_has_four_options_and_perhaps_a_fact() -> None:
    assert [row.reference for row in samples_of(config('obqa_gen'))] == ['A', 'C']
    [row] = OBQADataset.load('opencompass/openbookqa_fact', 'additional')
    assert (row['fact1'], row['D']) == ('the sun shines by day', 'the moon')


def test_a_stem_can_be_made_a_question() -> None:
    stems = [row['question_stem'] for row in OBQADatasetV2.load('opencompass/openbookqa_test')]
    assert stems == ['The light of day comes from what?', 'Which of these falls down?']


def test_the_prompts() -> None:
    assert prompts(config('obqa_ppl'))[0]['D'] == 'The light of day comes from the moon'
    assert prompts(config('obqa_gen'))[0] == (
        'Answer the question with the letter of the right option alone.\n'
        'Question: The light of day comes from\n'
        'A. the sun\nB. a lamp\nC. a stone\nD. the moon\nAnswer:'
    )


@pytest.mark.parametrize(
    ('name', 'answers'),
    [
        ('obqa_gen', {'light': 'A.'}),
        ('obqa_ppl', {'falls': 'a stone', 'light': 'a lamp'}),
    ],
)
def test_one_right_answer_of_two(tmp_path: Path, name: str, answers: dict[str, str]) -> None:
    found = score(tmp_path, config(name), chat=False, answers=answers, default='(none)')
    assert found == {'accuracy': 50.0}
