"""An evaluator turns answers and references into scores, and scores into metrics."""

import logging
import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any, ClassVar

from evalkit.errors import EvalkitError, TaskError
from evalkit.workers import describe_failure

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric of a dataset, from 0 to 100 where it is a mean of scores, and its standard error."""

    value: float
    stderr: float | None = None


@dataclass(frozen=True, slots=True)
class Unscored:
    """Stands in place of scores: the answer could not be scored, which is never a score of 0.

    `error` is `'<kind>: <text>'`, for instance `'scorer: ValueError: ...'` or `'verdict: ...'`.
    """

    error: str


Scores = Mapping[str, float]
"""The scores of one answer, each from 0 to 1, by the metric's name; the main one is the first."""


class BaseEvaluator(ABC):
    """A subclass writes `score`; one whose metric is no mean of scores writes `aggregate`, too."""

    version: ClassVar[str] = '1'
    """Raised when scores change, so that old results can be told from new ones."""

    takes_conversations: ClassVar[bool] = False
    """Whether a conversation that was asked turn by turn is one answer: the list of its turns."""

    def describe(self) -> str:
        """Name what scores, and its version, for the result."""
        return f'{type(self).__name__} {self.version}'

    @abstractmethod
    def score(self, output: Any, reference: Any) -> Scores:
        """Return the scores of one answer; `output` is what the postprocessors made of it."""

    def score_all(
        self, outputs: Sequence[Any], references: Sequence[Any]
    ) -> Sequence[Scores | Unscored]:
        """Return the scores of each answer in their order; a subclass may share work."""
        return [self.try_score(*pair) for pair in zip(outputs, references, strict=True)]

    def try_score(self, output: Any, reference: Any) -> Scores | Unscored:
        """Return the scores of one answer; what a scorer trips over costs that answer only."""
        try:
            return self.score(output, reference)
        except EvalkitError:  # a missing package or a dead judge concerns them all
            raise
        except Exception as error:
            logger.debug('an answer cannot be scored', exc_info=True)
            return Unscored(f'scorer: {describe_failure(error)}')

    def aggregate(self, scores: Sequence[Scores], clusters: Sequence[int]) -> dict[str, Metric]:
        """Return the mean of each score times 100; `clusters` names the sample of each answer."""
        return mean_metrics(scores, clusters, type(self).__name__)

    def report(self, scores: Sequence[Scores]) -> Mapping[str, Any]:
        """Return what a result says besides its metrics; `remarks` stand below the table."""
        return {}


def mean_metrics(
    scores: Sequence[Scores], clusters: Sequence[int], given_by: str = 'the evaluator'
) -> dict[str, Metric]:
    """Return the mean of each score times 100; every answer must have all of them."""
    names = dict.fromkeys(name for score in scores for name in score)
    for name in names:
        if any(name not in score for score in scores):
            raise TaskError(f'{given_by} gives only some of the answers a {name!r}')
    return {name: mean_metric([score[name] for score in scores], clusters) for name in names}


def mean_metric(values: Sequence[float], clusters: Sequence[int]) -> Metric:
    """Return the mean times 100 and its standard error, clustered by sample.

    With one answer a sample it is the sample standard deviation over the root of n; repeats of
    one sample are not independent, so their deviations are added up before they are squared
    (Miller, "Adding error bars to evals", https://arxiv.org/abs/2411.00640, section 2.2).
    """
    mean = fmean(values)
    if len(values) < 2:  # noqa: PLR2004 - one answer has no spread
        return Metric(100 * mean, None)
    deviations: dict[int, float] = {}
    for cluster, value in zip(clusters, values, strict=True):
        deviations[cluster] = deviations.get(cluster, 0.0) + value - mean
    num_clusters = len(deviations)
    if num_clusters < 2:  # noqa: PLR2004
        return Metric(100 * mean, None)
    variance = sum(deviation**2 for deviation in deviations.values())
    correction = num_clusters / (num_clusters - 1)
    return Metric(100 * mean, 100 * math.sqrt(variance * correction) / len(values))
