"""InternLM2.5 7B Chat, on Hugging Face transformers."""

from evalkit.models import HuggingFacewithChatTemplate

models = [
    dict(
        type=HuggingFacewithChatTemplate,
        abbr='internlm2_5-7b-chat-hf',
        path='internlm/internlm2_5-7b-chat',
        model_kwargs=dict(trust_remote_code=True),
        tokenizer_kwargs=dict(trust_remote_code=True),
        max_out_len=2048,
        batch_size=8,
        run_cfg=dict(num_gpus=1),
    )
]
