"""LMDeploy's server."""

from typing import Any

from evalkit.accelerate.lmdeploy import to_lmdeploy
from evalkit.accelerate.source import Source
from evalkit.models.engine.adapter import ALONE, named_adapters
from evalkit.models.hub import hub_options, local_path
from evalkit.servers.command import ADAPTER, ServerCommand, check_tokenizer, flags
from evalkit.servers.place import Place


def lmdeploy_command(source: Source, place: Place) -> ServerCommand:
    """Return what serves a model, on the PyTorch engine where TurboMind cannot."""
    check_tokenizer(source)
    converted = to_lmdeploy(source)
    path = source.cfg['path']
    options = hub_options(source.loading, source.tokenizer_kwargs)
    loras = named_adapters(source.adapter, None, 'lmdeploy', options)
    arguments: dict[str, Any] = {
        'server_name': place.host,
        'server_port': place.port,
        'model_name': path,
        'generation_config': 'lmdeploy',
        'log_level': 'WARNING',
        'backend': converted['backend'] if place.has_gpus else 'pytorch',
        'dtype': source.dtype,
        **converted.get('engine_config', {}),
        'trust_remote_code': bool(options.get('trust_remote_code')),
        'session_len': source.cfg.get('max_seq_len'),
        'adapters': f'{ADAPTER}={loras.paths[ALONE]}' if loras else None,
    }
    if source.cfg.get('tokenizer_path') not in (None, path):
        source.refuse('tokenizer_path', "LMDeploy's server takes the tokenizer of the model")
    return ServerCommand(
        package='lmdeploy',
        arguments=('-m', 'lmdeploy', 'serve', 'api_server', local_path(path), *flags(arguments)),
        model=ADAPTER if loras else path,
    )
