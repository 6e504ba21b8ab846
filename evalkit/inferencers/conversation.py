"""The conversation that a row holds, for ChatInferencer."""

from collections.abc import Mapping, Sequence
from typing import Any

from evalkit.errors import ConfigError
from evalkit.prompts import Prompter
from evalkit.prompts.dialogue import Block, Rendered, Turn
from evalkit.types import Message, Sample

ROLES = {'SYSTEM': 'system', 'HUMAN': 'user', 'BOT': 'assistant'}


def conversation(sample: Sample, prompter: Prompter) -> list[Message]:
    """Return the messages of a row, the references as the turns of the assistant (OpenCompass).

    The input columns are texts, which the template makes one round of; or lists of texts, one
    round each; or one of them (or the column `dialogue`) is a list of messages.
    """
    columns = [*prompter.input_columns, *filter(None, [prompter.output_column])]
    row = {name: sample.fields[name] for name in columns if name in sample.fields}
    ready = ready_messages(row, prompter.input_columns)
    if ready is None:
        rounds = [row] if all_are(row.values(), str) else one_by_one(row, sample.index)
        ready = [message for each in rounds for message in one_round(each, prompter)]
    if not any(message['role'] == 'assistant' for message in ready):
        raise ConfigError(f'sample {sample.index}: its conversation has no turn of the assistant')
    return ready


def ready_messages(row: Mapping[str, Any], input_columns: Sequence[str]) -> list[Message] | None:
    """Return the messages that a column holds, if one does."""
    named = ['dialogue'] if 'dialogue' in input_columns else input_columns
    value = row.get(named[0]) if len(named) == 1 else None
    if isinstance(value, str) or not isinstance(value, Sequence) or not all_are(value, Mapping):
        return None
    return [{'role': str(item['role']), 'content': str(item['content'])} for item in value]


def all_are(values: Any, kind: type) -> bool:
    """Whether there are values, and all are of a kind."""
    return bool(values) and all(isinstance(value, kind) for value in values)


def one_by_one(row: Mapping[str, Any], index: int) -> list[dict[str, str]]:
    """Return a row for each round, from columns that are lists of texts."""
    is_lists = all(
        isinstance(value, list | tuple) and all_are(value, str) for value in row.values()
    )
    if not row or not is_lists:
        raise ConfigError(
            f'sample {index}: ChatInferencer needs input columns that are texts, lists of texts, '
            f'or one list of messages; it has {", ".join(row) or "none"}'
        )
    lengths = {len(value) for value in row.values()}
    if len(lengths) > 1:
        raise ConfigError(f'sample {index}: the columns {", ".join(row)} differ in their rounds')
    return [dict(zip(row, each, strict=True)) for each in zip(*row.values(), strict=True)]


def one_round(row: Mapping[str, str], prompter: Prompter) -> list[Message]:
    """Return what the template says in a round; the reference is said where nobody answers."""
    messages = messages_of(prompter.template.render(row))
    if not messages or messages[-1]['role'] != 'assistant':
        reference = row.get(prompter.output_column or '', '')
        messages.append({'role': 'assistant', 'content': reference})
    return messages


def messages_of(rendered: Rendered) -> list[Message]:
    """Return a rendered template as messages."""
    if isinstance(rendered, str):
        return [{'role': 'user', 'content': rendered}]
    if isinstance(rendered, list):
        return list(rendered)
    items = [
        item for part in rendered for item in (part.items if isinstance(part, Block) else [part])
    ]
    return [message_of(item) for item in items if item != '']


def message_of(item: Turn | str) -> Message:
    """Return a turn as a message; a text alone is the user's."""
    if isinstance(item, str):
        return {'role': 'user', 'content': item}
    for role in (item.role, item.fallback_role):
        if role in ROLES:
            return {'role': ROLES[role], 'content': item.prompt}
    raise ConfigError(f'ChatInferencer knows the roles {", ".join(ROLES)}, not {item.role!r}')
