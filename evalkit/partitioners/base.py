"""What every partitioner shares: models times datasets become tasks with unique names."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from evalkit.config import did_you_mean
from evalkit.errors import ConfigError
from evalkit.models.adapters import shares_engine
from evalkit.tasks.base import Pair, Shard, Task
from evalkit.tasks.judges import judge_of

Cfg = Mapping[str, Any]


class BasePartitioner(ABC):
    """Cuts the datasets of each model into tasks; a subclass says which go together."""

    def partition(
        self,
        model_cfgs: Sequence[Cfg],
        dataset_cfgs: Sequence[Cfg],
        work_dir: str,
        kind: Literal['infer', 'evaluate'],
        combinations: Sequence[Cfg] | None = None,
    ) -> list[Task]:
        """Return the tasks, in the order of the models.

        `combinations` says who is asked what, in place of everything by everybody: a list of
        `{'models': [...], 'datasets': [...]}` with configs, or abbreviations of the ones given.
        """
        everything = {'models': list(model_cfgs), 'datasets': list(dataset_cfgs)}
        models = by_abbr(model_cfgs, 'model')
        datasets = by_abbr(dataset_cfgs, 'dataset')
        asked = wanted(combinations or [everything], models, datasets)
        together = by_engine(asked, models) if kind == 'infer' else [[model] for model in asked]
        tasks = [
            Task(kind, models[first], tuple(group), work_dir, shard, adapted=adapted)
            for first, *others in together
            for adapted in [tuple(models[other] for other in others)]
            for group in self.group([datasets[abbr] for abbr in asked[first]])
            for shard in shards(self.num_shards(group) if kind == 'infer' else 1)
        ]
        return [part for task in tasks for part in self.deal(task)]

    def judge(
        self,
        model_cfgs: Sequence[Cfg],
        dataset_cfgs: Sequence[Cfg],
        work_dir: str,
        combinations: Sequence[Cfg] | None = None,
    ) -> list[Task]:
        """Return a task for each judge with everything that it is asked about, dealt alike."""
        answering = self.partition(model_cfgs, dataset_cfgs, work_dir, 'evaluate', combinations)
        judges: list[tuple[Cfg, list[Pair]]] = []
        for pair in (pair for task in answering for pair in task.pairs):
            judge = judge_of(pair.dataset)
            if judge is None:
                continue
            known = next((pairs for cfg, pairs in judges if cfg == judge), None)
            if known is None:
                judges.append((judge, known := []))
            known.append(pair)
        return [
            Task('judge', judge, (), work_dir, shard, judged=tuple(pairs))
            for judge, pairs in judges
            for shard in shards(self.num_shards([pair.dataset for pair in pairs]))
        ]

    @abstractmethod
    def group(self, dataset_cfgs: Sequence[Cfg]) -> list[list[Cfg]]:
        """Cut the datasets of one model into groups; each is asked with one loading of it."""

    def deal(self, task: Task) -> Iterable[Task]:
        """Return the tasks that a task is cut into, by what is known of it as a whole."""
        return [task]

    def num_shards(self, group: Sequence[Cfg]) -> int:
        """Return over how many tasks the samples of a group are dealt; scoring is not dealt."""
        return 1


def shards(num_shards: int) -> Iterator[Shard]:
    """Yield every shard of a group."""
    return (Shard(index, num_shards) for index in range(num_shards))


def by_abbr(cfgs: Iterable[Cfg], noun: str) -> dict[str, Cfg]:
    """Return configs under their abbreviations; ConfigError where two would share files."""
    found: dict[str, Cfg] = {}
    for cfg in cfgs:
        if cfg['abbr'] in found:
            raise ConfigError(
                f'two {noun}s have the abbr {cfg["abbr"]!r}: give each its own, for their '
                f'predictions and results are kept under it'
            )
        found[cfg['abbr']] = cfg
    return found


def wanted(
    combinations: Iterable[Cfg], models: dict[str, Cfg], datasets: dict[str, Cfg]
) -> dict[str, list[str]]:
    """Return what each model is asked, each dataset once; configs not yet known are added."""
    found: dict[str, dict[str, None]] = {}
    for combination in combinations:
        abbrs = [abbr_of(dataset, datasets, 'dataset') for dataset in combination['datasets']]
        for model in combination['models']:
            found.setdefault(abbr_of(model, models, 'model'), {}).update(dict.fromkeys(abbrs))
    return {model: list(abbrs) for model, abbrs in found.items()}


def by_engine(asked: Mapping[str, list[str]], models: Mapping[str, Cfg]) -> list[list[str]]:
    """Put the adapters of a base model that are asked the same to the first of them."""
    groups: list[list[str]] = []
    for model, abbrs in asked.items():
        for group in groups:
            if asked[group[0]] == abbrs and shares_engine(models[group[0]], models[model]):
                group.append(model)
                break
        else:
            groups.append([model])
    return groups


def abbr_of(cfg: Cfg | str, known: dict[str, Cfg], noun: str) -> str:
    """Return the abbreviation of a config, which is known from then on, or of a known one."""
    if not isinstance(cfg, str):
        known.setdefault(cfg['abbr'], cfg)
        return str(cfg['abbr'])
    if cfg not in known:
        raise ConfigError(
            f'model_dataset_combinations: there is no {noun} {cfg!r}{did_you_mean(cfg, known)}'
        )
    return cfg
