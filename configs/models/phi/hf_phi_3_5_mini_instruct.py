"""Phi-3.5 mini Instruct, on Hugging Face transformers."""

from evalkit.models import HuggingFacewithChatTemplate

models = [
    dict(
        type=HuggingFacewithChatTemplate,
        abbr='phi-3-5-mini-instruct-hf',
        path='microsoft/Phi-3.5-mini-instruct',
        max_out_len=1024,
        batch_size=8,
        run_cfg=dict(num_gpus=1),
    )
]
