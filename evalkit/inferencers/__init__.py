"""From samples to requests, and from completions to predictions."""

from evalkit.inferencers.base import NOTHING, Ask, BaseInferencer, Context, Question, Turn
from evalkit.inferencers.chat import ChatInferencer
from evalkit.inferencers.clp import CLPInferencer
from evalkit.inferencers.gen import GenInferencer, turn_extra
from evalkit.inferencers.loglikelihood import LLInferencer
from evalkit.inferencers.params import generation_params
from evalkit.inferencers.ppl import PPLInferencer

ParallelGenInferencer = GenInferencer  # OpenCompass's name for what is always done here

__all__ = [
    'NOTHING',
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
    'Turn',
    'generation_params',
    'turn_extra',
]
