"""The server of Hugging Face transformers: `transformers serve`."""

from typing import Any

from evalkit.accelerate.source import Source
from evalkit.servers.command import ServerCommand, check_tokenizer, default_dtype, flags
from evalkit.servers.place import Place

KNOWN = ('trust_remote_code', 'token', 'cache_dir')


def transformers_command(source: Source, place: Place) -> ServerCommand:
    """Return what serves a model; this server has few flags, so that more is refused."""
    check_tokenizer(source)
    check_known(source)
    is_cpu = not place.has_gpus
    arguments: dict[str, Any] = {
        'host': place.host,
        'port': place.port,
        'device': 'cpu' if is_cpu else 'auto',
        'dtype': default_dtype(source, is_cpu=is_cpu),
        'quantization': 'bnb-4bit' if source.quantisation else None,
        'trust_remote_code': bool(source.loading.get('trust_remote_code')),
    }
    secrets = {'HF_TOKEN': source.loading.get('token'), 'HF_HUB_CACHE': cache(source)}
    path = source.cfg['path']
    return ServerCommand(
        package='transformers',
        arguments=('-m', 'transformers.cli.transformers', 'serve', path, *flags(arguments)),
        model=path,
        environment={name: str(value) for name, value in secrets.items() if value},
    )


def cache(source: Source) -> Any:
    """Return the folder of the hub's cache, if the config names one."""
    return source.loading.get('cache_dir')


def check_known(source: Source) -> None:
    """Refuse what `transformers serve` cannot be told."""
    unknown = [f'model_kwargs.{key}' for key in source.loading if key not in KNOWN]
    unknown += [f'model_kwargs.{key}' for key in source.own_config]
    unknown += ['peft_path'] if source.adapter else []
    if source.cfg.get('tokenizer_path') not in (None, source.cfg['path']):
        unknown.append('tokenizer_path')
    if source.quantisation is not None and not source.quantisation.is_double_nf4:
        unknown.append(source.quantisation.key)
    if unknown:
        source.refuse(unknown[0], '`transformers serve` has no counterpart; use another server')
