"""Starts LMDeploy's engine, and says which of its two it is."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from evalkit.errors import ConfigError
from evalkit.models.engine.adapter import adapter_rank
from evalkit.models.engine.arguments import check_names, named_dtype
from evalkit.models.engine.frontend import Frontend
from evalkit.models.engine.startup import EngineLog, start

RESERVED = {'adapters': 'lora_path'}
LOWER = 'max_seq_len, or cache_max_entry_count or max_batch_size in engine_config'
ADAPTER = 'adapter'
OTHER_NAMES = {'cache_block_seq_len': 'block_size'}
"""Arguments of TurboMind that the PyTorch engine calls otherwise."""


@dataclass(frozen=True, slots=True)
class LMDeploySettings:
    """The arguments of a model class that concern the engine."""

    path: str
    backend: str
    engine_config: Mapping[str, Any]
    lora_path: str | None


@dataclass(frozen=True, slots=True)
class Started:
    """LMDeploy's pipeline, the engine that really runs, its log and its adapter."""

    pipeline: Any
    backend: str
    log: EngineLog
    adapter: str | None


def load(settings: LMDeploySettings, frontend: Frontend) -> Started:
    """Return LMDeploy's pipeline for a model."""
    os.environ.setdefault('TM_LOG_LEVEL', 'ERROR')
    check_backend(settings)
    backend = runnable_backend(settings)
    config = engine_config(settings, backend, frontend.max_seq_len)
    log = EngineLog()

    def launch() -> Any:
        from lmdeploy import pipeline

        return pipeline(
            settings.path,
            backend_config=config,
            log_level='ERROR',
            trust_remote_code=frontend.trusts_remote_code,
        )

    return Started(
        pipeline=start('LMDeploy', LOWER, log, launch),
        backend=backend,
        log=log,
        adapter=ADAPTER if settings.lora_path else None,
    )


def check_backend(settings: LMDeploySettings) -> None:
    """Refuse what the named engine cannot do, and arguments that it does not have."""
    if settings.backend not in ('turbomind', 'pytorch'):
        raise ConfigError(f"backend='{settings.backend}' is unknown: use 'turbomind' or 'pytorch'")
    if settings.lora_path and settings.backend == 'turbomind':
        raise ConfigError("TurboMind has no LoRA: set backend='pytorch' for lora_path")
    named = settings.engine_config
    _, rest = named_dtype(named, is_cpu=False)
    check_names('engine_config', settings.backend, rest, known_names(settings.backend), RESERVED)


def runnable_backend(settings: LMDeploySettings) -> str:
    """Return the engine that can run the model here: TurboMind's stand-in is the PyTorch one."""
    from lmdeploy import turbomind

    if settings.backend == 'pytorch' or not turbomind.is_available():
        return 'pytorch'
    from lmdeploy.turbomind.supported_models import is_supported

    return 'turbomind' if is_supported(settings.path) else 'pytorch'


def engine_config(settings: LMDeploySettings, backend: str, max_seq_len: int | None) -> Any:
    """Return the config of the engine that runs; nothing of what is named is left out."""
    from lmdeploy import PytorchEngineConfig, TurbomindEngineConfig

    dtype, rest = named_dtype(settings.engine_config, is_cpu=False)
    if dtype in ('float32', 'float64'):
        raise ConfigError(
            f"LMDeploy does not compute in {dtype}: name dtype='bfloat16' or 'float16'"
        )
    arguments = {'dtype': dtype, 'session_len': max_seq_len, 'enable_metrics': False, **rest}
    if backend == 'turbomind':
        return TurbomindEngineConfig(**arguments)
    if settings.backend == 'turbomind':
        arguments = {OTHER_NAMES.get(key, key): value for key, value in arguments.items()}
        check_names(
            'engine_config',
            "TurboMind does not run here, and LMDeploy's PyTorch engine",
            arguments,
            known_names('pytorch'),
            {},
        )
    arguments = {'enable_prefix_caching': True, 'logprobs_mode': 'raw_logprobs', **arguments}
    if settings.lora_path:
        adapter_rank(settings.lora_path)
        arguments['adapters'] = {ADAPTER: settings.lora_path}
    return PytorchEngineConfig(**arguments)


def known_names(backend: str) -> list[str]:
    """Return the arguments of an engine's config class."""
    from lmdeploy import PytorchEngineConfig, TurbomindEngineConfig

    config = TurbomindEngineConfig if backend == 'turbomind' else PytorchEngineConfig
    return [field.name for field in fields(config)]
