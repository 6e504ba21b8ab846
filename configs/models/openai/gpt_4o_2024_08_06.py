"""GPT-4o of 2024-08-06, by OpenAI's API."""

from evalkit.models import OpenAISDK

models = [
    dict(
        type=OpenAISDK,
        abbr='gpt-4o-2024-08-06',
        path='gpt-4o-2024-08-06',
        key='ENV',
        openai_api_base='https://api.openai.com/v1',
        max_out_len=2048,
        temperature=0,
    )
]
