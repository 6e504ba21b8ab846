"""One model on several workers at once: every worker gets a part of each dataset."""

from collections.abc import Sequence

from evalkit.errors import ConfigError
from evalkit.partitioners.base import BasePartitioner, Cfg
from evalkit.partitioners.sizes import DatasetSize, DatasetSizes, check_strategy


class NumWorkerPartitioner(BasePartitioner):
    """Deals the samples of a model's datasets over `num_split` tasks (by default `num_worker`).

    `strategy='heuristic'` gives every task a part of all datasets, so that each worker loads the
    model once; `'split'` makes tasks of single datasets. No task gets fewer than `min_task_size`
    samples where `dataset_size` can tell.
    """

    def __init__(
        self,
        num_worker: int = 8,
        num_split: int | None = None,
        min_task_size: int = 16,
        strategy: str = 'heuristic',
        dataset_size_path: str | None = None,
        dataset_size: DatasetSize | None = None,
    ) -> None:
        check_strategy(strategy)
        self.num_split = num_worker if num_split is None else num_split
        if self.num_split < 1 or min_task_size < 1:
            raise ConfigError(
                'NumWorkerPartitioner needs num_worker, num_split and min_task_size of at least 1'
            )
        self.min_task_size = min_task_size
        self.strategy = strategy
        self.sizes = DatasetSizes(dataset_size, dataset_size_path) if dataset_size else None

    def group(self, dataset_cfgs: Sequence[Cfg]) -> list[list[Cfg]]:
        """Return all datasets together, or each alone if the strategy is 'split'."""
        if self.strategy == 'split':
            return [[dataset_cfg] for dataset_cfg in dataset_cfgs]
        return [list(dataset_cfgs)] if dataset_cfgs else []

    def num_shards(self, group: Sequence[Cfg]) -> int:
        """Return `num_split`, or fewer where the tasks would become too small."""
        if self.sizes is None or self.num_split == 1:
            return self.num_split
        return max(1, min(self.num_split, self.sizes.total(group) // self.min_task_size))
