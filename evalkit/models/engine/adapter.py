"""What an engine has to know of LoRA adapters before it starts, and of each request."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from evalkit.errors import BackendError
from evalkit.models.engine.port import Job

NOT_LORA = ('modules_to_save', 'use_dora', 'trainable_token_indices', 'fan_in_fan_out')
"""What an adapter may have beside LoRA's two matrices; engines refuse it, or leave it out."""


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


def named_adapters(lora_path: str | None, adapters: Mapping[str, str] | None) -> Adapters:
    """Return what the keys of a model config name: one adapter for all, or several."""
    if lora_path:
        return Adapters({ALONE: lora_path}, is_alone=True)
    return Adapters(adapters or {})


def adapter_rank(path: str) -> int:
    """Return the largest rank of the adapter in the folder `path`."""
    config = Path(path).expanduser() / 'adapter_config.json'
    if not config.is_file():
        raise BackendError(f'no adapter at {path}: there is no {config.name}')
    content = json.loads(config.read_bytes())
    if content.get('peft_type', 'LORA') != 'LORA':
        raise BackendError(
            f'{path} is a {content["peft_type"]} adapter, and engines take LoRA only: '
            'use the Hugging Face backend, or merge it'
        )
    beside = [key for key in NOT_LORA if content.get(key)]
    if content.get('bias', 'none') != 'none':
        beside.append('bias')
    if beside:
        raise BackendError(
            f'the adapter {path} has {beside[0]}, which engines leave out: '
            'use the Hugging Face backend, or merge it'
        )
    ranks: list[int] = [content['r'], *(content.get('rank_pattern') or {}).values()]
    return max(ranks)
