"""The small model of this repository, on Hugging Face transformers."""

from evalkit.models import HuggingFacewithChatTemplate

models = [
    dict(
        type=HuggingFacewithChatTemplate,
        abbr='calc-llama-0.8m-hf',
        path='models/calc-llama-0.8m',
        max_out_len=512,
        run_cfg=dict(num_gpus=0),
    )
]
