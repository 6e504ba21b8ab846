"""Functions that a config names, applied one after the other."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from evalkit.config import resolve_type

Postprocessor = Callable[[Any], Any]


def postprocessors(cfg: Any) -> tuple[Postprocessor, ...]:
    """Return the function that a postprocessor config means: a dict with `type`, or a name."""
    if not cfg:
        return ()
    if not isinstance(cfg, Mapping):
        return (resolve_type(cfg),)
    kwargs = {key: value for key, value in cfg.items() if key != 'type'}
    return (partial(resolve_type(cfg['type']), **kwargs),)


def apply(functions: Iterable[Postprocessor], value: Any) -> Any:
    """Apply functions one after the other."""
    for function in functions:
        value = function(value)
    return value
