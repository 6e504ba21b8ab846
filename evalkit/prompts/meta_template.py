"""MetaTemplate: gives a rendered dialogue the form that a model is asked in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from evalkit.config import did_you_mean
from evalkit.errors import ConfigError
from evalkit.prompts.chat import chat_messages, finished
from evalkit.prompts.dialogue import Block, Dialogue, Rendered, Turn
from evalkit.prompts.roles import Roles, Utterance
from evalkit.types import Message, Prompt

Mode = Literal['gen', 'ppl']

CHAT_DEFAULT: Mapping[str, Any] = {
    'round': [
        {'role': 'HUMAN', 'api_role': 'HUMAN'},
        # OpenCompass makes user text of SYSTEM, which also ends every user turn with a newline.
        {'role': 'SYSTEM', 'api_role': 'HUMAN'},
        {'role': 'BOT', 'api_role': 'BOT', 'generate': True},
    ]
}
"""How OpenCompass asks a chat model without a meta template; published scores were made so."""

KEYS = ('round', 'begin', 'end', 'reserved_roles', 'eos_token_id')

ROLE_OF_MESSAGE = {'system': 'SYSTEM', 'user': 'HUMAN', 'assistant': 'BOT'}


class MetaTemplate:
    """A model's `meta_template`, which says how it marks who speaks.

    A base model gets one text, which in 'gen' mode stops after the `begin` of the generating
    role; a chat model gets messages, which stop before its turn. 'ppl' mode keeps the answer.
    """

    def __init__(self, meta_template: Mapping[str, Any] | None, is_chat: bool) -> None:
        self.is_chat = is_chat
        self.roles: Roles | None = None
        self.begin: Any = ''
        self.end: Any = ''
        if meta_template or is_chat:
            self._declare(meta_template or CHAT_DEFAULT)

    def _declare(self, meta_template: Mapping[str, Any]) -> None:
        check_keys(meta_template)
        self.begin = meta_template.get('begin') or ''
        self.end = meta_template.get('end') or ''
        self.roles = Roles(meta_template['round'], meta_template.get('reserved_roles') or ())
        for name, value in (('begin', self.begin), ('end', self.end)):
            if not self.is_chat and not isinstance(value, str):
                raise ConfigError(
                    f'meta_template.{name} must be a text for a base model, not {value!r:.80}'
                )
        if self.is_chat and self.end:
            raise ConfigError('meta_template.end has no place in the messages of a chat model')

    def prompt(self, rendered: Rendered, mode: Mode) -> Prompt:
        """Return the text or the messages to ask the model with."""
        if isinstance(rendered, str):
            return [{'role': 'user', 'content': rendered}] if self.is_chat else rendered
        if isinstance(rendered, list):
            return self._pass_on(rendered, mode)
        if self.roles is None:
            return join_lines(rendered)
        spoken = self._speak(self.roles, rendered, mode)
        if self.is_chat:
            return chat_messages(spoken, self.begin)
        return self._text(spoken)

    def _pass_on(self, messages: list[Message], mode: Mode) -> Prompt:
        """Give a chat model the messages as they are; a base model gets them as a dialogue."""
        if self.is_chat:
            return finished(messages) if mode == 'gen' else messages
        turns = tuple(turn_of(message) for message in messages)
        return self.prompt((Block(turns, is_open=True),), mode)

    def _speak(self, roles: Roles, dialogue: Dialogue, mode: Mode) -> Iterator[str | Utterance]:
        """Yield what is said, in its order, up to the turn that is the model's to write."""
        for part in dialogue:
            if isinstance(part, str):
                yield part
            elif isinstance(part, Turn):
                yield roles.speak(part)
            else:
                yield from speak_block(roles, part, mode)
            if isinstance(part, Block) and part.is_open and mode == 'gen':
                return

    def _text(self, spoken: Iterable[str | Utterance]) -> str:
        parts = list(spoken)
        is_open = any(isinstance(part, Utterance) and part.is_open for part in parts)
        texts = [part if isinstance(part, str) else part.text for part in parts]
        return ''.join((self.begin, *texts, '' if is_open else self.end))


def speak_block(roles: Roles, block: Block, mode: Mode) -> Iterator[str | Utterance]:
    """Yield the rounds of a block; texts without a role stand before them."""
    yield from (item for item in block.items if isinstance(item, str))
    rounds = list(roles.rounds(block))
    for number, turns in enumerate(rounds, start=1):
        if isinstance(turns, Turn):
            yield roles.speak(turns)
            continue
        is_last = number == len(rounds)
        yield from roles.speak_round(turns, is_open=block.is_open and is_last and mode == 'gen')


def turn_of(message: Message) -> Turn:
    """Return a message as a turn of a base model, which has no words for tools."""
    if message['role'] not in ROLE_OF_MESSAGE or 'tools' in message:
        raise ConfigError(
            'the prompt has tools or what they returned, which a base model has no place for: '
            'ask a chat model (HuggingFacewithChatTemplate), whose chat template shows them'
        )
    return Turn(ROLE_OF_MESSAGE[message['role']], message['content'], fallback_role='HUMAN')


def join_lines(dialogue: Dialogue) -> str:
    """Join the texts of a dialogue by line breaks, as for a base model without a meta template.

    An empty text adds nothing, but a first one leaves its line break, as in OpenCompass: so begins
    a prompt of a template whose place for examples comes first and is empty.
    """
    items = [
        item for part in dialogue for item in (part.items if isinstance(part, Block) else [part])
    ]
    texts = [item.prompt if isinstance(item, Turn) else item for item in items]
    joint = '\n'.join(text for text in texts if text)
    return f'\n{joint}' if joint and not texts[0] else joint


def check_keys(meta_template: Any) -> None:
    """Raise `ConfigError` unless it is a dict with a list of roles under `round`."""
    if not isinstance(meta_template, Mapping):
        raise ConfigError(f'meta_template must be dict(round=[...]), not {meta_template!r:.80}')
    for key in meta_template:
        if key not in KEYS:
            hint = did_you_mean(key, KEYS, otherwise=f'; it has {", ".join(KEYS)}')
            raise ConfigError(f'meta_template has no key {key!r}{hint}')
    for key in ('round', 'reserved_roles'):
        value = meta_template.get(key) or ()
        if isinstance(value, str | Mapping) or not isinstance(value, Sequence):
            raise ConfigError(f'meta_template.{key} must be a list of roles, not {value!r:.80}')
    if not meta_template.get('round'):
        raise ConfigError('meta_template needs a `round`: the list of roles that speak in turn')
