"""SocialIQA: labels from 1 to 3, letters, and its prompts."""

from pathlib import Path

import pytest

from evalkit.datasets.siqa import SiqaDataset, SiqaDatasetV2, SiqaDatasetV3
from tests.datasets.families import config, prompts, score

pytestmark = pytest.mark.usefixtures('samples')


def test_the_classes_differ_in_their_answers() -> None:
    assert [row['label'] for row in SiqaDataset.load()['validation']] == [2, 2]
    assert [row['answer'] for row in SiqaDatasetV3.load()['validation']] == ['B', 'B']
    [row, _] = SiqaDatasetV2.load()['validation']
    assert row['label'] == 'B'
    assert row['all_labels']['candidates'][1] == ['B. thank Kai', 'B', 'thank Kai']
    assert row['all_labels']['label'] == 1


def test_the_prompts() -> None:
    assert prompts(config('siqa_ppl'))[0]['2'] == (
        'dev 0: Kai lent Ida a pen.\nQuestion: What will Ida do?\nAnswer: thank Kai'
    )
    assert prompts(config('siqa_gen'))[0] == (
        'Answer the question with the letter of the right option alone.\n'
        'dev 0: Kai lent Ida a pen.\nQuestion: What will Ida do?\n'
        'A. eat it\nB. thank Kai\nC. run away\nAnswer:'
    )


@pytest.mark.parametrize(
    ('name', 'answers'),
    [
        ('siqa_gen', {'dev 0': 'B) thank Kai'}),
        ('siqa_ppl', {'dev 1': 'thank Kai'}),
    ],
)
def test_one_right_answer_of_two(tmp_path: Path, name: str, answers: dict[str, str]) -> None:
    found = score(tmp_path, config(name), chat=False, answers=answers, default='(none)')
    assert found == {'accuracy': 50.0}
