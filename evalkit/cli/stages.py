"""The stages of a run: ask, score, show. Each can be run alone on what the others left."""

from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from evalkit.cli.runner import make_runners
from evalkit.config import build
from evalkit.datasets import dataset_size
from evalkit.partitioners import BasePartitioner
from evalkit.runners import BaseRunner, LocalRunner, TaskStatus
from evalkit.store import Workspace
from evalkit.summarizers import DefaultSummarizer, Summary
from evalkit.tasks import Task
from evalkit.tasks.columns import asked_pairs, named_columns

STAGES = {'all': ('infer', 'judge', 'eval'), 'infer': ('infer',), 'eval': ('judge', 'eval')}
"""What is done for each `-m`: a judge belongs to scoring."""

Done = list[tuple[Task, TaskStatus]]


class Stages:
    """Everything that a run needs, built before anything is launched."""

    def __init__(self, cfg: Mapping[str, Any], arguments: Namespace) -> None:
        self.cfg = cfg
        self.dump_details: bool = arguments.dump_eval_details
        self.runners = make_runners(cfg, arguments)
        self.partitioners = {
            stage: make_partitioner(cfg, stage, runner) for stage, runner in self.runners.items()
        }
        self.summarizer = make_summarizer(cfg)

    def tasks(self, stage: str, workspace: Workspace) -> list[Task]:
        """Cut the models and datasets into tasks."""
        what = (self.cfg['models'], self.cfg['datasets'], str(workspace.root))
        combinations = self.cfg.get('model_dataset_combinations')
        if stage == 'judge':
            return self.partitioners['infer'].judge(*what, combinations)
        kind: Literal['infer', 'evaluate'] = 'infer' if stage == 'infer' else 'evaluate'
        tasks = self.partitioners[stage].partition(*what, kind, combinations)
        return [replace(task, dump_details=self.dump_details) for task in tasks]

    def launched(self, stage: str, workspace: Workspace) -> list[Task]:
        """Return the tasks as they are run: one for each replica of a model."""
        runner = self.runner(stage)
        return [part for task in self.tasks(stage, workspace) for part in runner.replicate(task)]

    def run(self, stage: str, workspace: Workspace) -> Done:
        """Run the tasks of a stage; what failed is in the statuses."""
        tasks = self.launched(stage, workspace)
        if not tasks:
            return []
        return list(zip(tasks, self.launch(stage, tasks, workspace), strict=True))

    def launch(
        self, stage: str, tasks: Sequence[Task], workspace: Workspace
    ) -> Sequence[TaskStatus]:
        """Run tasks of a stage and say how each ended, in their order."""
        return self.runner(stage).run(tasks, workspace)

    def runner(self, stage: str) -> BaseRunner:
        """Return the runner of a stage; judges are run as models are."""
        return self.runners['eval' if stage == 'eval' else 'infer']

    @property
    def is_interrupted(self) -> bool:
        """Whether the user stopped a stage."""
        return any(runner.interrupted for runner in self.runners.values())

    def summarize(self, workspace: Workspace) -> Summary:
        """Make the table of what has been scored."""
        return self.summarizer.summarize(workspace, self.pairs(), named_columns(self.cfg))

    def pairs(self) -> list[tuple[str, str]]:
        """Return the abbrs of each dataset and model that are evaluated together."""
        return asked_pairs(self.cfg)


def make_partitioner(cfg: Mapping[str, Any], stage: str, runner: BaseRunner) -> BasePartitioner:
    """Build the partitioner that the config names for a stage.

    By default a model is one task, whose scoring is dealt over the cores of this machine.
    """
    is_dealt = stage == 'eval' and isinstance(runner, LocalRunner)
    default = {'type': 'ScoringPartitioner' if is_dealt else 'NaivePartitioner'}
    wanted = cfg.get(stage, {}).get('partitioner', default)
    partitioner: BasePartitioner = build(wanted, dataset_size=dataset_size)
    return partitioner


def make_summarizer(cfg: Mapping[str, Any]) -> DefaultSummarizer:
    """Build the summarizer that the config names."""
    wanted = {'type': 'DefaultSummarizer', **(cfg.get('summarizer') or {})}
    summarizer: DefaultSummarizer = build(wanted)
    return summarizer
