"""HellaSwag: two file formats, labels as numbers and as letters, and its prompts."""

from pathlib import Path

import pytest

from evalkit.datasets.hellaswag import HellaswagDataset, HellaswagDatasetV2, HellaswagDatasetV3
from tests.datasets.families import config, prompts, score

pytestmark = pytest.mark.usefixtures('samples')

TEA = 'The water boils. She'


def test_the_classes_differ_in_context_and_label() -> None:
    path = 'opencompass/hellaswag'
    [first, *_] = HellaswagDataset.load(path)
    assert (first['ctx'], first['A'], first['label']) == (TEA, 'pours it on the leaves.', 0)
    [first, second] = HellaswagDatasetV2.load(path)
    assert (first['ctx'], first['label'], second['label']) == (f'Step 1: {TEA}', 'A', 'C')
    [first, *_] = HellaswagDatasetV3.load(path)
    assert (first['query'], first['gold']) == (f'Making tea: Step 1: {TEA}', 0)


def test_the_published_file_is_made_the_same(samples: Path) -> None:
    [row] = HellaswagDatasetV3.load(str(samples / 'hellaswag/hellaswag_val.jsonl'))
    assert row['query'] == 'Roof shingle removal: A man is sitting on a roof. He'
    assert row['D'] == 'starts pulling up roofing on a roof.'
    assert row['gold'] == 3


def test_the_prompts() -> None:
    assert prompts(config('hellaswag_ppl'))[0] == {
        '0': f'{TEA} pours it on the leaves.',
        '1': f'{TEA} throws the pot away.',
        '2': f'{TEA} sings to the cat.',
        '3': f'{TEA} paints the wall.',
    }
    assert prompts(config('hellaswag_gen'))[0] == (
        f'Which ending goes on best? Answer with its letter alone.\nStep 1: {TEA}\n'
        'A. pours it on the leaves.\nB. throws the pot away.\nC. sings to the cat.\n'
        'D. paints the wall.\nAnswer:'
    )


def test_ten_examples_end_in_their_right_endings() -> None:
    labels = prompts(config('hellaswag_10shot_ppl'))[1]
    lines = labels['C'].splitlines()
    assert lines[:10] == [f'Step {n}: {TEA} pours it on the leaves.' for n in range(10)]
    assert lines[10:] == ['A player sits down. He moves a pawn.']


@pytest.mark.parametrize(
    ('name', 'answers'),
    [
        ('hellaswag_gen', {'Step 1': 'A'}),
        ('hellaswag_ppl', {'water': 'leaves.'}),
        ('hellaswag_10shot_ppl', {'A player': 'moves a pawn.', 'water': 'sings to the cat.'}),
    ],
)
def test_one_right_answer_of_two(tmp_path: Path, name: str, answers: dict[str, str]) -> None:
    found = score(tmp_path, config(name), chat=False, answers=answers, default='(none)')
    assert found == {'accuracy': 50.0}
