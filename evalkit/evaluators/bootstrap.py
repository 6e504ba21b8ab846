"""The standard error of a metric that is no mean, from drawing the samples again."""

from collections.abc import Callable, Sequence
from statistics import stdev
from typing import Any

NUM_DRAWS = 1000
SEED = 0

Statistic = Callable[[Sequence[float]], float]
"""From what the answers add up to, column by column, to the metric."""


def bootstrap_stderr(
    rows: Sequence[Sequence[float]], clusters: Sequence[int], statistic: Statistic
) -> float | None:
    """Return the standard deviation of `statistic(sums of rows)` over samples drawn with return.

    The rows of a cluster, which are the repeats of a sample, are drawn together. None where there
    is just one (Efron, "Bootstrap methods: another look at the jackknife", 1979).
    """
    sums = cluster_sums(rows, clusters)
    if len(sums) < 2:  # noqa: PLR2004 - one sample has no spread
        return None
    return stdev(statistic(drawn) for drawn in drawn_sums(sums))


def cluster_sums(rows: Sequence[Sequence[float]], clusters: Sequence[int]) -> list[Sequence[float]]:
    """Add up the rows of each cluster, column by column."""
    sums: dict[int, Sequence[float]] = {}
    for cluster, row in zip(clusters, rows, strict=True):
        before = sums.get(cluster)
        sums[cluster] = row if before is None else list(map(sum, zip(before, row, strict=True)))
    return list(sums.values())


def drawn_sums(sums: Sequence[Sequence[float]]) -> list[list[float]]:
    """Return the sums over each draw of as many rows as there are."""
    import numpy as np

    table: Any = np.asarray(sums, dtype=float)
    draws = np.random.default_rng(SEED)
    drawn: list[list[float]] = []
    for _ in range(NUM_DRAWS):
        drawn.append(table[draws.integers(0, len(table), len(table))].sum(axis=0).tolist())
    return drawn
