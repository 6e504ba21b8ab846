"""Models behind an OpenAI-compatible API: the client, its limits and its one owner of retries."""

from evalkit.models.openai.names import OpenAI, OpenAISDKStreaming
from evalkit.models.openai.sdk import OpenAICompletions, OpenAISDK

__all__ = ['OpenAI', 'OpenAICompletions', 'OpenAISDK', 'OpenAISDKStreaming']
