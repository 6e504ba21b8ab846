"""Penalties that an engine lacks, or understands otherwise: told before minutes of loading."""

from collections.abc import Mapping
from typing import Any

from evalkit.accelerate.source import Source

NEUTRAL = {'repetition_penalty': 1, 'frequency_penalty': 0, 'presence_penalty': 0}

ANSWER_ONLY = (
    'penalises repetitions of the answer only, and other backends those of the prompt, too; '
    'use -a vllm'
)


def sglang_schedule(source: Source) -> dict[str, Any]:
    """Return the argument without which SGLang's penalties leave the latest token out."""
    named = penalties(source)
    if 'repetition_penalty' in named:
        source.refuse('generation_kwargs.repetition_penalty', f'SGLang {ANSWER_ONLY}')
    return {'disable_overlap_schedule': True} if named else {}


def check_lmdeploy_penalties(source: Source, backend: str) -> None:
    """Refuse what fails every sample on one of LMDeploy's engines."""
    for name in penalties(source):
        if name != 'repetition_penalty':
            source.refuse(f'generation_kwargs.{name}', 'LMDeploy has none; use -a vllm or sglang')
        if backend == 'pytorch':
            source.refuse(
                'generation_kwargs.repetition_penalty', f"LMDeploy's PyTorch engine {ANSWER_ONLY}"
            )


def penalties(source: Source) -> Mapping[str, Any]:
    """Return the penalties of a model that change anything."""
    named = {**(source.cfg.get('gen_config') or {}), **(source.cfg.get('generation_kwargs') or {})}
    return {
        name: named[name]
        for name, neutral in NEUTRAL.items()
        if named.get(name) not in (None, neutral)
    }
