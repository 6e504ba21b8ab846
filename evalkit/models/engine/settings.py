"""What a model class hands to the module that starts its engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from evalkit.models.engine.adapter import Adapters

STARTUP_SECONDS = 1800.0
"""Until an engine must be ready, unless `run_cfg.startup_timeout` says otherwise."""


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How to start an engine; `arguments` are its own, by its own names.

    `dtype` is that of the stored weights, `max_seq_len` the context length in tokens, and
    `startup_timeout` the seconds until the engine must be ready.
    """

    path: str
    arguments: Mapping[str, Any]
    dtype: str
    tokenizer_path: str | None = None
    adapters: Adapters = field(default_factory=Adapters)
    max_seq_len: int | None = None
    trusts_remote_code: bool = False
    startup_timeout: float | None = None
