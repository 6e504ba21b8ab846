"""GenInferencer: the model writes an answer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from evalkit.errors import ConfigError
from evalkit.inferencers.base import NOTHING, BaseInferencer, Context, Question
from evalkit.inferencers.params import generation_params
from evalkit.types import Completion, GenerationParams, Prediction, Request, Sample, Scoring


class GenInferencer(BaseInferencer):
    """Ask for one completion a sample and repeat; what is not given comes from the model config.

    A `temperature` means the same as one in `generation_kwargs` (OpenCompass ignores it there).
    `batch_size` and `save_every` are accepted for OpenCompass's configs and have no effect: every
    backend gets all requests at once, and every answer is saved.
    """

    mode = 'gen'
    ask = 'generate'

    def __init__(  # noqa: PLR0913 - the keys of a config
        self,
        context: Context,
        *,
        max_out_len: int | None = None,
        min_out_len: int | None = None,
        max_seq_len: int | None = None,
        stopping_criteria: str | Sequence[str] = (),
        generation_kwargs: Mapping[str, Any] | None = None,
        temperature: float | None = None,
        batch_size: int | None = None,
        save_every: int | None = None,
    ) -> None:
        super().__init__(context)
        wanted = {
            'max_out_len': max_out_len,
            'min_out_len': min_out_len,
            'max_seq_len': max_seq_len,
            'generation_kwargs': with_temperature(generation_kwargs, temperature),
        }
        self.params = generation_params(context.model_cfg, wanted, stopping_criteria)

    def questions(
        self, samples: Iterable[Sample], outputs: Mapping[str, str] = NOTHING
    ) -> Iterator[Question]:
        """Yield one request a sample and repeat."""
        prompter = self.context.prompter
        for sample in samples:
            prompt = prompter.gen_prompt(sample.fields, self.examples(sample))
            for repeat in range(self.context.num_repeats):
                params = self.repeat_params(repeat)
                key = self.identity(prompt, params, repeat)
                yield Question(key, sample, repeat, prompt, (Request(key, prompt, params),))

    def repeat_params(self, repeat: int) -> GenerationParams:
        """Give each repeat a seed of its own where one is set."""
        if self.params.seed is None:
            return self.params
        return replace(self.params, seed=self.params.seed + repeat)

    def prediction(
        self, question: Question, answers: Sequence[Completion | Scoring], seconds: float
    ) -> Prediction:
        """Return the record of a completion."""
        [answer] = answers
        if not isinstance(answer, Completion):
            raise TypeError(
                f'a generation is answered by a Completion, not {type(answer).__name__}'
            )
        return Prediction(
            index=question.sample.index,
            key=question.key,
            prompt=question.prompt,
            output=answer.text,
            reference=question.sample.reference,
            repeat=question.repeat,
            finish_reason=answer.finish_reason,
            usage=answer.usage,
            seconds=seconds,
            error=answer.error,
            extra={**answer.extra, **turn_extra(question)},
        )


def turn_extra(question: Question) -> dict[str, int]:
    """Return what a record says of its place in a conversation."""
    return {'turn': question.turn.number} if question.turn else {}


def with_temperature(
    generation_kwargs: Mapping[str, Any] | None, temperature: float | None
) -> dict[str, Any]:
    """Return the kwargs with a temperature that stands beside them; ConfigError for two."""
    kwargs = dict(generation_kwargs or {})
    given = kwargs.get('temperature', temperature)
    if temperature is not None and given not in (None, temperature):
        raise ConfigError(
            f'temperature={temperature!r} and generation_kwargs.temperature={given!r} differ: '
            'leave one of them out'
        )
    return kwargs if temperature is None else {**kwargs, 'temperature': temperature}
