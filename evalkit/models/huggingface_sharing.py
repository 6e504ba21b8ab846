"""Scores rows in batches; those that begin alike share the work where the model can."""

import logging
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from math import isclose

from evalkit.models.batching import BatchJob, run_batches
from evalkit.models.huggingface_prefixes import (
    Limits,
    PrefixGroup,
    alone,
    groups_cost,
    prefix_groups,
)
from evalkit.models.huggingface_scorer import Scorer
from evalkit.models.huggingface_scoring import ScoringRow, Target
from evalkit.models.request_error import failed_scoring
from evalkit.types import Scoring, ScoringRequest

logger = logging.getLogger(__name__)

Run = Callable[[Sequence[PrefixGroup]], list[list[Scoring]]]

PROBE = ((9, (4, 2)), (5, (1, 3)))
"""Tokens of the shared prefixes, and behind each."""

TOLERANCE = {2: 2e-2, 4: 1e-5, 8: 1e-5}
"""Of a text's log-probability, by the bytes of a number; a token in a wrong place costs more."""


@dataclass(frozen=True)
class RowScoring:
    """How rows are scored: `run` takes a batch, `shares` says whether prefixes are shared."""

    run: Run
    limits: Limits
    shares: bool

    def __call__(self, rows: Sequence[ScoringRow]) -> Iterator[Scoring]:
        """Yield the scorings of rows that have one adapter, batch by batch."""
        groups = prefix_groups(rows, self.limits) if self.shares else list(map(alone, rows))
        yield from self._score_alone([group for group in groups if len(group.rows) == 1])
        yield from self._score_shared([group for group in groups if len(group.rows) > 1])

    def _score_alone(self, groups: Sequence[PrefixGroup]) -> Iterator[Scoring]:
        job = BatchJob(run=self.run, cost=self._cost, refuse=_out_of_memory)
        ordered = sorted(groups, key=lambda group: (-group.num_shared, group.start))
        batches = run_batches(ordered, job, self.limits.budget, self.limits.max_rows)
        return chain.from_iterable(batches)

    def _score_shared(self, groups: Sequence[PrefixGroup]) -> Iterator[Scoring]:
        """Score groups; the rows of one for which the memory does not suffice are read alone."""
        job = BatchJob(
            run=self.run,
            cost=self._cost,
            refuse=lambda group, _: list(self._score_alone(list(map(alone, group.rows)))),
        )
        ordered = sorted(groups, key=lambda group: (-group.num_shared, group.num_behind))
        most = max((len(group.rows) for group in groups), default=1)
        max_groups = self.limits.max_rows and max(1, self.limits.max_rows // most)
        batches: Iterator[list[Scoring]] = run_batches(ordered, job, self.limits.budget, max_groups)
        return chain.from_iterable(batches)

    def _cost(self, groups: Sequence[PrefixGroup]) -> int:
        return groups_cost(groups, self.limits.logits_weight, pads_left=self.shares)


def can_share(scorer: Scorer) -> bool:
    """Whether a model reads on from a repeated cache, and then says what it says otherwise.

    It is tried on a few tokens: a model may have no such cache (state spaces), leave it alone, or
    count positions in a way of its own.
    """
    groups = probe(scorer.model.get_input_embeddings().num_embeddings)
    rows = [alone(row) for group in groups for row in group.rows]
    try:
        found = [scoring.logprob for scoring in chain.from_iterable(scorer(groups))]
    except (
        AttributeError,
        IndexError,
        NotImplementedError,
        RuntimeError,
        TypeError,
        ValueError,
    ) as error:
        logger.info('nothing is shared between prompts: %s', str(error).split('\n')[0])
        return False
    expected = [scoring.logprob for scoring in chain.from_iterable(scorer(rows, shares=False))]
    tolerance = TOLERANCE.get(scorer.model.dtype.itemsize, max(TOLERANCE.values()))
    is_equal = all(map(partial(isclose, rel_tol=tolerance), found, expected))
    if not is_equal:
        logger.info(
            'nothing is shared between prompts: from its cache the model says something else'
        )
    return is_equal


def probe(vocab_size: int) -> list[PrefixGroup]:
    """Return rows of random tokens that share prefixes of different lengths."""
    draw = random.Random(0)

    def row(prefix: Sequence[int], num_behind: int) -> ScoringRow:
        ids = (*prefix, *draw.choices(range(vocab_size), k=num_behind + 1))
        return ScoringRow(ids[:-1], (Target(ScoringRequest('', '', ''), ids, 1, is_whole=True),))

    return [
        PrefixGroup(tuple(row(prefix, num_behind) for num_behind in nums), num_shared)
        for num_shared, nums in PROBE
        for prefix in [draw.choices(range(vocab_size), k=num_shared)]
    ]


def _out_of_memory(group: PrefixGroup, reason: str) -> list[Scoring]:
    [row] = group.rows
    return [failed_scoring(target.request, f'out_of_memory: {reason}') for target in row.targets]
