from typing import Any

import pytest

from evalkit.config import resolve_type
from evalkit.evaluators import AccwithDetailsEvaluator, BaseEvaluator, EMEvaluator, SquadEvaluator


@pytest.mark.parametrize(
    ('output', 'reference', 'score'), [('B', 'B', 1.0), ('B', 'A', 0.0), ('2', 2, 1.0)]
)
def test_accuracy_with_details_is_accuracy(output: str, reference: Any, score: float) -> None:
    assert AccwithDetailsEvaluator().score(output, reference) == {'accuracy': score}


@pytest.mark.parametrize(
    ('output', 'references', 'score'),
    [
        ('Paris', ['Paris', 'Paris, France'], 1.0),
        ('The Paris. It is big', ['Paris'], 1.0),
        ('Paris', ['the Paris!'], 1.0),
        ('paris', ['Paris'], 0.0),
        ('P', 'Paris', 0.0),
        ('Paris', 'Paris', 1.0),
        ('7', [7], 1.0),
        ('7', 7, 1.0),
    ],
)
def test_an_exact_match_is_one_of_the_references_up_to_articles_and_punctuation(
    output: str, references: Any, score: float
) -> None:
    assert EMEvaluator().score(output, references) == {'score': score}


@pytest.mark.parametrize(
    ('output', 'reference', 'f1', 'exact'),
    [
        ('The Eiffel Tower.', 'eiffel tower', 1.0, 1.0),
        ('in the tower of Paris', 'Paris tower', 4 / 6, 0.0),
        ('Rome', 'Paris', 0.0, 0.0),
        ('Paris\nbecause it is', 'Paris', 1.0, 1.0),
        ('it is Paris', ['Rome', 'Paris', 'it is Rome'], 2 / 3, 0.0),
        ('the', 'The!', 1.0, 1.0),
        ('', 'Paris', 0.0, 0.0),
        ('a a b', 'b a a a', 2 * 1 / 2, 1.0),
        ('x x y', 'x y y', 4 / 6, 0.0),
    ],
)
def test_squad_counts_the_words_of_the_first_line(
    output: str, reference: Any, f1: float, exact: float
) -> None:
    scores = SquadEvaluator().score(output, reference)
    assert list(scores) == ['f1', 'exact_match']
    assert scores == {'f1': pytest.approx(f1), 'exact_match': exact}


@pytest.mark.parametrize('evaluator', [EMEvaluator(), SquadEvaluator()])
def test_no_reference_at_all_is_an_error_and_no_score(evaluator: BaseEvaluator) -> None:
    [found] = evaluator.score_all(['Paris'], [[]])
    assert str(found).startswith("Unscored(error='scorer: ValueError: there is no reference")


@pytest.mark.parametrize(
    'name',
    [
        'AccEvaluator',
        'AccwithDetailsEvaluator',
        'BleuEvaluator',
        'CircularEvaluator',
        'EMEvaluator',
        'JiebaRougeEvaluator',
        'RougeEvaluator',
        'SquadEvaluator',
    ],
)
def test_the_names_of_opencompass_are_those_of_evalkit(name: str) -> None:
    found = resolve_type(f'opencompass.openicl.icl_evaluator.{name}')
    assert (found.__name__, issubclass(found, BaseEvaluator)) == (name, True)
