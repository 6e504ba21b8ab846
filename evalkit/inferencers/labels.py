"""What the inferencers share that choose among labels by log-probability."""

import math
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar

from evalkit.inferencers.base import NOTHING, BaseInferencer, Question
from evalkit.types import Completion, Prediction, Prompt, Sample, Scoring, ScoringRequest, Usage

Parts = tuple[Prompt, Prompt]
"""The context and the continuation of a `ScoringRequest`."""


class LabelInferencer(BaseInferencer):
    """Asks for one scoring a label; the label that is worth most is the answer, else the first.

    A sample is asked once, however many repeats its dataset wants, since nothing is drawn.
    """

    mode = 'ppl'
    ask = 'loglikelihood'

    extra_name: ClassVar[str]
    """Under which name a record's `extra` holds what `measure` returns."""

    @abstractmethod
    def parts(self, sample: Sample) -> Mapping[str, Parts]:
        """Return what is to be scored for each label of a sample."""

    @abstractmethod
    def shown(self, label: str, parts: Parts) -> Prompt:
        """Return the prompt of a label as the record shows it."""

    @abstractmethod
    def measure(self, scorings: Mapping[str, Scoring]) -> Mapping[str, float]:
        """Return the number of each label that is kept in the record."""

    @abstractmethod
    def choose(self, measured: Mapping[str, float]) -> str:
        """Return the label that is the answer."""

    def fault(self, scoring: Scoring) -> str | None:
        """Return why a scoring cannot be used, if it cannot."""
        if scoring.error is not None:
            return scoring.error
        if not math.isfinite(scoring.logprob) or not scoring.num_tokens:
            return (
                f'bad_response: a log-probability of {scoring.logprob} '
                f'over {scoring.num_tokens} tokens'
            )
        return None

    def questions(
        self, samples: Iterable[Sample], outputs: Mapping[str, str] = NOTHING
    ) -> Iterator[Question]:
        """Yield one scoring request a label for each sample."""
        for sample in samples:
            parts = self.parts(sample)
            prompts = {label: self.shown(label, each) for label, each in parts.items()}
            key = self.identity(self.identified(parts), self.mode, 0)
            requests = tuple(
                ScoringRequest(f'{key}/{label}', *each) for label, each in parts.items()
            )
            yield Question(key, sample, 0, prompts, requests)

    def identified(self, parts: Mapping[str, Parts]) -> object:
        """Return what of the parts decides the answer, besides the model."""
        return [self.extra_name, *((label, *each) for label, each in parts.items())]

    def prediction(
        self, question: Question, answers: Sequence[Completion | Scoring], seconds: float
    ) -> Prediction:
        """Return the record of a choice; one label that fails makes the sample fail."""
        scorings = dict(zip(question.prompt, map(as_scoring, answers), strict=True))
        error = next(filter(None, map(self.fault, scorings.values())), None)
        measured = {} if error else dict(self.measure(scorings))
        return Prediction(
            index=question.sample.index,
            key=question.key,
            prompt=question.prompt,
            output='' if error else self.choose(measured),
            reference=question.sample.reference,
            finish_reason='error' if error else 'stop',
            usage=sum((each.usage for each in scorings.values()), Usage()),
            seconds=seconds,
            error=error,
            extra={} if error else {self.extra_name: measured},
        )


def as_scoring(answer: Completion | Scoring) -> Scoring:
    """Return the answer, which must be a scoring."""
    if not isinstance(answer, Scoring):
        raise TypeError(f'a label is answered by a Scoring, not {type(answer).__name__}')
    return answer
