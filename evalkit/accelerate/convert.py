"""`-a`: a config written for Hugging Face becomes one for an engine."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from evalkit.accelerate.lmdeploy import to_lmdeploy
from evalkit.accelerate.openai import Served, as_served, to_openai
from evalkit.accelerate.sglang import to_sglang
from evalkit.accelerate.source import Source, read_source
from evalkit.accelerate.vllm import to_vllm
from evalkit.config import did_you_mean, resolve_type
from evalkit.errors import ConfigError
from evalkit.models import (
    HuggingFaceBaseModel,
    HuggingFaceCausalLM,
    HuggingFacewithChatTemplate,
)

HUGGING_FACE = (HuggingFaceBaseModel, HuggingFaceCausalLM, HuggingFacewithChatTemplate)

TARGETS: Mapping[str, tuple[str, str]] = {
    'vllm': ('evalkit.models.VLLM', 'evalkit.models.VLLMwithChatTemplate'),
    'sglang': ('evalkit.models.SGLang', 'evalkit.models.SGLangwithChatTemplate'),
    'lmdeploy': (
        'evalkit.models.TurboMindModel',
        'evalkit.models.TurboMindModelwithChatTemplate',
    ),
    'openai': ('evalkit.models.OpenAICompletions', 'evalkit.models.OpenAISDK'),
}
"""The classes for texts and for chats of each backend."""

LOCAL: Mapping[str, Callable[[Source], dict[str, Any]]] = {
    'vllm': to_vllm,
    'sglang': to_sglang,
    'lmdeploy': to_lmdeploy,
}

ENGINE_KEYS: Mapping[str, str] = {
    'vllm': 'model_kwargs',
    'sglang': 'model_kwargs',
    'lmdeploy': 'engine_config',
}
"""Where the classes of each engine have the engine's own arguments."""


def accelerate(
    model_cfg: Mapping[str, Any],
    backend: str,
    *,
    api_base: str | None = None,
    api_model: str | None = None,
    served_by: str | None = None,
    engine_args: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the config that runs a model on `backend`: 'vllm', 'sglang', 'lmdeploy', 'openai'.

    `model_cfg` stays as it is. Base stays base, chat stays chat; every key of the Hugging Face
    classes is mapped, is one of `DROPPED`, or is a `ConfigError` that names it. A config of the
    backend itself comes back unchanged, and so does one of a service, of the scripted model, or of
    a class of one's own; one of another engine is an error. `api_base` and `api_model` are the
    address and the served name of an 'openai' model, by default that of its `path`; `served_by`
    identifies a server that this run starts. `engine_args` are arguments of an engine by its own
    names, which come before those of the config.
    """
    check_backend(backend)
    model_type = resolve_type(model_cfg.get('type'))
    if model_type not in HUGGING_FACE:
        check_stays(model_cfg, model_type, backend)
        return deepcopy(dict(model_cfg))
    if backend == 'openai':
        served = Served(api_base, api_model, served_by)
        source = read_source(as_served(model_cfg, served), model_type)
        arguments = to_openai(source, served)
    else:
        source = read_source(model_cfg, model_type)
        arguments = with_engine_args(LOCAL[backend](source), ENGINE_KEYS[backend], engine_args)
    converted = {
        'type': TARGETS[backend][source.is_chat],
        'abbr': new_abbr(model_cfg, backend),
        'path': model_cfg['path'],
        **arguments,
        **{key: value for key, value in source.plan.items() if key != 'abbr'},
    }
    return deepcopy(without_gpus(converted) if backend == 'openai' else converted)


def with_engine_args(
    arguments: Mapping[str, Any], key: str, engine_args: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return the arguments of a class with more under the key of those of its engine."""
    if not engine_args:
        return dict(arguments)
    return {**arguments, key: {**arguments.get(key, {}), **engine_args}}


def without_gpus(client: Mapping[str, Any]) -> dict[str, Any]:
    """Return the config of a client without the GPUs, which are the server's."""
    run_cfg = client.get('run_cfg') or {}
    kept = {key: value for key, value in run_cfg.items() if key != 'num_gpus'}
    rest = {key: value for key, value in client.items() if key != 'run_cfg'}
    return {**rest, 'run_cfg': kept} if kept else rest


def is_hugging_face(model_cfg: Mapping[str, Any]) -> bool:
    """Tell whether `accelerate` would change the config."""
    return resolve_type(model_cfg.get('type')) in HUGGING_FACE


def backend_of(model_cfg: Mapping[str, Any]) -> str | None:
    """Return the backend that a config is already for; None for Hugging Face and all others."""
    model_type = resolve_type(model_cfg.get('type'))
    for backend, paths in TARGETS.items():
        if any(model_type is resolve_type(path) for path in paths):
            return backend
    return None


def check_backend(backend: str) -> None:
    """Refuse a backend that does not exist."""
    if backend not in TARGETS:
        known = ', '.join(TARGETS)
        hint = did_you_mean(backend, TARGETS, otherwise=f'; use one of {known}')
        raise ConfigError(f'there is no backend {backend!r}{hint}')


def check_stays(model_cfg: Mapping[str, Any], model_type: Any, backend: str) -> None:
    """Refuse what cannot run on `backend` and would otherwise run elsewhere in silence."""
    name = model_cfg.get('abbr') or model_cfg.get('path')
    own = backend_of(model_cfg)
    if own in LOCAL and own != backend:
        raise ConfigError(
            f'{name}: {model_type.__name__} is for {own}, and -a {backend} converts Hugging Face '
            'models only: choose the others with --abbr, or run this one without -a'
        )
    if isinstance(model_type, type) and issubclass(model_type, HUGGING_FACE):
        raise ConfigError(
            f'{name}: {model_type.__name__} is a class of your own, and nobody knows what it does '
            f'on {backend}: make one from {TARGETS[backend][1]}, or run this model without -a'
        )


def new_abbr(model_cfg: Mapping[str, Any], backend: str) -> str:
    """Return `x-vllm` for `x-hf`, and for any other `x`."""
    abbr = model_cfg.get('abbr') or str(model_cfg['path']).strip('/').replace('/', '_')
    return f'{str(abbr).removesuffix("-hf")}-{backend}'
