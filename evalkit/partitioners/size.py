"""Tasks of about the same cost: small datasets are put together, big ones are dealt out."""

from collections.abc import Mapping, Sequence
from math import ceil

from evalkit.errors import ConfigError
from evalkit.partitioners.base import BasePartitioner, Cfg
from evalkit.partitioners.sizes import DatasetSize, DatasetSizes, check_strategy

TEMPLATE_PARTS = frozenset({'begin', 'round', 'end'})
"""Keys of a template that is one dialogue; any other keys are labels, as in a PPL template."""


class SizePartitioner(BasePartitioner):
    """Makes tasks that cost at most `max_task_size`, as OpenCompass counts it.

    A sample costs `gen_task_coef` where the model writes an answer, and the number of labels
    where labels are scored. `strategy='split'` puts no two datasets into one task.
    """

    def __init__(
        self,
        max_task_size: int = 40000,
        gen_task_coef: int = 20,
        strategy: str = 'heuristic',
        dataset_size_path: str | None = None,
        dataset_size: DatasetSize | None = None,
    ) -> None:
        check_strategy(strategy)
        if max_task_size < 1 or gen_task_coef < 1:
            raise ConfigError('SizePartitioner: max_task_size and gen_task_coef are at least 1')
        if dataset_size is None:
            raise ConfigError('SizePartitioner needs a dataset_size function')
        self.sizes = DatasetSizes(dataset_size, dataset_size_path)
        self.max_task_size = max_task_size
        self.gen_task_coef = gen_task_coef
        self.strategy = strategy

    def group(self, dataset_cfgs: Sequence[Cfg]) -> list[list[Cfg]]:
        """Return the datasets by falling cost, as many together as `max_task_size` allows."""
        if self.strategy == 'split':
            return [[dataset_cfg] for dataset_cfg in dataset_cfgs]
        groups: list[list[Cfg]] = []
        room = 0
        for dataset_cfg in sorted(dataset_cfgs, key=self.cost, reverse=True):
            cost = self.cost(dataset_cfg)
            if not groups or cost > room:
                groups.append([])
                room = self.max_task_size
            groups[-1].append(dataset_cfg)
            room -= cost
        return groups

    def num_shards(self, group: Sequence[Cfg]) -> int:
        """Return over how many tasks a dataset is dealt that costs too much for one."""
        return max(1, ceil(sum(map(self.cost, group)) / self.max_task_size))

    def cost(self, dataset_cfg: Cfg) -> int:
        """Return what all samples of a dataset cost, repeats included."""
        return (
            self.sizes(dataset_cfg) * self.sample_cost(dataset_cfg) * int(dataset_cfg.get('n', 1))
        )

    def sample_cost(self, dataset_cfg: Cfg) -> int:
        """Return the number of labels of a PPL template, and `gen_task_coef` otherwise."""
        infer_cfg = dataset_cfg['infer_cfg']
        holder = infer_cfg.get('prompt_template') or infer_cfg.get('ice_template') or {}
        template = holder.get('template')
        if isinstance(template, Mapping) and not template.keys() <= TEMPLATE_PARTS:
            return len(template)
        return self.gen_task_coef
