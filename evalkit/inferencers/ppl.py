"""PPLInferencer: the label whose prompt the model finds likeliest is its answer."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from evalkit.errors import ConfigError
from evalkit.inferencers.base import BaseInferencer, Context, Question, first_error
from evalkit.types import Completion, Prediction, Sample, Scoring, ScoringRequest, Usage


class PPLInferencer(BaseInferencer):
    """Score a whole prompt for each label and choose the lowest loss a token (OpenCompass).

    The loss is the negative log-likelihood of all tokens but the first, divided by the number
    of all tokens. `extra.losses` of a record holds it for each label.
    """

    mode = 'ppl'
    ask = 'loglikelihood'

    def __init__(
        self,
        context: Context,
        *,
        labels: Sequence[Any] | None = None,
        max_seq_len: int | None = None,
        batch_size: int | None = None,
    ) -> None:
        super().__init__(context)
        self.labels = list(labels if labels is not None else context.prompter.labels or ())
        self.max_seq_len = max_seq_len
        if not self.labels:
            raise ConfigError(
                'PPLInferencer needs a prompt_template (or ice_template) with a template for each '
                'label: template={label: ...}'
            )

    def questions(self, samples: Iterable[Sample]) -> Iterator[Question]:
        """Yield one scoring request a label for each sample."""
        prompter = self.context.prompter
        for sample in samples:
            examples = self.examples(sample)
            prompts = [
                prompter.label_prompt(sample.fields, examples, label) for label in self.labels
            ]
            key = self.identity(prompts, [self.mode, self.labels], 0)
            requests = tuple(
                ScoringRequest(f'{key}/{number}', '', prompt)
                for number, prompt in enumerate(prompts)
            )
            yield Question(
                key, sample, 0, dict(zip(map(str, self.labels), prompts, strict=True)), requests
            )

    def prediction(
        self, question: Question, answers: Sequence[Completion | Scoring], seconds: float
    ) -> Prediction:
        """Return the record of a choice; one label that fails makes the sample fail."""
        scorings = [answer for answer in answers if isinstance(answer, Scoring)]
        error = first_error(scorings)
        losses = [-scoring.logprob / max(scoring.num_tokens, 1) for scoring in scorings]
        best = min(range(len(losses)), key=losses.__getitem__)
        return Prediction(
            index=question.sample.index,
            key=question.key,
            prompt=question.prompt,
            output='' if error else str(self.labels[best]),
            reference=question.sample.reference,
            usage=Usage(prompt_tokens=sum(scoring.usage.prompt_tokens for scoring in scorings)),
            seconds=seconds,
            error=error,
            extra={
                'losses': {} if error else dict(zip(map(str, self.labels), losses, strict=True))
            },
        )
