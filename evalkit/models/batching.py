"""Batches under a token budget, which shrinks when the memory does not suffice."""

import gc
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from evalkit.errors import BackendError

Row = TypeVar('Row')
Answer = TypeVar('Answer')

MAX_ROWS = 1024  # of a batch without a limit of its own


@dataclass(frozen=True)
class BatchJob(Generic[Row, Answer]):
    """How to answer rows: `run` takes a batch, `cost` says how many tokens of memory it needs.

    `refuse` makes the answer of a row that does not fit into the memory even alone.
    """

    run: Callable[[Sequence[Row]], list[Answer]]
    cost: Callable[[Sequence[Row]], int]
    refuse: Callable[[Row, str], Answer]


def run_batches(
    rows: Sequence[Row], job: BatchJob[Row, Answer], budget: int, max_rows: int | None = None
) -> Iterator[Answer]:
    """Yield the answers batch by batch; the `rows` come longest first.

    A batch that runs out of memory is asked again as two halves, down to a single row. The limit
    found so serves for the rows that follow, unless a row that fails alone turns out to be the
    cause: then the next batches have the whole `budget` again.
    """
    start, limit = 0, budget
    while start < len(rows):
        batch = take_batch(rows[start : start + (max_rows or MAX_ROWS)], job.cost, limit)
        answers, reason = _try(job.run, batch)
        if answers is None and len(batch) > 1:
            limit = job.cost(batch) // 2
            continue
        yield from [job.refuse(batch[0], reason)] if answers is None else answers
        limit = budget if answers is None else limit
        start += len(batch)


def take_batch(rows: Sequence[Row], cost: Callable[[Sequence[Row]], int], limit: int) -> list[Row]:
    """Return as many of the first rows as cost at most `limit`, and at least one."""
    sizes = range(1, len(rows) + 1)
    size = bisect_right(sizes, limit, key=lambda number: cost(rows[:number]))
    return list(rows[: max(size, 1)])


def is_out_of_memory(error: Exception) -> bool:
    """Whether torch failed because the memory of the device or of the host was used up."""
    import torch

    texts = ("can't allocate memory", 'CUBLAS_STATUS_ALLOC_FAILED', 'out of memory')
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or any(
        text in str(error) for text in texts
    )


def _try(
    run: Callable[[Sequence[Row]], list[Answer]], batch: Sequence[Row]
) -> tuple[list[Answer] | None, str]:
    """Return the answers, or None and the reason where the memory did not suffice."""
    try:
        return run(batch), ''
    except (RuntimeError, MemoryError) as error:
        reason = str(error).split('\n')[0]
        if not is_out_of_memory(error):
            raise BackendError(
                f'transformers failed on a batch of {len(batch)}: {reason}'
            ) from error
    # Only here the traceback, which holds the batch's tensors, is gone.
    release_memory()
    return None, reason


def release_memory() -> None:
    """Give memory that no tensor holds any more back to the device."""
    import torch

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
