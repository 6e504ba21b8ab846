"""What LMDeploy calls the things that a Hugging Face config says."""

from typing import Any

from evalkit.accelerate.sampling import check_lmdeploy_penalties
from evalkit.accelerate.source import Source, given

NAMES = {'revision': 'revision', 'cache_dir': 'download_dir', 'trust_remote_code': None}
DTYPES = ('auto', 'float16', 'bfloat16')


def to_lmdeploy(source: Source) -> dict[str, Any]:
    """Return the arguments of `TurboMindModel` and of `TurboMindModelwithChatTemplate`.

    TurboMind has neither adapters nor a CPU, so that these run on LMDeploy's PyTorch engine.
    `trust_remote_code` is told to the tokenizer's arguments, since the engine's have none.
    """
    if source.quantisation is not None:
        source.refuse(
            source.quantisation.key,
            'LMDeploy has no bitsandbytes; name an AWQ or GPTQ checkpoint of the model',
        )
    arguments = source.engine_arguments('LMDeploy', NAMES, DTYPES)
    if source.num_gpus > 1:
        arguments['tp'] = source.num_gpus
    arguments |= given({'hf_overrides': source.own_config})
    is_turbomind = source.num_gpus > 0 and not source.has_adapters
    backend = 'turbomind' if is_turbomind else 'pytorch'
    check_lmdeploy_penalties(source, backend)
    return {
        'backend': backend,
        **given({'engine_config': arguments}),
        **source.shared(),
    }
