"""Starts LMDeploy's engine, and says which of its two it is."""

import logging
import os
from dataclasses import dataclass, fields
from typing import Any

from evalkit.errors import ConfigError
from evalkit.models.dtypes import take_dtype
from evalkit.models.engine.adapter import Adapters, adapter_rank
from evalkit.models.engine.arguments import check_names, explicit_dtype
from evalkit.models.engine.settings import EngineSettings
from evalkit.models.engine.startup import EngineLog, Launch, start

logger = logging.getLogger(__name__)

LARGE = ('float32', 'float64')
RESERVED = {'adapters': 'lora_path or adapters'}
LOWER = (
    'max_seq_len, or cache_max_entry_count or max_batch_size in engine_config '
    '(under -a in --engine-args)'
)
OTHER_NAMES = {'cache_block_seq_len': 'block_size'}
"""Arguments of TurboMind that the PyTorch engine calls otherwise."""


@dataclass(frozen=True, slots=True)
class Started:
    """LMDeploy's pipeline, the engine that really runs, its log and its adapters."""

    pipeline: Any
    backend: str
    log: EngineLog
    adapters: Adapters


def load(settings: EngineSettings, wanted: str) -> Started:
    """Return LMDeploy's pipeline for a model, on the engine `wanted` or its stand-in."""
    os.environ.setdefault('TM_LOG_LEVEL', 'ERROR')
    check_backend(settings, wanted)
    backend = runnable_backend(settings, wanted)
    config = engine_config(settings, wanted, backend)
    log = EngineLog()

    def launch() -> Any:
        from lmdeploy import pipeline

        return pipeline(
            settings.path,
            backend_config=config,
            log_level='ERROR',
            trust_remote_code=settings.trusts_remote_code,
        )

    return Started(
        pipeline=start(Launch('LMDeploy', LOWER, launch, settings.startup_timeout), log),
        backend=backend,
        log=log,
        adapters=settings.adapters,
    )


def check_backend(settings: EngineSettings, wanted: str) -> None:
    """Refuse what the named engine cannot do, and arguments that it does not have."""
    if wanted not in ('turbomind', 'pytorch'):
        raise ConfigError(f"backend='{wanted}' is unknown: use 'turbomind' or 'pytorch'")
    if settings.adapters and wanted == 'turbomind':
        raise ConfigError("TurboMind has no LoRA: set backend='pytorch' for adapters")
    _, rest = take_dtype(settings.arguments)
    check_names('engine_config', wanted, rest, known_names(wanted), RESERVED)


def runnable_backend(settings: EngineSettings, wanted: str) -> str:
    """Return the engine that can run the model here: TurboMind's stand-in is the PyTorch one."""
    from lmdeploy import turbomind

    if wanted == 'pytorch' or not turbomind.is_available():
        return 'pytorch'
    from lmdeploy.turbomind.supported_models import is_supported

    is_known = is_supported(settings.path, trust_remote_code=settings.trusts_remote_code)
    return 'turbomind' if is_known else 'pytorch'


def engine_config(settings: EngineSettings, wanted: str, backend: str) -> Any:
    """Return the config of the engine that runs; nothing of what is named is left out."""
    from lmdeploy import PytorchEngineConfig, TurbomindEngineConfig

    dtype, rest = half_dtype(settings)
    arguments = {
        'dtype': dtype,
        'session_len': session_len(settings),
        'enable_metrics': False,
        **rest,
    }
    if backend == 'turbomind':
        return TurbomindEngineConfig(**arguments)
    if wanted == 'turbomind':
        arguments = {OTHER_NAMES.get(key, key): value for key, value in arguments.items()}
        check_names(
            'engine_config',
            "TurboMind does not run here, and LMDeploy's PyTorch engine",
            arguments,
            known_names('pytorch'),
            {},
        )
    arguments = {'enable_prefix_caching': True, 'logprobs_mode': 'raw_logprobs', **arguments}
    if settings.adapters:
        arguments['adapters'] = checked_paths(settings.adapters)
    return PytorchEngineConfig(**arguments)


def session_len(settings: EngineSettings) -> int | None:
    """Return the context length as LMDeploy counts it, which a prompt must not reach."""
    return None if settings.max_seq_len is None else settings.max_seq_len + 1


def checked_paths(adapters: Adapters) -> dict[str, str]:
    """Return the adapters' folders, if they are LoRA, which LMDeploy does not check."""
    for path in adapters.paths.values():
        adapter_rank(path)
    return dict(adapters.paths)


def half_dtype(settings: EngineSettings) -> tuple[str, dict[str, Any]]:
    """Split the engine's arguments into the dtype and the rest; LMDeploy has half precision only.

    A float32 checkpoint runs in float16, which keeps more of it than bfloat16, unless the config
    names another dtype; the log says so.
    """
    named, _ = take_dtype(settings.arguments)
    dtype, rest = explicit_dtype(settings.arguments, settings.dtype, is_cpu=False)
    if dtype not in LARGE:
        return dtype, rest
    if named == dtype:
        raise ConfigError(
            f"LMDeploy does not compute in {dtype}: name dtype='bfloat16' or 'float16'"
        )
    logger.warning('the weights are %s, and LMDeploy computes in half precision: float16', dtype)
    return 'float16', rest


def known_names(backend: str) -> list[str]:
    """Return the arguments of an engine's config class."""
    from lmdeploy import PytorchEngineConfig, TurbomindEngineConfig

    config = TurbomindEngineConfig if backend == 'turbomind' else PytorchEngineConfig
    return [field.name for field in fields(config)]
