"""G-Pass@k: how reliably k of n answers to a question are right."""

import math
from collections.abc import Hashable, Mapping, Sequence

from evalkit.errors import TaskError
from evalkit.evaluators.base import Metric, mean_metric

THRESHOLDS = (0.0, 0.25, 0.5, 0.75, 1.0)


def pass_metrics(
    values: Sequence[float], clusters: Sequence[Hashable], wanted: int | Sequence[int]
) -> dict[str, Metric]:
    """Return `G-Pass@k_t` and `mG-Pass@k` for each wanted k, by OpenCompass's names.

    `G-Pass@k_t` is the chance that at least t of k answers, drawn from a sample's n, are right;
    with t = 0 one is enough, so that `G-Pass@k_0.0` is pass@k. `mG-Pass@k` is its mean over t from
    0.5 to 1 (Liu et al., https://arxiv.org/abs/2412.13147). `values` are 0 or 1, and samples with
    less than k answers are left out.
    """
    samples = by_sample(values, clusters)
    metrics: dict[str, Metric] = {}
    for size in [wanted] if isinstance(wanted, int) else wanted:
        counts = [(len(of), round(sum(of))) for of in samples if len(of) >= size]
        if not counts:
            raise TaskError(
                f'k={size}, but no sample has that many answers: n must be {size} or more'
            )
        metrics |= metrics_of_size(counts, size)
    return metrics


def pass_chances(values: Sequence[float], clusters: Sequence[Hashable], size: int) -> list[float]:
    """Return for each sample the chance that one of `size` answers, drawn from its n, is right."""
    samples = by_sample(values, clusters)
    return [tail_chances(len(of), round(sum(of)), size)[1] for of in samples]


def by_sample(values: Sequence[float], clusters: Sequence[Hashable]) -> list[list[float]]:
    """Return the values of each sample."""
    samples: dict[Hashable, list[float]] = {}
    for cluster, value in zip(clusters, values, strict=True):
        samples.setdefault(cluster, []).append(value)
    return list(samples.values())


def metrics_of_size(counts: Sequence[tuple[int, int]], size: int) -> dict[str, Metric]:
    """Return the metrics for one k; `counts` are (answers, right answers) of each sample."""
    tables = [tail_chances(num_answers, num_right, size) for num_answers, num_right in counts]
    needed = {threshold: max(math.ceil(size * threshold), 1) for threshold in THRESHOLDS}
    values = {
        f'G-Pass@{size}_{threshold}': [table[least] for table in tables]
        for threshold, least in needed.items()
    }
    if size > 1:  # the mean over an empty range, which OpenCompass gives as 0, says nothing
        upper = range(math.ceil(size / 2) + 1, size + 1)
        values[f'mG-Pass@{size}'] = [
            2 * math.fsum(table[least] for least in upper) / size for table in tables
        ]
    return {name: mean_metric(each, range(len(each))) for name, each in values.items()}


def tail_chances(num_answers: int, num_right: int, size: int) -> Mapping[int, float]:
    """Return the chance that at least m of `size` drawn answers are right, for each m >= 1."""
    all_draws = math.comb(num_answers, size)
    exactly = [
        math.comb(num_right, count) * math.comb(num_answers - num_right, size - count) / all_draws
        for count in range(size + 1)
    ]
    return {least: math.fsum(exactly[least:]) for least in range(1, size + 1)}
