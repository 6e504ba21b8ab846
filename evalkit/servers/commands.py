"""From a Hugging Face model config to the command that serves the model; nothing is imported."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from evalkit.accelerate import is_hugging_face
from evalkit.accelerate.source import Source, read_source
from evalkit.config import resolve_type
from evalkit.errors import ConfigError
from evalkit.models.adapters import alone
from evalkit.servers.command import ServerCommand
from evalkit.servers.llamafactory import llamafactory_command
from evalkit.servers.lmdeploy import lmdeploy_command
from evalkit.servers.place import Place
from evalkit.servers.sglang import sglang_command
from evalkit.servers.transformers import transformers_command
from evalkit.servers.vllm import vllm_command

ENGINES: Mapping[str, Callable[[Source, Place], ServerCommand]] = {
    'vllm': vllm_command,
    'sglang': sglang_command,
    'lmdeploy': lmdeploy_command,
    'transformers': transformers_command,
    'llamafactory': llamafactory_command,
}


def server_command(
    model_cfg: Mapping[str, Any], engine: str, place: Place, extra: Sequence[str] = ()
) -> ServerCommand:
    """Return what serves a Hugging Face model; `extra` are flags of the server's own.

    `ConfigError` names a key of the config that the server has no counterpart for.
    """
    if not is_hugging_face(model_cfg):
        name = model_cfg.get('abbr') or model_cfg.get('path')
        raise ConfigError(f'{name} is no Hugging Face model, and only these can be served')
    source = read_source(alone(with_gpu(model_cfg, place)), resolve_type(model_cfg['type']))
    command = ENGINES[engine](source, place)
    return replace(command, arguments=(*command.arguments, *extra))


def with_gpu(model_cfg: Mapping[str, Any], place: Place) -> Mapping[str, Any]:
    """Give a model without GPUs one, where there are any: engines built for GPUs need it."""
    run_cfg = model_cfg.get('run_cfg') or {}
    if not place.has_gpus or run_cfg.get('num_gpus'):
        return model_cfg
    return {**model_cfg, 'run_cfg': {**run_cfg, 'num_gpus': 1}}
