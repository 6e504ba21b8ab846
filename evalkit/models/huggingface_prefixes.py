"""Rows that begin alike, put together so that a model reads their common beginning once."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evalkit.models.huggingface_scoring import ScoringRow

MAX_GROUP = 64  # rows; more would save little, and delay the answers


@dataclass(frozen=True, slots=True)
class PrefixGroup:
    """Rows whose first `num_shared` tokens are the same; of a row alone that is all of them."""

    rows: tuple[ScoringRow, ...]
    num_shared: int

    @property
    def prefix(self) -> tuple[int, ...]:
        """The tokens that are read once."""
        return self.rows[0].ids[: self.num_shared]

    @property
    def start(self) -> int:
        """The first place of the prefix whose prediction is needed; that of the last always is."""
        return min(self.num_shared - 1, *(row.start for row in self.rows))

    @property
    def num_behind(self) -> int:
        """How many tokens the longest row has behind the prefix."""
        return max(len(row.ids) for row in self.rows) - self.num_shared


@dataclass(frozen=True, slots=True)
class BatchShape:
    """The size of a batch: `num_groups` prefixes, then `num_rows` of what stands behind them.

    `width` and `behind` are the tokens of the longest prefix and of the longest end, `span` those
    of a prefix whose logits are needed.
    """

    num_groups: int
    num_rows: int
    width: int
    behind: int
    span: int

    def cost(self, logits_weight: float) -> int:
        """Return the tokens in memory, one place of logits counting `logits_weight`.

        The keys and values of a prefix are there once for itself and once for each of its rows.
        """
        repeated = self.num_rows * (self.width + self.behind) if self.behind else 0
        logits = max(self.num_groups * self.span, self.num_rows * self.behind)
        return int(self.num_groups * self.width + repeated + logits * logits_weight)


def alone(row: ScoringRow) -> PrefixGroup:
    """Return a row that shares nothing."""
    return PrefixGroup((row,), len(row.ids))


def groups_cost(groups: Sequence[PrefixGroup], logits_weight: float, *, pads_left: bool) -> int:
    """Return the tokens that a batch of groups holds in memory, padding included."""
    width = max(group.num_shared for group in groups)
    aligned = max(group.num_shared - group.start for group in groups)
    shape = BatchShape(
        num_groups=len(groups),
        num_rows=sum(len(group.rows) for group in groups),
        width=width,
        behind=max(group.num_behind for group in groups),
        span=aligned if pads_left else width - min(group.start for group in groups),
    )
    return shape.cost(logits_weight)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a batch may hold: tokens, with the weight of a place of logits, and rows."""

    budget: int
    logits_weight: float
    max_rows: int | None = None


def prefix_groups(rows: Sequence[ScoringRow], limits: Limits) -> list[PrefixGroup]:
    """Cut `rows` into groups, in the order given, such that the fewest tokens are read.

    The options of a question follow each other, and so do questions with the same examples. Rows
    are a group only where at least half of the longest one is shared, and within the limits.
    """
    common = [0, *map(_num_common, rows, rows[1:])]
    saved, lasts = [0], list[tuple[int, int]]()  # by where the rows end: the last group's size, too
    for end in range(1, len(rows) + 1):
        tokens, size, shared = max(
            (saved[end - size] + (size - 1) * shared, size, shared)
            for size, shared in _groups_before(end, rows, common, limits)
        )
        saved.append(tokens)
        lasts.append((size, shared))
    groups = []
    end = len(rows)
    while end:
        size, shared = lasts[end - 1]
        groups.append(PrefixGroup(tuple(rows[end - size : end]), shared))
        end -= size
    return groups[::-1]


def _groups_before(
    end: int, rows: Sequence[ScoringRow], common: Sequence[int], limits: Limits
) -> Iterator[tuple[int, int]]:
    """Yield the sizes of the groups that may end before the row `end`, and what each shares.

    `common` says how many tokens each row shares with the one before it.
    """
    longest = shared = len(rows[end - 1].ids)
    start = rows[end - 1].start
    yield 1, shared
    for size in range(2, min(end, MAX_GROUP, limits.max_rows or MAX_GROUP) + 1):
        row = rows[end - size]
        longest, start = max(longest, len(row.ids)), min(start, row.start)
        shared = min(shared, common[end - size + 1])
        shape = BatchShape(1, size, shared, longest - shared, max(1, shared - start))
        if 2 * shared < longest or shape.cost(limits.logits_weight) > limits.budget:
            return
        yield size, shared


def _num_common(left: ScoringRow, right: ScoringRow) -> int:
    """Return how many tokens two rows begin with alike."""
    lengths = range(1, min(len(left.ids), len(right.ids)) + 1)
    return bisect_left(lengths, True, key=lambda size: left.ids[:size] != right.ids[:size])
