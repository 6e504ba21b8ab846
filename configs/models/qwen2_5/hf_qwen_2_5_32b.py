"""Qwen2.5 32B, on Hugging Face transformers."""

from evalkit.models import HuggingFaceBaseModel

models = [
    dict(
        type=HuggingFaceBaseModel,
        abbr='qwen2.5-32b-hf',
        path='Qwen/Qwen2.5-32B',
        max_out_len=1024,
        batch_size=8,
        run_cfg=dict(num_gpus=2),
    )
]
