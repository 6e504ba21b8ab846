"""From a row to a conversation: its turns up to the question, and the answer that is expected."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evalkit.config import did_you_mean
from evalkit.datasets.llama_factory.registry import Registered
from evalkit.errors import ConfigError
from evalkit.types import Message

Row = Mapping[str, Any]

ROLES = {
    'user_tag': 'user',
    'assistant_tag': 'assistant',
    'observation_tag': 'tool',
    'function_tag': 'assistant',
}
ASKS, ANSWERS = ('user_tag', 'observation_tag'), ('assistant_tag', 'function_tag')
TOOL_SEPARATOR = '\n</tool_response>\n<tool_response>\n'
"""What LLaMA-Factory puts between the answers of tools that follow each other."""


class Dropped(Exception):  # noqa: N818 - no fault: a row that LLaMA-Factory leaves out
    """A row that LLaMA-Factory leaves out; the text says why."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """The messages of a question, and its reference; None where the row has none."""

    messages: list[Message]
    reference: str | None


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn by the name of the tag that says who speaks."""

    tag: str
    content: str

    @property
    def message(self) -> Message:
        """What is sent to the model."""
        return {'role': ROLES[self.tag], 'content': self.content}


def read_alpaca(row: Row, entry: Registered) -> Conversation:
    """Read a row with an instruction, its input and an output."""
    messages: list[Message] = []
    for pair in cell(row, entry, 'history') or []:
        question, answer = pair
        messages += [
            {'role': 'user', 'content': text_of(question)},
            {'role': 'assistant', 'content': text_of(answer)},
        ]
    parts = [text_of(cell(row, entry, key)) for key in ('prompt', 'query')]
    messages.append({'role': 'user', 'content': '\n'.join(filter(None, parts))})
    answer = cell(row, entry, 'response')
    system = cell(row, entry, 'system')
    reference = None if answer is None else text_of(answer)
    return Conversation([*system_messages(system, row, entry), *messages], reference)


def read_sharegpt(row: Row, entry: Registered) -> Conversation:
    """Read a row with a list of turns, of which the model has every second."""
    system, spoken = split_system(row, entry)
    turns = [Turn(tag_of(item, entry), content_of(item, entry)) for item in spoken]
    return conversation(turns, system, row, entry)


def read_openai(row: Row, entry: Registered) -> Conversation:
    """Read a row with OpenAI's messages: the answers of several tools are one turn."""
    system, spoken = split_system(row, entry)
    turns: list[Turn] = []
    for item in spoken:
        turn = openai_turn(item, entry)
        if turn.tag == 'observation_tag' and turns and turns[-1].tag == turn.tag:
            joined = f'{turns[-1].content}{TOOL_SEPARATOR}{turn.content}'
            turns[-1] = Turn(turn.tag, joined)
        else:
            turns.append(turn)
    return conversation(turns, system, row, entry)


READERS: Mapping[str, Callable[[Row, Registered], Conversation]] = {
    'alpaca': read_alpaca,
    'sharegpt': read_sharegpt,
    'openai': read_openai,
}


def openai_turn(item: Row, entry: Registered) -> Turn:
    """Return a message as a turn; calls of tools are a turn of their own kind."""
    calls = item.get('tool_calls')
    tag = tag_of(item, entry)
    if not calls or tag not in ANSWERS:
        return Turn(tag, content_of(item, entry))
    functions = [call['function'] for call in calls]
    return Turn('function_tag', json.dumps(functions, ensure_ascii=False))


def conversation(turns: Sequence[Turn], system: Any, row: Row, entry: Registered) -> Conversation:
    """Return what the turns ask; the last one is the reference."""
    for number, turn in enumerate(turns):
        if turn.tag not in (ASKS, ANSWERS)[number % 2]:
            raise Dropped(f'turn {number + 1} is of the wrong side')
    if not turns:
        raise Dropped('it has no turns')
    if len(turns) % 2:
        raise Dropped('it ends without an answer')
    messages = [turn.message for turn in turns[:-1]]
    return Conversation([*system_messages(system, row, entry), *messages], turns[-1].content)


def split_system(row: Row, entry: Registered) -> tuple[Any, list[Row]]:
    """Return the system message, which may be the first turn, and the other turns."""
    if 'messages' not in entry.columns:
        raise ConfigError(f'{entry.name}: columns names no messages')
    spoken = cell(row, entry, 'messages')
    if not isinstance(spoken, list):
        raise ConfigError(
            f'{entry.name}: {entry.columns["messages"]} holds no turns: {spoken!r:.60}'
        )
    word = entry.tags.get('system_tag')
    if spoken and word and field_of(spoken[0], entry, 'role_tag') == word:
        return field_of(spoken[0], entry, 'content_tag'), spoken[1:]
    return cell(row, entry, 'system'), spoken


def system_messages(system: Any, row: Row, entry: Registered) -> list[Message]:
    """Return the system message, with the tools that the model may call, if there is any."""
    tools = cell(row, entry, 'tools')
    if not system and not tools:
        return []
    message = {'role': 'system', 'content': text_of(system)}
    if tools:
        is_text = isinstance(tools, str)
        message['tools'] = tools if is_text else json.dumps(tools, ensure_ascii=False)
    return [message]


def tag_of(item: Row, entry: Registered) -> str:
    """Return the name of the tag whose word a turn's role is."""
    role = field_of(item, entry, 'role_tag')
    named = (tag for tag in (*ASKS, *ANSWERS) if entry.tags.get(tag) == role)
    tag = next(named, None)
    if tag is None:
        raise Dropped(f'{role!r} is none of its tags')
    return tag


def content_of(item: Row, entry: Registered) -> str:
    """Return what is said in a turn."""
    return text_of(field_of(item, entry, 'content_tag'))


def field_of(item: Row, entry: Registered, tag: str) -> Any:
    """Return the role or the content of a turn."""
    key = entry.tags.get(tag)
    if key is None:
        raise ConfigError(f'{entry.name}: tags names no {tag}')
    if not isinstance(item, Mapping) or key not in item:
        raise ConfigError(
            f'{entry.name}: a turn has no {key!r} (tags.{tag} names it): {item!r:.80}'
        )
    return item[key]


def cell(row: Row, entry: Registered, column: str) -> Any:
    """Return what a row has in a column; None where the dataset has no such column."""
    key = entry.columns.get(column)
    if key is None:
        return None
    if key not in row:
        hint = did_you_mean(key, row, otherwise=f'; it has {", ".join(row)}')
        raise ConfigError(
            f'{entry.name}: a row has no column {key!r} (columns.{column} names it){hint}'
        )
    return row[key]


def text_of(value: Any) -> str:
    """Return a value as text; numbers and lists as JSON writes them."""
    if value is None:
        return ''
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
