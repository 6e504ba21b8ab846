"""o4-mini of 2025-04-16, which reasons, by OpenAI's API."""

from evalkit.models import OpenAISDK

models = [
    dict(
        type=OpenAISDK,
        abbr='o4-mini-2025-04-16',
        path='o4-mini-2025-04-16',
        key='ENV',
        openai_api_base='https://api.openai.com/v1',
        max_completion_tokens=16384,
        timeout=1800,
    )
]
