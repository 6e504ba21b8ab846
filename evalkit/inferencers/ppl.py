"""PPLInferencer: the label whose prompt the model finds likeliest is its answer."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from evalkit.errors import ConfigError
from evalkit.inferencers.base import BaseInferencer, Context, Question
from evalkit.types import Completion, Prediction, Sample, Scoring, ScoringRequest, Usage


class PPLInferencer(BaseInferencer):
    """Score a whole prompt for each label and choose the lowest loss a token (OpenCompass).

    The loss is the negative log-likelihood of all tokens but the first, divided by the number
    of all tokens; of equal ones the first wins. `extra.losses` of a record holds it for each
    label. A sample is asked once, however many repeats its dataset wants, since nothing is drawn.

    All arguments but `labels` are accepted for OpenCompass's configs and have no effect: a prompt
    is scored whole, or is an error where the model's context is too short.
    """

    mode = 'ppl'
    ask = 'loglikelihood'

    def __init__(
        self,
        context: Context,
        *,
        labels: Sequence[Any] | None = None,
        max_seq_len: int | None = None,
        max_out_len: int | None = None,
        generation_kwargs: Mapping[str, Any] | None = None,
        batch_size: int | None = None,
        save_every: int | None = None,
    ) -> None:
        super().__init__(context)
        found = labels if labels is not None else context.prompter.labels
        # A task file is JSON, where a label that is a number may have become a text.
        self.labels = {str(label): label for label in found or ()}
        if not self.labels:
            raise ConfigError(
                'PPLInferencer needs a prompt_template (or ice_template) with a template for each '
                'label: template={label: ...}'
            )

    def questions(self, samples: Iterable[Sample]) -> Iterator[Question]:
        """Yield one scoring request a label for each sample."""
        for sample in samples:
            examples = self.examples(sample)
            prompts = {
                name: self.context.prompter.label_prompt(sample.fields, examples, label)
                for name, label in self.labels.items()
            }
            key = self.identity(list(prompts.items()), self.mode, 0)
            requests = tuple(
                ScoringRequest(f'{key}/{name}', '', prompt) for name, prompt in prompts.items()
            )
            yield Question(key, sample, 0, prompts, requests)

    def prediction(
        self, question: Question, answers: Sequence[Completion | Scoring], seconds: float
    ) -> Prediction:
        """Return the record of a choice; one label that fails makes the sample fail."""
        scorings = [as_scoring(answer) for answer in answers]
        error = first_error(scorings)
        losses = dict(zip(self.labels, map(loss, scorings), strict=True))
        return Prediction(
            index=question.sample.index,
            key=question.key,
            prompt=question.prompt,
            output='' if error else min(losses, key=losses.__getitem__),
            reference=question.sample.reference,
            finish_reason='error' if error else 'stop',
            usage=Usage(prompt_tokens=sum(scoring.usage.prompt_tokens for scoring in scorings)),
            seconds=seconds,
            error=error,
            extra={} if error else {'losses': losses},
        )


def as_scoring(answer: Completion | Scoring) -> Scoring:
    """Return the answer, which must be a scoring."""
    if not isinstance(answer, Scoring):
        raise TypeError(f'a label is answered by a Scoring, not {type(answer).__name__}')
    return answer


def first_error(scorings: Sequence[Scoring]) -> str | None:
    """Return the error of the first answer that has one; no number is an error, too."""
    for scoring in scorings:
        if scoring.error is not None:
            return scoring.error
        if not math.isfinite(scoring.logprob) or not scoring.num_tokens:
            return (
                f'bad_response: a log-probability of {scoring.logprob} '
                f'over {scoring.num_tokens} tokens'
            )
    return None


def loss(scoring: Scoring) -> float:
    """Return the negative log-likelihood a token (natural log)."""
    return -scoring.logprob / max(scoring.num_tokens, 1)
