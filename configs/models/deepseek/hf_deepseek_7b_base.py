"""DeepSeek LLM 7B, on Hugging Face transformers."""

from evalkit.models import HuggingFaceBaseModel

models = [
    dict(
        type=HuggingFaceBaseModel,
        abbr='deepseek-7b-base-hf',
        path='deepseek-ai/deepseek-llm-7b-base',
        max_out_len=1024,
        batch_size=8,
        run_cfg=dict(num_gpus=1),
    )
]
