"""Mistral Nemo Instruct 2407, on Hugging Face transformers."""

from evalkit.models import HuggingFacewithChatTemplate

models = [
    dict(
        type=HuggingFacewithChatTemplate,
        abbr='mistral-nemo-instruct-2407-hf',
        path='mistralai/Mistral-Nemo-Instruct-2407',
        max_out_len=1024,
        batch_size=8,
        run_cfg=dict(num_gpus=1),
    )
]
