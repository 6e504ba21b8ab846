"""What an engine has to know of LoRA adapters before it starts, and of each request."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evalkit.errors import ConfigError
from evalkit.models.engine.port import Job
from evalkit.models.hub import HUB_ID, not_to_be_had

NOT_LORA = (
    'modules_to_save',
    'use_dora',
    'trainable_token_indices',
    'fan_in_fan_out',
    'lora_bias',
    'alora_invocation_tokens',
    'layer_replication',
    'use_bdlora',
    'use_qalora',
    'kasa_config',
)
"""What an adapter may have beside LoRA's two matrices; engines refuse it, or leave it out."""

CHANGES_BASE = ('pissa', 'olora', 'corda', 'loftq')
"""How those `init_lora_weights` begin with which PEFT changes the model's own weights, too.

An adapter that PEFT has converted into a plain one says True.
"""

OWN_SCALING = ('use_rslora', 'alpha_pattern', 'rank_pattern')
SCALES_ALIKE = {'sglang': 'SGLang', 'lmdeploy': 'LMDeploy'}
"""Engines that scale all modules by lora_alpha / r (SGLang 0.5.23, LMDeploy 0.18)."""

FILES = ('*.json', 'adapter_model.*')
DOWNLOAD_KEYS = ('cache_dir', 'token', 'local_files_only')

ALONE = 'adapter'
"""The name, for an engine, of the one adapter of a model that has no others."""


@dataclass(frozen=True, slots=True)
class Adapters:
    """The adapters that an engine loads, by name; `is_alone` if all requests are for the one."""

    paths: Mapping[str, str] = field(default_factory=dict)
    is_alone: bool = False

    def __bool__(self) -> bool:
        return bool(self.paths)

    def of(self, job: Job) -> str | None:
        """Return the name of the adapter that answers a request; None is the base model."""
        if not self.is_alone:
            return job.adapter
        return ALONE

    @property
    def rank(self) -> int:
        """The largest rank of them; what no engine can load is an error."""
        return max(map(adapter_rank, self.paths.values()))


def named_adapters(
    lora_path: str | None,
    adapters: Mapping[str, str] | None,
    engine: str,
    options: Mapping[str, Any],
) -> Adapters:
    """Return what the keys of a model config name: one adapter for all, or several.

    `engine` is the package of the engine, which has to be able to load them; `options` are those of
    the model's hub, where adapters are downloaded from.
    """
    named = {ALONE: lora_path} if lora_path else adapters or {}
    folders = {name: adapter_folder(path, options) for name, path in named.items()}
    for folder in folders.values():
        check_scaling(folder, engine)
    return Adapters(folders, is_alone=bool(lora_path))


def adapter_folder(path: str, options: Mapping[str, Any]) -> str:
    """Return the folder of an adapter; one that is not here is downloaded."""
    folder = Path(path).expanduser()
    if folder.exists() or not HUB_ID.fullmatch(path):
        return str(folder)
    from huggingface_hub import snapshot_download

    access = {key: options[key] for key in DOWNLOAD_KEYS if key in options}
    try:
        return str(snapshot_download(path, allow_patterns=list(FILES), **access))
    except (OSError, ValueError) as error:
        raise ConfigError(not_to_be_had('adapter', path)) from error


def check_scaling(path: str, engine: str) -> None:
    """Refuse an adapter with modules that `engine` would scale wrongly in silence."""
    content = adapter_config(path)
    own = next((key for key in OWN_SCALING if content.get(key)), None)
    if own and engine in SCALES_ALIKE:
        raise ConfigError(
            f'the adapter {path} has {own}, and {SCALES_ALIKE[engine]} scales all its modules by '
            'lora_alpha / r: use vLLM or the Hugging Face backend, or merge it'
        )


def adapter_rank(path: str) -> int:
    """Return the largest rank of the adapter in the folder `path`."""
    content = adapter_config(path)
    ranks: list[int] = [content['r'], *(content.get('rank_pattern') or {}).values()]
    return max(ranks)


def adapter_config(path: str) -> dict[str, Any]:
    """Return the config of an adapter that an engine can load."""
    content = read_config(path)
    if content.get('peft_type', 'LORA') != 'LORA':
        raise ConfigError(
            f'{path} is a {content["peft_type"]} adapter, and engines take LoRA only: '
            'use the Hugging Face backend, or merge it'
        )
    beside = [key for key in NOT_LORA if content.get(key)]
    if content.get('bias', 'none') != 'none':
        beside.append('bias')
    init = content.get('init_lora_weights')
    if isinstance(init, str) and init.lower().startswith(CHANGES_BASE):
        beside.append(f'init_lora_weights={init!r}')
    if beside:
        raise ConfigError(
            f'the adapter {path} has {beside[0]}, which engines leave out: '
            'use the Hugging Face backend, or merge it'
        )
    return content


def read_config(path: str) -> dict[str, Any]:
    """Return what `adapter_config.json` in the folder `path` says."""
    file = Path(path).expanduser() / 'adapter_config.json'
    if not file.is_file():
        raise ConfigError(f'no adapter at {path}: there is no {file.name}')
    try:
        content: dict[str, Any] = json.loads(file.read_bytes())
    except ValueError as error:
        raise ConfigError(f'no adapter at {path}: {file.name} is no JSON ({error})') from error
    return content
