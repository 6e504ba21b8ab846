"""DeepSeek-R1, the newest at any time, by its API; what it thinks is kept apart."""

from evalkit.models import OpenAISDK

models = [
    dict(
        type=OpenAISDK,
        abbr='deepseek-reasoner-api',
        path='deepseek-reasoner',
        key='DEEPSEEK_API_KEY',
        openai_api_base='https://api.deepseek.com/v1',
        max_out_len=32768,
        timeout=1800,
    )
]
