"""DeepSeek R1, distilled into Qwen 32B, on Hugging Face transformers."""

from evalkit.models import HuggingFacewithChatTemplate
from evalkit.postprocessors import extract_non_reasoning_content

models = [
    dict(
        type=HuggingFacewithChatTemplate,
        abbr='deepseek-r1-distill-qwen-32b-hf',
        path='deepseek-ai/DeepSeek-R1-Distill-Qwen-32B',
        max_out_len=16384,
        batch_size=8,
        run_cfg=dict(num_gpus=4),
        generation_kwargs=dict(do_sample=True, temperature=0.6, top_p=0.95),
        pred_postprocessor=dict(type=extract_non_reasoning_content),
    )
]
