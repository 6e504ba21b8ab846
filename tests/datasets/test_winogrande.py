"""WinoGrande: both sentences of a gap, as options and by likelihood."""

from pathlib import Path

import pytest

from evalkit.datasets import WinograndeDataset, WinograndeDatasetV3
from tests.datasets.families import config, prompts, score

pytestmark = pytest.mark.usefixtures('samples')

CUP = 'The cup did not fit into the bag because the {} was too big.'


def test_a_row_has_both_sentences() -> None:
    [first, second] = WinograndeDataset.load()
    assert first == {
        'prompt': CUP.format('_'),
        'only_option1': 'cup',
        'only_option2': 'bag',
        'opt1': CUP.format('cup'),
        'opt2': CUP.format('bag'),
        'answer': '1',
        'cont': ' was too big.',
    }
    assert second['answer'] == '2'
    splits = WinograndeDatasetV3.load()
    assert [row['answer'] for row in splits['dev']] == ['A', 'B']
    assert [row['answer'] for row in splits['train_xs']] == ['A']


def test_the_prompts() -> None:
    assert prompts(config('winogrande_ppl'))[0] == {'1': CUP.format('cup'), '2': CUP.format('bag')}
    assert prompts(config('winogrande_gen'))[0] == (
        'Which of these sentences makes sense? Answer with its letter alone.\n'
        f'A. {CUP.format("cup")}\nB. {CUP.format("bag")}\nAnswer:'
    )


def test_the_rest_of_the_sentence_is_scored_after_each_option(tmp_path: Path) -> None:
    answers = {'Tom thanked': 'Max had helped him.', 'The cup': 'bag was too big.'}
    found = score(tmp_path, config('winogrande_ll'), chat=False, answers=answers, default='(none)')
    assert found == {'accuracy': 50.0}


@pytest.mark.parametrize(
    ('name', 'answers'),
    [
        ('winogrande_gen', {'Tom thanked': 'B.'}),
        ('winogrande_ppl', {'Tom thanked': 'Max had helped him.', 'The cup': 'bag was too big.'}),
    ],
)
def test_one_right_answer_of_two(tmp_path: Path, name: str, answers: dict[str, str]) -> None:
    found = score(tmp_path, config(name), chat=False, answers=answers, default='(none)')
    assert found == {'accuracy': 50.0}
