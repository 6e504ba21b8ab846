"""Qwen Plus, the newest at any time, by the API of Alibaba Cloud."""

from evalkit.models import OpenAISDK

models = [
    dict(
        type=OpenAISDK,
        abbr='qwen-plus-api',
        path='qwen-plus',
        key='DASHSCOPE_API_KEY',
        openai_api_base='https://dashscope.aliyuncs.com/compatible-mode/v1',
        max_out_len=2048,
        temperature=0,
    )
]
