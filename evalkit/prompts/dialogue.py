"""What a template renders to, before a model's meta template gives it its final form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from evalkit.config import did_you_mean
from evalkit.errors import ConfigError
from evalkit.types import Message


@dataclass(frozen=True, slots=True)
class Turn:
    """What one role says; `begin` and `end` replace those of the role where they are given.

    `fallback_role` speaks in its place where the model does not know `role`.
    """

    role: str
    prompt: str = ''
    fallback_role: str | None = None
    begin: str | None = None
    end: str | None = None

    def saying(self, prompt: str) -> 'Turn':
        """Return the turn with another text."""
        return Turn(self.role, prompt, self.fallback_role, self.begin, self.end)


Item = Turn | str
"""A turn, or a text without a role."""


@dataclass(frozen=True, slots=True)
class Block:
    """Turns that make up one or more rounds of a conversation.

    `is_open` says that the model may be asked to finish the last round; examples are closed.
    """

    items: tuple[Item, ...]
    is_open: bool = False


Dialogue = tuple[Block | Turn | str, ...]
"""Rounds, and between them the turns and texts of a template's `begin` and `end`."""

Rendered = str | Dialogue | list[Message]
"""A text, a dialogue, or the messages of a `RawPromptTemplate`."""

TURN_KEYS = [field.name for field in fields(Turn)]


def parse_items(items: Any, place: str) -> tuple[Item, ...]:
    """Read a section of a template: an item, or a list of them; `place` is named in errors."""
    if isinstance(items, str | Mapping):
        return (parse_item(items, place),)
    if not isinstance(items, Sequence):
        raise ConfigError(f'{place} must be a list of dict(role, prompt), not {items!r:.80}')
    return tuple(parse_item(item, f'{place}[{number}]') for number, item in enumerate(items))


def parse_item(item: Any, place: str) -> Item:
    """Read `dict(role=..., prompt=...)` or a text."""
    if isinstance(item, str):
        return item
    if not isinstance(item, Mapping) or 'role' not in item:
        raise ConfigError(f'{place} must be a text or dict(role, prompt), not {item!r:.80}')
    for key, value in item.items():
        if key not in TURN_KEYS:
            hint = did_you_mean(key, TURN_KEYS, otherwise=f'; it has {", ".join(TURN_KEYS)}')
            raise ConfigError(f'{place} has no key {key!r}{hint}')
        if not isinstance(value, str) and (value is not None or key in ('role', 'prompt')):
            raise ConfigError(f'{place}.{key} must be a text, not {value!r:.80}')
    return Turn(**item)
