"""Gemma 2 2B, on Hugging Face transformers."""

from evalkit.models import HuggingFaceBaseModel

models = [
    dict(
        type=HuggingFaceBaseModel,
        abbr='gemma2-2b-hf',
        path='google/gemma-2-2b',
        max_out_len=1024,
        batch_size=8,
        run_cfg=dict(num_gpus=1),
    )
]
