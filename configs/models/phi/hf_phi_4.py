"""Phi-4, on Hugging Face transformers."""

from evalkit.models import HuggingFacewithChatTemplate

models = [
    dict(
        type=HuggingFacewithChatTemplate,
        abbr='phi-4-hf',
        path='microsoft/phi-4',
        max_out_len=1024,
        batch_size=8,
        run_cfg=dict(num_gpus=2),
    )
]
