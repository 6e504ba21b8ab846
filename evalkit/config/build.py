"""Make an object of a config dict."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from evalkit.config.resolve import resolve_type
from evalkit.config.suggest import did_you_mean
from evalkit.errors import ConfigError

NAMED = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


def build(cfg: Mapping[str, Any], /, **runtime: Any) -> Any:
    """Call `cfg['type']` with the rest of `cfg` and the `runtime` arguments."""
    if 'type' not in cfg:
        raise ConfigError(
            f'there is no `type` in the dict with the keys {", ".join(map(str, cfg))}'
        )
    made_of = resolve_type(cfg['type'])
    kwargs = {key: value for key, value in cfg.items() if key != 'type'}
    twice = sorted(kwargs.keys() & runtime.keys())
    if twice:
        raise ConfigError(f'{_name(made_of)}: {twice[0]} is set by evalkit, not by the config')
    check_arguments(made_of, {**kwargs, **runtime})
    check_required(made_of, {**kwargs, **runtime})
    return made_of(**kwargs, **runtime)


def arguments_of(function: Callable[..., Any]) -> list[str] | None:
    """Return the names that `function` takes as keywords; None if it takes any.

    A class that hands `**kwargs` on takes what the classes it inherits from take.
    """
    names: list[str] = []
    for parameters in _signatures(function):
        names += [p.name for p in parameters if p.kind in NAMED]
        if not any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters):
            return list(dict.fromkeys(names))
    return None


def check_arguments(function: Callable[..., Any], names: Iterable[str], place: str = '') -> None:
    """Raise `ConfigError` for the first of `names` that `function` does not take."""
    known = arguments_of(function)
    if known is None:
        return
    for name in names:
        if name not in known:
            otherwise = f'; it takes {", ".join(known)}' if known else '; it takes none'
            raise ConfigError(
                f'{_join(place, name)}: {_name(function)} has no such argument'
                f'{did_you_mean(name, known, otherwise=otherwise)}'
            )


def check_required(function: Callable[..., Any], names: Iterable[str], place: str = '') -> None:
    """Raise `ConfigError` for the first argument without a default that is not in `names`."""
    given = set(names)
    for parameter in _parameters(function):
        is_required = parameter.kind in NAMED and parameter.default is inspect.Parameter.empty
        if is_required and parameter.name not in given:
            raise ConfigError(f'{_join(place, parameter.name)}: {_name(function)} needs this key')


def _signatures(function: Callable[..., Any]) -> Iterator[list[inspect.Parameter]]:
    """Yield the parameters of a function, or of each constructor that a class inherits."""
    yield _parameters(function)
    if not inspect.isclass(function):
        return
    own = next((cls for cls in function.__mro__ if '__init__' in vars(cls)), object)
    above = function.__mro__[function.__mro__.index(own) + 1 : -1]
    for cls in above:
        if '__init__' in vars(cls):
            yield _parameters(vars(cls)['__init__'])[1:]


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    """Return the parameters; a few builtins have no signature and take anything here."""
    try:
        return list(inspect.signature(function).parameters.values())
    except ValueError:
        return [inspect.Parameter('anything', inspect.Parameter.VAR_KEYWORD)]


def _join(place: str, name: str) -> str:
    return f'{place}.{name}' if place else name


def _name(function: Callable[..., Any]) -> str:
    return getattr(function, '__qualname__', repr(function))
