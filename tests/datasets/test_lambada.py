"""LAMBADA: one word, whatever stands around it."""

from pathlib import Path

import pytest

from evalkit.datasets import LambadaEvaluator
from tests.datasets.families import config, prompts, samples_of, score

pytestmark = pytest.mark.usefixtures('samples')

TEXT = 'Ida saw the cat on the roof. She called her cat, and down came the'


def test_rows_and_prompts() -> None:
    assert [row.reference for row in samples_of(config('lambada_gen'))] == ['cat', "o'clock"]
    assert prompts(config('lambada_base_gen'))[0] == TEXT
    assert prompts(config('lambada_gen'))[0] == (
        f'Which word comes next in this text? Write that word alone.\n\n{TEXT}'
    )


def test_answers_are_scored(tmp_path: Path) -> None:
    answers = {'Ida saw': ' cat, and it ran', 'He had': ' man'}
    found = score(tmp_path, config('lambada_base_gen'), chat=False, answers=answers)
    assert found == {'accuracy': 50.0}


@pytest.mark.parametrize(
    ('output', 'word', 'is_right'),
    [
        ('"Cat"', 'Cat', 1.0),
        ('cats', 'cat', 0.0),
        ('the cat', 'cat', 0.0),
        ("don't.", "don't", 1.0),
        ('don’t', "don't", 1.0),
        ('mother-in-law!', 'mother-in-law', 1.0),
        ('...', '...', 0.0),
    ],
)
def test_the_first_word_counts(output: str, word: str, is_right: float) -> None:
    assert LambadaEvaluator().score(output, word) == {'accuracy': is_right}
