"""A task is plain data: one model on some datasets, to be done in one process.

Adapters of a model that share its engine share its task.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Shard:
    """Every `num_shards`-th sample, beginning with number `index`."""

    index: int = 0
    num_shards: int = 1

    def has(self, number: int) -> bool:
        """Whether the `number`-th sample of the dataset is in this shard."""
        return number % self.num_shards == self.index

    def deal(self, num: int) -> list['Shard']:
        """Return `num` shards that have the samples of this one between them."""
        return [Shard(self.index + n * self.num_shards, self.num_shards * num) for n in range(num)]


@dataclass(frozen=True, slots=True)
class OnRay:
    """Engines on Ray that share the model of a task.

    `address` is that of a running cluster; without one, Ray is started here. A replica that dies is
    started again `num_restarts` times. `runtime_env` is Ray's.
    """

    num_replicas: int = 1
    address: str | None = None
    num_restarts: int = 2
    runtime_env: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """The answers of a model to a dataset, by the configs of both."""

    model: Mapping[str, Any]
    dataset: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The abbrs of both."""
        return f'{self.model["abbr"]}/{self.dataset["abbr"]}'


@dataclass(frozen=True, slots=True)
class Task:
    """What one process does: a JSON file that `python -m evalkit.tasks FILE` reads.

    `reference` is the abbr of the model whose answers a probe scores, too. In a task of the kind
    'judge' the model is the judge, and `judged` are the answers that it is asked about. `adapted`
    are other models that the engine of `model` answers for: adapters of the same base model.
    `on_ray` says that the engines are elsewhere: the process loads none itself.
    """

    kind: Literal['infer', 'judge', 'evaluate', 'probe']
    model: Mapping[str, Any]
    datasets: tuple[Mapping[str, Any], ...]
    work_dir: str
    shard: Shard = Shard()
    dump_details: bool = True
    reference: str | None = None
    judged: tuple[Pair, ...] = ()
    on_ray: OnRay | None = None
    adapted: tuple[Mapping[str, Any], ...] = ()

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The answers that the task is about."""
        return self.judged or tuple(
            Pair(model, dataset) for model in self.models for dataset in self.datasets
        )

    @property
    def models(self) -> tuple[Mapping[str, Any], ...]:
        """All models that the task asks; the first is loaded, and answers for the others."""
        return (self.model, *self.adapted)

    def apart(self) -> list['Task']:
        """Return a task for each of the models."""
        return [replace(self, model=model, adapted=()) for model in self.models]

    @property
    def name(self) -> str:
        """Unique among the tasks of a run of its kind, and readable: it names the log file."""
        first, num_asked = self.pairs[0], len(self.judged or self.datasets)
        what = first.name.replace('/', '_') if self.judged else first.dataset['abbr']
        others = f'+{len(self.adapted)}' if self.adapted else ''
        more = f'+{num_asked - 1}' if num_asked > 1 else ''
        part = f'_{self.shard.index}of{self.shard.num_shards}' if self.shard.num_shards > 1 else ''
        return f'{self.model["abbr"]}{others}/{what}{more}{part}'

    @property
    def num_gpus(self) -> int:
        """GPUs that the process needs; scoring needs those that the datasets ask for."""
        if self.kind != 'evaluate':
            return num_gpus(self.model.get('run_cfg'))
        return max((num_gpus(dataset.get('eval_cfg')) for dataset in self.datasets), default=0)

    def to_json(self) -> str:
        """Return the text of a task file."""
        return json.dumps(asdict(self), ensure_ascii=True, indent=1)

    @classmethod
    def from_json(cls, text: str) -> 'Task':
        """Read a task from the text of a task file."""
        fields = json.loads(text)
        shard = Shard(**fields.pop('shard'))
        datasets, adapted = tuple(fields.pop('datasets')), tuple(fields.pop('adapted'))
        judged = tuple(Pair(**pair) for pair in fields.pop('judged'))
        on_ray = fields.pop('on_ray')
        place = OnRay(**on_ray) if on_ray else None
        return cls(
            shard=shard, datasets=datasets, judged=judged, adapted=adapted, on_ray=place, **fields
        )


def num_gpus(cfg: Mapping[str, Any] | None) -> int:
    """Return the GPUs that a `run_cfg` or `eval_cfg` asks for."""
    return int((cfg or {}).get('num_gpus') or 0)
