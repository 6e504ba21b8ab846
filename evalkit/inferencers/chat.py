"""ChatInferencer: the model answers in a conversation of several rounds."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, get_args

from evalkit.config import did_you_mean
from evalkit.errors import ConfigError
from evalkit.inferencers.base import NOTHING, Context, Question, Turn
from evalkit.inferencers.conversation import conversation
from evalkit.inferencers.gen import GenInferencer
from evalkit.types import Message, Request, Sample

InferMode = Literal['last', 'every', 'every_with_gt']

UNANSWERED = '(not answered yet)'
"""Stands in a prompt for an answer that is to come; such a prompt is never sent."""


class ChatInferencer(GenInferencer):
    """Ask for the last answer of a conversation, or for each of them.

    `infer_mode` is 'last'; 'every_with_gt', where the true answers stand before each; or 'every',
    where the model's own do: then a turn is asked when the one before is answered. With the last
    two each turn is a prediction of its own, with the reference that the conversation has for it.
    Where a conversation comes from is told by `conversation`. The other arguments are those of
    GenInferencer.
    """

    def __init__(  # noqa: PLR0913 - the keys of a config
        self,
        context: Context,
        *,
        infer_mode: InferMode = 'last',
        max_out_len: int | None = None,
        min_out_len: int | None = None,
        max_seq_len: int | None = None,
        stopping_criteria: str | Sequence[str] = (),
        generation_kwargs: Mapping[str, Any] | None = None,
        temperature: float | None = None,
        batch_size: int | None = None,
        save_every: int | None = None,
    ) -> None:
        super().__init__(
            context,
            max_out_len=max_out_len,
            min_out_len=min_out_len,
            max_seq_len=max_seq_len,
            stopping_criteria=stopping_criteria,
            generation_kwargs=generation_kwargs,
            temperature=temperature,
        )
        check_mode(infer_mode)
        self.infer_mode = infer_mode
        self.asks_follow_ups = infer_mode == 'every'

    def questions(
        self, samples: Iterable[Sample], outputs: Mapping[str, str] = NOTHING
    ) -> Iterator[Question]:
        """Yield one request a turn that is asked, and repeat."""
        for sample in samples:
            messages = conversation(sample, self.context.prompter)
            for repeat in range(self.context.num_repeats):
                yield from self.turns(sample, messages, repeat, outputs)

    def turns(
        self,
        sample: Sample,
        messages: Sequence[Message],
        repeat: int,
        outputs: Mapping[str, str],
    ) -> Iterator[Question]:
        """Yield the questions of one conversation in their order."""
        history, awaits = list(messages), None
        for count, place in enumerate(self.asked(messages), start=1):
            prompt = self.context.prompter.meta_template.prompt(history[:place], 'gen')
            params = self.repeat_params(repeat)
            key = self.identity(prompt, params, repeat)
            user = messages[place - 1]['content'] if place else ''
            yield Question(
                key,
                replace(sample, reference=messages[place]['content']),
                repeat,
                prompt,
                (Request(key, prompt, params),),
                None if self.infer_mode == 'last' else Turn(count, user, awaits),
            )
            if self.asks_follow_ups:
                output = outputs.get(key)
                awaits = awaits or (key if output is None else None)
                content = UNANSWERED if output is None else output
                history[place] = {'role': 'assistant', 'content': content}

    def asked(self, messages: Sequence[Message]) -> list[int]:
        """Return the places of the answers that the model shall give."""
        answers = [n for n, message in enumerate(messages) if message['role'] == 'assistant']
        return answers[-1:] if self.infer_mode == 'last' else answers


def check_mode(infer_mode: str) -> None:
    """Raise `ConfigError` unless it is a mode that can be asked."""
    known = get_args(InferMode)
    if infer_mode not in known:
        hint = did_you_mean(infer_mode, known, otherwise=f'; it is one of {", ".join(known)}')
        raise ConfigError(f'ChatInferencer: unknown infer_mode {infer_mode!r}{hint}')
