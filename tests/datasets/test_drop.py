"""DROP: two file formats, numbers by value and words as whole words."""

from pathlib import Path

import pytest

from evalkit.datasets import DropOpenAIEvaluator
from evalkit.datasets.drop import DropDataset
from tests.datasets.families import config, prompts, samples_of, score

pytestmark = pytest.mark.usefixtures('samples')


def test_the_published_file_gives_numbers_or_all() -> None:
    path = './data/drop/drop_dataset_dev.json'
    [number] = DropDataset.load(path)['validation']
    assert number == {
        'prompt': 'The Bears won 24 to 12 on 3 May 2001.',
        'question': 'By how many points?',
        'answers': ['12'],
    }
    rows = DropDataset.load(path, only_number=False)['validation']
    assert [row['answers'] for row in rows] == [['12'], ['3 May 2001'], ['Bears, Lions']]


def test_rows_and_prompts() -> None:
    assert [row.reference for row in samples_of(config('drop_gen'))] == [
        '12',
        'Jones and Brown|Jones, Brown',
    ]
    assert prompts(config('drop_gen'))[0] == (
        'Read the passage and answer the question about it.\n\nPassage: The Bears won 24 to 12.\n'
        'Question: By how many points did the Bears win?\nAnswer:\n\n'
        'Think step by step, then end with a line "Answer: " and nothing but the answer.'
    )


def test_answers_are_scored(tmp_path: Path) -> None:
    answers = {'Bears': '24 - 12 = 12.\nAnswer: 12 points', 'Smith': 'Answer: Jones'}
    assert score(tmp_path, config('drop_gen'), answers=answers) == {
        'accuracy': 50.0,
        'exact_match': 0.0,
        'f1': pytest.approx(66.6667, abs=1e-4),
    }


@pytest.mark.parametrize(
    ('output', 'right', 'is_right'),
    [
        ('Answer: 12', '12', 1.0),
        ('Answer: 12.0', '12', 1.0),
        ('Answer: 1,200 yards', '1200', 1.0),
        ('Answer: 1', '12', 0.0),
        ('Answer: 12', '1', 0.0),
        ('Answer: 5, then 12.\nAnswer: 12', '12', 1.0),
        ('The answer is **Jones**.', 'Jones', 1.0),
        ('Jones', 'Smith|Jones', 1.0),
        ('Answer: Johnson', 'John', 0.0),
        ('Answer: ', 'Jones', 0.0),
        ('', '12', 0.0),
        ('Answer: 3 May 2001', '3 May 2001', 1.0),
    ],
)
def test_numbers_go_by_value_and_words_by_words(output: str, right: str, is_right: float) -> None:
    assert DropOpenAIEvaluator().score(output, right)['accuracy'] == is_right


@pytest.mark.parametrize(
    ('output', 'right', 'exact', 'f1'),
    [
        ('Answer: 7.0', '7', 1.0, 1.0),
        ('Answer: the U.K.', 'UK', 1.0, 1.0),
        ('Answer: half-back Smith', 'Half back Smith', 1.0, 1.0),
        ('Answer: 20 points', '21 points', 0.0, 0.0),
        ('Answer: 21', '21 points', 0.0, 2 / 3),
        ('Answer: 17-14', '14|17', 0.0, 2 / 3),
        ('Answer: Smith', 'John Smith|Smith', 1.0, 1.0),
        ('', '|points', 0.0, 0.0),
    ],
)
def test_shared_words_are_nothing_without_a_shared_number(
    output: str, right: str, exact: float, f1: float
) -> None:
    scores = DropOpenAIEvaluator().score(output, right)
    assert scores['exact_match'] == exact
    assert scores['f1'] == pytest.approx(f1)
