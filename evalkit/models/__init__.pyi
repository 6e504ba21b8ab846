from .base import PLAN_KEYS as PLAN_KEYS
from .base import BaseModel as BaseModel
from .huggingface import (
    HuggingFaceBaseModel as HuggingFaceBaseModel,
)
from .huggingface import (
    HuggingFacewithChatTemplate as HuggingFacewithChatTemplate,
)
from .huggingface_legacy import (
    HuggingFace as HuggingFace,
)
from .huggingface_legacy import (
    HuggingFaceCausalLM as HuggingFaceCausalLM,
)
from .identity import model_identity as model_identity
from .lmdeploy import (
    TurboMindModel as TurboMindModel,
)
from .lmdeploy import (
    TurboMindModelwithChatTemplate as TurboMindModelwithChatTemplate,
)
from .openai import (
    OpenAI as OpenAI,
)
from .openai import (
    OpenAICompletions as OpenAICompletions,
)
from .openai import (
    OpenAISDK as OpenAISDK,
)
from .openai import (
    OpenAISDKStreaming as OpenAISDKStreaming,
)
from .scripted import ScriptedChatModel as ScriptedChatModel
from .scripted import ScriptedModel as ScriptedModel
from .sglang import SGLang as SGLang
from .sglang import SGLangwithChatTemplate as SGLangwithChatTemplate
from .vllm import VLLM as VLLM
from .vllm import VLLMwithChatTemplate as VLLMwithChatTemplate
