"""Models, one class a backend; importing this loads no engine."""

from evalkit.models.base import PLAN_KEYS, BaseModel
from evalkit.models.huggingface import HuggingFaceBaseModel, HuggingFacewithChatTemplate
from evalkit.models.huggingface_legacy import HuggingFace, HuggingFaceCausalLM
from evalkit.models.identity import model_identity
from evalkit.models.lmdeploy import TurboMindModel, TurboMindModelwithChatTemplate
from evalkit.models.openai import OpenAI, OpenAICompletions, OpenAISDK, OpenAISDKStreaming
from evalkit.models.scripted import ScriptedChatModel, ScriptedModel
from evalkit.models.sglang import SGLang, SGLangwithChatTemplate
from evalkit.models.vllm import VLLM, VLLMwithChatTemplate

__all__ = [
    'PLAN_KEYS',
    'VLLM',
    'BaseModel',
    'HuggingFace',
    'HuggingFaceBaseModel',
    'HuggingFaceCausalLM',
    'HuggingFacewithChatTemplate',
    'OpenAI',
    'OpenAICompletions',
    'OpenAISDK',
    'OpenAISDKStreaming',
    'SGLang',
    'SGLangwithChatTemplate',
    'ScriptedChatModel',
    'ScriptedModel',
    'TurboMindModel',
    'TurboMindModelwithChatTemplate',
    'VLLMwithChatTemplate',
    'model_identity',
]
