"""Write a config as a Python file that `load_config` reads again."""

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any

from evalkit.config.secrets import hide_secrets

WIDTH = 100


def dump_config(cfg: Mapping[str, Any]) -> str:
    """Return `cfg` as a Python file, without secrets; equal configs give equal texts."""
    hidden, _ = hide_secrets(cfg)
    return ''.join(f'{key} = {_format(value, 0, len(key) + 3)}\n' for key, value in hidden.items())


def config_hash(cfg: Mapping[str, Any]) -> str:
    """Return 8 hex digits that depend on the data of `cfg`, not on their order in dicts."""
    hidden, _ = hide_secrets(cfg)
    return hashlib.sha256(json.dumps(_ordered(hidden)).encode()).hexdigest()[:8]


def _format(value: Any, indent: int, used: int) -> str:
    """Return `value` in one line if it fits beside the `used` columns, else an item a line."""
    line = _one_line(value)
    if indent + used + len(line) < WIDTH or not isinstance(value, dict | list | tuple) or not value:
        return line
    inner = ' ' * (indent + 4)
    if isinstance(value, dict):
        opening, closing = '{', '}'
        keys = [f'{key!r}: ' for key in value]
        items = [
            key + _format(item, indent + 4, len(key) + 1)
            for key, item in zip(keys, value.values(), strict=True)
        ]
    else:
        opening, closing = '[]' if isinstance(value, list) else '()'
        items = [_format(item, indent + 4, 1) for item in value]
    body = ''.join(f'{inner}{item},\n' for item in items)
    return f'{opening}\n{body}{" " * indent}{closing}'


def _one_line(value: Any) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return f"float('{value}')"
    if isinstance(value, dict):
        return '{' + ', '.join(f'{k!r}: {_one_line(v)}' for k, v in value.items()) + '}'
    if isinstance(value, list):
        return '[' + ', '.join(map(_one_line, value)) + ']'
    if isinstance(value, tuple):
        return '(' + ', '.join(map(_one_line, value)) + (',)' if len(value) == 1 else ')')
    return repr(value)


def _ordered(value: Any) -> Any:
    """Return `value` with each dict as a sorted list, since keys may be numbers and texts."""
    if isinstance(value, Mapping):
        return [[repr(key), _ordered(value[key])] for key in sorted(value, key=repr)]
    if isinstance(value, list | tuple):
        return [_ordered(item) for item in value]
    return value
