"""OpenCompass's other names of a chat behind an API."""

from dataclasses import dataclass

from evalkit.models.openai.sdk import OpenAISDK

OpenAI = OpenAISDK
"""The class from which OpenCompass's `OpenAISDK` is made; configs name either."""


@dataclass(kw_only=True, eq=False, repr=False)
class OpenAISDKStreaming(OpenAISDK):
    """`OpenAISDK` with `stream=True`.

    `stream_chunk_size` and `finish_reason_confirm` are accepted for OpenCompass's configs and have
    no effect: a stream is read as it comes, and one without an end is always asked again.
    """

    TRANSPORT_KEYS = OpenAISDK.TRANSPORT_KEYS | {'stream_chunk_size', 'finish_reason_confirm'}

    stream: bool = True
    stream_chunk_size: int = 1
    finish_reason_confirm: bool = True
