"""Spellings of a dtype in configs; importing this costs no torch."""

from collections.abc import Mapping
from typing import Any

from evalkit.config import did_you_mean
from evalkit.errors import ConfigError

ALIASES = {
    'auto': 'auto',
    'float16': 'float16',
    'fp16': 'float16',
    'half': 'float16',
    'bfloat16': 'bfloat16',
    'bf16': 'bfloat16',
    'float32': 'float32',
    'fp32': 'float32',
    'float': 'float32',
    'float64': 'float64',
    'fp64': 'float64',
    'double': 'float64',
}


def canonical_dtype(value: Any, key: str = 'dtype') -> str:
    """Return torch's name of a dtype, or 'auto' (that of the checkpoint).

    Takes any spelling: 'fp16', 'torch.float16', `torch.float16`, 'float16'. `key` has the value.
    """
    name = str(value).removeprefix('torch.').lower()
    if name in ALIASES:
        return ALIASES[name]
    otherwise = f'; use one of {", ".join(ALIASES)}'
    raise ConfigError(
        f"{key} '{value}' is unknown{did_you_mean(name, ALIASES, otherwise=otherwise)}"
    )


def take_dtype(kwargs: Mapping[str, Any]) -> tuple[str | None, dict[str, Any]]:
    """Split `kwargs` into its `torch_dtype` or `dtype` (None: neither is named), and the rest."""
    rest = {key: value for key, value in kwargs.items() if key not in ('torch_dtype', 'dtype')}
    named = {
        canonical_dtype(kwargs[key], key)
        for key in ('torch_dtype', 'dtype')
        if kwargs.get(key) is not None
    }
    if len(named) > 1:
        raise ConfigError(
            f'torch_dtype and dtype contradict each other: {", ".join(sorted(named))}'
        )
    return next(iter(named), None), rest
