"""Scores the stored answers of one model; asks nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from evalkit.evaluators import JudgedEvaluator
from evalkit.postprocessors.killable import Postprocessing
from evalkit.store import Workspace, read_latest, write_result
from evalkit.tasks.answered import Answered
from evalkit.tasks.base import Task
from evalkit.tasks.error_counts import ErrorCounts
from evalkit.tasks.grades import Grade, details
from evalkit.tasks.guard import Failures
from evalkit.tasks.interrupt import Interrupt
from evalkit.tasks.judgements import Judgements, JudgePlan
from evalkit.tasks.plan import identity_of
from evalkit.tasks.progress import ProgressFile

Scored = tuple[dict[str, Any], Iterator[dict[str, Any]] | None]
"""The fields of a result, and its details where they are wanted."""


class EvaluateTask:
    """Writes `results/<model>/<dataset>.json` for each dataset of a task."""

    def __init__(self, task: Task, progress: ProgressFile, interrupt: Interrupt) -> None:
        self.task = task
        self.workspace = Workspace(Path(task.work_dir))
        self.file = progress
        self.interrupt = interrupt
        self.failures = Failures()
        self.postprocessing = Postprocessing()

    def run(self) -> None:
        """Score each dataset; one that cannot be scored gets a result that says why."""
        self.file.progress.phase = 'scoring'
        identity = identity_of(self.task.model)
        with closing(self.postprocessing):
            for dataset_cfg in self.task.datasets:
                if self.interrupt.is_requested:
                    return
                self.evaluate(dataset_cfg, identity)
        self.failures.raise_if_any()

    def evaluate(self, dataset_cfg: Mapping[str, Any], identity: str) -> None:
        """Write the result of one dataset."""
        abbr = dataset_cfg['abbr']
        scored: Scored = ({}, None)
        with self.failures.guard(abbr):
            scored = self.result(dataset_cfg, identity)
        if abbr in self.failures.reasons:
            is_incomplete = abbr in self.failures.incomplete
            scored = {'error': self.failures.reasons[abbr], 'is_incomplete': is_incomplete}, None
        result, shown = scored
        names = {'dataset': abbr, 'model': self.task.model['abbr']}
        path = self.workspace.results(self.task.model['abbr'], abbr)
        write_result(path, {**names, **result}, shown)

    def result(self, dataset_cfg: Mapping[str, Any], identity: str) -> Scored:
        """Score the answers of one dataset."""
        keep = self.task.dump_details
        answered = Answered(
            self.workspace, dataset_cfg, self.task.model, identity, self.postprocessing, keep=keep
        )
        self.count(num_total=len(answered.expected))
        grades = answered.all_grades()
        judging = self.score(answered, grades)
        self.count(num_done=len(answered.expected))
        log_errors(answered.plan.abbr, grades)
        scorer = answered.scorer
        # A metric of the few that were judged would be believed.
        make = scorer.counted if 'error' in judging else scorer.result
        result = make(grades, answered.answers.values())
        mode = answered.plan.inferencer.mode
        fields = {'version': answered.plan.version, 'mode': mode, **result, **judging}
        return fields, details(grades, answered.records) if keep else None

    def score(self, answered: Answered, grades: Sequence[Grade]) -> dict[str, Any]:
        """Score the answers by their evaluator; return what there is to say of its judge."""
        if not isinstance(answered.scorer.evaluator, JudgedEvaluator):
            answered.scorer.score(grades)
            return {}
        model, dataset = self.task.model['abbr'], answered.plan.abbr
        plan = JudgePlan(answered, grades, f'{model}/{dataset}')
        keys = plan.keys()
        folder = self.workspace.judgements(model, dataset)
        records = {record.key: record for record in read_latest(folder, set(keys))}
        judgements = Judgements(plan, keys, records)
        judgements.score()
        return judgements.report()

    def count(self, num_total: int = 0, num_done: int = 0) -> None:
        """Report samples that are to be scored, and those that are."""
        self.file.progress.num_total += num_total
        self.file.progress.num_done += num_done
        self.file.update(now=True)


def log_errors(abbr: str, grades: Iterable[Grade]) -> None:
    """Log why answers could not be scored, each kind of error once."""
    errors = ErrorCounts(abbr)
    for grade in grades:
        if grade.error is not None:
            errors.note(grade.expected.index, grade.error)
    errors.report()
