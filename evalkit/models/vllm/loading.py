"""Starts vLLM's engine; what it does not say in one line is said here."""

import os
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from evalkit.models.engine.adapter import Adapters
from evalkit.models.engine.arguments import check_names, explicit_dtype
from evalkit.models.engine.settings import EngineSettings
from evalkit.models.engine.startup import EngineLog, Launch, start

RESERVED = {
    'model': 'path',
    'tokenizer': 'tokenizer_path',
    'enable_lora': 'lora_path or adapters',
}
LOWER = (
    'max_seq_len, or max_num_seqs or gpu_memory_utilization in model_kwargs '
    '(under -a in --engine-args)'
)
NO_TIMEOUT = str(7 * 24 * 3600)  # seconds; the deadline is ours
MAX_LORAS = 8  # in one batch; each takes memory
LORA_RANKS = (1, 8, 16, 32, 64, 128, 256, 320, 512)  # that vLLM has kernels for


def load(settings: EngineSettings) -> tuple[Any, EngineLog]:
    """Return vLLM's engine for a model, and its log."""
    os.environ.setdefault('VLLM_LOGGING_LEVEL', 'WARNING')
    os.environ.setdefault('VLLM_ENGINE_READY_TIMEOUT_S', NO_TIMEOUT)
    log = EngineLog()
    arguments = engine_arguments(settings)

    def launch() -> Any:
        from vllm import LLM

        return LLM(**arguments).llm_engine

    return start(Launch('vLLM', LOWER, launch, settings.startup_timeout), log), log


def engine_arguments(settings: EngineSettings) -> dict[str, Any]:
    """Return the arguments of `vllm.LLM`, checked by name."""
    from vllm import EngineArgs
    from vllm.platforms import current_platform

    is_cpu = current_platform.is_cpu()
    dtype, rest = explicit_dtype(settings.arguments, settings.dtype, is_cpu=is_cpu)
    known = [field.name for field in fields(EngineArgs)]
    check_names('model_kwargs', 'vLLM', rest, known, RESERVED)
    return {
        'disable_log_stats': True,
        'generation_config': 'vllm',
        'use_tqdm_on_load': False,
        **rest,
        'model': settings.path,
        'tokenizer': settings.tokenizer_path,
        'dtype': dtype,
        'max_model_len': settings.max_seq_len,
        **(lora_arguments(settings.adapters, rest, is_cpu=is_cpu) if settings.adapters else {}),
    }


def lora_arguments(adapters: Adapters, rest: Mapping[str, Any], *, is_cpu: bool) -> dict[str, Any]:
    """Return the arguments that make room for the adapters, all in one batch.

    On a CPU one place more stays empty: in a batch with adapters vLLM's kernels there give a
    request without one what is in the last place (seen in 0.32; the GPU's leave it alone).
    """
    rank = adapters.rank
    fitting = next((known for known in LORA_RANKS if known >= rank), rank)
    num_loras = len(adapters.paths)
    room = num_loras + 1 if is_cpu else min(num_loras, MAX_LORAS)
    return {
        'enable_lora': True,
        'max_lora_rank': rest.get('max_lora_rank') or fitting,
        'max_loras': room if is_cpu else rest.get('max_loras') or room,
    }
