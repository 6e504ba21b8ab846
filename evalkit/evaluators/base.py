"""An evaluator turns answers and references into scores, and scores into metrics."""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric of a dataset, from 0 to 100 where it is a mean of scores, and its standard error."""

    value: float
    stderr: float | None = None


class BaseEvaluator(ABC):
    """A subclass writes `score`; one whose metric is no mean of scores writes `aggregate`, too."""

    version: ClassVar[str] = '1'
    """Raised when scores change, so that old results can be told from new ones."""

    @abstractmethod
    def score(self, output: str, reference: Any) -> dict[str, float]:
        """Return the scores of one answer, each from 0 to 1, by the metric's name."""

    def score_all(
        self, outputs: Sequence[str], references: Sequence[Any]
    ) -> list[dict[str, float]]:
        """Return the scores of each answer; a subclass may share work between them."""
        return [self.score(*pair) for pair in zip(outputs, references, strict=True)]

    def aggregate(
        self, scores: Sequence[Mapping[str, float]], clusters: Sequence[int]
    ) -> dict[str, Metric]:
        """Return the mean of each score times 100; `clusters` names the sample of each answer."""
        names = dict.fromkeys(name for score in scores for name in score)
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
