"""The SGLang backend (https://docs.sglang.ai)."""

from evalkit.models.sglang.model import SGLang, SGLangwithChatTemplate

__all__ = ['SGLang', 'SGLangwithChatTemplate']
