"""vLLM's server."""

from typing import Any

from evalkit.accelerate.source import Source
from evalkit.accelerate.vllm import to_vllm
from evalkit.models.engine.adapter import ALONE, named_adapters
from evalkit.models.hub import hub_options, local_path
from evalkit.models.vllm.loading import lora_arguments
from evalkit.servers.command import ADAPTER, ServerCommand, check_tokenizer, default_dtype, flags
from evalkit.servers.place import Place


def vllm_command(source: Source, place: Place) -> ServerCommand:
    """Return what serves a model; its `generation_config.json` decides nothing."""
    check_tokenizer(source)
    loading = dict(to_vllm(source).get('model_kwargs', {}))
    token = loading.pop('hf_token', None)  # a command line can be read by everybody
    options = hub_options(source.loading, source.tokenizer_kwargs)
    loras = named_adapters(source.adapter, None, 'vllm', options)
    is_cpu = not place.has_gpus
    arguments: dict[str, Any] = {
        'model': local_path(source.cfg['path']),
        'served_model_name': source.cfg['path'],
        'host': place.host,
        'port': place.port,
        'generation_config': 'vllm',
        'uvicorn_log_level': 'warning',
        **loading,
        'dtype': default_dtype(source, is_cpu=is_cpu),
        'max_model_len': source.cfg.get('max_seq_len'),
        'tokenizer': local_path(source.cfg.get('tokenizer_path') or '') or None,
        **(lora_arguments(loras, {}, is_cpu=is_cpu) if loras else {}),
        'lora_modules': f'{ADAPTER}={loras.paths[ALONE]}' if loras else None,
    }
    # Not `vllm serve`: that command does not know its own version in the build for CPUs.
    return ServerCommand(
        package='vllm',
        arguments=('-m', 'vllm.entrypoints.openai.api_server', *flags(arguments)),
        model=ADAPTER if loras else source.cfg['path'],
        environment={'VLLM_API_KEY': '', **({'HF_TOKEN': str(token)} if token else {})},
    )
