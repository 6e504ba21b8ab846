"""From a dict with a `type` to an object."""

from typing import Any

import pytest

from evalkit.config import arguments_of, build, check_required
from evalkit.errors import ConfigError


class Engine:
    """Takes a few keys."""

    def __init__(self, path: str, *, num_gpus: int = 1, seed: int | None = None) -> None:
        self.path = path
        self.num_gpus = num_gpus
        self.seed = seed


class Tuned(Engine):
    """Hands on what it does not know."""

    def __init__(self, path: str, *, tuner: str = 'none', **kwargs: Any) -> None:
        super().__init__(path, **kwargs)
        self.tuner = tuner


class Silent(Engine):
    """Inherits its constructor."""


class Open:
    """Takes anything."""

    def __init__(self, **kwargs: Any) -> None:
        self.kwargs = kwargs


class Failing:
    """Raises a TypeError of its own."""

    def __init__(self, path: str) -> None:
        raise TypeError(f'{path} is bad')


def error_of(cfg: dict[str, Any], **runtime: Any) -> str:
    with pytest.raises(ConfigError) as caught:
        build(cfg, **runtime)
    return str(caught.value)


def test_the_type_is_called_with_the_rest_and_the_runtime_arguments() -> None:
    cfg = {'type': Engine, 'path': 'a'}
    engine = build(cfg, num_gpus=2)
    assert (engine.path, engine.num_gpus, engine.seed) == ('a', 2, None)
    assert cfg == {'type': Engine, 'path': 'a'}


def test_an_argument_may_be_called_cfg() -> None:
    assert build({'type': Open}, cfg={'a': 1}, type_=2).kwargs == {'cfg': {'a': 1}, 'type_': 2}


def test_functions_and_builtins_can_be_built_too() -> None:
    assert build({'type': 'builtins.dict', 'a': 1}, b=2) == {'a': 1, 'b': 2}


@pytest.mark.parametrize(
    ('cfg', 'error'),
    [
        ({'path': 'a'}, 'there is no `type` in the dict with the keys path'),
        (
            {'type': Engine, 'path': 'a', 'num_gpu': 1},
            'num_gpu: Engine has no such argument; did you mean num_gpus?',
        ),
        (
            {'type': Engine, 'path': 'a', 'zzz': 1},
            'zzz: Engine has no such argument; it takes path, num_gpus, seed',
        ),
        ({'type': Engine, 'seed': 1}, 'path: Engine needs this key'),
        (
            {'type': Tuned, 'path': 'a', 'sed': 1},
            'sed: Tuned has no such argument; did you mean seed?',
        ),
        (
            {'type': Silent, 'path': 'a', 'sed': 1},
            'sed: Silent has no such argument; did you mean seed?',
        ),
    ],
)
def test_a_wrong_key_is_named(cfg: dict[str, Any], error: str) -> None:
    assert error_of(cfg) == error


def test_a_key_that_evalkit_sets_cannot_be_set_by_the_config() -> None:
    error = error_of({'type': Engine, 'path': 'a', 'seed': 1}, seed=2)
    assert error == 'Engine: seed is set by evalkit, not by the config'


def test_a_type_error_inside_the_constructor_is_not_swallowed() -> None:
    with pytest.raises(TypeError, match='a is bad'):
        build({'type': Failing, 'path': 'a'})


def test_arguments_are_followed_through_the_inherited_constructors() -> None:
    assert arguments_of(Tuned) == ['path', 'tuner', 'num_gpus', 'seed']
    assert arguments_of(Silent) == ['path', 'num_gpus', 'seed']
    assert arguments_of(Open) is None


def test_a_missing_key_is_named_with_its_place() -> None:
    with pytest.raises(ConfigError, match=r'^models\[0\]\.path: Engine needs this key$'):
        check_required(Engine, ['seed'], 'models[0]')
