"""GLM-4-Plus by the API of Zhipu AI."""

from evalkit.models import OpenAISDK

models = [
    dict(
        type=OpenAISDK,
        abbr='glm-4-plus-api',
        path='glm-4-plus',
        key='ZHIPUAI_API_KEY',
        openai_api_base='https://open.bigmodel.cn/api/paas/v4',
        max_out_len=2048,
        temperature=0,
    )
]
