"""How a run went: the reasons of failures beside the results, and the exit code."""

from collections.abc import Iterable, Mapping
from typing import Any

from evalkit.errors import ExitCode
from evalkit.runners import TaskStatus
from evalkit.store import Workspace, read_json, write_json
from evalkit.summarizers import Summary
from evalkit.tasks import Task


def explain_failures(done: Iterable[tuple[Task, TaskStatus]], workspace: Workspace) -> None:
    """Write why the asking failed into the results of the datasets that lack answers for it."""
    for task, status in done:
        if status.returncode == ExitCode.COMPLETE:
            continue
        for dataset in task.datasets:
            path = workspace.results(task.model['abbr'], dataset['abbr'])
            result: Mapping[str, Any] = read_json(path) if path.exists() else {}
            if result.get('error', '').startswith('incomplete'):
                write_json(path, {**result, 'error': f'{status.reason}; {result["error"]}'})


def exit_code(statuses: Iterable[TaskStatus], summary: Summary | None) -> ExitCode:
    """Return the code of a run that was not interrupted; the gravest of its tasks decides."""
    codes = {status.returncode for status in statuses}
    if ExitCode.STORE in codes:
        return ExitCode.STORE
    if any(code < 0 or code in (ExitCode.INCOMPLETE, 1) for code in codes):
        return ExitCode.INCOMPLETE
    if summary is not None and (summary.errors or summary.num_failed):
        return ExitCode.FAILED
    return ExitCode.FAILED if codes - {ExitCode.COMPLETE} else ExitCode.COMPLETE
