"""What an engine has to know of a LoRA adapter before it starts."""

import json
from pathlib import Path

from evalkit.errors import BackendError

VLLM_RANKS = (1, 8, 16, 32, 64, 128, 256, 320, 512)


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
    return max([content['r'], *(content.get('rank_pattern') or {}).values()])
