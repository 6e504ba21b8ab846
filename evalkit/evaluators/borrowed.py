"""Evaluators of an installed OpenCompass, for benchmarks that evalkit does not have itself."""

import importlib
import inspect
import math
from collections.abc import Mapping, Sequence
from typing import Any

from evalkit.config.extras import import_extra
from evalkit.errors import ConfigError, TaskError
from evalkit.evaluators.base import BaseEvaluator, Metric, Scores, Unscored, mean_metric

CORRECT = ('correct', 'is_correct', 'cascade_correct')
"""Keys under which OpenCompass's details say whether an answer is right."""

TOLERANCE = 1e-6


class BorrowedEvaluator(BaseEvaluator):
    """Calls OpenCompass's `score(predictions, references, test_set)` once for all answers.

    `rows` are the columns of the samples that are scored next. The prediction of a conversation is
    the list of the answers to its turns.

    Its metrics are taken as they are. Where its details say of each answer whether it is right,
    that is the score of the answer, and a metric that is their mean gets a standard error.
    """

    takes_conversations = True

    def __init__(self, evaluator: Any) -> None:
        self.evaluator = evaluator
        self.name = type(evaluator).__name__
        self.rows: Sequence[Mapping[str, Any]] = ()
        self.metrics: dict[str, float] = {}

    def describe(self) -> str:
        """Name OpenCompass's evaluator and version."""
        lender = importlib.import_module('opencompass')
        return f'{self.name} of opencompass {getattr(lender, "__version__", "?")}'

    @property
    def wanted(self) -> set[str]:
        """The arguments that its `score` takes."""
        return set(inspect.signature(self.evaluator.score).parameters)

    def score(self, output: Any, reference: Any) -> Scores:
        """Refuse: OpenCompass scores all answers at once."""
        raise TaskError(f'{self.name} of OpenCompass scores all answers at once')

    def score_all(
        self, outputs: Sequence[Any], references: Sequence[Any]
    ) -> Sequence[Scores | Unscored]:
        """Return what the details say of each answer, and keep the metrics."""
        given: dict[str, Any] = {'predictions': list(outputs), 'references': list(references)}
        if 'test_set' in self.wanted:
            given['test_set'] = as_dataset(self.rows)
        missing = sorted(self.wanted - {*given, 'kwargs'})
        if missing:
            raise ConfigError(
                f'{self.name} of OpenCompass scores with {", ".join(missing)}, '
                'which evalkit does not hand to it'
            )
        result = dict(self.evaluator.score(**given))
        if 'error' in result:
            raise TaskError(f'{self.name} of OpenCompass: {result["error"]}')
        details = result.pop('details', None)
        self.metrics = {name: float(value) for name, value in result.items() if is_number(value)}
        return sample_scores(details, len(given['predictions']))

    def aggregate(self, scores: Sequence[Scores], clusters: Sequence[int]) -> dict[str, Metric]:
        """Return the evaluator's own metrics."""
        right = [score['correct'] for score in scores if 'correct' in score]
        mean = mean_metric(right, clusters) if right else Metric(math.nan)
        return {
            name: mean if abs(mean.value - value) < TOLERANCE else Metric(value)
            for name, value in self.metrics.items()
        }


def as_dataset(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Return rows as OpenCompass's evaluators index them: by number or by column."""
    return import_extra('datasets', 'hub').Dataset.from_list([dict(row) for row in rows])


def sample_scores(details: Any, num_samples: int) -> list[Scores]:
    """Return whether each answer is right, as far as the details say that of all of them."""
    listed = list(details.values()) if isinstance(details, Mapping) else list(details or ())
    verdicts = [verdict(detail) for detail in listed]
    if len(verdicts) != num_samples or None in verdicts:
        return [{} for _ in range(num_samples)]
    return [{'correct': float(value)} for value in verdicts if value is not None]


def verdict(detail: Any) -> bool | None:
    """Return whether a detail says that its answer is right; None if it does not say."""
    if not isinstance(detail, Mapping):
        return None
    return next((bool(detail[key]) for key in CORRECT if key in detail), None)


def is_number(value: Any) -> bool:
    """Whether a value of a result is a metric; numpy's numbers are, lists and texts are not."""
    return isinstance(value, int | float) or (hasattr(value, 'item') and value.ndim == 0)


def own_or_borrowed(evaluator: Any) -> BaseEvaluator:
    """Return an evaluator of evalkit, or one of OpenCompass made to look like one."""
    return evaluator if isinstance(evaluator, BaseEvaluator) else BorrowedEvaluator(evaluator)
