"""What SGLang calls the things that a Hugging Face config says."""

import json
from typing import Any

from evalkit.accelerate.sampling import sglang_schedule
from evalkit.accelerate.source import Source, given

NAMES = {
    'trust_remote_code': 'trust_remote_code',
    'revision': 'revision',
    'cache_dir': 'download_dir',
}
DTYPES = ('auto', 'float32', 'float16', 'bfloat16')


def to_sglang(source: Source) -> dict[str, Any]:
    """Return the arguments of `SGLang` and of `SGLangwithChatTemplate`."""
    arguments = source.engine_arguments('SGLang', NAMES, DTYPES)
    arguments |= quantisation(source) | sglang_schedule(source)
    if source.num_gpus > 1:
        arguments['tp_size'] = source.num_gpus
    if source.own_config:
        arguments['json_model_override_args'] = json.dumps(source.own_config)
    return {**given({'model_kwargs': arguments}), **source.shared()}


def quantisation(source: Source) -> dict[str, Any]:
    """Return how to quantise; SGLang's bitsandbytes knows one way only."""
    if source.quantisation is None:
        return {}
    if not source.quantisation.is_double_nf4:
        source.refuse(
            source.quantisation.key,
            "SGLang's bitsandbytes quantises with bnb_4bit_quant_type='nf4' and "
            'bnb_4bit_use_double_quant=True only',
        )
    return {'quantization': 'bitsandbytes', 'load_format': 'bitsandbytes'}
