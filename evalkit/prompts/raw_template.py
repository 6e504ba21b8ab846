"""RawPromptTemplate: messages as an API takes them, passed on as they are."""

from collections.abc import Mapping, Sequence
from typing import Any

from evalkit.config import did_you_mean
from evalkit.errors import ConfigError
from evalkit.prompts.dialogue import Rendered
from evalkit.prompts.fill import fill
from evalkit.types import Message

ROLES = ('system', 'user', 'assistant', 'tool')
KEYS = ('role', 'content', 'tools')


class RawPromptTemplate:
    """Messages `{role, content}` with `{column}`s in their content.

    An item that equals `ice_token` is where the in-context examples go, and
    `{'expand_column': column}` becomes the messages that the row holds in that column.
    `format_variables=False` leaves braces alone.
    """

    labels: list[Any] | None = None
    has_roles = True

    def __init__(
        self,
        messages: Sequence[Mapping[str, Any] | str],
        ice_token: str | None = '</E>',
        format_variables: bool = True,
    ) -> None:
        if isinstance(messages, str) or not isinstance(messages, Sequence) or not messages:
            raise ConfigError(f'messages must be a list of {{role, content}}, not {messages!r:.80}')
        self.ice_token = ice_token
        self.format_variables = format_variables
        self.messages = list(messages)
        for number, item in enumerate(self.messages):
            self._check(item, f'messages[{number}]')

    def _check(self, item: Any, place: str) -> None:
        if isinstance(item, str):
            if item != self.ice_token:
                raise ConfigError(f'{place} is a text that is not {self.ice_token}: {item!r:.80}')
        elif not isinstance(item, Mapping) or item.keys() != {'expand_column'}:
            check_message(item, place)

    def takes_examples(self, label: Any = None) -> bool:
        """Whether one of the messages is the place of the examples."""
        return self.ice_token in self.messages

    def render(
        self,
        row: Mapping[str, Any],
        examples: Rendered = '',
        label: Any = None,
    ) -> list[Message]:
        """Return the messages of a row with those of the examples at their place."""
        messages: list[Message] = []
        for item in self.messages:
            messages += (
                example_messages(examples) if isinstance(item, str) else self._expand(item, row)
            )
        return messages

    def render_example(self, row: Mapping[str, Any], label: Any = None) -> list[Message]:
        """Return the messages of a worked example."""
        return self.render(row, label=label)

    def _expand(self, item: Mapping[str, Any], row: Mapping[str, Any]) -> list[Message]:
        if 'expand_column' in item:
            return messages_of_column(row, item['expand_column'])
        content = fill(item['content'], row) if self.format_variables else item['content']
        return [{'role': item['role'], 'content': content}]


def example_messages(examples: Rendered) -> list[Message]:
    """Return the messages of the examples; no examples are a blank text."""
    if isinstance(examples, list):
        return examples
    if isinstance(examples, str) and not examples.strip():
        return []
    raise ConfigError('a RawPromptTemplate takes examples from a RawPromptTemplate only')


def messages_of_column(row: Mapping[str, Any], column: str) -> list[Message]:
    """Return the messages that a row holds in a column; one may carry tools, as JSON."""
    messages = row.get(column)
    if not isinstance(messages, Sequence) or isinstance(messages, str):
        raise ConfigError(
            f'expand_column: the column {column!r} holds no list of messages but {messages!r:.80}'
            f'{did_you_mean(column, row) if column not in row else ""}'
        )
    for number, message in enumerate(messages):
        check_message(message, f'{column}[{number}]')
    return [{key: message[key] for key in KEYS if key in message} for message in messages]


def check_message(message: Any, place: str) -> None:
    """Raise `ConfigError` unless it is `{role, content}` with a known role and a text."""
    if not isinstance(message, Mapping) or not {'role', 'content'} <= message.keys():
        raise ConfigError(f'{place} must be {{role, content}}, not {message!r:.80}')
    if message['role'] not in ROLES:
        raise ConfigError(f'{place}.role is {message["role"]!r}; it must be {", ".join(ROLES)}')
    if not isinstance(message['content'], str):
        raise ConfigError(f'{place}.content must be a text, not {message["content"]!r:.80}')
