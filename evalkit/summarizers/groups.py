"""Summary groups: one number for the subsets of a benchmark."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, harmonic_mean, pstdev
from typing import Any

from evalkit.config import did_you_mean
from evalkit.errors import ConfigError
from evalkit.summarizers.collect import COUNTS, Cell, Row

Statistic = Callable[[Sequence[float]], float]

STATISTICS: dict[str, Statistic] = {
    'standard_deviation': pstdev,
    'sum': math.fsum,
    'harmonic_mean': lambda values: 0.0 if min(values) <= 0 else harmonic_mean(values),
    'naive_average': fmean,
}

FLAGS = {
    'std': 'standard_deviation',
    'sum': 'sum',
    'weights': 'weighted_average',
    'harmonic_mean': 'harmonic_mean',
}
"""The keys of a group that choose its statistic; the first that is set does (OpenCompass)."""

KEYS = ('name', 'subsets', 'metric', *FLAGS)


@dataclass(frozen=True, slots=True)
class Subset:
    """A dataset or group in a group, and which of its metrics; None is the main one."""

    name: str
    metric: str | None
    weight: float


@dataclass(frozen=True, slots=True)
class Group:
    """A dict of `name`, `subsets` (abbrs, or `[abbr, metric]`) and one of `FLAGS`, or `metric`."""

    name: str
    subsets: Sequence[Subset]
    statistic: str

    def row(self, metric: str | None, rows: Sequence[Row], columns: Sequence[str]) -> Row:
        """Return the line of the group, made of those of its subsets."""
        modes = list(dict.fromkeys(row.mode for row in rows if row.mode != '-'))
        return Row(
            dataset=self.name,
            version='-',
            metric=metric or self.statistic,
            mode=modes[0] if len(modes) == 1 else 'mixed' if modes else '-',
            cells={column: self.cell([row.cells[column] for row in rows]) for column in columns},
        )

    def cell(self, cells: Sequence[Cell]) -> Cell:
        """Combine what one column has; it says of how many subsets that is."""
        found = [
            (subset, cell)
            for subset, cell in zip(self.subsets, cells, strict=True)
            if cell.value is not None
        ]
        have = f'{len(found)}/{len(cells)}'
        if not found:
            is_asked = any(cell.error for cell in cells)
            error = 'none of its subsets has a result' if is_asked else None
            return Cell(error=error, subsets=have if is_asked else None)
        weights = [subset.weight for subset, _ in found]
        if not any(weights):
            return Cell(error='the weights of the subsets that it has are 0', subsets=have)
        value, stderr = combine(self.statistic, weights, [cell for _, cell in found])
        total = {name: sum(getattr(cell, name) for _, cell in found) for name in COUNTS}
        return Cell(value=value, stderr=stderr, subsets=have, **total)


def parse_group(cfg: Mapping[str, Any]) -> Group:
    """Read a summary group; ConfigError says what is wrong with it."""
    name = cfg.get('name')
    for key in cfg:
        if key not in KEYS:
            raise ConfigError(f'summary group {name}: unknown key {key}{did_you_mean(key, KEYS)}')
    if not isinstance(name, str) or not cfg.get('subsets'):
        raise ConfigError(f'summary group {name}: needs a `name` and `subsets`')
    statistic = next((FLAGS[flag] for flag in FLAGS if cfg.get(flag)), 'naive_average')
    return Group(name, [parse_subset(item, cfg) for item in cfg['subsets']], statistic)


def parse_subset(item: Any, cfg: Mapping[str, Any]) -> Subset:
    """Read an abbr or `[abbr, metric]`; weights go by the abbr, or by `abbr@metric`."""
    name, metric = name_and_metric(item)
    weights: Mapping[str, float] = cfg.get('weights') or {}
    if not weights:
        return Subset(name, metric or cfg.get('metric'), 1.0)
    weight = weights.get(f'{name}@{metric}', weights.get(name, 0.0))
    return Subset(name, metric or cfg.get('metric'), float(weight))


def name_and_metric(item: Any) -> tuple[str, str | None]:
    """Read what a summarizer config calls a dataset: an abbr, or `[abbr, metric]`."""
    if isinstance(item, str):
        return item, None
    if isinstance(item, list | tuple) and [type(part) for part in item] == [str, str]:
        return item[0], own_name(item[1])
    raise ConfigError(
        f'a summarizer names a dataset as an abbr or [abbr, metric], not {item!r:.80}'
    )


def own_name(metric: str) -> str:
    """Return a metric without what OpenCompass appends where there are several repeats."""
    return metric.split(' (', 1)[0] if metric.endswith(' runs average)') else metric


def combine(
    statistic: str, weights: Sequence[float], cells: Sequence[Cell]
) -> tuple[float, float | None]:
    """Return the statistic and, for averages of independent subsets, its standard error."""
    values = [cell.value or 0.0 for cell in cells]
    if statistic not in ('naive_average', 'weighted_average'):
        return STATISTICS[statistic](values), None
    whole = math.fsum(weights)
    value = math.fsum(w * v for w, v in zip(weights, values, strict=True)) / whole
    errors = [cell.stderr for cell in cells]
    if None in errors:
        return value, None
    parts = [w * (error or 0.0) for w, error in zip(weights, errors, strict=True)]
    return value, math.hypot(*parts) / whole
