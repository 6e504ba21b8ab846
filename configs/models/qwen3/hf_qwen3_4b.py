"""Qwen3 4B, thinking, on Hugging Face transformers."""

from evalkit.models import HuggingFacewithChatTemplate
from evalkit.postprocessors import extract_non_reasoning_content

models = [
    dict(
        type=HuggingFacewithChatTemplate,
        abbr='qwen3-4b-hf',
        path='Qwen/Qwen3-4B',
        max_out_len=16384,
        batch_size=8,
        run_cfg=dict(num_gpus=1),
        generation_kwargs=dict(do_sample=True, temperature=0.6, top_p=0.95, top_k=20),
        pred_postprocessor=dict(type=extract_non_reasoning_content),
    )
]
