"""From utterances to the messages of a chat model."""

from collections.abc import Iterable
from typing import Any

from evalkit.errors import ConfigError
from evalkit.prompts.roles import Role, Utterance, parse_role
from evalkit.types import Message

API_ROLES = {
    'HUMAN': 'user',
    'BOT': 'assistant',
    'SYSTEM': 'system',
    'user': 'user',
    'assistant': 'assistant',
    'system': 'system',
}


def chat_messages(spoken: Iterable[str | Utterance], begin: Any = '') -> list[Message]:
    """Return messages in which no two neighbours have the same role.

    The empty ones go only after a first merge: an empty turn adds a line break to a neighbour of
    the same role, which is how OpenCompass's default ends each user turn with one.
    """
    messages = [message(part) for part in spoken if not is_silent(part)]
    kept = [*opening(begin), *merge(messages)]
    merged = merge(message for message in kept if message['content'])
    return merged or [{'role': 'user', 'content': ''}]


def merge(messages: Iterable[Message]) -> list[Message]:
    """Join the neighbours of one role by a line break."""
    merged: list[Message] = []
    for message in messages:
        if merged and merged[-1]['role'] == message['role']:
            content = f'{merged[-1]["content"]}\n{message["content"]}'
            merged[-1] = {'role': message['role'], 'content': content}
        else:
            merged.append(message)
    return merged


def finished(messages: list[Message]) -> list[Message]:
    """Return the messages without an empty last turn of the assistant, which it shall write."""
    if messages and messages[-1] == {'role': 'assistant', 'content': ''}:
        return messages[:-1]
    return messages


def is_silent(part: str | Utterance) -> bool:
    """Whether a part is no message: a blank between two roles, or the turn of the model."""
    return not part.strip() if isinstance(part, str) else part.is_open


def message(part: str | Utterance) -> Message:
    """Return the message of an utterance."""
    if isinstance(part, str):
        raise ConfigError(
            f'a chat model needs a role for the text {part!r:.80}: '
            "write dict(role='HUMAN', prompt=...) in the template"
        )
    return {'role': message_role(part.role), 'content': part.text}


def message_role(role: Role) -> str:
    """Return the message role that an `api_role` means."""
    if role.api_role not in API_ROLES:
        raise ConfigError(
            f'meta_template: the role {role.role} has the api_role {role.api_role!r}; '
            'a chat model needs HUMAN, BOT or SYSTEM'
        )
    return API_ROLES[role.api_role]


def opening(begin: Any) -> list[Message]:
    """Return the messages that `meta_template.begin` puts before every conversation."""
    items = begin if isinstance(begin, list | tuple) else [begin] if begin else []
    roles = [parse_role(item, 'begin') for item in items]
    return [
        message(
            role if isinstance(role, str) else Utterance(role, role.begin, role.prompt, role.end)
        )
        for role in roles
    ]
