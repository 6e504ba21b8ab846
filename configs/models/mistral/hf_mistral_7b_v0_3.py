"""Mistral 7B v0.3, on Hugging Face transformers."""

from evalkit.models import HuggingFaceBaseModel

models = [
    dict(
        type=HuggingFaceBaseModel,
        abbr='mistral-7b-v0.3-hf',
        path='mistralai/Mistral-7B-v0.3',
        max_out_len=1024,
        batch_size=8,
        run_cfg=dict(num_gpus=1),
    )
]
