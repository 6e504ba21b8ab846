"""Summary groups: one number for the subsets of a benchmark."""

import math
from collections.abc import Callable, Mapping, Sequence
from statistics import fmean, harmonic_mean, pstdev
from typing import Any

from evalkit.summarizers.collect import Cell, Results, Row, make_row

STATISTICS: dict[str, Callable[[Sequence[float]], float]] = {
    'naive_average': fmean,
    'sum': math.fsum,
    'standard_deviation': pstdev,
    'harmonic_mean': harmonic_mean,
}


def group_row(group: Mapping[str, Any], results: Results, models: Sequence[str]) -> Row:
    """Return the line of a group; it says how many of its subsets it has."""
    subsets = [subset_of(item, group) for item in group['subsets']]
    rows = [make_row(results, dataset, metric, models) for dataset, metric in subsets]
    modes = list(dict.fromkeys(row.mode for row in rows if row.mode != '-'))
    return Row(
        dataset=group['name'],
        version='-',
        metric=group_metric(group),
        mode=modes[0] if len(modes) == 1 else 'mixed' if modes else '-',
        cells={model: group_cell(group, rows, model) for model in models},
    )


def subset_of(item: Any, group: Mapping[str, Any]) -> tuple[str, str | None]:
    """Return the dataset and the metric that a member of `subsets` means."""
    if isinstance(item, str):
        return item, group.get('metric')
    dataset, metric = item
    return dataset, metric


def group_metric(group: Mapping[str, Any]) -> str:
    """Return the name of the statistic that a group shows."""
    if group.get('weights'):
        return 'weighted_average'
    flags = {'sum': 'sum', 'std': 'standard_deviation', 'harmonic_mean': 'harmonic_mean'}
    return next((name for flag, name in flags.items() if group.get(flag)), 'naive_average')


def group_cell(group: Mapping[str, Any], rows: Sequence[Row], model: str) -> Cell:
    """Combine the subsets that one model has."""
    found = {row.dataset: row.cells[model] for row in rows if row.cells[model].value is not None}
    have = f'{len(found)}/{len(rows)}'
    if not found:
        return Cell(error='none of its subsets has a result', subsets=have)
    total = {
        name: sum(getattr(cell, name) for cell in found.values())
        for name in ('n', 'n_ok', 'truncated', 'empty', 'filtered', 'failed')
    }
    value, stderr = combine(group, found)
    return Cell(value=value, stderr=stderr, subsets=have, **total)


def combine(group: Mapping[str, Any], found: Mapping[str, Cell]) -> tuple[float, float | None]:
    """Return the statistic and, for averages of independent subsets, its standard error."""
    values = [cell.value or 0.0 for cell in found.values()]
    metric = group_metric(group)
    if metric not in ('naive_average', 'weighted_average'):
        return STATISTICS[metric](values), None
    given: Mapping[str, float] = group.get('weights') or dict.fromkeys(found, 1.0)
    weights = [float(given.get(name, 0)) for name in found]
    whole = sum(weights) or 1.0
    errors = [cell.stderr for cell in found.values()]
    value = sum(weight * value for weight, value in zip(weights, values, strict=True)) / whole
    if any(error is None for error in errors):
        return value, None
    parts = [weight * (error or 0.0) for weight, error in zip(weights, errors, strict=True)]
    return value, math.hypot(*parts) / whole
