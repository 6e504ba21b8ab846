"""GPT-4o mini of 2024-07-18, by OpenAI's API."""

from evalkit.models import OpenAISDK

models = [
    dict(
        type=OpenAISDK,
        abbr='gpt-4o-mini-2024-07-18',
        path='gpt-4o-mini-2024-07-18',
        key='ENV',
        openai_api_base='https://api.openai.com/v1',
        max_out_len=2048,
        temperature=0,
    )
]
