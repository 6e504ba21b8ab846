"""ChatInferencer: the model answers in a conversation of several rounds."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, get_args

from evalkit.config import did_you_mean
from evalkit.errors import ConfigError
from evalkit.inferencers.base import Context, Question
from evalkit.inferencers.conversation import conversation
from evalkit.inferencers.gen import GenInferencer
from evalkit.types import Message, Request, Sample

InferMode = Literal['last', 'every', 'every_with_gt']


class ChatInferencer(GenInferencer):
    """Ask for the last answer of a conversation, or for each with the true ones before it.

    `infer_mode` is 'last', or 'every_with_gt', where each round is a prediction of its own with
    the reference that the conversation has for it. 'every', where the model's own answers make the
    history, is refused: its prompts would be known only as it answers. Where a conversation comes
    from is told by `conversation`. The other arguments are those of GenInferencer.
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

    def questions(self, samples: Iterable[Sample]) -> Iterator[Question]:
        """Yield one request a round that is asked, and repeat."""
        for sample in samples:
            messages = conversation(sample, self.context.prompter)
            for number in self.asked(messages):
                rounds = replace(sample, reference=messages[number]['content'])
                prompt = self.context.prompter.meta_template.prompt(messages[:number], 'gen')
                for repeat in range(self.context.num_repeats):
                    params = self.repeat_params(repeat)
                    key = self.identity(prompt, params, repeat)
                    yield Question(key, rounds, repeat, prompt, (Request(key, prompt, params),))

    def asked(self, messages: Sequence[Message]) -> list[int]:
        """Return the places of the answers that the model shall give."""
        answers = [n for n, message in enumerate(messages) if message['role'] == 'assistant']
        return answers if self.infer_mode == 'every_with_gt' else answers[-1:]


def check_mode(infer_mode: str) -> None:
    """Raise `ConfigError` unless it is a mode that can be asked."""
    known = get_args(InferMode)
    if infer_mode not in known:
        hint = did_you_mean(infer_mode, known, otherwise=f'; it is one of {", ".join(known)}')
        raise ConfigError(f'ChatInferencer: unknown infer_mode {infer_mode!r}{hint}')
    if infer_mode == 'every':
        raise ConfigError(
            "ChatInferencer: infer_mode='every' is not supported, since each prompt would hold the "
            "model's answers to the rounds before; use 'every_with_gt' or 'last'"
        )
