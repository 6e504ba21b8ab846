"""From answers and references to scores and metrics."""

from evalkit.evaluators.accuracy import AccEvaluator
from evalkit.evaluators.base import BaseEvaluator, Metric

__all__ = ['AccEvaluator', 'BaseEvaluator', 'Metric']
