"""PIQA: rows and labels from two files, and its prompts."""

from pathlib import Path

import pytest

from evalkit.datasets import PIQADatasetV3
from evalkit.errors import ConfigError
from tests.datasets.families import config, prompts, samples_of, score

pytestmark = pytest.mark.usefixtures('samples')


def test_labels_come_from_a_file_of_their_own() -> None:
    assert [row.reference for row in samples_of(config('piqa_ppl'))] == [0, 1]
    assert [row.reference for row in samples_of(config('piqa_gen'))] == ['A', 'B']


def test_solutions_go_on_from_a_goal_that_ends_no_sentence() -> None:
    row = PIQADatasetV3.load()['validation'][0]
    assert row['goal'] == 'Dev 0: to dry a shirt'
    assert (row['sol1'], row['sol2']) == ('hang it in the sun.', 'put it into the pond.')


def test_a_missing_label_is_told(tmp_path: Path) -> None:
    for stem in ('train', 'dev'):
        (tmp_path / f'{stem}.jsonl').write_text('{"goal": "g", "sol1": "a", "sol2": "b"}\n' * 2)
        (tmp_path / f'{stem}-labels.lst').write_text('0\n')
    with pytest.raises(ConfigError, match=r'train\.jsonl has 2 rows, but .*\.lst has 1 labels'):
        PIQADatasetV3.load(str(tmp_path))


def test_the_prompts() -> None:
    assert prompts(config('piqa_ppl'))[0] == {
        '0': 'dev 0: to dry a shirt Hang it in the sun.',
        '1': 'dev 0: to dry a shirt Put it into the pond.',
    }
    assert prompts(config('piqa_gen'))[0] == (
        'Answer the question with the letter of the right option alone.\n'
        'Question: How is this done best? dev 0: to dry a shirt\n'
        'A. Hang it in the sun.\nB. Put it into the pond.\nAnswer:'
    )


@pytest.mark.parametrize(
    ('name', 'answers'),
    [
        ('piqa_gen', {'dev 0': 'A'}),
        ('piqa_ppl', {'dev 1': 'pond.', 'dev 0': 'pond.'}),
    ],
)
def test_one_right_answer_of_two(tmp_path: Path, name: str, answers: dict[str, str]) -> None:
    found = score(tmp_path, config(name), chat=False, answers=answers, default='(none)')
    assert found == {'accuracy': 50.0}
