"""Mistral Large, the newest at any time, by its API."""

from evalkit.models import OpenAISDK

models = [
    dict(
        type=OpenAISDK,
        abbr='mistral-large-api',
        path='mistral-large-latest',
        key='MISTRAL_API_KEY',
        openai_api_base='https://api.mistral.ai/v1',
        max_out_len=2048,
        temperature=0,
    )
]
