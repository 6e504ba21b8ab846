"""Runs LMDeploy's PyTorch engine on a CPU: attention and LoRA in plain torch, and no CUDA.

The engine itself (scheduler, paged cache, sampling, streaming) is the real one. LMDeploy writes
'cuda' wherever it means its device; the other vendors' plugins patch torch likewise.
"""

import contextlib
import functools
import importlib
import os
import time
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import torch

CPU = torch.device('cpu')
FACTORIES = (
    'arange as_tensor asarray empty empty_like empty_strided eye full full_like linspace ones '
    'ones_like rand randint randn randperm tensor zeros zeros_like'
)
METHODS = 'new_empty new_full new_ones new_tensor new_zeros'
MEMORY = 2 << 30  # bytes that the device pretends to have


def stand_in_for_cuda() -> None:
    """Make what asks for 'cuda' get the CPU."""
    os.environ.setdefault('LMDEPLOY_ENABLE_CHECK_ENV', '0')
    for name in FACTORIES.split():
        setattr(torch, name, on_cpu(getattr(torch, name)))
    for name in METHODS.split():
        setattr(torch.Tensor, name, on_cpu(getattr(torch.Tensor, name)))
    for kind in (torch.Tensor, torch.nn.Module):
        kind.to = on_cpu(kind.to)
        kind.cuda = itself
    torch.Tensor.pin_memory = itself
    torch.Tensor.record_stream = always(None)
    for name, function in CUDA.items():
        setattr(torch.cuda, name, function)
    torch._C._cuda_clearCublasWorkspaces = always(None)


def on_cpu(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return `function` with the CPU in the place of each CUDA device, and without pinning."""

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        kwargs.pop('pin_memory', None)
        if 'device' in kwargs and (type(kwargs['device']) is int or is_cuda(kwargs['device'])):
            kwargs['device'] = CPU
        return function(*(CPU if is_cuda(value) else value for value in args), **kwargs)

    return call


def is_cuda(value: Any) -> bool:
    """Whether an argument names a CUDA device."""
    if isinstance(value, torch.device):
        return bool(value.type == 'cuda')
    return isinstance(value, str) and value.startswith('cuda')


def itself(value: Any, *_: Any, **__: Any) -> Any:
    """Return the tensor or module: it is where it should be."""
    return value


def always(value: Any) -> Callable[..., Any]:
    """Return a new function (torch tells its functions apart) that only returns `value`."""
    return lambda *_, **__: value


class Event:
    """An event of a stream that is always done."""

    def __init__(self, *_: Any, **__: Any) -> None:
        self.time = 0.0

    wait = synchronize = always(None)

    def record(self, *_: Any) -> None:
        """Remember when."""
        self.time = time.time()

    def query(self) -> bool:
        """Say that it has happened."""
        return True

    def elapsed_time(self, end: 'Event') -> float:
        """Return milliseconds."""
        return (end.time - self.time) * 1e3


class Stream(contextlib.nullcontext[None]):
    """The one stream of a CPU."""

    cuda_stream = 0
    device = CPU

    def __init__(self, *_: Any, **__: Any) -> None:
        super().__init__()

    synchronize = wait_stream = wait_event = always(None)

    def query(self) -> bool:
        """Say that it is idle."""
        return True

    def record_event(self, event: Event | None = None) -> Event:
        """Return an event of now."""
        event = event or Event()
        event.record()
        return event


STREAM = Stream()
PROPERTIES = SimpleNamespace(
    name='cpu',
    uuid='cpu',
    major=8,
    minor=0,
    multi_processor_count=1,
    total_memory=MEMORY,
    warp_size=32,
    shared_memory_per_multiprocessor=65536,
    shared_memory_per_block_optin=65536,
)
NO_WORK = (
    'synchronize empty_cache set_device ipc_collect reset_peak_memory_stats manual_seed '
    'manual_seed_all'
)
CUDA: dict[str, Any] = {
    **{name: always(None) for name in NO_WORK.split()},
    'Event': Event,
    'Stream': Stream,
    'stream': always(contextlib.nullcontext()),
    'device': always(contextlib.nullcontext()),
    'current_stream': always(STREAM),
    'default_stream': always(STREAM),
    'current_device': always(0),
    'memory_allocated': always(0),
    'device_count': always(1),
    'is_available': always(True),
    'get_device_name': always('cpu'),
    'get_device_capability': always((8, 0)),
    'get_device_properties': always(PROPERTIES),
    'mem_get_info': always((MEMORY // 2, MEMORY)),
}


def allow_bfloat16(utils: ModuleType) -> None:
    """Let the engine compute in bfloat16, the only type that it has in common with a CPU."""
    vars(utils)['is_bf16_supported'] = lambda *_, **__: True


def select_cpu_operators(selector: ModuleType) -> None:
    """Make the engine build its operators in plain torch."""
    vars(selector)['_get_backend'] = cpu_operators


def cpu_operators() -> Any:
    """Return the operators; their module needs LMDeploy's whole package."""
    return importlib.import_module('lmdeploy_cpu_operators').CpuOperators
