"""The small model of this repository and its two LoRA adapters: three models, loaded once."""

from evalkit.models import HuggingFacewithChatTemplate

models = [
    dict(
        type=HuggingFacewithChatTemplate,
        abbr='calc-llama-0.8m-hf',
        path='models/calc-llama-0.8m',
        adapters=dict(
            bare='models/calc-llama-0.8m-bare',
            negated='models/calc-llama-0.8m-negated',
        ),
        max_out_len=512,
        run_cfg=dict(num_gpus=0),
    )
]
