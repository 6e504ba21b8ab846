"""The arguments of an engine, checked by name against the engine's own."""

from collections.abc import Iterable, Mapping
from typing import Any

from evalkit.config import did_you_mean
from evalkit.errors import ConfigError
from evalkit.models.dtypes import take_dtype


def check_names(
    where: str, engine: str, named: Iterable[str], known: Iterable[str], reserved: Mapping[str, str]
) -> None:
    """Refuse arguments that `engine` does not have, or that have a key of their own here.

    `reserved` maps an engine's argument to the key of the model config that sets it.
    """
    names = set(known)
    for name in named:
        if name in reserved:
            raise ConfigError(f'{where}: {name} is set by the key {reserved[name]} of the model')
        if name not in names:
            near = did_you_mean(name, names - set(reserved))
            raise ConfigError(f'{where}: {engine} has no argument {name}{near}')


def explicit_dtype(
    kwargs: Mapping[str, Any], own: str, *, is_cpu: bool
) -> tuple[str, dict[str, Any]]:
    """Split engine arguments into their dtype, which is never 'auto', and the rest.

    Unnamed it is that of the checkpoint (`own`), but float32 on a CPU, where half precision is
    slow; 'auto' is that of the checkpoint everywhere.
    """
    dtype, rest = take_dtype(kwargs)
    unnamed = 'float32' if is_cpu else own
    return own if dtype == 'auto' else dtype or unnamed, rest


def take_context(
    kwargs: Mapping[str, Any], name: str, max_seq_len: int | None
) -> tuple[int | None, dict[str, Any]]:
    """Split engine arguments into the context length and the rest.

    It may stand among them, as the engine calls it (`name`), or be our `max_seq_len`; of both the
    shorter counts.
    """
    rest = {key: value for key, value in kwargs.items() if key != name}
    named = [length for length in (kwargs.get(name), max_seq_len) if length is not None]
    return min(named, default=None), rest
