"""From answers and references to scores and metrics."""

from evalkit.evaluators.accuracy import AccEvaluator, AccwithDetailsEvaluator, EMEvaluator
from evalkit.evaluators.base import BaseEvaluator, Metric, Scores, Unscored
from evalkit.evaluators.bootstrap import bootstrap_stderr
from evalkit.evaluators.circular import CircularEvaluator
from evalkit.evaluators.failure import describe_failure
from evalkit.evaluators.llama_factory import LlamaFactoryEvaluator
from evalkit.evaluators.math import MATHVerifyEvaluator
from evalkit.evaluators.noted import NotedScores
from evalkit.evaluators.overlap import SquadEvaluator
from evalkit.evaluators.passes import pass_metrics
from evalkit.evaluators.text import BleuEvaluator, JiebaRougeEvaluator, RougeEvaluator
from evalkit.evaluators.workers import KillableEvaluator

__all__ = [
    'AccEvaluator',
    'AccwithDetailsEvaluator',
    'BaseEvaluator',
    'BleuEvaluator',
    'CircularEvaluator',
    'EMEvaluator',
    'JiebaRougeEvaluator',
    'KillableEvaluator',
    'LlamaFactoryEvaluator',
    'MATHVerifyEvaluator',
    'Metric',
    'NotedScores',
    'RougeEvaluator',
    'Scores',
    'SquadEvaluator',
    'Unscored',
    'bootstrap_stderr',
    'describe_failure',
    'pass_metrics',
]
