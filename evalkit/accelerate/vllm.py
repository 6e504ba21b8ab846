"""What vLLM calls the things that a Hugging Face config says."""

from typing import Any

from evalkit.accelerate.source import Source, given

NAMES = {
    'trust_remote_code': 'trust_remote_code',
    'revision': 'revision',
    'code_revision': 'code_revision',
    'cache_dir': 'download_dir',
    'token': 'hf_token',
}
DTYPES = ('auto', 'float32', 'float16', 'bfloat16')


def to_vllm(source: Source) -> dict[str, Any]:
    """Return the arguments of `VLLM` and of `VLLMwithChatTemplate`."""
    if source.quantisation is not None:
        source.refuse(
            source.quantisation.key,
            'vLLM has no bitsandbytes; name an AWQ or GPTQ checkpoint of the model',
        )
    arguments = source.engine_arguments('vLLM', NAMES, DTYPES)
    if source.num_gpus > 1:
        arguments['tensor_parallel_size'] = source.num_gpus
    arguments |= given({'hf_overrides': source.own_config})
    return {**given({'model_kwargs': arguments}), **source.shared()}
