"""From answers and references to scores and metrics."""

from evalkit.evaluators.accuracy import AccEvaluator, AccwithDetailsEvaluator, EMEvaluator
from evalkit.evaluators.base import BaseEvaluator, Metric, Scores, Unscored, mean_metric
from evalkit.evaluators.bootstrap import bootstrap_stderr
from evalkit.evaluators.borrowed import BorrowedEvaluator
from evalkit.evaluators.cascade import CascadeEvaluator, build_evaluator
from evalkit.evaluators.circular import CircularEvaluator
from evalkit.evaluators.code import CodeEvaluator
from evalkit.evaluators.ifeval import IFEvaluator
from evalkit.evaluators.judged import GenericLLMEvaluator, JudgedEvaluator, LMEvaluator
from evalkit.evaluators.llama_factory import LlamaFactoryEvaluator
from evalkit.evaluators.math import MATHVerifyEvaluator
from evalkit.evaluators.nearest import EDAccEvaluator
from evalkit.evaluators.noted import ExplainedScores, NotedScores, explanation
from evalkit.evaluators.overlap import SquadEvaluator
from evalkit.evaluators.passes import pass_metrics
from evalkit.evaluators.ratio import ratio_metric
from evalkit.evaluators.text import BleuEvaluator, JiebaRougeEvaluator, RougeEvaluator
from evalkit.evaluators.verdicts import (
    VerdictError,
    Verdicts,
    generic_llmjudge_academic_postprocess,
    generic_llmjudge_postprocess,
)
from evalkit.evaluators.workers import KillableEvaluator

__all__ = [
    'AccEvaluator',
    'AccwithDetailsEvaluator',
    'BaseEvaluator',
    'BleuEvaluator',
    'BorrowedEvaluator',
    'CascadeEvaluator',
    'CircularEvaluator',
    'CodeEvaluator',
    'EDAccEvaluator',
    'EMEvaluator',
    'ExplainedScores',
    'GenericLLMEvaluator',
    'IFEvaluator',
    'JiebaRougeEvaluator',
    'JudgedEvaluator',
    'KillableEvaluator',
    'LMEvaluator',
    'LlamaFactoryEvaluator',
    'MATHVerifyEvaluator',
    'Metric',
    'NotedScores',
    'RougeEvaluator',
    'Scores',
    'SquadEvaluator',
    'Unscored',
    'VerdictError',
    'Verdicts',
    'bootstrap_stderr',
    'build_evaluator',
    'explanation',
    'generic_llmjudge_academic_postprocess',
    'generic_llmjudge_postprocess',
    'mean_metric',
    'pass_metrics',
    'ratio_metric',
]
