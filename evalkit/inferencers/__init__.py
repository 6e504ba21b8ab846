"""From samples to requests, and from completions to predictions."""

from evalkit.inferencers.base import Ask, BaseInferencer, Context, Question
from evalkit.inferencers.gen import GenInferencer
from evalkit.inferencers.params import generation_params
from evalkit.inferencers.ppl import PPLInferencer

__all__ = [
    'Ask',
    'BaseInferencer',
    'Context',
    'GenInferencer',
    'PPLInferencer',
    'Question',
    'generation_params',
]
