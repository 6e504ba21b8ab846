"""What an engine has to know of a LoRA adapter before it starts."""

import json
from pathlib import Path

from evalkit.errors import BackendError

NOT_LORA = ('modules_to_save', 'use_dora', 'trainable_token_indices', 'fan_in_fan_out')
"""What an adapter may have beside LoRA's two matrices; engines refuse it, or leave it out."""


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
