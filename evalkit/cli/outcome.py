"""How a run went: the reasons of failures beside the results, and the exit code."""

from collections.abc import Iterable, Mapping
from typing import Any

from evalkit.errors import ExitCode
from evalkit.runners import TaskStatus
from evalkit.store import Workspace, read_json, write_json
from evalkit.summarizers import Summary
from evalkit.tasks import Task


def explain_failures(done: Iterable[tuple[Task, TaskStatus]], workspace: Workspace) -> None:
    """Write why asking, or judging, failed into the results that lack something for it."""
    for task, status in done:
        if status.returncode == ExitCode.COMPLETE:
            continue
        for pair in task.pairs:
            path = workspace.results(pair.model['abbr'], pair.dataset['abbr'])
            result: Mapping[str, Any] = read_json(path) if path.exists() else {}
            if result.get('is_incomplete'):
                error = '; '.join([*status.reason.splitlines(), result['error']])
                is_resumable = status.exit_code not in (ExitCode.CONFIG, ExitCode.FAILED)
                write_json(path, {**result, 'error': error, 'is_incomplete': is_resumable})


def exit_code(statuses: Iterable[TaskStatus], summary: Summary | None) -> ExitCode:
    """Return the code of a run that was not interrupted."""
    statuses = list(statuses)
    codes = {status.exit_code for status in statuses}
    # A model or dataset that failed by its config is often one of several; the others were run.
    is_config_wrong = ExitCode.CONFIG in codes and _has_no_score(summary)
    codes -= {ExitCode.CONFIG}
    if summary is not None and summary.is_incomplete:
        codes.add(ExitCode.INCOMPLETE)
    if codes & {ExitCode.STORE, ExitCode.INCOMPLETE}:
        return ExitCode.STORE if ExitCode.STORE in codes else ExitCode.INCOMPLETE
    if is_config_wrong:
        return ExitCode.CONFIG
    is_whole = summary is None or not (summary.errors or summary.num_failed)
    is_done = all(status.exit_code == ExitCode.COMPLETE for status in statuses)
    return ExitCode.COMPLETE if is_whole and is_done else ExitCode.FAILED


def _has_no_score(summary: Summary | None) -> bool:
    return summary is not None and len(summary.errors) == len(summary.results)
