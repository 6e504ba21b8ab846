"""How a model lives with the machine: how many tokens a batch may hold, memory, processors."""

import ctypes
import os
import sys
from typing import Any

GPU_SHARE = 0.7  # of the free memory; the rest is for what the estimate leaves out
CPU_SHARE = 0.2
MAX_GPU_TOKENS = 1 << 19
MAX_CPU_TOKENS = 1 << 16  # 128 answers of 512 tokens; with more they only come later


M_MMAP_MAX, M_TRIM_THRESHOLD, M_TOP_PAD = -4, -1, -2  # glibc's malloc.h
HEAP_STEP = 64 << 20  # bytes


def keep_freed_memory() -> None:
    """Let glibc keep what tensors free for the next ones; other C libraries are left alone.

    Each step of a generation copies the keys and values into tensors that are one token longer.
    Mapped anew from the kernel, page by page, they cost more than the arithmetic: on a CPU a batch
    of 100 short answers takes half as long without.
    """
    if sys.platform != 'linux':
        return
    mallopt = getattr(ctypes.CDLL(None), 'mallopt', None)
    if mallopt is not None:
        mallopt(M_MMAP_MAX, 0)
        mallopt(M_TRIM_THRESHOLD, 2**31 - 1)
        mallopt(M_TOP_PAD, HEAP_STEP)


def share_processors() -> None:
    """Let torch's threads sleep while they wait; it counts only before torch is loaded.

    Threads that spin on a busy machine take the processor from those that they wait for: with
    another task beside it, a small model on two cores then takes several times as long.
    """
    os.environ.setdefault('OMP_WAIT_POLICY', 'PASSIVE')


def default_budget(model: Any) -> int:
    """Return the tokens of prompts and answers, padding included, that fit the free memory."""
    import torch

    per_token = bytes_per_token(model)
    if model.device.type == 'cuda':
        free, _ = torch.cuda.mem_get_info(model.device)
        return max(1, min(MAX_GPU_TOKENS, int(free * GPU_SHARE / per_token)))
    free = os.sysconf('SC_AVPHYS_PAGES') * os.sysconf('SC_PAGE_SIZE')
    return max(1, min(MAX_CPU_TOKENS, int(free * CPU_SHARE / per_token)))


def bytes_per_token(model: Any) -> int:
    """Return the bytes of one token: its keys and values, and one layer's activations."""
    shape = model.config.get_text_config().to_dict()
    hidden = int(shape.get('hidden_size') or 4096)
    heads = int(shape.get('num_attention_heads') or 1)
    head_size = int(shape.get('head_dim') or hidden // heads)
    layers = int(shape.get('num_hidden_layers') or 32)
    cached = 2 * layers * int(shape.get('num_key_value_heads') or heads) * head_size
    width = shape.get('intermediate_size')
    active = 8 * hidden + 3 * (width if isinstance(width, int) else 4 * hidden)
    return int((cached + active) * model.dtype.itemsize)


def logits_weight(model: Any) -> float:
    """Return how many tokens' memory one position of logits takes (it is copied to float32)."""
    vocab_size = int(model.config.get_text_config().to_dict().get('vocab_size') or 32000)
    return vocab_size * (int(model.dtype.itemsize) + 1) / bytes_per_token(model)
