"""Exports a whole run."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from evalkit.exports.answers import Answers, read_answers
from evalkit.store import Workspace
from evalkit.tasks import Task
from evalkit.tasks.guard import Failures


@dataclass(frozen=True, slots=True)
class Exported:
    """The answers of one model to one dataset; `error` says why they could not be written."""

    model: str
    dataset: str
    error: str | None = None


def export_run(
    formats: Mapping[str, Callable[[Answers, Path], None]],
    tasks: Iterable[Task],
    workspace: Workspace,
) -> Iterator[Exported]:
    """Write the answers of each model and dataset in each format; one that fails stops none."""
    for task in tasks:
        failures = Failures()
        for dataset in task.datasets:
            with failures.guard(dataset['abbr']):
                answers = read_answers(task.model, dataset, workspace)
                for name, export in formats.items():
                    export(answers, workspace.exports(name))
            abbr = dataset['abbr']
            yield Exported(task.model['abbr'], abbr, failures.reasons.get(abbr))
