"""Metrics that are a ratio of two sums, such as right answers among those that were attempted."""

from collections.abc import Iterable, Sequence

from evalkit.evaluators.base import Metric
from evalkit.evaluators.bootstrap import bootstrap_stderr


def ratio_metric(pairs: Iterable[tuple[float, float]], clusters: Sequence[int]) -> Metric:
    """Return the sum of the first numbers over that of the second, times 100; 0 of 0 is 0."""
    rows = list(pairs)
    value = percent([sum(row[0] for row in rows), sum(row[1] for row in rows)])
    return Metric(value, bootstrap_stderr(rows, clusters, percent))


def percent(sums: Sequence[float]) -> float:
    """Return one sum as a share of another."""
    return 100 * sums[0] / sums[1] if sums[1] else 0.0
