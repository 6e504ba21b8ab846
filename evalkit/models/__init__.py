"""Models, one class a backend; importing this loads no engine."""

from evalkit.models.base import PLAN_KEYS, BaseModel
from evalkit.models.huggingface import HuggingFaceBaseModel, HuggingFacewithChatTemplate
from evalkit.models.huggingface_legacy import HuggingFaceCausalLM
from evalkit.models.identity import model_identity
from evalkit.models.openai import OpenAICompletions, OpenAISDK
from evalkit.models.scripted import ScriptedChatModel, ScriptedModel

__all__ = [
    'PLAN_KEYS',
    'BaseModel',
    'HuggingFaceBaseModel',
    'HuggingFaceCausalLM',
    'HuggingFacewithChatTemplate',
    'OpenAICompletions',
    'OpenAISDK',
    'ScriptedChatModel',
    'ScriptedModel',
    'model_identity',
]
