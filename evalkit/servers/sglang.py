"""SGLang's server."""

from typing import Any

from evalkit.accelerate.sglang import to_sglang
from evalkit.accelerate.source import Source
from evalkit.models.engine.adapter import named_adapters
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
    path, adapter = source.cfg['path'], source.adapter
    length = source.cfg.get('max_seq_len')
    device = 'cpu' if is_cpu else None
    lora = lora_arguments(named_adapters(adapter, None), {}, device) if adapter else {}
    arguments: dict[str, Any] = {
        'model_path': path,
        'served_model_name': path,
        'host': place.host,
        'port': place.port,
        'sampling_defaults': 'openai',
        'log_level': 'warning',
        **(cpu_room(length) if is_cpu else {}),
        **to_sglang(source).get('model_kwargs', {}),
        'dtype': default_dtype(source, is_cpu=is_cpu),
        'context_length': length,
        'tokenizer_path': source.cfg.get('tokenizer_path'),
        'device': device,
        **lora,
        'lora_paths': f'{ADAPTER}={adapter}' if adapter else None,
    }
    return ServerCommand(
        package='sglang',
        arguments=('-m', 'sglang.launch_server', *flags(arguments)),
        model=f'{path}:{ADAPTER}' if adapter else path,
        environment=ON_CPU if is_cpu else {},
    )
