"""GPT-4.1 of 2025-04-14, by OpenAI's API."""

from evalkit.models import OpenAISDK

models = [
    dict(
        type=OpenAISDK,
        abbr='gpt-4.1-2025-04-14',
        path='gpt-4.1-2025-04-14',
        key='ENV',
        openai_api_base='https://api.openai.com/v1',
        max_out_len=2048,
        temperature=0,
    )
]
