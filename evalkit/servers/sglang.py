"""SGLang's server."""

from typing import Any

from evalkit.accelerate.sglang import to_sglang
from evalkit.accelerate.source import Source
from evalkit.models.engine.adapter import ALONE, named_adapters
from evalkit.models.hub import hub_options, local_path
from evalkit.models.sglang.loading import cpu_room, lora_arguments
from evalkit.servers.command import ADAPTER, ServerCommand, check_tokenizer, default_dtype, flags
from evalkit.servers.place import Place

ON_CPU = {'SGLANG_USE_CPU_ENGINE': '1'}


def sglang_command(source: Source, place: Place) -> ServerCommand:
    """Return what serves a model; its `generation_config.json` decides nothing.

    An adapter has to be asked for as 'model:adapter'. Under the bare name of the adapter, which the
    server lists as well, the base model answers.
    """
    check_tokenizer(source)
    is_cpu = not place.has_gpus
    path = source.cfg['path']
    options = hub_options(source.loading, source.tokenizer_kwargs)
    loras = named_adapters(source.adapter, None, 'sglang', options)
    length = source.cfg.get('max_seq_len')
    device = 'cpu' if is_cpu else None
    arguments: dict[str, Any] = {
        'model_path': local_path(path),
        'served_model_name': path,
        'host': place.host,
        'port': place.port,
        'sampling_defaults': 'openai',
        'log_level': 'warning',
        **(cpu_room(length) if is_cpu else {}),
        **to_sglang(source).get('model_kwargs', {}),
        'dtype': default_dtype(source, is_cpu=is_cpu),
        'context_length': length,
        'tokenizer_path': local_path(source.cfg.get('tokenizer_path') or '') or None,
        'device': device,
        **(lora_arguments(loras, {}, device) if loras else {}),
        'lora_paths': f'{ADAPTER}={loras.paths[ALONE]}' if loras else None,
    }
    return ServerCommand(
        package='sglang',
        arguments=('-m', 'sglang.launch_server', *flags(arguments)),
        model=f'{path}:{ADAPTER}' if loras else path,
        environment=ON_CPU if is_cpu else {},
    )
