"""Starts SGLang's engine in a thread of its own, where it takes no signal handler away."""

import logging
import os
import signal
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evalkit.errors import ConfigError
from evalkit.models.dtypes import take_dtype
from evalkit.models.engine.adapter import Adapters
from evalkit.models.engine.arguments import check_names, explicit_dtype
from evalkit.models.engine.loop_port import LoopThread
from evalkit.models.engine.settings import EngineSettings
from evalkit.models.engine.startup import EngineLog, Launch, start
from evalkit.models.sglang.limits import SPARE

logger = logging.getLogger(__name__)

RESERVED = {
    'model_path': 'path',
    'tokenizer_path': 'tokenizer_path',
    'enable_lora': 'lora_path or adapters',
    'lora_paths': 'lora_path or adapters',
}
LOWER = (
    'max_seq_len, or max_running_requests in model_kwargs (under -a in --engine-args), '
    'or change mem_fraction_static there'
)
ROOM = frozenset({'max_total_tokens', 'mem_fraction_static'})
CPU_TOKENS = 65536


@dataclass(frozen=True, slots=True)
class Started:
    """SGLang's engine, the thread of its loop, its log, and its adapters."""

    engine: Any
    thread: LoopThread
    log: EngineLog
    adapters: Adapters


def load(settings: EngineSettings) -> Started:
    """Return SGLang's engine for a model."""
    # With `SPARE` the context is a little longer than the model's; it is never used to its end.
    os.environ.setdefault('SGLANG_ALLOW_OVERWRITE_LONGER_CONTEXT_LEN', '1')
    arguments = engine_arguments(settings, has_gpu=finds_gpu())
    log = EngineLog()
    ignore_sigquit()
    thread = LoopThread('sglang')

    def launch() -> Any:
        from sglang.srt.entrypoints.engine import Engine

        return Engine(**arguments)

    in_thread = Launch('SGLang', LOWER, lambda: thread.call(launch), settings.startup_timeout)
    return Started(start(in_thread, log), thread, log, settings.adapters)


def finds_gpu() -> bool:
    """Whether SGLang finds a GPU here."""
    import torch

    return bool(torch.cuda.is_available() or torch.xpu.is_available())


def engine_arguments(settings: EngineSettings, *, has_gpu: bool) -> dict[str, Any]:
    """Return the arguments of `sglang.Engine`, checked by name."""
    import msgspec
    from sglang.srt.server_args import ServerArgs

    device = settings.arguments.get('device') or (None if has_gpu else 'cpu')
    dtype, rest = runnable_dtype(settings, is_cpu=device == 'cpu')
    context = settings.max_seq_len and settings.max_seq_len + SPARE
    known = [field.name for field in msgspec.structs.fields(ServerArgs)]
    check_names('model_kwargs', 'SGLang', rest, known, RESERVED)
    is_roomy = device == 'cpu' and not rest.keys() & ROOM
    return {
        'log_level': 'error',
        'sampling_defaults': 'openai',  # not the model's generation_config.json
        **(cpu_room(context) if is_roomy else {}),
        **rest,
        'model_path': settings.path,
        'tokenizer_path': settings.tokenizer_path,
        'dtype': dtype,
        'context_length': context,
        **({'device': device} if device else {}),
        **(lora_arguments(settings.adapters, rest, device) if settings.adapters else {}),
    }


def runnable_dtype(settings: EngineSettings, *, is_cpu: bool) -> tuple[str, dict[str, Any]]:
    """Split the engine's arguments into the dtype and the rest.

    SGLang's kernels for GPUs, those of its norms and of its usual attention, take half precision
    only (seen in 0.5.23). A float32 checkpoint runs in the half that SGLang takes for 'auto', and
    the log says so. Whoever names float32 has to name an `attention_backend` for it, too.
    """
    named, _ = take_dtype(settings.arguments)
    dtype, rest = explicit_dtype(settings.arguments, settings.dtype, is_cpu=is_cpu)
    if is_cpu or dtype != 'float32' or (named == dtype and 'attention_backend' in rest):
        return dtype, rest
    if named == dtype:
        raise ConfigError(
            "SGLang's kernels for GPUs do not compute in float32: name dtype='bfloat16' or "
            "'float16', or use vLLM or Hugging Face"
        )
    logger.warning(
        'the weights are float32, and SGLang computes in half precision on a GPU: '
        'float16, or bfloat16 for Gemma'
    )
    return 'auto', rest


def cpu_room(max_seq_len: int | None) -> dict[str, Any]:
    """Return how many tokens are kept on a CPU, where SGLang would take 71 % of the memory."""
    return {'max_total_tokens': max(CPU_TOKENS, max_seq_len or 0)}


def lora_arguments(
    adapters: Adapters, rest: Mapping[str, Any], device: str | None
) -> dict[str, Any]:
    """Return the arguments that load the adapters."""
    on_cpu = {'lora_backend': 'torch_native'} if device == 'cpu' else {}
    return {
        **on_cpu,
        **({'lora_backend': rest['lora_backend']} if 'lora_backend' in rest else {}),
        'enable_lora': True,
        'lora_paths': dict(adapters.paths),
        'max_lora_rank': rest.get('max_lora_rank') or adapters.rank,
    }


def ignore_sigquit() -> None:
    """Outlive the SIGQUIT with which SGLang's processes tell that they die.

    It would end this process without a word; the port sees for itself that they are dead.
    """
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGQUIT, signal.SIG_IGN)
