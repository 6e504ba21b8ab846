"""EDAccEvaluator, and the distance that it counts."""

import random

import pytest

from evalkit.config import resolve_type
from evalkit.evaluators.nearest import EDAccEvaluator, edit_distance

REFERENCE = {
    'candidates': [['A. eat it', 'A', 'eat it'], ['B. thank Kai', 'B', 'thank Kai'], 'run away'],
    'label': 1,
}


def table_distance(one: str, other: str) -> int:
    """Return the same by the whole table."""
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, start=1):
        before, row = row, [number]
        for place, theirs in enumerate(other):
            replaced = before[place] + (letter != theirs)
            row.append(min(replaced, before[place + 1] + 1, row[-1] + 1))
    return row[-1]


@pytest.mark.parametrize(
    ('one', 'other', 'distance'),
    [('', '', 0), ('', 'ab', 2), ('ab', '', 2), ('kitten', 'sitting', 3), ('flaw', 'lawn', 2)],
)
def test_known_distances(one: str, other: str, distance: int) -> None:
    assert edit_distance(one, other) == distance


def test_the_distance_is_that_of_the_whole_table() -> None:
    numbers = random.Random(7)
    for _ in range(300):
        one, other = (
            ''.join(numbers.choices('ab\u00e9 ', k=numbers.randrange(80))) for _ in range(2)
        )
        assert edit_distance(one, other) == table_distance(one, other)


@pytest.mark.parametrize(
    ('output', 'accuracy'),
    [('B', 1.0), ('thank  Kai.', 1.0), ('B. thanks Kai', 1.0), ('A', 0.0), ('runs away', 0.0)],
)
def test_the_nearest_option_counts(output: str, accuracy: float) -> None:
    assert EDAccEvaluator().score(output, REFERENCE) == {'accuracy': accuracy}


def test_of_equally_near_options_the_first_counts() -> None:
    assert EDAccEvaluator().score('C', {'candidates': ['A', 'B'], 'label': 0}) == {'accuracy': 1.0}


def test_an_answer_of_nothing_is_wrong_whatever_is_nearest() -> None:
    assert EDAccEvaluator().score(' \n', {'candidates': ['A'], 'label': 0}) == {'accuracy': 0.0}


def test_it_has_the_name_that_it_has_in_opencompass() -> None:
    assert resolve_type('opencompass.openicl.icl_evaluator.EDAccEvaluator') is EDAccEvaluator
