"""What starts a server: its command line, its environment, and the model's name there."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from evalkit.accelerate.source import Source

OF_ANY_TOKENIZER = ('trust_remote_code', 'use_fast', 'legacy')
ADAPTER = 'adapter'
"""The name under which an adapter is served beside its base model."""


@dataclass(frozen=True)
class ServerCommand:
    """A command line behind the Python that runs it.

    `model` is what a client has to ask for; a server may serve the base model under another name.
    """

    package: str
    arguments: tuple[str, ...]
    model: str
    environment: Mapping[str, str] = field(default_factory=dict)


def flags(arguments: Mapping[str, Any], *, separator: str = '-') -> Iterator[str]:
    """Yield command line flags: True is a bare flag, None and False are left out, dicts JSON."""
    for name, value in arguments.items():
        if value is None or value is False:
            continue
        yield f'--{name.replace("_", separator)}'
        if isinstance(value, Mapping):
            yield json.dumps(value)
        elif value is not True:
            yield str(value)


def check_tokenizer(source: Source) -> None:
    """Refuse arguments of a tokenizer that no server takes."""
    for key in source.tokenizer_kwargs:
        if key not in (*OF_ANY_TOKENIZER, *source.loading):
            source.refuse(f'tokenizer_kwargs.{key}', 'a server takes no arguments of a tokenizer')


def default_dtype(source: Source, *, is_cpu: bool) -> str:
    """Return the dtype; unnamed it is float32 on a CPU, where half precision is slow."""
    return source.dtype or ('float32' if is_cpu else 'auto')
