"""Prints, as JSON, the names by which evalkit calls an engine and which it does not have."""

import dataclasses
import importlib
import inspect
import json
import sys
from collections.abc import Callable, Iterable
from typing import Any

from evalkit.accelerate import accelerate
from evalkit.models import VLLM, BaseModel, SGLang, TurboMindModel
from evalkit.models.engine.settings import EngineSettings
from evalkit.models.huggingface_scoring import ScoringRow, Target
from evalkit.types import GenerationParams, ScoringRequest
from tests.accelerate.configs import CHAT

GREEDY = GenerationParams()
ASKED = ScoringRequest('key', 'context', 'continuation')
SETTINGS = EngineSettings('model', {}, 'float32', max_seq_len=8)


FULL = {**CHAT, 'model_kwargs': {**CHAT['model_kwargs'], 'rope_scaling': {'factor': 2.0}}}


def converted(backend: str, key: str, **changes: Any) -> set[str]:
    """Return the engine arguments that `-a` makes of a config with every key."""
    return set(accelerate({**FULL, **changes}, backend)[key])


def attribute(module: str, name: str) -> Any:
    """Return what a module of an engine calls `name`."""
    return getattr(importlib.import_module(module), name)


def nested(model_type: type[BaseModel], key: str) -> set[str]:
    """Return the engine arguments that a model class names as transport."""
    keys = (name.partition('.') for name in model_type.TRANSPORT_KEYS)
    return {inner for outer, _, inner in keys if outer == key and inner}


def missing(used: Iterable[str], known: Iterable[str]) -> list[str]:
    """Return what is used and not known."""
    return sorted(set(used) - set(known))


def vllm() -> dict[str, list[str]]:
    """Compare with vLLM's engine arguments; `SamplingParams` refuses unknown ones by itself."""
    loading = importlib.import_module('evalkit.models.vllm.loading')
    parameters = importlib.import_module('evalkit.models.vllm.parameters')
    parameters.sampling_params(GREEDY, 'key', [1])
    used = {*loading.engine_arguments(SETTINGS), *loading.RESERVED}
    used |= nested(VLLM, 'model_kwargs') | converted('vllm', 'model_kwargs')
    known = [field.name for field in dataclasses.fields(attribute('vllm', 'EngineArgs'))]
    # Scoring reads one step: vLLM's own default are 16 tokens a prompt.
    scoring = parameters.scoring_params(ScoringRow((1, 2), (Target(ASKED, (1, 2, 3), 1, False),)))
    return {
        'EngineArgs': missing(used, known),
        'tokens of a scoring': [] if scoring.max_tokens == 1 else [str(scoring.max_tokens)],
    }


def sglang() -> dict[str, list[str]]:
    """Compare with SGLang's server arguments, sampling parameters and entry point."""
    loading = importlib.import_module('evalkit.models.sglang.loading')
    parameters = importlib.import_module('evalkit.models.sglang.parameters')
    arguments = attribute('sglang.srt.server_args', 'ServerArgs').__struct_fields__
    sampling = attribute('sglang.srt.sampling.sampling_params', 'SamplingParams')
    generate = attribute('sglang.srt.entrypoints.engine', 'Engine').async_generate
    used = {*loading.engine_arguments(SETTINGS, has_gpu=False), *loading.RESERVED}
    asked = {'input_ids', 'lora_path', 'sampling_params', 'return_logprob', 'logprob_start_len'}
    asked |= {'top_logprobs_num', 'token_ids_logprob'}
    params = parameters.sampling_params(GREEDY, 'key', [1])
    return {
        'ServerArgs': missing(
            used | nested(SGLang, 'model_kwargs') | converted('sglang', 'model_kwargs'), arguments
        ),
        'SamplingParams': missing(params, sampling.__struct_fields__),
        'async_generate': missing(asked, inspect.signature(generate).parameters),
    }


def lmdeploy() -> dict[str, list[str]]:
    """Compare with LMDeploy's two engines; `GenerationConfig` refuses unknown ones by itself."""
    loading = importlib.import_module('evalkit.models.lmdeploy.loading')
    parameters = importlib.import_module('evalkit.models.lmdeploy.parameters')
    parameters.generation_config(GREEDY, 'key', [1], 'pytorch')
    parameters.scoring_config(1)
    parameters.options_config(8)
    parameters.logits_config('all')
    turbomind, pytorch = (set(loading.known_names(name)) for name in ('turbomind', 'pytorch'))
    return {
        'both': missing({'dtype', 'session_len', 'enable_metrics', 'tp'}, turbomind & pytorch),
        '-a with an adapter': missing(converted('lmdeploy', 'engine_config'), pytorch),
        '-a without': missing(converted('lmdeploy', 'engine_config', peft_path=None), turbomind),
        'PytorchEngineConfig': missing(
            {*loading.RESERVED, *loading.OTHER_NAMES.values(), 'logprobs_mode'}, pytorch
        ),
        'TurbomindEngineConfig': missing(loading.OTHER_NAMES, turbomind),
        'either': missing(nested(TurboMindModel, 'engine_config'), turbomind | pytorch),
        'LoRA': sorted({'adapters'} & turbomind),  # TurboMind has none, and so it is refused
    }


ENGINES: dict[str, Callable[[], dict[str, list[str]]]] = {
    'vllm': vllm,
    'sglang': sglang,
    'lmdeploy': lmdeploy,
}

if __name__ == '__main__':
    sys.stderr.write('\n')
    sys.stdout.write(f'\n{json.dumps(ENGINES[sys.argv[1]]())}\n')
