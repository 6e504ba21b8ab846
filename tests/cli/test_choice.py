import pytest

from evalkit.cli.choice import with_chosen
from evalkit.errors import ConfigError

A, B = {'abbr': 'a'}, {'abbr': 'b'}
CFG = {
    'models': [A, B],
    'model_dataset_combinations': [
        {'models': ['a', B], 'datasets': ['words']},
        {'models': ['a'], 'datasets': ['sums']},
    ],
}


def test_the_other_models_are_left_out_everywhere() -> None:
    assert with_chosen(CFG, ['b']) == {
        'models': [B],
        'model_dataset_combinations': [{'models': [B], 'datasets': ['words']}],
    }
    assert with_chosen(CFG, ['b', 'a']) == CFG


def test_an_unknown_abbr_is_refused_with_those_that_are_there() -> None:
    with pytest.raises(ConfigError, match='--abbr other: there is no such model; here are a, b'):
        with_chosen(CFG, ['other'])
