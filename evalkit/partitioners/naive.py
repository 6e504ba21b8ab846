"""One task a model: its engine is loaded once for all datasets."""

from collections.abc import Sequence

from evalkit.errors import ConfigError
from evalkit.partitioners.base import BasePartitioner, Cfg
from evalkit.partitioners.sizes import DatasetSize


class NaivePartitioner(BasePartitioner):
    """Puts all datasets of a model into one task, or `n` of them into each.

    It takes `dataset_size` as all partitioners do, and does not need it.
    """

    def __init__(self, n: int | None = None, dataset_size: DatasetSize | None = None) -> None:
        if n is not None and n < 1:
            raise ConfigError(f'NaivePartitioner.n is the number of datasets in a task, not {n}')
        self.n = n

    def group(self, dataset_cfgs: Sequence[Cfg]) -> list[list[Cfg]]:
        """Return the datasets in their order, `n` at a time."""
        step = self.n or max(len(dataset_cfgs), 1)
        starts = range(0, len(dataset_cfgs), step)
        return [list(dataset_cfgs[start : start + step]) for start in starts]
