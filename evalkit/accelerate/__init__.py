"""From a model config for Hugging Face to one for an engine; nothing is imported for it."""

from evalkit.accelerate.convert import (
    ENGINE_KEYS,
    LOCAL,
    TARGETS,
    accelerate,
    backend_of,
    is_hugging_face,
)
from evalkit.accelerate.keys import DROPPED
from evalkit.accelerate.openai import Served
from evalkit.accelerate.source import dropped_keys

__all__ = [
    'DROPPED',
    'ENGINE_KEYS',
    'LOCAL',
    'TARGETS',
    'Served',
    'accelerate',
    'backend_of',
    'dropped_keys',
    'is_hugging_face',
]
