"""DeepSeek-V3, the newest at any time, by its API."""

from evalkit.models import OpenAISDK

models = [
    dict(
        type=OpenAISDK,
        abbr='deepseek-chat-api',
        path='deepseek-chat',
        key='DEEPSEEK_API_KEY',
        openai_api_base='https://api.deepseek.com/v1',
        max_out_len=2048,
        temperature=0,
    )
]
