"""Qwen2.5 72B Instruct by the API of Alibaba Cloud."""

from evalkit.models import OpenAISDK

models = [
    dict(
        type=OpenAISDK,
        abbr='qwen2.5-72b-instruct-api',
        path='qwen2.5-72b-instruct',
        key='DASHSCOPE_API_KEY',
        openai_api_base='https://dashscope.aliyuncs.com/compatible-mode/v1',
        max_out_len=2048,
        temperature=0,
    )
]
