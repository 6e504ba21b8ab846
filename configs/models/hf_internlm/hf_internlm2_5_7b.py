"""InternLM2.5 7B, on Hugging Face transformers."""

from evalkit.models import HuggingFaceBaseModel

models = [
    dict(
        type=HuggingFaceBaseModel,
        abbr='internlm2_5-7b-hf',
        path='internlm/internlm2_5-7b',
        model_kwargs=dict(trust_remote_code=True),
        tokenizer_kwargs=dict(trust_remote_code=True),
        max_out_len=1024,
        batch_size=8,
        run_cfg=dict(num_gpus=1),
    )
]
