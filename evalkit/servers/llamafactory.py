"""LLaMA-Factory's server: `llamafactory-cli api`."""

from typing import Any

from evalkit.accelerate.source import Source
from evalkit.servers.command import ServerCommand, check_tokenizer, flags
from evalkit.servers.place import Place

NAMES = {
    'trust_remote_code': 'trust_remote_code',
    'revision': 'model_revision',
    'cache_dir': 'cache_dir',
    'token': None,
}
DTYPES = ('auto', 'float32', 'float16', 'bfloat16')
START = 'from llamafactory.cli import main; main()'
NO_SAMPLING = {'top_k': 0, 'top_p': 1.0, 'repetition_penalty': 1.0}
"""The server reads these of its command line, and only some of them of a request."""


def llamafactory_command(source: Source, place: Place) -> ServerCommand:
    """Return what serves a chat model on LLaMA-Factory's Hugging Face engine.

    The template is the tokenizer's own, unless `--server-args='--template NAME'` names another.
    """
    check_tokenizer(source)
    check_known(source)
    if not source.is_chat:
        source.refuse('type', "LLaMA-Factory's server chats only, and this is a base model")
    arguments: dict[str, Any] = {
        'model_name_or_path': source.cfg['path'],
        'adapter_name_or_path': source.adapter,
        'finetuning_type': 'lora' if source.adapter else None,
        'infer_backend': 'huggingface',
        **NO_SAMPLING,
        **source.engine_arguments('LLaMA-Factory', NAMES, DTYPES),
    }
    arguments['infer_dtype'] = arguments.pop('dtype', None) or dtype(place)
    path = source.cfg['path']
    environment = {'API_HOST': place.host, 'API_PORT': str(place.port), 'API_MODEL_NAME': path}
    token = source.loading.get('token')
    return ServerCommand(
        package='llamafactory',
        arguments=('-c', START, 'api', *flags(arguments, separator='_')),
        model=path,
        environment={**environment, 'API_KEY': '', **({'HF_TOKEN': str(token)} if token else {})},
    )


def dtype(place: Place) -> str:
    """Return the dtype of a config that names none."""
    return 'auto' if place.has_gpus else 'float32'


def check_known(source: Source) -> None:
    """Refuse what the server cannot be told."""
    unknown = [f'model_kwargs.{key}' for key in source.own_config]
    unknown += ['chat_template_kwargs'] if source.cfg.get('chat_template_kwargs') else []
    if source.cfg.get('tokenizer_path') not in (None, source.cfg['path']):
        unknown.append('tokenizer_path')
    if source.quantisation is not None:
        unknown.append(source.quantisation.key)
    if unknown:
        source.refuse(unknown[0], "LLaMA-Factory's server has no counterpart; use another one")
