"""One model's answers, scored on all cores."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from evalkit.config import resolve_type
from evalkit.evaluators import CodeEvaluator, KillableEvaluator
from evalkit.partitioners.base import Cfg
from evalkit.partitioners.naive import NaivePartitioner
from evalkit.store import Workspace
from evalkit.tasks.base import Task
from evalkit.workers import num_cores

SHARE = 8 << 20
"""Bytes of answers below which a process of its own costs more than it saves."""


class ScoringPartitioner(NaivePartitioner):
    """Deals the datasets of a model over processes by the size of the answers that are stored.

    There are as many as cores (or `num_worker`), but none for less than 8 MiB of answers. Datasets
    whose evaluator uses all cores itself, or a GPU, stay together: they would disturb each other.
    """

    def __init__(self, num_worker: int | None = None, **more: Any) -> None:
        super().__init__(**more)
        self.num_worker = num_worker or num_cores()

    def deal(self, task: Task) -> Iterator[Task]:
        """Yield tasks with the datasets of a task, the largest dealt first."""
        sizes = [answers_size(task, dataset) for dataset in task.datasets]
        num_groups = min(self.num_worker, sum(sizes) // SHARE) if task.kind == 'evaluate' else 0
        if num_groups <= 1:
            yield task
            return
        groups: list[list[int]] = [[] for _ in range(num_groups)]
        weights = [0] * len(groups)
        for number in sorted(range(len(sizes)), key=sizes.__getitem__, reverse=True):
            is_alone = needs_the_machine(task.datasets[number])
            lightest = 0 if is_alone else weights.index(min(weights))
            groups[lightest].append(number)
            weights[lightest] += sizes[number]
        for group in filter(None, groups):
            yield replace(task, datasets=tuple(task.datasets[number] for number in sorted(group)))


def answers_size(task: Task, dataset_cfg: Cfg) -> int:
    """Return how many bytes of answers are stored; none where nothing was asked yet."""
    folder = Workspace(Path(task.work_dir)).predictions(task.model['abbr'], dataset_cfg['abbr'])
    return sum(path.stat().st_size for path in folder.glob('*.jsonl'))


def needs_the_machine(dataset_cfg: Cfg) -> bool:
    """Whether scoring takes all cores or GPUs."""
    eval_cfg = dataset_cfg.get('eval_cfg') or {}
    return bool(eval_cfg.get('num_gpus')) or has_crew(eval_cfg.get('evaluator'))


def has_crew(cfg: Any) -> bool:
    """Whether an evaluator, or one inside it, runs processes of its own."""
    if isinstance(cfg, Mapping):
        found = resolve_type(cfg['type']) if 'type' in cfg else None
        is_crew = isinstance(found, type) and issubclass(found, CodeEvaluator | KillableEvaluator)
        return is_crew or any(map(has_crew, cfg.values()))
    return isinstance(cfg, list | tuple) and any(map(has_crew, cfg))
