"""What a config file leaves behind, as data that JSON can hold."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from evalkit.config.keys import is_read
from evalkit.config.resolve import type_path
from evalkit.errors import ConfigError

MAX_ITEMS = 1_000_000


def plain_config(cfg: Mapping[str, Any], where: object) -> dict[str, Any]:
    """Return the variables of a config as plain data; helpers that are no data are left out.

    `where` begins the text of an error.
    """
    found: dict[str, Any] = {}
    for key, value in cfg.items():
        try:
            found[key] = plain(value, key)
        except ConfigError as error:
            if is_read(key):
                raise ConfigError(f'{where}: {error}') from error
    return found


def plain(value: Any, place: str) -> Any:
    """Return a copy of `value` made of dicts, lists, tuples, texts, numbers and None.

    A class or a function becomes its dotted path, a path its text, a range a list.
    """
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {key: plain(item, f'{place}.{key}') for key, item in value.items()}
    if isinstance(value, list | tuple | range):
        return _plain_sequence(value, place)
    if isinstance(value, PurePath):
        return str(value)
    if callable(value) and '.' in place:
        return _plain_callable(value, place)
    raise ConfigError(f'{place}: a {type(value).__name__} is no data: {value!r:.80}')


def _plain_sequence(value: Any, place: str) -> Any:
    if len(value) > MAX_ITEMS:
        raise ConfigError(f'{place}: {len(value)} items; a config may have {MAX_ITEMS}')
    kind = tuple if isinstance(value, tuple) else list
    return kind(plain(item, f'{place}[{index}]') for index, item in enumerate(value))


def _plain_callable(value: Any, place: str) -> str:
    try:
        return type_path(value)
    except ConfigError as error:
        raise ConfigError(f'{place}: {error}') from error
