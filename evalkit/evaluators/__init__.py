"""From answers and references to scores and metrics."""

from evalkit.evaluators.accuracy import AccEvaluator
from evalkit.evaluators.base import BaseEvaluator, Metric, Scores, Unscored
from evalkit.evaluators.failure import describe_failure
from evalkit.evaluators.passes import pass_metrics

__all__ = [
    'AccEvaluator',
    'BaseEvaluator',
    'Metric',
    'Scores',
    'Unscored',
    'describe_failure',
    'pass_metrics',
]
