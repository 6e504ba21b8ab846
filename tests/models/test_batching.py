from collections.abc import Sequence

import pytest
import torch

from evalkit.errors import BackendError
from evalkit.models.batching import BatchJob, run_batches, take_batch


def cost(rows: Sequence[int]) -> int:
    return len(rows) * max(rows)


class Memory:
    """A job whose rows are their own lengths; it remembers every batch that it was given."""

    def __init__(self, capacity: int, poison: int | None = None) -> None:
        self.capacity = capacity
        self.poison = poison
        self.sizes: list[int] = []

    def run(self, rows: Sequence[int]) -> list[str]:
        self.sizes.append(len(rows))
        if cost(rows) > self.capacity or self.poison in rows:
            raise torch.OutOfMemoryError('CUDA out of memory. Tried to allocate 1 GiB')
        return [f'row {row}' for row in rows]

    def job(self) -> BatchJob[int, str]:
        return BatchJob(run=self.run, cost=cost, refuse=lambda row, why: f'no {row}: {why}')


def test_batches_fill_the_budget_and_no_more() -> None:
    memory = Memory(capacity=1000)
    answers = list(run_batches([10, 9, 5, 5, 2], memory.job(), budget=20))
    assert memory.sizes == [2, 3]
    assert answers == ['row 10', 'row 9', 'row 5', 'row 5', 'row 2']


def test_a_row_beyond_the_budget_is_asked_alone() -> None:
    assert take_batch([100, 1, 1], cost, 20) == [100]


def test_max_rows_limits_a_batch() -> None:
    memory = Memory(capacity=1000)
    list(run_batches([1] * 7, memory.job(), budget=1000, max_rows=3))
    assert memory.sizes == [3, 3, 1]


def test_a_batch_that_is_too_large_is_halved_until_it_fits_and_stays_so() -> None:
    memory = Memory(capacity=30)
    answers = list(run_batches([10] * 16, memory.job(), budget=160))
    assert answers == ['row 10'] * 16
    assert memory.sizes == [16, 8, 4, *[2] * 8]


def test_a_single_row_that_does_not_fit_fails_alone() -> None:
    memory = Memory(capacity=1000, poison=9)
    answers = list(run_batches([10, 9, 8, 8, 8, 8, 8, 8], memory.job(), budget=1000))
    assert answers[1] == 'no 9: CUDA out of memory. Tried to allocate 1 GiB'
    assert [a for a in answers if a.startswith('row')] == ['row 10', *['row 8'] * 6]
    assert memory.sizes == [8, 4, 2, 1, 1, 6]


def test_the_text_of_the_host_allocator_counts_as_out_of_memory() -> None:
    def run(rows: Sequence[int]) -> list[str]:
        raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: 8 bytes")

    job = BatchJob(run=run, cost=cost, refuse=lambda row, why: 'refused')
    assert list(run_batches([1], job, budget=10)) == ['refused']


def test_any_other_failure_of_the_engine_ends_the_task() -> None:
    def run(rows: Sequence[int]) -> list[str]:
        raise RuntimeError('CUDA error: device-side assert triggered\nmore')

    job = BatchJob(run=run, cost=cost, refuse=lambda row, why: 'refused')
    with pytest.raises(
        BackendError, match=r'batch of 2: CUDA error: device-side assert triggered$'
    ):
        list(run_batches([1, 1], job, budget=10))
