"""Reads the results of a run into cells of a table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from evalkit.store import Workspace, read_result

COUNTS = ('n', 'n_ok', 'truncated', 'empty', 'filtered', 'failed')


@dataclass(frozen=True, slots=True)
class Cell:
    """A metric of one column on one dataset, or the reason why there is none."""

    value: float | None = None
    stderr: float | None = None
    n: int = 0
    n_ok: int = 0
    truncated: int = 0
    empty: int = 0
    filtered: int = 0
    failed: int = 0
    error: str | None = None
    subsets: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the cell for `summary.json`; `error` and `subsets` only where there are any."""
        fields = asdict(self)
        return {
            key: fields[key] for key in fields if key not in OPTIONAL or fields[key] is not None
        }


OPTIONAL = ('error', 'subsets')

Results = dict[tuple[str, str], Mapping[str, Any]]
"""The result of each (dataset abbr, model abbr), or of each dataset in a column of the table."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: one metric of one dataset, with a cell for each column."""

    dataset: str
    version: str
    metric: str
    mode: str
    cells: Mapping[str, Cell]


def read_results(workspace: Workspace, pairs: Iterable[tuple[str, str]]) -> Results:
    """Return the result of each (dataset, model); what was not scored yet says so."""
    results: Results = {}
    for dataset, model in pairs:
        path = workspace.results(model, dataset)
        is_scored = path.exists()
        results[dataset, model] = read_result(path) if is_scored else {'error': 'not scored yet'}
    return results


def metrics_of(results: Results, dataset: str) -> list[str]:
    """Return the metrics that any column has on a dataset, the main one first."""
    found = [result.get('metrics', {}) for (name, _), result in results.items() if name == dataset]
    return list(dict.fromkeys(metric for metrics in found for metric in metrics))


def make_row(results: Results, dataset: str, metric: str | None, columns: Sequence[str]) -> Row:
    """Return the line of a metric; without a metric it is the main one."""
    of_dataset = {column: results.get((dataset, column)) for column in columns}
    metric = metric or next(iter(metrics_of(results, dataset)), '-')
    scored = [result for result in of_dataset.values() if result and 'error' not in result]
    first: Mapping[str, Any] = scored[0] if scored else {}
    return Row(
        dataset=dataset,
        version=first.get('version', '-'),
        metric=metric,
        mode=first.get('mode', '-'),
        cells={column: make_cell(result, metric) for column, result in of_dataset.items()},
    )


def make_cell(result: Mapping[str, Any] | None, metric: str) -> Cell:
    """Return the cell of a result; None is a pair that is not to be evaluated."""
    if result is None:
        return Cell()
    if 'error' in result:
        return Cell(error=result['error'])
    if metric not in result['metrics']:
        return Cell(error=f'there is no metric {metric}; there is {", ".join(result["metrics"])}')
    return Cell(**result['metrics'][metric], **{name: result[name] for name in COUNTS})
