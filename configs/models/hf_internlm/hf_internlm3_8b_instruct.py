"""InternLM3 8B Instruct, on Hugging Face transformers."""

from evalkit.models import HuggingFacewithChatTemplate

models = [
    dict(
        type=HuggingFacewithChatTemplate,
        abbr='internlm3-8b-instruct-hf',
        path='internlm/internlm3-8b-instruct',
        model_kwargs=dict(trust_remote_code=True),
        tokenizer_kwargs=dict(trust_remote_code=True),
        max_out_len=8192,
        batch_size=8,
        run_cfg=dict(num_gpus=1),
    )
]
