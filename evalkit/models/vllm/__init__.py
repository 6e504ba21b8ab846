"""The vLLM backend (https://docs.vllm.ai)."""

from evalkit.models.vllm.model import VLLM, VLLMwithChatTemplate

__all__ = ['VLLM', 'VLLMwithChatTemplate']
