"""Result files as the evaluation leaves them, and what a summarizer makes of them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evalkit.store import Workspace, write_json
from evalkit.summarizers import DefaultSummarizer, Summary

TIMING = {'infer_seconds': 2.0, 'prompt_tokens': 300, 'output_tokens': 50}


def a_result(value: float | None = 50.0, stderr: float | None = None, **changes: Any) -> Any:
    """The result of a dataset with ten samples, all answered, and one metric."""
    return {
        'version': 'abc123',
        'mode': 'gen',
        'metrics': {'accuracy': {'value': value, 'stderr': stderr}},
        'n': 10,
        'n_ok': 10,
        'truncated': 0,
        'empty': 0,
        'filtered': 0,
        'failed': 0,
        'timing': TIMING,
        **changes,
    }


def metrics(**values: float) -> Any:
    """The same with several metrics."""
    found = {name: {'value': value, 'stderr': None} for name, value in values.items()}
    return a_result(metrics=found)


def summarize(
    folder: Path,
    results: Mapping[tuple[str, str], Any],
    named: Mapping[str, str] | None = None,
    **arguments: Any,
) -> Summary:
    """Write results, by (dataset, model), and summarize them; None is one that is not there.

    `named` are the columns of models that have none of their own.
    """
    workspace = Workspace(folder)
    for (dataset, model), result in results.items():
        if result is not None:
            names = {'dataset': dataset, 'model': model}
            write_json(workspace.results(model, dataset), {**names, **result})
    return DefaultSummarizer(**arguments).summarize(workspace, list(results), named)


def written(folder: Path, kind: str) -> str:
    return (folder / 'summary' / f'summary.{kind}').read_text()


def written_json(folder: Path) -> Any:
    return json.loads(written(folder, 'json'))


def lines(folder: Path) -> list[list[str]]:
    """The cells of the table of scores, from the markdown file, without its header."""
    table = written(folder, 'md').split('\n\n')[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip('|').split('|')] for line in table]
