"""From samples to requests, and from completions to predictions."""

from evalkit.inferencers.base import Ask, BaseInferencer, Context, Question
from evalkit.inferencers.chat import ChatInferencer
from evalkit.inferencers.clp import CLPInferencer
from evalkit.inferencers.gen import GenInferencer
from evalkit.inferencers.loglikelihood import LLInferencer
from evalkit.inferencers.params import generation_params
from evalkit.inferencers.ppl import PPLInferencer

ParallelGenInferencer = GenInferencer  # OpenCompass's name for what is always done here

__all__ = [
    'Ask',
    'BaseInferencer',
    'CLPInferencer',
    'ChatInferencer',
    'Context',
    'GenInferencer',
    'LLInferencer',
    'PPLInferencer',
    'ParallelGenInferencer',
    'Question',
    'generation_params',
]
